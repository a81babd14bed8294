"""A cell of the network is opened where it stands, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.session import edits

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.views.figure_view import FigureView


def double_click(view: FigureView, x: float, y: float) -> None:
    """Double-click a place of the first plot, as a mouse does it."""
    (rect, *_), plot = plot_rects(view.figure, view.width(), view.height()), view.figure.plots[0]
    at = QPointF(float(to_pixels_x(plot, rect, x)), float(to_pixels_y(plot, rect, y)))
    kinds = QEvent.Type
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, held in (
        (kinds.MouseButtonPress, left),
        (kinds.MouseButtonRelease, none),
        (kinds.MouseButtonDblClick, left),
        (kinds.MouseButtonRelease, none),
    ):
        free = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), left, held, free))


def is_open(window: MainWindow) -> bool:
    panel = window.contents.panel("circuit")
    return panel.isVisible() and not panel.visibleRegion().isEmpty()


def test_a_double_click_on_a_cell_opens_its_circuit_at_that_step(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1600, 1000)
    assert not is_open(window)
    double_click(window.contents.panel("network").view, 3.0, 0.5)
    qtbot.waitUntil(lambda: is_open(window))
    assert window.contents.session.moment.step == 2
    assert "t = 3" in window.contents.panel("circuit").view.figure.title
    assert window.contents.panel("network").isVisible()


def test_in_a_small_window_it_opens_where_there_is_room(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 720)
    double_click(window.contents.panel("network").view, 2.0, 0.5)
    qtbot.waitUntil(lambda: is_open(window))
    panel = window.contents.panel("circuit")
    qtbot.waitUntil(lambda: panel.width() >= 600 and panel.height() >= 300)


def test_enter_opens_the_cell_that_is_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    view = window.contents.panel("network").view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: is_open(window))


def test_a_double_click_between_the_cells_opens_nothing(window: MainWindow) -> None:
    double_click(window.contents.panel("network").view, 2.0, 0.02)
    assert not is_open(window)


def test_the_lane_that_was_clicked_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    document = window.contents.session.document
    document.edit(edits.with_cell(document.state, "lstm"), "LSTM")
    document.edit(edits.with_layers(document.state, 2), "Two layers")
    double_click(window.contents.panel("network").view, 2.0, 0.3)
    qtbot.waitUntil(lambda: is_open(window))
    assert "layer 1" in window.contents.panel("circuit").view.figure.title
    double_click(window.contents.panel("network").view, 1.0, 0.7)
    assert "layer 2" in window.contents.panel("circuit").view.figure.title


def test_opening_it_again_raises_it(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1600, 1000)
    contents = window.contents
    contents.panel("network").open_cell()
    qtbot.waitUntil(lambda: is_open(window))
    contents.docks["timeline"].raise_()
    qtbot.waitUntil(lambda: not is_open(window))
    contents.panel("network").open_cell()
    qtbot.waitUntil(lambda: is_open(window))


@pytest.mark.parametrize("cell", e.CELLS)
def test_the_workspace_shows_the_inside_of_every_cell(cell: str, window: MainWindow, qtbot: QtBot) -> None:
    document = window.contents.session.document
    if document.state.spec.cell != cell:
        document.edit(edits.with_cell(document.state, cell), "Another cell")
    window.show_workspace("inside")
    wanted = set(WORKSPACES["inside"].panels())
    qtbot.waitUntil(lambda: {panel.name for panel in window.contents.visible_panels()} == wanted)
    assert {"network", "circuit", "equations", "timeline"} <= wanted
    qtbot.waitUntil(lambda: window.contents.panel("circuit").view.paints > 0)
