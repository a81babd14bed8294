from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from rnnviz.export._files import ExportError, replace_file

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_made_and_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a b–é.png"
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failure_leaves_what_was_there(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "kept.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, failing, full)
    with pytest.raises(ExportError, match=r"kept\.png could not be written \(no space left on device\)"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["kept.png"]


def test_a_folder_is_not_replaced_and_a_missing_one_not_made(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is a folder"):
        replace_file(tmp_path, b"")
    with pytest.raises(ExportError, match="no folder"):
        replace_file(tmp_path / "missing" / "a.png", b"")
    assert names(tmp_path) == []


@posix
def test_a_new_file_gets_the_usual_permissions_and_a_replaced_one_keeps_its_own(tmp_path: Path) -> None:
    usual, private = tmp_path / "usual", tmp_path / "private"
    private.touch(0o600)
    mask = os.umask(0o022)
    try:
        replace_file(usual, b"")
        replace_file(private, b"")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(usual.stat().st_mode) == 0o644
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.png", tmp_path / "link.png"
    target.touch()
    link.symlink_to(target)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
