"""After a crash the next start offers what was lost, once, and loses nothing of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from rnnviz.app.asking import Question
from rnnviz.app.window import MainWindow
from rnnviz.figures.theme import THEMES
from rnnviz.session import edits, presets
from rnnviz.session.files.journal import Journal, Lost, Origin, lost_in
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.stored import open_kept, save_kept
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.recovery import Recovery
    from rnnviz.session.state import DocumentState


def recovery(window: MainWindow) -> Recovery:
    return window.contents.controller.recovery


def folder(window: MainWindow) -> Path:
    return window.contents.controller.preferences.folder


def state(window: MainWindow) -> DocumentState:
    return window.contents.session.document.state


def edit(window: MainWindow, text: str) -> None:
    document = window.contents.session.document
    document.edit(edits.with_text(document.state, text), "Type")


def asked(window: MainWindow) -> Question:
    (question,) = (question for question in window.findChildren(Question) if question.isVisible())
    return question


def crashed(window: MainWindow, text: str, path: Path | None = None) -> None:
    """Leave what a process leaves that is killed after an edit."""
    journal = Journal(folder(window))
    origin = Origin("lost work", None if path is None else str(path), None)
    journal.write(Kept(edits.with_text(presets.load("dogs"), text)), origin)
    let_go(journal)


def let_go(journal: Journal) -> None:
    """What the system does when a process is gone: the lock is lifted, its file stays."""
    handle = journal._lock._handle
    assert handle is not None
    journal._lock._handle = None
    os.close(handle)


def titles(window: MainWindow) -> list[str]:
    found = lost_in(folder(window))
    for lost in found:
        lost.release()
    return [lost.origin.title for lost in found]


def journal_of(window: MainWindow) -> Lost | None:
    """What would be found if the window's process were gone now."""
    paths = list(folder(window).glob("*.rnnviz"))
    if not paths:
        return None
    journal = recovery(window).journaling._journal
    return Lost(folder(window), paths[0].stem, journal._lock)


def test_every_edit_is_kept_until_it_is_saved(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    recovery(window).watch()
    edit(window, "dog")
    qtbot.waitUntil(lambda: journal_of(window) is not None)
    edit(window, "god")

    def is_kept() -> None:
        lost = journal_of(window)
        assert lost is not None
        assert lost.read()[0].state.text == "god"

    qtbot.waitUntil(is_kept)
    window.contents.controller.documents._write(tmp_path / "mine.rnnviz", None, lambda: None)
    qtbot.waitUntil(lambda: not list(folder(window).iterdir()))


def test_undo_to_what_was_saved_leaves_nothing_to_offer(window: MainWindow, qtbot: QtBot) -> None:
    recovery(window).watch()
    edit(window, "dog")
    qtbot.waitUntil(lambda: journal_of(window) is not None)
    window.contents.session.document.undo()
    qtbot.waitUntil(lambda: not list(folder(window).iterdir()))


def test_a_window_that_is_closed_leaves_nothing_to_offer(window: MainWindow, qtbot: QtBot) -> None:
    recovery(window).watch()
    edit(window, "dog")
    qtbot.waitUntil(lambda: journal_of(window) is not None)
    edit(window, "god")  # is about to be written
    window.close()
    assert journal_of(window) is not None
    asked(window).answer("Discard")
    assert not list(folder(window).iterdir())


def test_what_was_lost_is_recovered_as_something_to_save(window: MainWindow, qtbot: QtBot) -> None:
    crashed(window, "dogdog")
    recovery(window).watch()
    assert recovery(window).offer()
    assert "without saving “lost work”" in asked(window).text()
    asked(window).answer("Recover")
    assert state(window).text == "dogdog"
    assert window.isWindowModified()
    assert window.contents.controller.documents.path is None
    lost = journal_of(window)
    assert lost is not None  # another crash would lose nothing
    assert lost.read()[0].state.text == "dogdog"
    edit(window, "gods")

    def is_kept() -> None:
        now = journal_of(window)
        assert now is not None
        assert now.read()[0].state.text == "gods"

    qtbot.waitUntil(is_kept)
    assert not window.close()
    asked(window).answer("Discard")
    assert not list(folder(window).iterdir())


def test_a_recovered_document_knows_its_file_and_does_not_overwrite_what_is_newer(
    window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "mine.rnnviz"
    stamp = save_kept(path, Kept(presets.load("dogs")))
    journal = Journal(folder(window))
    journal.write(Kept(edits.with_text(presets.load("dogs"), "dog")), Origin("mine.rnnviz", str(path), stamp))
    let_go(journal)
    recovery(window).offer()
    asked(window).answer("Recover")
    assert window.windowTitle() == "mine.rnnviz[*] – RNNViz"
    save_kept(path, Kept(presets.load("vanish")))
    window.contents.actions["save"].trigger()
    asked(window).answer("Overwrite")
    assert open_kept(path)[0].state.text == "dog"


def test_later_means_later(window: MainWindow) -> None:
    crashed(window, "dog")
    recovery(window).offer()
    asked(window).answer("Later")
    assert state(window).text == "dogs"
    assert titles(window) == ["lost work"]
    window.contents.actions["recover"].trigger()
    asked(window).answer("Recover")
    assert state(window).text == "dog"


def test_discard_asks_about_the_next_one(window: MainWindow, qtbot: QtBot) -> None:
    crashed(window, "god")
    crashed(window, "dog")
    recovery(window).offer()
    asked(window).answer("Discard")
    qtbot.waitUntil(lambda: len(titles(window)) == 0)  # the other one is being offered here
    asked(window).answer("Recover")
    assert state(window).text in {"god", "dog"}
    window.contents.actions["recover"].trigger()
    assert "nothing to recover" in window.contents.notice.text()


def test_recovering_asks_about_what_is_not_saved_here(window: MainWindow) -> None:
    crashed(window, "dog")
    edit(window, "god")
    recovery(window).offer()
    asked(window).answer("Recover")
    QApplication.processEvents()
    asked(window).answer("Cancel")
    assert state(window).text == "god"
    recovery(window).offer()
    asked(window).answer("Later")
    assert titles(window) == ["lost work"]


def test_a_copy_that_cannot_be_read_is_said_and_stays(window: MainWindow) -> None:
    crashed(window, "dog")
    (path,) = folder(window).glob("*.rnnviz")
    path.write_bytes(b"PK\x05\x06")
    recovery(window).offer()
    asked(window).answer("Recover")
    assert "The copy of the lost document cannot be read" in window.contents.notice.text()
    assert path.exists()
    assert state(window).text == "dogs"


def test_with_nothing_lost_nothing_is_asked(window: MainWindow) -> None:
    assert not recovery(window).offer()
    assert not [question for question in window.findChildren(Question) if question.isVisible()]


@pytest.mark.parametrize("answer", ["Discard", "Recover"])
def test_what_is_offered_here_is_not_offered_in_a_second_window(
    window: MainWindow, qtbot: QtBot, answer: str
) -> None:
    crashed(window, "dog")
    recovery(window).offer()
    other = MainWindow(THEMES["light"])
    other.fill(Session(presets.load("dogs")))
    qtbot.addWidget(other)
    assert not recovery(other).offer()
    asked(window).answer(answer)
    assert not recovery(other).offer()
