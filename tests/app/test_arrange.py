"""Workspaces are arranged wherever the mouse is."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QApplication

from rnnviz.app.workspaces import WORKSPACES, Workspace
from rnnviz.session import edits

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow


def hover(window: MainWindow, x: float, y: float) -> None:
    at, desk = QPointF(x, y), window.contents.desk
    QApplication.sendEvent(desk, QHoverEvent(QEvent.Type.HoverMove, at, desk.mapToGlobal(at), at))


def is_over_edge(window: MainWindow) -> bool:
    return window.contents.desk.cursor().shape() != Qt.CursorShape.ArrowCursor


def test_the_mouse_may_rest_on_an_edge_that_goes_away(window: MainWindow) -> None:
    """Qt remembers the edge, and used to end the program when the mouse moved on."""
    desk = window.contents.desk
    for name in ("gradients", "explore", "gradients"):
        for across in range(desk.height()):
            hover(window, desk.width() * 0.9, across)
            if is_over_edge(window):
                break
        assert is_over_edge(window)
        window.show_workspace(name)
        QApplication.processEvents()
        assert not is_over_edge(window)
        hover(window, 5.0, 5.0)


@pytest.mark.parametrize("workspace", WORKSPACES.values(), ids=WORKSPACES)
def test_a_small_window_has_no_other_panels(workspace: Workspace) -> None:
    small = Workspace("small", "Small", workspace.layout_in(1280, 720))
    assert set(small.panels()) <= set(workspace.panels())
    assert len(set(small.panels())) == len(small.panels())
    assert workspace.layout_in(1600, 1000) is workspace.layout


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1600, 1000)])
@pytest.mark.parametrize("name", WORKSPACES)
def test_no_card_lies_over_another(
    name: str, size: tuple[int, int], window: MainWindow, qtbot: QtBot
) -> None:
    document = window.contents.session.document
    state = edits.with_directions(edits.with_layers(edits.with_cell(document.state, "lstm"), 2), True)
    document.edit(state, "Two layers, both ways")
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    window.show_workspace(name)
    names = Workspace(name, name, WORKSPACES[name].layout_in(*size)).panels()
    qtbot.waitUntil(lambda: all(window.contents.docks[n].isVisible() for n in names))
    QApplication.processEvents()
    cards = [window.contents.docks[n].geometry() for n in names]
    assert not any(one.intersects(other) for one, other in combinations(cards, 2))
    assert all(window.contents.desk.rect().contains(card) for card in cards)


def test_in_a_small_window_small_weights_can_be_read(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 720)
    window.show_workspace("explore")
    panel = window.contents.panel("weights")
    qtbot.waitUntil(lambda: panel.area.viewport().height() > 250)
    assert panel.view.height() <= panel.area.viewport().height()  # nothing to scroll
