from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from rnnviz.session.replacing import FileError, Replacement

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_what_it_was_until_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")
    with Replacement(path) as file:
        for _ in range(10_000):
            file.write(b"a line\n")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"a line\n" * 10_000
    assert names(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt])
def test_an_exception_leaves_the_file_as_it_was_and_goes_on_unchanged(
    error: type[BaseException], tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")

    def fail() -> None:
        with Replacement(path) as file:
            file.write(b"new")
            raise error("mine")

    with pytest.raises(error, match="mine"):
        fail()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["table.csv"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_disk_that_fills_up_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table.csv"
    fdopen = os.fdopen

    def full(handle: int, mode: str) -> IO[bytes]:
        os.close(handle)
        return fdopen(os.open("/dev/full", os.O_WRONLY), mode)

    def fill() -> None:
        with Replacement(path) as file:
            for _ in range(100):
                file.write(b"x" * 1000)  # more than any buffer holds

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(FileError, match=r"table\.csv could not be written \(no space left on device\)"):
        fill()
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a device with a name in a folder")
def test_a_device_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(FileError, match="pipe is a device"):
        Replacement(path)
    assert path.is_fifo()


def test_a_folder_that_may_not_be_written_to_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_path: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # in fact: root may write everywhere
    with pytest.raises(FileError, match=r"table\.csv could not be written \(permission denied\)"):
        Replacement(tmp_path / "table.csv")
