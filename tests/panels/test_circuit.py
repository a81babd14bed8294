"""The circuit panel: a click picks a unit, a double click explains it, a menu holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz import engine as e
from rnnviz.engine.selection import Selection
from rnnviz.figures.circuits import circuit_of
from rnnviz.figures.model import Heatmap
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.why_popover import WhyPopover
from rnnviz.panels.circuit import CircuitPanel
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from rnnviz.figures.layout import Rect

pytestmark = pytest.mark.usefixtures("qapp")


def session_of(text: str = "dogsgod", **options: object) -> Session:
    spec = e.NetworkSpec(**({"cell": "lstm", "input_size": 4, "hidden_size": 3, "output_size": 4} | options))
    found = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), text))
    found.playback.seek(2)
    return found


@pytest.fixture
def panel(qtbot: QtBot) -> CircuitPanel:
    return shown(session_of(), qtbot)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, WhyPopover | QMenu):
            widget.close()
            widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(session: Session, qtbot: QtBot) -> CircuitPanel:
    found = CircuitPanel(session, THEMES["light"])
    qtbot.addWidget(found)
    found.resize(1000, 600)
    with qtbot.waitExposed(found):
        found.show()
    return found


def marks(panel: CircuitPanel) -> tuple[object, ...]:
    figure = panel.view.figure
    assert figure is not None
    return figure.plots[0].marks


def heat_of(panel: CircuitPanel, wire: str) -> int:
    """The mark that holds the cells of a wire."""
    drawn = circuit_of(panel.scene.spec, panel.scene.layer)
    assert drawn is not None
    number = [one.name for one in drawn.wires].index(wire)
    return [n for n, mark in enumerate(marks(panel)) if isinstance(mark, Heatmap)][number]


def cell(panel: CircuitPanel, wire: str, row: int) -> Rect:
    return panel.view.cell_rect("circuit", heat_of(panel, wire), row, 0)


def send(panel: CircuitPanel, kind: QEvent.Type, area: Rect) -> None:
    at = QPointF(area.x + area.w / 2, area.y + area.h / 2)
    pressed = kind in {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held, free = left if pressed else none, Qt.KeyboardModifier.NoModifier
    place = panel.view.mapToGlobal(at)
    QApplication.sendEvent(panel.view, QMouseEvent(kind, at, place, button, held, free))


def click(panel: CircuitPanel, wire: str, row: int) -> None:
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        send(panel, kind, cell(panel, wire, row))


def test_a_click_on_a_cell_picks_that_unit_of_that_quantity(panel: CircuitPanel) -> None:
    for wire, row, expected in (
        ("f", 2, Selection("f", 2)),
        ("a.i", 1, Selection("a.i", 1)),
        ("c before", 0, Selection("c", 0)),
        ("kept", 1, Selection("f", 1)),
        ("y", 3, Selection("y", 3)),
        ("x", 2, Selection("x", 2)),
    ):
        click(panel, wire, row)
        assert panel.session.moment.selection == expected
    assert panel.session.moment.step == 2


def test_a_click_beside_the_cells_leaves_what_is_picked(panel: CircuitPanel) -> None:
    click(panel, "o", 1)
    area = cell(panel, "o", 1)
    send(panel, QEvent.Type.MouseButtonPress, area._replace(y=area.y + 200))
    assert panel.session.moment.selection == Selection("o", 1)


def test_a_double_click_explains_the_number(panel: CircuitPanel) -> None:
    area = cell(panel, "f", 1)
    send(panel, QEvent.Type.MouseButtonPress, area)
    send(panel, QEvent.Type.MouseButtonDblClick, area)
    (found,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, WhyPopover) and w.isVisible())
    value = panel.session.moment.analysis.trace.layers[0].gates["f"][2, 0, 1]
    assert f"f3[2] is {value:.4f}" in found.view.accessibleDescription()


def test_the_mouse_over_a_cell_says_what_it_is(panel: CircuitPanel) -> None:
    lane = panel.session.moment.analysis.trace.layers[0]
    send(panel, QEvent.Type.MouseMove, cell(panel, "f", 1))
    assert panel.view.toolTip() == f"ft[2] (forget) at step 3 = {lane.gates['f'][2, 0, 1]:.6g}"
    send(panel, QEvent.Type.MouseMove, cell(panel, "h before", 0))
    assert panel.view.toolTip() == f"ht−1[1] at step 3 = {lane.h[1, 0, 0]:.6g}"
    send(panel, QEvent.Type.MouseMove, cell(panel, "squashed", 2))
    assert panel.view.toolTip() == f"(tanh(ct))[3] at step 3 = {np.tanh(lane.c[2, 0, 2]):.6g}"
    send(panel, QEvent.Type.MouseMove, cell(panel, "x", 2))
    assert panel.view.toolTip() == "xt of g at step 3 = 1"


def test_up_and_down_go_from_unit_to_unit(panel: CircuitPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.session.moment.selection == Selection("h", 0)
    click(panel, "g", 1)
    for expected in (2, 2):
        qtbot.keyClick(panel.view, Qt.Key.Key_Down)
        assert panel.session.moment.selection == Selection("g", expected)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.session.moment.selection == Selection("g", 1)


def test_the_menu_is_about_the_unit_under_the_mouse(panel: CircuitPanel) -> None:
    area = cell(panel, "f", 2)
    at = QPoint(round(area.x + area.w / 2), round(area.y + area.h / 2))
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(panel.view, QContextMenuEvent(reason, at, panel.view.mapToGlobal(at)))
    (menu,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible())
    assert panel.session.moment.selection == Selection("f", 2)
    texts = {action.text(): action for action in menu.actions()}
    assert texts["Why?"].isEnabled()
    texts["Hold f₃ at 0 from step 3"].trigger()
    assert panel.session.document.state.interventions == (e.Intervention("f", 0.0, start=2, unit=2),)
    heat = marks(panel)[heat_of(panel, "f")]
    assert isinstance(heat, Heatmap)
    assert heat.values[2, 0] == 0


def test_another_layer_can_be_looked_at(qtbot: QtBot) -> None:
    panel = shown(session_of(num_layers=2, cell="gru"), qtbot)
    assert panel.lanes.isVisibleTo(panel) or panel.lanes.parent() is not None
    top = marks(panel)
    panel.session.playback.look_at(0, 0)
    assert marks(panel) is not top
    assert "layer 1" in panel.view.figure.title
    assert "y" not in {wire.name for wire in circuit_of(panel.scene.spec, 0).wires}


def test_what_the_layer_below_hands_on_is_picked_as_its_own(qtbot: QtBot) -> None:
    panel = shown(session_of(num_layers=2, bidirectional=True), qtbot)
    click(panel, "x", 4)
    assert panel.session.moment.selection == Selection("h", 1, layer=0, direction=1)
    assert panel.scene.layer == 1


def test_without_a_step_a_sentence_says_what_to_do(qtbot: QtBot) -> None:
    panel = shown(session_of(text="d"), qtbot)
    assert panel.view.figure.message.startswith("Type at least two characters")
    panel.pick_next(1)
    assert panel.session.moment.selection is None
