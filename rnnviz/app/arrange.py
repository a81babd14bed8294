"""From a workspace's layout to docks in a main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QDockWidget, QMainWindow

    from rnnviz.app.workspaces import Part, Split

ORIENTATION = {"row": Qt.Orientation.Horizontal, "column": Qt.Orientation.Vertical}


def arrange(window: QMainWindow, layout: Split, docks: Mapping[str, QDockWidget]) -> None:
    """Show the docks a layout names in its proportions and close the others."""
    _forget_separator(window)
    for dock in docks.values():
        window.removeDockWidget(dock)
    first = docks[_first(layout)]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first)
    first.show()
    _split(window, layout, docks)
    _size(window, layout, docks)
    for dock in docks.values():
        if window.dockWidgetArea(dock) == Qt.DockWidgetArea.NoDockWidgetArea:
            window.addDockWidget(
                Qt.DockWidgetArea.RightDockWidgetArea, dock
            )  # where it is when it is asked for
            dock.hide()


def _forget_separator(window: QMainWindow) -> None:
    """Tell a window that the mouse is over no edge between docks.

    It remembers which one, even if that is gone, and would end the program when the mouse moves on.
    """
    nowhere = QPointF(-1.0, -1.0)
    QApplication.sendEvent(window, QHoverEvent(QEvent.Type.HoverLeave, nowhere, nowhere, nowhere))


def _first(part: Part) -> str:
    return part if isinstance(part, str) else _first(part.parts[0])


def _split(window: QMainWindow, part: Part, docks: Mapping[str, QDockWidget]) -> None:
    """Split off the first dock of each later part, then divide the parts themselves."""
    if isinstance(part, str):
        return
    before = docks[_first(part)]
    for later in part.parts[1:]:
        after = docks[_first(later)]
        window.splitDockWidget(before, after, ORIENTATION[part.direction])
        after.setFloating(False)
        after.show()
        before = after
    for inner in part.parts:
        _split(window, inner, docks)


def _size(window: QMainWindow, part: Part, docks: Mapping[str, QDockWidget]) -> None:
    if isinstance(part, str):
        return
    firsts = [docks[_first(inner)] for inner in part.parts]
    window.resizeDocks(firsts, list(part.sizes), ORIENTATION[part.direction])
    for inner in part.parts:
        _size(window, inner, docks)
