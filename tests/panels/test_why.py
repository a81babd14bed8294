"""A number is explained where it is: by a double click, a menu or a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.model import Text
from rnnviz.figures.printed import told
from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS
from rnnviz.panels.base.why_popover import WhyPopover
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from rnnviz.panels.base.panel import Panel
    from rnnviz.panels.views.figure_view import FigureView

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def session() -> Session:
    spec = e.NetworkSpec("lstm", 4, 3, 4)
    return Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, WhyPopover | QMenu):
            widget.close()
            widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(name: str, session: Session, qtbot: QtBot) -> Panel:
    panel = PANELS[name](session, THEMES["light"])
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    return panel


def popover() -> WhyPopover | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, WhyPopover) and w.isVisible()]
    return found[-1] if found else None


def double_click(view: FigureView, x: float, y: float) -> None:
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        point = QPointF(x, y)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(view, QMouseEvent(kind, point, view.mapToGlobal(point), left, left, none))


def strings(shown: WhyPopover) -> list[str]:
    (plot,) = shown.view.figure.plots
    return [string for mark in plot.marks if isinstance(mark, Text) for string in mark.strings]


@pytest.mark.parametrize(("name", "plot"), [("timeline", "f_t"), ("gradient-flow", "flow")])
def test_a_double_click_explains_a_number(name: str, plot: str, session: Session, qtbot: QtBot) -> None:
    panel = shown(name, session, qtbot)
    cell = panel.view.cell_rect(plot, 0, 2, 1)
    double_click(panel.view, cell.x + cell.w / 2, cell.y + cell.h / 2)
    found = popover()
    assert found is not None
    value = session.moment.analysis
    wanted = {
        "timeline": value.trace.layers[0].gates["f"][1, 0, 2],
        "gradient-flow": value.flow.cell[2, 1],
    }[name]
    assert any(string.endswith(told(float(wanted))) for string in strings(found))


def test_it_follows_the_playhead_and_goes_with_what_it_explains(session: Session, qtbot: QtBot) -> None:
    panel = shown("timeline", session, qtbot)
    session.playback.select(Selection("h", 1))
    panel.selecting.explain()
    found = popover()
    assert found is not None
    before = strings(found)
    session.playback.next()
    assert strings(found) != before
    session.playback.select(None)
    assert popover() is None


def test_what_has_no_reason_opens_nothing(session: Session, qtbot: QtBot) -> None:
    panel = shown("timeline", session, qtbot)
    panel.selecting.explain()
    session.playback.select(Selection("dx"))
    panel.selecting.explain()
    assert popover() is None


@pytest.mark.parametrize("name", ["network", "gradient-flow"])
def test_a_menu_offers_it_for_what_is_under_the_mouse(name: str, session: Session, qtbot: QtBot) -> None:
    panel = shown(name, session, qtbot)
    figure = panel.view.figure
    (plot,) = figure.plots
    number = next(n for n, mark in enumerate(plot.marks) if hasattr(mark, "scale"))
    cell = panel.view.cell_rect(plot.name, number, 2, 1)
    at = QPoint(round(cell.x + cell.w / 2), round(cell.y + cell.h / 2))
    if name == "network":
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.view.mapToGlobal(at))
        QApplication.sendEvent(panel.view, asked)
        assert session.moment.selection is not None
        assert session.moment.selection.unit == 2
    else:
        panel.view.menu_asked.emit(panel.view._pick(QPointF(at)), panel.view.mapToGlobal(at))
        assert session.moment.selection == Selection("c", pair=StepPair(2, 1))
    menu = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible())
    action = next(action for action in menu.actions() if action.text() == "Why?")
    assert action.isEnabled()
    action.trigger()
    assert popover() is not None


def test_it_is_read_aloud_and_fits_its_window(session: Session, qtbot: QtBot) -> None:
    panel = shown("timeline", session, qtbot)
    session.playback.select(Selection("c", 1))
    panel.selecting.explain()
    found = popover()
    assert found is not None
    assert "c1[2] is " in found.view.accessibleDescription()
    assert found.area.viewport().width() >= found.view.width()
    assert found.area.viewport().height() >= found.view.height()
