"""What the states start from is dragged, turned and typed in the unrolled network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.engine.selection import Selection
from rnnviz.figures.model import Heatmap
from rnnviz.figures.theme import THEMES
from rnnviz.panels.network import NetworkPanel
from rnnviz.session.initial import initial_of
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")

PRESS, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
MOVE, DOUBLE = QEvent.Type.MouseMove, QEvent.Type.MouseButtonDblClick
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def shown(qtbot: QtBot, cell: str = "lstm", text: str = "dogsgod", **options: Any) -> NetworkPanel:
    spec = e.NetworkSpec(cell, 4, 3, 4, **options)
    session = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), text))
    session.playback.seek(3)
    panel = NetworkPanel(session, THEMES["light"])
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    return panel


def place(panel: NetworkPanel, label: str, unit: int, column: int = 0) -> QPointF:
    """The middle of a cell of the strip called so."""
    marks = panel.view.figure.plots[0].marks
    number = next(n for n, m in enumerate(marks) if isinstance(m, Heatmap) and m.scale.label == label)
    cell = panel.view.cell_rect("network", number, unit, column)
    return QPointF(cell.x + cell.w / 2, cell.y + cell.h / 2)


def mouse(panel: NetworkPanel, kind: QEvent.Type, at: QPointF, held: Any = PLAIN) -> None:
    button = Qt.MouseButton.NoButton if kind == MOVE else Qt.MouseButton.LeftButton
    down = Qt.MouseButton.NoButton if kind == RELEASE else Qt.MouseButton.LeftButton
    view = panel.view
    QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, down, held))


def drag(panel: NetworkPanel, at: QPointF, up: float, held: Any = PLAIN) -> None:
    mouse(panel, PRESS, at)
    for part in (0.5, 1.0):
        mouse(panel, MOVE, at - QPointF(0, part * up), held)
    mouse(panel, RELEASE, at - QPointF(0, up))


def wheel(panel: NetworkPanel, at: QPointF, notches: int) -> bool:
    spot, none = panel.view.mapToGlobal(at), Qt.MouseButton.NoButton
    turn = QPoint(0, notches * 120)
    event = QWheelEvent(at, spot, QPoint(), turn, none, PLAIN, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(panel.view, event)
    return event.isAccepted()


def start(panel: NetworkPanel, state: str = "h") -> np.ndarray:
    return initial_of(panel.session.document.state)[state][:, 0]


@pytest.mark.parametrize(("label", "state"), [("h_t", "h"), ("c_t", "c")])
def test_a_drag_changes_one_number_in_one_step_to_undo(label: str, state: str, qtbot: QtBot) -> None:
    panel = shown(qtbot)
    drag(panel, place(panel, label, 1), 31)
    assert start(panel, state)[0].tolist() == [0, 0.31, 0]
    assert panel.session.moment.analysis.trace.layers[0].directions[0].previous[state][0, 0, 1] == 0.31
    assert panel.session.moment.step == 3  # one sees there what follows
    assert panel.session.moment.selection == Selection(state, 1)
    drag(panel, place(panel, label, 1), -10, SHIFT)
    assert start(panel, state)[0].tolist() == [0, 0.3, 0]
    stack = panel.session.document.undo_stack
    assert stack.count() == 2
    assert stack.undoText() == f"Change {state}₀[2]"
    stack.undo()
    stack.undo()
    assert panel.session.document.state.initial is None


def test_each_layer_and_direction_has_its_own(qtbot: QtBot) -> None:
    panel = shown(qtbot, "gru", num_layers=2, bidirectional=True)
    labels = ("h⁽¹⁾→_t", "h⁽¹⁾←_t", "h⁽²⁾→_t", "h⁽²⁾←_t")
    for lane, label in enumerate(labels):
        # A lane that runs backwards starts after the last step.
        drag(panel, place(panel, label, 2, 6 if "←" in label else 0), 10.0 * (lane + 1))
    assert start(panel)[:, 2].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert not start(panel)[:, :2].any()
    assert panel.session.moment.focus == (1, 1)


def test_the_mouse_says_what_it_is_over(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    drag(panel, place(panel, "h_t", 1), 31)
    for column, words, shape in (
        (0, "h₀, unit 2: 0.31, drag to change", Qt.CursorShape.SizeVerCursor),
        (1, "h₂ at step 1 = ", Qt.CursorShape.PointingHandCursor),
    ):
        at = place(panel, "h_t", 1, column)
        mouse(panel, MOVE, at)
        assert panel.view.toolTip().startswith(words)
        assert panel.view.cursor().shape() == shape
    panel.session.playback.set_notation("letters")
    mouse(panel, MOVE, place(panel, "s_t", 0, 0))
    assert panel.view.toolTip().startswith("s₀, unit 1: 0, drag to change")


def test_elsewhere_a_drag_moves_the_playhead(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    mouse(panel, PRESS, place(panel, "h_t", 1, 1))
    mouse(panel, MOVE, place(panel, "h_t", 1, 5))
    assert panel.session.moment.step == 4
    assert panel.session.document.state.initial is None
    # Of a lane that runs forwards the last column is no start.
    drag(panel, place(panel, "h_t", 1, 6), 30)
    assert panel.session.document.state.initial is None


def test_the_wheel_turns_only_the_number_that_is_picked(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    at = place(panel, "h_t", 1)
    assert not wheel(panel, at, 1)
    assert panel.session.document.state.initial is None
    mouse(panel, PRESS, at)
    mouse(panel, RELEASE, at)
    assert wheel(panel, at, 1)
    assert wheel(panel, at, 2)
    assert start(panel)[0].tolist() == [0, 0.3, 0]
    assert panel.session.document.undo_stack.count() == 1
    assert not wheel(panel, place(panel, "h_t", 1, 2), 1)


def double_click(panel: NetworkPanel, at: QPointF) -> None:
    for kind in (PRESS, RELEASE, DOUBLE, RELEASE):
        mouse(panel, kind, at)


def test_a_double_click_lets_one_type(qtbot: QtBot) -> None:
    panel = shown(qtbot)
    double_click(panel, place(panel, "c_t", 2))
    editor = panel.start.editor
    assert editor.isVisible()
    assert editor.text() == "0"
    qtbot.keyClicks(editor, "-0,25")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert start(panel, "c")[0].tolist() == [0, 0, -0.25]
    double_click(panel, place(panel, "c_t", 2))
    qtbot.keyClicks(editor, "much")
    with qtbot.waitSignal(panel.refused) as heard:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert heard.args == ["“much” is not a number to start from; type one such as 0.5 or -1e-3."]
    double_click(panel, place(panel, "c_t", 2))
    qtbot.keyClicks(editor, "1e400")
    with qtbot.waitSignal(panel.refused):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert start(panel, "c")[0].tolist() == [0, 0, -0.25]


def test_what_comes_before_a_later_window_is_no_start(qtbot: QtBot) -> None:
    panel = shown(qtbot, text="dogs" * 6)
    panel.session.playback.show_columns((8, 16))
    drag(panel, place(panel, "h_t", 1), 30)
    assert panel.session.document.state.initial is None


def test_the_folded_network_and_a_feed_forward_one_have_no_start(qtbot: QtBot) -> None:
    panel = shown(qtbot, "feedforward")
    drag(panel, place(panel, "h_t", 1), 30)
    assert not panel.session.document.undo_stack.count()
    panel = shown(qtbot)
    panel.folded.click()
    qtbot.waitUntil(lambda: panel.fold == 1)
    drag(panel, place(panel, "h_t", 1), 30)
    assert not panel.session.document.undo_stack.count()
