"""Files are whole or as they were, and what somebody else has saved is never overwritten unasked."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from keeping import random_kept, same_kept

from rnnviz.session import replacing
from rnnviz.session.files import stored
from rnnviz.session.files.errors import ChangedOnDiskError, DocumentFileError
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.locking import FileLock
from rnnviz.session.files.stored import open_kept, save_kept
from rnnviz.session.replacing import FileError

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.session.state import DocumentState


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_saved_is_what_is_opened(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.rnnviz", random_kept(5)
    stamp = save_kept(path, kept)
    opened, found = open_kept(path)
    assert same_kept(opened, kept)
    assert found == stamp
    assert names(tmp_path) == ["a.rnnviz"]


def test_a_file_that_another_window_has_saved_is_not_overwritten(tmp_path: Path, dogs: DocumentState) -> None:
    path = tmp_path / "a.rnnviz"
    known = save_kept(path, Kept(dogs))
    save_kept(path, Kept(replace(dogs, title="theirs")))
    with pytest.raises(ChangedOnDiskError, match=r"“a\.rnnviz” has been changed by another"):
        save_kept(path, Kept(replace(dogs, title="mine")), known)
    assert open_kept(path)[0].state.title == "theirs"
    save_kept(path, Kept(replace(dogs, title="mine")))
    assert open_kept(path)[0].state.title == "mine"


def test_a_file_that_was_only_touched_or_copied_back_is_the_same(tmp_path: Path, dogs: DocumentState) -> None:
    path = tmp_path / "a.rnnviz"
    known = save_kept(path, Kept(dogs))
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    os.utime(path, (0, 0))
    save_kept(path, Kept(replace(dogs, title="mine")), known)
    assert open_kept(path)[0].state.title == "mine"


def test_a_file_that_is_gone_is_written_again(tmp_path: Path, dogs: DocumentState) -> None:
    path = tmp_path / "a.rnnviz"
    known = save_kept(path, Kept(dogs))
    path.unlink()
    save_kept(path, Kept(dogs), known)
    assert path.exists()


def test_what_a_crash_has_left_is_cleared_away(tmp_path: Path, dogs: DocumentState) -> None:
    for name in (".a.rnnviz.abcd_123.part", ".a.rnnviz.settings", ".b.rnnviz.abcd_123.part"):
        (tmp_path / name).write_bytes(b"")
    save_kept(tmp_path / "a.rnnviz", Kept(dogs))
    assert names(tmp_path) == [".a.rnnviz.settings", ".b.rnnviz.abcd_123.part", "a.rnnviz"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_link_stays_a_link(tmp_path: Path, dogs: DocumentState) -> None:
    (tmp_path / "there").mkdir()
    path, link = tmp_path / "there" / "a.rnnviz", tmp_path / "link.rnnviz"
    link.symlink_to(path)
    known = save_kept(link, Kept(dogs))
    assert link.is_symlink()
    save_kept(path, Kept(replace(dogs, title="theirs")))
    with pytest.raises(ChangedOnDiskError):
        save_kept(link, Kept(dogs), known)


def test_two_windows_that_save_at_once_do_so_one_after_the_other(
    tmp_path: Path, dogs: DocumentState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "_PATIENCE", 0.0)
    other = FileLock(tmp_path / ".a.rnnviz.lock")
    assert other.take()
    with pytest.raises(FileError, match="just being saved by another window; try again"):
        save_kept(tmp_path / "a.rnnviz", Kept(dogs))
    other.release()
    save_kept(tmp_path / "a.rnnviz", Kept(dogs))


def test_a_disk_that_does_not_keep_what_it_takes_is_noticed(
    tmp_path: Path, dogs: DocumentState, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.rnnviz"
    save_kept(path, Kept(dogs))
    before = path.read_bytes()
    fsync = os.fsync

    def forget(handle: int) -> None:
        os.ftruncate(handle, 100)
        fsync(handle)

    monkeypatch.setattr(replacing.os, "fsync", forget)
    with pytest.raises(FileError, match=r"the disk did not keep what was written"):
        save_kept(path, Kept(replace(dogs, title="new")))
    assert path.read_bytes() == before
    assert names(tmp_path) == ["a.rnnviz"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda _path: None, "There is no file"),
        (lambda path: path.mkdir(), "is a folder; choose a file in it"),
        (lambda path: path.write_bytes(b""), "it is no file of RNNViz, or not all of one"),
        (lambda path: path.write_text("hello"), "it is no file of RNNViz, or not all of one"),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_sentence(make: Any, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "a\n\u202eb.rnnviz"
    make(path)
    with pytest.raises(DocumentFileError, match=sentence) as error:
        open_kept(path)
    assert str(error.value).isprintable()
    assert str(error.value).endswith(".")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe with a name")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.rnnviz")
    with pytest.raises(DocumentFileError, match="not a file that can be read"):
        open_kept(tmp_path / "a.rnnviz")
