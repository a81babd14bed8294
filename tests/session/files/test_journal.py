"""A journal holds what a crash must not take, is found after one, and only then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from keeping import random_kept, same_kept

from rnnviz.session import replacing
from rnnviz.session.corpus import Corpus
from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.journal import Journal, Lost, Origin, lost_in
from rnnviz.session.files.journaling import Journaling
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.stored import Stamp
from rnnviz.session.replacing import FileError

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.session.state import DocumentState

ORIGIN = Origin("mine", "/somewhere/mine.rnnviz", Stamp(1, 2, 3, "abc"))

CRASH = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, "tests")
from keeping import random_kept
from rnnviz.session.files.journal import Journal, Origin
for seed in map(int, sys.argv[2:]):
    journal = Journal(Path(sys.argv[1]))
    journal.write(random_kept(seed), Origin(f"crash {seed}"))
    globals()[f"kept{seed}"] = journal
os.kill(os.getpid(), signal.SIGKILL)
"""


def crash(folder: Path, *seeds: int) -> None:
    """Let another process write journals and die."""
    words = [sys.executable, "-c", CRASH, str(folder), *map(str, seeds)]
    assert subprocess.run(words, check=False, timeout=60).returncode == -signal.SIGKILL


def let_go(journal: Journal) -> None:
    """What the system does when a process is gone."""
    handle = journal._lock._handle
    assert handle is not None
    journal._lock._handle = None
    os.close(handle)


def only(folder: Path) -> Lost:
    (lost,) = lost_in(folder)
    return lost


def test_what_a_crash_has_left_is_found_and_read(tmp_path: Path) -> None:
    crash(tmp_path, 3)
    lost = only(tmp_path)
    kept, origin = lost.read()
    assert same_kept(kept, random_kept(3))
    assert origin.title == "crash 3"
    assert "journal.json" not in kept.extras.members


def test_several_are_found_the_latest_first(tmp_path: Path) -> None:
    crash(tmp_path, 1, 2)
    titles = [lost.origin.title for lost in lost_in(tmp_path)]
    assert titles == ["crash 2", "crash 1"]


def test_a_process_that_lives_has_lost_nothing(tmp_path: Path, dogs: DocumentState) -> None:
    journal = Journal(tmp_path)
    journal.write(Kept(dogs), ORIGIN)
    assert lost_in(tmp_path) == []
    let_go(journal)
    assert only(tmp_path).read()[1] == ORIGIN


def test_what_one_window_is_offered_no_other_is(tmp_path: Path) -> None:
    crash(tmp_path, 1)
    lost = only(tmp_path)
    assert lost_in(tmp_path) == []
    lost.release()
    assert only(tmp_path).origin.title == "crash 1"


def test_what_was_removed_is_gone_without_a_trace(tmp_path: Path, dogs: DocumentState) -> None:
    journal = Journal(tmp_path)
    corpus = Corpus("a.txt", np.zeros(9, np.int32), "d" * 9)
    journal.write(Kept(replace(dogs, corpus=corpus)), ORIGIN)
    assert len(list(tmp_path.iterdir())) == 3
    journal.remove()
    assert not list(tmp_path.iterdir())
    journal.write(Kept(dogs), ORIGIN)
    journal.remove(close=True)
    journal.write(Kept(dogs), ORIGIN)
    assert not list(tmp_path.iterdir())


def test_what_was_discarded_is_not_offered_again(tmp_path: Path) -> None:
    crash(tmp_path, 1)
    only(tmp_path).discard()
    assert lost_in(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_a_text_is_written_once_however_often_the_rest_changes(tmp_path: Path, dogs: DocumentState) -> None:
    corpus = Corpus("a.txt", np.arange(4, dtype=np.int32), "dogs")
    journal = Journal(tmp_path)
    state = replace(dogs, corpus=corpus)
    journal.write(Kept(state), ORIGIN)
    (text,) = tmp_path.glob("*.corpus")
    number = text.stat().st_ino
    journal.write(Kept(replace(state, title="new")), ORIGIN)
    assert [path.stat().st_ino for path in tmp_path.glob("*.corpus")] == [number]
    other = replace(state, corpus=Corpus("b.txt", corpus.ids, "sgod"))
    journal.write(Kept(other), ORIGIN)
    assert len(list(tmp_path.glob("*.corpus"))) == 1
    let_go(journal)
    assert same_kept(only(tmp_path).read()[0], Kept(other))


def test_a_journal_that_was_taken_over_survives_another_crash(tmp_path: Path, dogs: DocumentState) -> None:
    crash(tmp_path, 1)
    adopted = only(tmp_path).adopted()
    let_go(adopted)  # a crash before anything was written
    lost = only(tmp_path)
    assert same_kept(lost.read()[0], random_kept(1))
    adopted = lost.adopted()
    adopted.write(Kept(dogs), ORIGIN)
    assert len(list(tmp_path.glob("*.rnnviz"))) == 1
    let_go(adopted)
    lost = only(tmp_path)
    assert same_kept(lost.read()[0], Kept(dogs))
    lost.adopted().remove()
    assert not list(tmp_path.iterdir())


def test_what_is_of_no_use_is_cleared_away_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    name = "0" * 32
    for left in (f"{name}.lock", f"{name}.{'1' * 32}.corpus", f".{name}.rnnviz.abcd1234.part", "notes.txt"):
        (tmp_path / left).write_bytes(b"")
    assert lost_in(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_journal_that_cannot_be_read_is_said_and_stays(tmp_path: Path) -> None:
    crash(tmp_path, 1)
    (path,) = tmp_path.glob("*.rnnviz")
    path.write_bytes(path.read_bytes()[:-30])
    lost = only(tmp_path)
    with pytest.raises(DocumentFileError):
        lost.read()
    assert path.exists()


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path, dogs: DocumentState) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError, match="cannot be written to"):
        Journal(tmp_path / "file" / "unsaved").write(Kept(dogs), ORIGIN)


def test_edits_are_written_soon_and_together(tmp_path: Path, dogs: DocumentState, qtbot: QtBot) -> None:
    asked = []

    def current() -> tuple[Kept, Origin]:
        asked.append(1)
        return Kept(replace(dogs, title=f"edit {len(asked)}")), ORIGIN

    journaling = Journaling(Journal(tmp_path), current)
    for _ in range(20):
        journaling.note()
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("*.rnnviz"))))
    assert len(asked) == 1
    journaling.clear()
    qtbot.waitUntil(lambda: not list(tmp_path.iterdir()))
    journaling.note()
    journaling.close()
    assert not list(tmp_path.iterdir())


def test_trouble_is_said_once_until_all_is_well_again(
    tmp_path: Path, dogs: DocumentState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    journaling = Journaling(Journal(tmp_path), lambda: (Kept(dogs), ORIGIN))
    said: list[str] = []
    journaling.troubled.connect(said.append)
    background = journaling._background

    def write() -> None:
        with qtbot.waitSignal(background.found):
            journaling.note()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(replacing.os, "fsync", full)
        write()
        write()
    assert len(said) == 1
    assert "no space left on device" in said[0]
    write()
    journaling.close()
    assert len(said) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_nobody_else_may_read_a_journal(tmp_path: Path, dogs: DocumentState) -> None:
    folder = tmp_path / "unsaved"
    journal = Journal(folder)
    journal.write(Kept(dogs), ORIGIN)
    assert os.stat(folder).st_mode & 0o077 == 0
    journal.remove()
