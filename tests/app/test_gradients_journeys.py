"""The workspaces Gradients and Dynamics in the real window: the map, its sums, the chain and the knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz import engine as e
from rnnviz.engine.selection import StepPair
from rnnviz.figures.columns import columns_of
from rnnviz.figures.flow_maps import flow_map
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Heatmap, Line
from rnnviz.figures.picking import pick
from rnnviz.session import knobs, presets
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow

SMALL, LARGE = (1280, 720), (1600, 1000)
NETWORKS = [
    (cell, layers, both)
    for cell in e.CELLS
    for layers in (1, 3)
    for both in ((False, True) if e.CELLS[cell].recurrent else (False,))
]


def opened(
    window: MainWindow, qtbot: QtBot, workspace: str, preset: str = "shepherd", size: Any = LARGE
) -> Any:
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    window.contents.session.document.edit(presets.load(preset), "Open")
    window.show_workspace(workspace)
    window.contents.load_charts(all_of_them=True)
    QApplication.processEvents()
    return window.contents


def place_in(panel: Any, x: float, y: float) -> QPoint:
    """The pixel of data coordinates of a panel's first plot."""
    view = panel.view
    figure = view.figure
    rect = plot_rects(figure, view.width(), view.height(), view.zoom)[0]
    px, py = to_pixels_x(figure.plots[0], rect, x), to_pixels_y(figure.plots[0], rect, y)
    return QPoint(round(float(px)), round(float(py)))


def read_at(panel: Any, at: QPoint) -> str:
    view = panel.view
    return str(panel.reading(pick(view.figure, view.width(), view.height(), at.x(), at.y(), view.zoom)))


def every_cell(panel: Any) -> list[tuple[Heatmap, int, int, QPoint]]:
    """Each cell of each part of the map: its heat map, row, column and pixel."""
    found = []
    for heat in (mark for mark in panel.view.figure.plots[0].marks if isinstance(mark, Heatmap)):
        rows, columns = heat.values.shape
        for row, column in np.ndindex(rows, columns):
            y = heat.top + (row + 0.5) * (heat.bottom - heat.top) / rows
            found.append((heat, row, column, place_in(panel, heat.left + column + 0.5, y)))
    return found


@pytest.mark.parametrize("what", [None, "W_X", "W_H", "W_Y", "b"])
def test_every_cell_of_the_map_and_of_its_sums_can_be_read(
    window: MainWindow, qtbot: QtBot, what: str | None
) -> None:
    panel = opened(window, qtbot, "gradients").panel("gradient-flow")
    panel.weights.setCurrentIndex(max(0, panel.weights.findData(what)))
    panel.weights.activated.emit(panel.weights.currentIndex())
    scene = panel.scene
    found = flow_map(scene, columns_of(scene), what or "h")
    seen = set()
    for heat, row, column, at in every_cell(panel):
        value, text = heat.values[row, column], read_at(panel, at)
        assert text.endswith(f"{value:.3g}") if np.isfinite(value) else not text or "nan" in text
        seen.add(text.partition(" at ")[0].partition(" of the ")[0])
    sums = sum(part is not None for part in (found.initial, found.by_loss))
    assert len([m for m in panel.view.figure.plots[0].marks if isinstance(m, Heatmap)]) == 2 + sums
    assert any(text.startswith("Σ‖·‖") for text in seen)
    assert any(text.startswith("‖Σ·‖") for text in seen)


def test_the_column_of_h_0_and_the_sums_pick_nothing(window: MainWindow, qtbot: QtBot) -> None:
    contents = opened(window, qtbot, "gradients")
    panel, playback = contents.panel("gradient-flow"), contents.session.playback
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_in(panel, 0.0, 5.0))
    assert playback.selection is None
    assert playback.step == 4
    below = panel.view.figure.plots[0].marks
    sums = [mark for mark in below if isinstance(mark, Heatmap)][-1]
    for y in (sums.top + 0.2, sums.bottom - 0.2):
        qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_in(panel, 8.0, y))
    assert playback.selection is None
    assert playback.step == 4


def test_a_pair_picked_in_the_map_is_the_chain_shown(window: MainWindow, qtbot: QtBot) -> None:
    contents = opened(window, qtbot, "gradients")
    panel = contents.panel("gradient-flow")
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_in(panel, 3.0, 9.0))
    assert contents.session.playback.selection.pair == StepPair(8, 2)
    chain = contents.panel("chain")
    assert chain.view.figure.title == "∂h₉/∂h₃, link by link"
    assert chain.links == 6


def test_knobs_in_the_window_undo_one_by_one(window: MainWindow, qtbot: QtBot) -> None:
    contents = opened(window, qtbot, "gradients")
    document, turn = contents.session.document, contents.panel("verdict").knobs
    states = [document.state]
    for change in (
        lambda: turn.radius.box.setValue(1.3),
        lambda: turn.length.box.setValue(30),
        lambda: turn.clip.box.setValue(2.0),
        lambda: turn.activation.textActivated.emit("relu"),
        turn.draw.click,
    ):
        change()
        assert document.state is not states[-1]
        states.append(document.state)
    for state in reversed(states[:-1]):
        document.undo()
        assert document.state is state
        assert turn.length.box.value() == state.steps
        assert turn.radius.box.value() == pytest.approx(knobs.radius_of(state), abs=0.01)
        assert turn.activation.currentText() == state.spec.activation


def test_a_text_that_was_shortened_gets_its_words_back(window: MainWindow, qtbot: QtBot) -> None:
    contents = opened(window, qtbot, "gradients")
    document, length = contents.session.document, contents.panel("verdict").knobs.length
    text = document.state.text
    length.box.setValue(3)
    assert document.state.text == "the brown and black"
    length.box.setValue(14)
    assert document.state.text == text


def test_the_knobs_are_reached_by_tab_and_show_it(window: MainWindow, qtbot: QtBot) -> None:
    turn = opened(window, qtbot, "gradients", "shepherd-lstm").panel("verdict").knobs
    wanted: set[QWidget] = {turn.scheme, turn.draw}
    for knob in (turn.radius, turn.bias, turn.length, turn.clip):
        wanted |= {knob.slider, knob.box}
    turn.radius.slider.setFocus()
    qtbot.waitUntil(turn.radius.slider.hasFocus)
    focused = turn.radius.slider.grab().toImage()
    reached = set()
    for _ in range(12):
        here = window.focusWidget()
        reached.add(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    assert wanted <= reached
    assert turn.radius.slider.grab().toImage() != focused
    before = turn.radius.box.value()
    turn.radius.slider.setFocus()
    qtbot.keyClick(turn.radius.slider, Qt.Key.Key_Right)
    assert turn.radius.box.value() > before


def test_every_knob_says_what_it_changes(window: MainWindow, qtbot: QtBot) -> None:
    turn = opened(window, qtbot, "gradients").panel("verdict").knobs
    for knob in (turn.radius, turn.bias, turn.length, turn.clip):
        assert knob.slider.toolTip()
        assert knob.box.toolTip()
    assert all(widget.toolTip() for widget in (turn.activation, turn.scheme, turn.draw))


def test_space_plays_the_chain_when_its_button_has_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    contents = opened(window, qtbot, "gradients")
    button = contents.panel("chain").play
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.isChecked()
    assert not contents.session.playback.playing
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not button.isChecked()


def test_one_click_compares_relu_with_tanh(window: MainWindow, qtbot: QtBot) -> None:
    contents = opened(window, qtbot, "dynamics", "settled")
    panel, document = contents.panel("slopes"), contents.session.document
    assert panel.view.figure.note == "56% flat"
    relu = next(button for button in panel.activation.group.buttons() if button.text() == "relu")
    qtbot.mouseClick(relu, Qt.MouseButton.LeftButton)
    assert document.state.spec.activation == "relu"
    assert panel.view.figure.note != "56% flat"
    document.undo()
    assert panel.activation.group.checkedButton().text() == "tanh"
    document.edit(presets.load("shepherd-lstm"), "Open")
    assert not any(button.isVisible() for button in panel.activation.group.buttons())


def test_in_a_small_window_the_words_are_struck_out_where_one_can_read_them(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = opened(window, qtbot, "gradients", size=SMALL).panel("verdict")

    def row_height() -> float:
        figure = panel.view.figure
        rect = plot_rects(figure, panel.view.width(), panel.view.height(), panel.view.zoom)[1]
        return float(rect.h / figure.plots[1].y.high)

    qtbot.waitUntil(lambda: row_height() >= 20.0)
    assert any(isinstance(mark, Line) for mark in panel.view.figure.plots[1].marks)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("workspace", ["gradients", "dynamics"])
def test_both_workspaces_draw_every_network_at_every_length(
    window: MainWindow,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    workspace: str,
    size: tuple[int, int],
) -> None:
    contents = opened(window, qtbot, workspace, size=size)
    letters = tuple("abcdef")
    for cell, layers, both in NETWORKS:
        for steps in (0, 1, 40, 1000):
            spec = e.NetworkSpec(cell, 6, 4, 6, num_layers=layers, bidirectional=both)
            text = "".join(letters[(n * n + n // 3) % 6] for n in range(steps + 1))
            state = DocumentState("x", spec, e.initialise(spec), Vocabulary(letters), text)
            contents.session.document.edit(state, "Open")
            QApplication.processEvents()
            for panel in contents.visible_panels():
                assert panel.view.figure is not None
    assert [record.getMessage() for record in caplog.records] == []
