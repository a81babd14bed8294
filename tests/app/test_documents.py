"""Documents in files, as a user opens, saves and closes them in the real window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from keeping import with_document
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from rnnviz.app.asking import Question
from rnnviz.app.window import MainWindow
from rnnviz.engine.selection import Selection
from rnnviz.figures.theme import THEMES
from rnnviz.session import edits, presets
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.stored import open_kept, save_kept
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState, equal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.documents import Documents

    Choose = Callable[[Path | str], None]


def documents(window: MainWindow) -> Documents:
    return window.contents.controller.documents


def state(window: MainWindow) -> DocumentState:
    return window.contents.session.document.state


def notice(window: MainWindow) -> str:
    return window.contents.notice.text()


def do(window: MainWindow, name: str) -> None:
    window.contents.actions[name].trigger()


def edit(window: MainWindow, text: str) -> None:
    document = window.contents.session.document
    document.edit(edits.with_text(document.state, text), "Type")


def asked(window: MainWindow) -> Question:
    """The question that is open."""
    questions = [question for question in window.findChildren(Question) if question.isVisible()]
    assert len(questions) == 1
    return questions[0]


def is_asked(window: MainWindow) -> bool:
    return any(question.isVisible() for question in window.findChildren(Question))


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Answer the dialogs for files with a path."""

    def answer(path: Path | str) -> None:
        for dialog in ("getSaveFileName", "getOpenFileName"):
            monkeypatch.setattr(QFileDialog, dialog, lambda *_args, **_more: (str(path), ""))

    return answer


def test_what_is_saved_opens_in_another_window_at_the_same_place(
    window: MainWindow, choose: Choose, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "mine.rnnviz"
    choose(path)
    session = window.contents.session
    edit(window, "dogsgods")
    session.playback.seek(4)
    session.playback.select(Selection("h", 1))
    session.playback.set_notation("letters")
    window.show_workspace("gradients")
    QApplication.processEvents()
    do(window, "save")
    assert "Saved" in notice(window)

    other = MainWindow(THEMES["dark"])
    other.fill(Session(presets.load("explode")))
    qtbot.addWidget(other)
    with qtbot.waitSignal(other.usable, timeout=20_000):
        other.show()
    other.contents.controller.open_path(str(path))
    QApplication.processEvents()
    there = other.contents.session
    assert equal(there.document.state, session.document.state)
    assert (there.moment.step, there.moment.selection, there.moment.notation) == (
        4,
        Selection("h", 1),
        "letters",
    )
    shown = {panel.name for panel in other.contents.visible_panels()}
    assert shown == {panel.name for panel in window.contents.visible_panels()}
    assert other.windowTitle() == "mine.rnnviz[*] – RNNViz"
    assert not there.document.undo_stack.canUndo()
    assert not other.isWindowModified()


def test_the_window_says_whether_there_is_something_to_save(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    choose(tmp_path / "mine.rnnviz")
    assert window.windowTitle() == "dogs[*] – RNNViz"
    assert not window.isWindowModified()
    edit(window, "dog")
    assert window.isWindowModified()
    do(window, "undo")
    assert not window.isWindowModified()
    do(window, "redo")
    do(window, "save")
    assert not window.isWindowModified()
    do(window, "undo")  # past what was saved
    assert window.isWindowModified()
    edit(window, "god")
    assert window.isWindowModified()
    do(window, "undo")
    assert window.isWindowModified()  # what was saved is out of reach
    do(window, "save")
    assert not window.isWindowModified()
    assert open_kept(tmp_path / "mine.rnnviz")[0].state.text == "dogs"


def test_moving_the_playhead_is_nothing_to_save(window: MainWindow) -> None:
    window.contents.session.playback.seek(2)
    assert not window.isWindowModified()
    assert window.close()


def test_save_asks_for_a_file_only_once_and_adds_the_ending(
    window: MainWindow, choose: Choose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(tmp_path / "mine")
    edit(window, "dog")
    do(window, "save")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", None)
    edit(window, "god")
    do(window, "save")
    assert open_kept(tmp_path / "mine.rnnviz")[0].state.text == "god"


def test_an_ending_that_is_added_overwrites_nothing_unasked(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    (tmp_path / "mine.rnnviz").write_bytes(b"precious")
    choose(tmp_path / "mine")
    do(window, "save")
    assert "There is a file mine.rnnviz already" in notice(window)
    assert (tmp_path / "mine.rnnviz").read_bytes() == b"precious"


def test_save_as_goes_on_with_the_other_file(window: MainWindow, choose: Choose, tmp_path: Path) -> None:
    for name in ("one", "two"):
        choose(tmp_path / f"{name}.rnnviz")
        edit(window, name)
        do(window, "save-as")
    assert window.windowTitle().startswith("two.rnnviz")
    assert [open_kept(tmp_path / f"{n}.rnnviz")[0].state.text for n in ("one", "two")] == ["one", "two"]


def test_revert_returns_to_what_was_saved_and_undo_to_what_was_not(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    choose(tmp_path / "mine.rnnviz")
    do(window, "revert")
    assert not window.contents.actions["revert"].isEnabled()
    do(window, "save")
    edit(window, "dog")
    do(window, "revert")
    assert state(window).text == "dogs"
    assert not window.isWindowModified()
    do(window, "undo")
    assert state(window).text == "dog"
    assert window.isWindowModified()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 and no more", None])
def test_a_bad_file_is_refused_in_a_sentence_and_the_document_stays(
    window: MainWindow, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "bad.rnnviz"
    if content is not None:
        path.write_bytes(content)
    before = state(window)
    window.contents.controller.open_path(str(path))
    assert "bad.rnnviz" in notice(window)
    assert notice(window).endswith(".")
    assert state(window) is before
    assert not window.isWindowModified()


def test_a_file_of_a_newer_version_is_refused_politely(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "new.rnnviz"
    save_kept(path, Kept(presets.load("explode")))
    path.write_bytes(with_document(path.read_bytes(), version=7))
    window.contents.controller.open_path(str(path))
    assert "written by a newer RNNViz (format 7" in notice(window)
    assert state(window).text == "dogs"


def test_what_is_not_saved_is_asked_about_before_another_file_is_opened(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    other = tmp_path / "other.rnnviz"
    save_kept(other, Kept(presets.load("explode")))
    edit(window, "dog")
    window.contents.controller.open_path(str(other))
    assert state(window).text == "dog"
    asked(window).answer("Cancel")
    assert state(window).text == "dog"
    choose(tmp_path / "mine.rnnviz")
    window.contents.controller.open_path(str(other))
    asked(window).answer("Save")
    assert open_kept(tmp_path / "mine.rnnviz")[0].state.text == "dog"
    assert state(window).title == presets.load("explode").title
    edit(window, "o")
    window.contents.controller.open_path(str(tmp_path / "mine.rnnviz"))
    asked(window).answer("Discard")
    assert state(window).text == "dog"


def test_closing_asks_and_does_what_is_answered(
    window: MainWindow, choose: Choose, tmp_path: Path, qtbot: QtBot
) -> None:
    edit(window, "dog")
    assert not window.close()
    asked(window).answer("Cancel")
    assert window.isVisible()
    choose("")  # the dialog for a file is cancelled
    assert not window.close()
    asked(window).answer("Save")
    assert window.isVisible()
    choose(tmp_path / "mine.rnnviz")
    assert not window.close()
    assert not window.close()  # asks once only
    asked(window).answer("Save")
    qtbot.waitUntil(lambda: not window.isVisible())
    assert open_kept(tmp_path / "mine.rnnviz")[0].state.text == "dog"


def test_closing_can_discard(window: MainWindow) -> None:
    edit(window, "dog")
    assert not window.close()
    asked(window).answer("Discard")
    assert not window.isVisible()


def test_the_question_is_answered_by_the_keyboard(window: MainWindow, choose: Choose, tmp_path: Path) -> None:
    edit(window, "dog")
    window.close()
    QTest.keyClick(asked(window), Qt.Key.Key_Escape)
    assert window.isVisible()
    assert not is_asked(window)
    choose(tmp_path / "mine.rnnviz")
    window.close()
    QTest.keyClick(asked(window), Qt.Key.Key_Return)
    assert not window.isVisible()
    assert (tmp_path / "mine.rnnviz").exists()


def test_what_another_window_has_saved_is_never_overwritten_silently(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    path = tmp_path / "mine.rnnviz"
    choose(path)
    do(window, "save")
    theirs = replace(presets.load("dogs"), title="theirs")
    save_kept(path, Kept(theirs))
    edit(window, "dog")
    do(window, "save")
    asked(window).answer("Cancel")
    assert open_kept(path)[0].state.title == "theirs"
    assert window.isWindowModified()

    do(window, "save")
    choose(tmp_path / "second.rnnviz")
    asked(window).answer("Save as…")
    assert open_kept(path)[0].state.title == "theirs"
    assert open_kept(tmp_path / "second.rnnviz")[0].state.text == "dog"


@pytest.mark.parametrize(
    ("answer", "title", "text"), [("Overwrite", "dogs", "dog"), ("Reload", "theirs", "dogs")]
)
def test_what_another_window_has_saved_can_be_replaced_or_shown(
    window: MainWindow, choose: Choose, tmp_path: Path, answer: str, title: str, text: str
) -> None:
    path = tmp_path / "mine.rnnviz"
    choose(path)
    do(window, "save")
    save_kept(path, Kept(replace(presets.load("dogs"), title="theirs")))
    edit(window, "dog")
    do(window, "save")
    asked(window).answer(answer)
    assert (state(window).title, state(window).text) == (title, text)
    assert open_kept(path)[0].state.title == title
    assert not window.isWindowModified()
    do(window, "save")
    assert not is_asked(window)


def test_a_save_that_fails_says_so_once_and_can_be_tried_again(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    path = folder / "mine.rnnviz"
    choose(path)
    do(window, "save")
    edit(window, "dog")
    path.unlink()
    folder.rmdir()  # the stick was pulled out
    do(window, "save")
    assert "There is no folder" in notice(window)
    assert window.isWindowModified()
    folder.mkdir()
    do(window, "save")
    assert not window.isWindowModified()
    assert open_kept(path)[0].state.text == "dog"


def test_a_preset_ends_a_document_with_a_file_and_is_an_undo_away_from_one_without(
    window: MainWindow, choose: Choose, tmp_path: Path
) -> None:
    edit(window, "dog")
    do(window, "preset-vanish")
    do(window, "undo")
    assert state(window).text == "dog"
    choose(tmp_path / "mine.rnnviz")
    do(window, "save")
    do(window, "preset-vanish")
    assert not window.contents.session.document.undo_stack.canUndo()
    assert documents(window).path is None
    choose("")
    do(window, "save")  # asks for a file, instead of overwriting the one before
    assert open_kept(tmp_path / "mine.rnnviz")[0].state.text == "dog"


def test_looking_at_presets_is_nothing_to_save(window: MainWindow) -> None:
    do(window, "preset-vanish")
    assert not window.isWindowModified()
    do(window, "undo")
    assert not window.isWindowModified()
    do(window, "new")
    assert window.close()


def test_new_begins_again_without_a_file(window: MainWindow, choose: Choose, tmp_path: Path) -> None:
    choose(tmp_path / "mine.rnnviz")
    edit(window, "dog")
    do(window, "save")
    edit(window, "god")
    do(window, "new")
    asked(window).answer("Discard")
    assert equal(state(window), presets.load("dogs"))
    assert documents(window).path is None
    assert window.windowTitle() == "dogs[*] – RNNViz"


def test_a_document_is_opened_when_it_is_dropped(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.rnnviz"
    save_kept(path, Kept(presets.load("explode")))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, data, left, none))
    assert documents(window).path == path


def test_files_opened_last_are_in_the_menu(window: MainWindow, choose: Choose, tmp_path: Path) -> None:
    actions = window.contents.actions
    assert not actions["recent-0"].isEnabled()
    for name in ("one", "two", "one"):
        choose(tmp_path / f"{name}.rnnviz")
        do(window, "save-as")
    assert [actions[f"recent-{n}"].text() for n in range(2)] == ["one.rnnviz", "two.rnnviz"]
    assert not actions["recent-2"].isVisible()
    do(window, "recent-1")
    assert documents(window).path == tmp_path / "two.rnnviz"
    assert actions["recent-0"].text() == "two.rnnviz"


def test_the_curves_of_a_training_come_back(
    window: MainWindow, choose: Choose, tmp_path: Path, qtbot: QtBot
) -> None:
    choose(tmp_path / "mine.rnnviz")
    training = window.contents.session.training
    training.start()
    qtbot.waitUntil(lambda: len(training.record) > 50, timeout=20_000)
    training.stop()
    table = training.record.table.copy()
    do(window, "save")
    do(window, "preset-vanish")
    assert len(training.record) == 0
    window.contents.controller.open_path(str(tmp_path / "mine.rnnviz"))
    assert np.array_equal(training.record.table, table)
    assert state(window).updates == table.shape[1]
    training.step_once()
    qtbot.waitUntil(lambda: len(training.record) == table.shape[1] + 1, timeout=20_000)
    assert np.array_equal(training.record.table[:, :-1], table)
    training.stop()
