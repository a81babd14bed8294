"""Slow motion in the window: stages are played, stepped and scrubbed, and everyone can see where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtWidgets import QApplication

from rnnviz.figures.model import Heatmap
from rnnviz.figures.picking import pick
from rnnviz.panels.base.reading import reading
from rnnviz.session import edits

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.stage_strip import StageStrip
    from rnnviz.app.window import MainWindow
    from rnnviz.session.playback import Playback

LSTM = ["x enters", "gates open", "the cell is written", "h is read", "ŷ appears"]


def strip(window: MainWindow) -> StageStrip:
    return window.contents.stages


def playback(window: MainWindow) -> Playback:
    return window.contents.session.playback


def use(window: MainWindow, cell: str) -> None:
    document = window.contents.session.document
    document.edit(edits.with_cell(document.state, cell), f"Use {cell}")


def slow(window: MainWindow, cell: str = "lstm") -> StageStrip:
    use(window, cell)
    window.contents.actions["slow"].trigger()
    QApplication.processEvents()
    return strip(window)


def words(shown: StageStrip) -> list[str]:
    return [button.text() for button in shown.buttons]


def lit(shown: StageStrip) -> list[int]:
    return [n for n, button in enumerate(shown.buttons) if button.isChecked()]


def mouse(shown: StageStrip, kind: QEvent.Type, number: int, at: QPoint) -> None:
    """Send what a mouse sends that went down on a button and is now at a point of the strip."""
    button = shown.buttons[number]
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    pressed = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    point = QPointF(button.mapFrom(shown, at))
    event = QMouseEvent(kind, point, button.mapToGlobal(point), pressed, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(button, event)


def middle(shown: StageStrip, number: int) -> QPoint:
    return shown.buttons[number].geometry().center()


def test_nothing_takes_room_until_it_is_asked_for(window: MainWindow) -> None:
    desk, height = window.contents.desk, window.contents.desk.height()
    assert not strip(window).isVisible()
    window.contents.actions["slow"].trigger()
    QApplication.processEvents()
    assert strip(window).isVisible()
    assert desk.height() == height - strip(window).height()
    window.contents.actions["slow"].trigger()
    QApplication.processEvents()
    assert not strip(window).isVisible()
    assert desk.height() == height


def test_the_stages_of_the_cell_are_named_and_the_present_one_is_lit(window: MainWindow) -> None:
    shown = slow(window)
    assert words(shown) == LSTM
    assert lit(shown) == [0]
    window.contents.actions["next"].trigger()
    assert lit(shown) == [1]
    use(window, "gru")
    assert words(shown) == ["x enters", "gates open", "the candidate forms", "h is written", "ŷ appears"]
    playback(window).last()
    assert lit(shown) == [4]
    use(window, "rnn")
    assert words(shown) == ["x enters", "a is summed", "h is written", "ŷ appears"]
    assert lit(shown) == [3]
    QApplication.processEvents()
    assert [button.isVisible() for button in shown.buttons] == [True] * 4


def test_the_keys_go_from_stage_to_stage(window: MainWindow, qtbot: QtBot) -> None:
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert playback(window).stage == 0
    for _ in range(5):
        qtbot.keyClick(window, Qt.Key.Key_Right)
    assert (playback(window).step, playback(window).stage) == (1, 1)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert (playback(window).step, playback(window).stage) == (0, 3)
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert (playback(window).step, playback(window).stage) == (2, 3)
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert playback(window).stage is None


def test_pressing_a_stage_goes_there(window: MainWindow, qtbot: QtBot) -> None:
    shown = slow(window)
    playback(window).seek(1)
    for number in (3, 0, 4):
        qtbot.mouseClick(shown.buttons[number], Qt.MouseButton.LeftButton)
        assert (playback(window).step, playback(window).stage) == (1, number)
        assert lit(shown) == [number]


def test_dragging_scrubs_through_the_stages(window: MainWindow) -> None:
    shown = slow(window)
    mouse(shown, QEvent.Type.MouseButtonPress, 1, middle(shown, 1))
    heard = []
    playback(window).stage_changed.connect(heard.append)
    for number in (2, 3, 4, 0):
        mouse(shown, QEvent.Type.MouseMove, 1, middle(shown, number))
    mouse(shown, QEvent.Type.MouseMove, 1, QPoint(-50, 300))
    mouse(shown, QEvent.Type.MouseMove, 1, QPoint(shown.width() + 50, 0))
    mouse(shown, QEvent.Type.MouseButtonRelease, 1, QPoint(shown.width() + 50, 0))
    assert heard == [2, 3, 4, 0, 4]
    assert lit(shown) == [4]


def test_playing_goes_through_every_stage_and_the_panels_follow(window: MainWindow, qtbot: QtBot) -> None:
    slow(window)
    moving = playback(window)
    moving.set_speed(60)
    heard: list[tuple[int, int | None]] = [(moving.step, moving.stage)]
    moving.stage_changed.connect(lambda stage: heard.append((moving.step, stage)))
    with qtbot.waitSignal(moving.playing_changed, check_params_cb=lambda playing: not playing):
        window.contents.actions["play"].trigger()
    assert heard == [(step, stage) for step in range(3) for stage in range(5)]


def test_a_click_on_a_column_keeps_the_stage(window: MainWindow) -> None:
    slow(window)
    playback(window).seek_stage(2)
    window.contents.panel("timeline").seek(3.0)
    assert (playback(window).step, playback(window).stage) == (2, 2)


def test_panels_show_nothing_of_what_is_not_known(window: MainWindow) -> None:
    shown = slow(window)
    view = window.contents.panel("timeline").view

    def empty() -> set[str]:
        heats = [m for plot in view.figure.plots for m in plot.marks if isinstance(m, Heatmap)]
        return {m.scale.label for m in heats if np.isnan(m.values[:, round(1 - m.left - 0.5)]).all()}

    found = []
    for button in shown.buttons:
        button.click()
        found.append(empty())
    gates = {"f_t", "i_t", "g_t", "o_t"}
    assert found == [{"h_t", "c_t", "ŷ_t"} | gates, {"h_t", "c_t", "ŷ_t"}, {"h_t", "ŷ_t"}, {"ŷ_t"}, set()]


def test_the_speed_counts_stages(window: MainWindow) -> None:
    speed = window.contents.top_bar.transport.speed
    assert speed.currentText() == "4 steps/s"
    window.contents.actions["slow"].trigger()
    assert speed.currentText() == "4 stages/s"
    window.contents.actions["slow"].trigger()
    assert speed.currentText() == "4 steps/s"


def test_a_screen_reader_hears_the_stage_unless_it_plays(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = slow(window)
    assert shown.accessibleName() == "Stages of the step"
    assert shown.accessibleDescription() == "x enters: stage 1 of 5 of step 1"
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    playback(window).next()
    assert shown.accessibleDescription() == "gates open: stage 2 of 5 of step 1"
    assert heard == ["gates open: stage 2 of 5 of step 1"]
    playback(window).play()
    playback(window).seek_stage(2)
    playback(window).pause()
    assert len(heard) == 1


def test_every_stage_says_what_it_shows(window: MainWindow) -> None:
    tips = [button.toolTip() for button in slow(window).buttons]
    assert tips == [
        "Show step t as far as x_t, and nothing later",
        "Show step t as far as i_t, f_t, g_t, o_t, and nothing later",
        "Show step t as far as c_t, and nothing later",
        "Show step t as far as h_t, and nothing later",
        "Show step t as far as ŷ_t, L_t, and nothing later",
    ]
    use(window, "rnn")
    assert strip(window).buttons[1].toolTip() == "Show step t as far as a_t, and nothing later"


def test_the_stages_are_written_in_the_notation_chosen(window: MainWindow) -> None:
    shown = slow(window, "rnn")
    playback(window).set_notation("letters")
    assert words(shown) == ["x enters", "a is summed", "S is written", "O appears"]
    playback(window).set_notation("weights")
    assert words(shown) == ["x enters", "a is summed", "h is written", "ŷ appears"]


@pytest.mark.parametrize("width", [1180, 1280, 1340, 1420, 1600])
def test_the_bar_and_the_stages_have_room(window: MainWindow, width: int) -> None:
    shown = slow(window)
    window.resize(width, 720)
    QApplication.processEvents()
    bar = window.contents.top_bar
    undo = bar.widgetForAction(bar.actions()[-1])
    assert undo.isVisible()
    assert undo.geometry().right() < bar.width()
    assert bar.transport.isVisible()
    for button in shown.buttons:
        assert button.width() >= button.sizeHint().width()
        assert shown.rect().contains(button.geometry())


def test_pointing_at_what_is_not_known_says_so(window: MainWindow) -> None:
    shown = slow(window)
    view = window.contents.panel("timeline").view

    def read(plot: str, column: int) -> str:
        cell = view.cell_rect(plot, 0, 0, column)
        found = pick(view.figure, view.width(), view.height(), cell.x + cell.w / 2, cell.y + cell.h / 2)
        return reading(view.figure, found, window.contents.session)

    assert read("c_t", 1) == "c₁ at step 1 is not known yet"
    assert read("c_t", 2).startswith("c₁ at step 2 = ")
    shown.buttons[2].click()
    assert read("c_t", 1).startswith("c₁ at step 1 = 0.")
