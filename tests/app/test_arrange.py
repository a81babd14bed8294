"""Workspaces are arranged wherever the mouse is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
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
