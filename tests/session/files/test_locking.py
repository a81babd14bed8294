from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rnnviz.session.files.locking import FileLock

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import sys
from pathlib import Path
from rnnviz.session.files.locking import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_one_at_a_time(tmp_path: Path) -> None:
    one, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.take()
    assert one.take()
    assert not other.take()
    assert (one.is_held, other.is_held) == (True, False)
    other.release()  # it is not ours
    assert not other.take()
    one.release()
    assert not list(tmp_path.iterdir())
    assert other.take()
    other.release()


def test_another_process_holds_it_until_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    words = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = FileLock(path)
        assert not lock.take()
        holder.kill()
        holder.wait()
    assert path.exists()
    assert lock.take()
    lock.release()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_file_that_was_removed_between_opening_and_locking_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = tmp_path / "lock", os.open
    removed: list[int] = []

    def open_and_lose(name: Path, flags: int, mode: int) -> int:
        handle = opened(name, flags, mode)
        if not removed:
            path.unlink()
            removed.append(handle)
        return handle

    monkeypatch.setattr(os, "open", open_and_lose)
    one, other = FileLock(path), FileLock(path)
    assert one.take()
    assert not other.take()
    one.release()


def test_a_place_where_no_file_can_be_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock(tmp_path / "gone" / "lock").take()
