"""What a window shows, as figures to be drawn anew in another size, in other colours, as shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from rnnviz.export import Board, Card

if TYPE_CHECKING:
    from rnnviz.app.dock import PanelDock
    from rnnviz.app.window import MainWindow
    from rnnviz.figures.model import Figure
    from rnnviz.panels.base.panel import Panel

EDGE = 8  # pixels of ground around the cards


def figure_of(panel: Panel) -> Figure | None:
    """Return what a panel shows, a chart with the ranges that are seen."""
    shown = getattr(panel.view, "shown_figure", None)
    return shown if shown is not None else panel.view.figure


def board_of(window: MainWindow) -> Board:
    """Return the panels in sight, as they stand, without the window's bars."""
    docks = [dock for dock in window.contents.docks.values() if _is_seen(dock)]
    areas = [_area(dock, window) for dock in docks]
    whole = QRect()
    for area in areas:
        whole = whole.united(area)
    whole.adjust(-EDGE, -EDGE, EDGE, EDGE)
    cards = tuple(
        card
        for dock, area in zip(docks, areas, strict=True)
        if (card := _card(dock, area, window, whole.topLeft())) is not None
    )
    names = ", ".join(card.title for card in cards)
    title = window.contents.session.document.state.title
    return Board(title, f"Panels of RNNViz: {names}.", cards, (whole.width(), whole.height()))


def _is_seen(dock: PanelDock) -> bool:
    """Whether a panel is in the window and not behind another one."""
    return dock.panel.isVisible() and not dock.isFloating() and not dock.panel.visibleRegion().isEmpty()


def _area(widget: QWidget, window: MainWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def _card(dock: PanelDock, area: QRect, window: MainWindow, start: QPoint) -> Card | None:
    figure, view = figure_of(dock.panel), dock.panel.view
    if figure is None:
        return None
    assert isinstance(view, QWidget)
    inner = _area(view, window)
    seen = view.visibleRegion().boundingRect().translated(inner.topLeft())
    title = dock.card_title
    return Card(
        figure,
        title.heading.text(),
        title.note.text() if title.note.isVisible() else "",
        _tuple(area.translated(-start)),
        _tuple(inner.translated(-start)),
        _tuple(seen.translated(-start)),
        title.height(),
        view.zoom,
    )


def _tuple(area: QRect) -> tuple[float, float, float, float]:
    return area.x(), area.y(), area.width(), area.height()
