"""What is picked in one panel is marked in every panel that shows it; new ones have to say what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Line, Points, Region, Text
from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS
from rnnviz.panels.gradient_flow import GradientFlowPanel
from rnnviz.panels.network import NetworkPanel
from rnnviz.panels.sequence import SequencePanel
from rnnviz.panels.timeline import TimelinePanel
from rnnviz.session.holds import with_hold
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.engine.notation import Notation
    from rnnviz.figures.model import Figure, Mark
    from rnnviz.panels.base.panel import Panel
    from rnnviz.panels.views.figure_view import FigureView

pytestmark = pytest.mark.usefixtures("qapp")

KINDS = {
    "unit": Selection("h", 1),
    "cell state": Selection("c", 1),
    "gate": Selection("f", 1),
    "input": Selection("x", 2),
    "prediction": Selection("y", 2),
    "recurrent weight": Selection(weight=WeightEntry("weight_hh_l0", 4, 2)),
    "input weight": Selection(weight=WeightEntry("weight_ih_l0", 4, 3)),
    "output weight": Selection(weight=WeightEntry("head.weight", 2, 1)),
    "bias": Selection(weight=WeightEntry("bias_ih_l0", 4, 0)),
    "pair": Selection("h", pair=StepPair(2, 1)),
}
NOT_SHOWN = {
    "circuit": {"pair"},
    "chain": set(KINDS),  # it is the chain of the pair
    "knock-out": set(KINDS) - {"prediction", "output weight", "pair"},
    "lyapunov": set(KINDS),
    "phase": set(KINDS),
    "powers": set(KINDS),
    "slopes": set(KINDS) - {"gate", "recurrent weight", "input weight", "bias"},
    "step-spectrum": set(KINDS),
    "verdict": set(KINDS) - {"pair"},
    "equations": {"input", "pair"},  # x_t itself is not written out there
    "gradient-column": set(KINDS),  # it is the column of the pair
    "gradient-flow": set(KINDS) - {"pair"},
    "gradient-profile": set(KINDS) - {"pair"},
    "network": set[str](),
    "sequence": set(KINDS) - {"input", "input weight", "pair"},
    "spectrum": set(KINDS) - {"gate", "recurrent weight"},
    "timeline": set[str](),
    "training": set(KINDS),
    "weights": {"pair"},
}
"""By panel, what its figure does not show."""


@pytest.fixture
def session() -> Session:
    spec = e.NetworkSpec("lstm", 4, 3, 4)
    found = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))
    found.playback.seek(2)
    return found


def shown(panel: Panel, qtbot: QtBot) -> Panel:
    qtbot.addWidget(panel)
    panel.resize(700, 480)
    panel.show()
    return panel


def with_keyboard(panel: Panel, qtbot: QtBot) -> FigureView:
    """The view of a panel that the keys go to."""
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    return panel.view


def marks(figure: Figure | None) -> int:
    """How many marks in the colour of the selection a figure has."""
    assert figure is not None
    inside = [mark for plot in figure.plots for mark in plot.marks if is_picked(mark)]
    return len(inside) + len(figure.across)


def is_picked(mark: Mark) -> bool:
    if isinstance(mark, Text):
        return bool(mark.outlined)
    return isinstance(mark, Region | Points | Line) and mark.role == "selection"


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted(PANELS))
def test_every_panel_marks_what_it_shows_of_the_selection(
    name: str, kind: str, notation: Notation, session: Session, qtbot: QtBot
) -> None:
    session.playback.set_notation(notation)
    if name == "knock-out":  # or it would have nothing to show
        session.document.edit(with_hold(session.document.state, "o", 0.0), "Hold o")
    panel = shown(PANELS[name](session, THEMES["light"]), qtbot)
    before = marks(panel.view.figure)
    session.playback.select(KINDS[kind])
    assert (marks(panel.view.figure) > before) == (kind not in NOT_SHOWN[name])
    session.playback.select(None)
    assert marks(panel.view.figure) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_that_was_hidden_marks_it_when_it_is_seen(kind: str, session: Session, qtbot: QtBot) -> None:
    session.playback.select(KINDS[kind])
    panel = shown(TimelinePanel(session, THEMES["light"]), qtbot)
    assert marks(panel.view.figure) > 1


def press(view: FigureView, x: float, y: float) -> None:
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        held = Qt.MouseButton.LeftButton if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
        point = QPointF(x, y)
        event = QMouseEvent(
            kind,
            point,
            view.mapToGlobal(point),
            Qt.MouseButton.LeftButton,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, event)


def press_cell(panel: Panel, plot: str, row: int, column: int) -> None:
    cell = panel.view.cell_rect(plot, 0, row, column)
    press(panel.view, cell.x + cell.w / 2, cell.y + cell.h / 2)


def test_a_click_in_the_timeline_picks_the_row_and_goes_to_the_step(session: Session, qtbot: QtBot) -> None:
    panel = shown(TimelinePanel(session, THEMES["light"]), qtbot)
    press_cell(panel, "f_t", 2, 4)
    assert (session.moment.selection, session.moment.step) == (Selection("f", 2), 4)
    press_cell(panel, "c_t", 0, 0)  # of the state that step 1 starts from
    assert (session.moment.selection, session.moment.step) == (Selection("c", 0), 0)
    press_cell(panel, "ŷ_t", 3, 1)
    assert (session.moment.selection, session.moment.step) == (Selection("y", 3), 1)


def press_token(panel: Panel, plot: str, step: int, *, above: bool = False) -> None:
    """Press a framed token of a step, counted from 0; of two rows in a plot the upper one if `above`."""
    figure, size = panel.view.figure, (panel.view.width(), panel.view.height())
    shown, rect = next(
        found for found in zip(figure.plots, plot_rects(figure, *size), strict=True) if found[0].name == plot
    )
    texts = [mark for mark in shown.marks if isinstance(mark, Text) and mark.frame != "none"]
    heights = [float(mark.positions[0, 1]) for mark in texts]
    y = max(heights) if above else min(heights)
    press(panel.view, to_pixels_x(shown, rect, [step + 1.0])[0], to_pixels_y(shown, rect, [y])[0])


def outlined(panel: Panel, plot: str) -> list[tuple[int, str]]:
    """The steps, from 0, and the words of the tokens that are outlined."""
    marks = next(p.marks for p in panel.view.figure.plots if p.name == plot)
    found = [mark for mark in marks if isinstance(mark, Text) and mark.outlined]
    return [(round(mark.positions[n, 0]) - 1, mark.strings[n]) for mark in found for n in mark.outlined]


@pytest.mark.parametrize("embedding", [None, 2])
def test_a_click_on_a_token_of_the_sequence_picks_its_number(embedding: int | None, qtbot: QtBot) -> None:
    spec = e.NetworkSpec("gru", 4, 3, 4, embedding_size=embedding)
    session = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))
    panel = shown(SequencePanel(session, THEMES["light"]), qtbot)
    network = shown(NetworkPanel(session, THEMES["light"]), qtbot)
    press_token(panel, "inputs", 3)
    assert (session.moment.selection, session.moment.step) == (Selection("x", 3), 3)
    assert outlined(panel, "inputs") == outlined(network, "network") == [(3, "s")]
    press_token(panel, "targets", 4)  # leaves out its loss, and picks nothing
    assert session.moment.state.silent == {4}
    assert session.moment.selection == Selection("x", 3)
    press_cell(panel, "one-hot" if embedding is None else "embedding", 1, 2)
    assert (session.moment.selection, session.moment.step) == (Selection("e" if embedding else "x", 1), 2)
    assert outlined(panel, "inputs") == [(2, "g")]
    session.playback.select(Selection("h", 1))
    assert outlined(panel, "inputs") == []


def test_a_click_on_a_curve_of_the_sequence_picks_it(qtbot: QtBot) -> None:
    spec = e.NetworkSpec("rnn", 2, 3, 2, readout="linear")
    words = Vocabulary(("a", "b"))
    state = DocumentState("test", spec, e.initialise(spec), words, "0;1 0;1 0;1 0;1", reads="numbers")
    session = Session(state)
    panel = shown(SequencePanel(session, THEMES["light"]), qtbot)
    (plot,) = panel.view.figure.plots
    (rect,) = plot_rects(panel.view.figure, panel.view.width(), panel.view.height())
    press(panel.view, to_pixels_x(plot, rect, [2])[0], to_pixels_y(plot, rect, [0.9])[0])
    assert (session.moment.selection, session.moment.step) == (Selection("x", 1), 1)
    (picked,) = (m for m in panel.view.figure.plots[0].marks if is_picked(m))
    assert picked.y.tolist() == [1, 1, 1, 1]
    assert not session.document.undo_stack.canUndo()


def test_a_click_on_a_token_of_the_network_picks_its_number(session: Session, qtbot: QtBot) -> None:
    panel = shown(NetworkPanel(session, THEMES["light"]), qtbot)
    press_token(panel, "network", 1)
    assert (session.moment.selection, session.moment.step) == (Selection("x", 1), 1)
    press_token(panel, "network", 4, above=True)
    row = int(session.moment.analysis.trace.probabilities[4, 0].argmax())
    assert (session.moment.selection, session.moment.step) == (Selection("y", row), 4)
    assert outlined(panel, "network") == [(4, "dogs"[row])]
    session.playback.seek(2)  # the outline is where the playhead is, as those of units are
    assert [step for step, _ in outlined(panel, "network")] == [2]


def test_a_click_on_a_row_of_another_layer_looks_at_that_layer(qtbot: QtBot) -> None:
    spec = e.NetworkSpec("gru", 4, 3, 4, num_layers=2)
    session = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))
    panel = shown(TimelinePanel(session, THEMES["light"]), qtbot)
    press_cell(panel, "h⁽¹⁾_t", 1, 3)
    assert session.moment.selection == Selection("h", 1, layer=0)
    assert session.moment.focus == (0, 0)
    network = shown(NetworkPanel(session, THEMES["light"]), qtbot)
    with_keyboard(network, qtbot)
    qtbot.keyClick(network.view, Qt.Key.Key_Up)
    assert session.moment.selection == Selection("h", 0, layer=0)
    for _ in range(20):
        qtbot.keyClick(network.view, Qt.Key.Key_Up)
    assert session.moment.selection == Selection("h", 0, layer=1)
    assert session.moment.focus == (1, 0)


@pytest.mark.parametrize("folded", [False, True])
def test_a_click_in_the_network_picks_a_unit(folded: bool, session: Session, qtbot: QtBot) -> None:
    panel = shown(NetworkPanel(session, THEMES["light"]), qtbot)
    if folded:
        panel.folded.click()
        qtbot.waitUntil(lambda: panel.fold == 1)
    plot = panel.view.figure.plots[0]
    number = next(n for n, m in enumerate(plot.marks) if getattr(m, "scale", None) and m.scale.label == "f_t")
    cell = panel.view.cell_rect("network", number, 1, 0)
    press(panel.view, cell.x + cell.w / 2, cell.y + cell.h / 2)
    assert session.moment.selection == Selection("f", 1)
    assert session.moment.step == (2 if folded else 0)


@pytest.mark.parametrize("kind", [TimelinePanel, NetworkPanel])
def test_up_and_down_pick_the_next_unit(kind: type[Panel], session: Session, qtbot: QtBot) -> None:
    panel = shown(kind(session, THEMES["light"]), qtbot)
    with_keyboard(panel, qtbot)
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    first = session.moment.selection
    assert first is not None
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert session.moment.selection == Selection(first.quantity, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert session.moment.selection == first


def test_a_click_in_the_map_picks_the_pair(session: Session, qtbot: QtBot) -> None:
    panel = shown(GradientFlowPanel(session, THEMES["light"]), qtbot)
    press_cell(panel, "flow", 4, 1)
    assert session.moment.selection == Selection("c", pair=StepPair(4, 1))
    assert session.moment.step == 4
    press_cell(panel, "flow", 1, 4)  # outside of the triangle: its step alone
    assert session.moment.selection == Selection("c", pair=StepPair(4, 1))
    assert session.moment.step == 1
    panel.choices.button(0).click()
    press_cell(panel, "flow", 3, 3)
    assert session.moment.selection == Selection("h", pair=StepPair(3, 3))


def test_the_arrows_go_through_the_map_and_escape_leaves_it(session: Session, qtbot: QtBot) -> None:
    panel = shown(GradientFlowPanel(session, THEMES["light"]), qtbot)
    panel.view.setFocus()

    def pair(key: Qt.Key) -> tuple[int, int]:
        qtbot.keyClick(panel.view, key)
        assert session.moment.selection is not None
        assert session.moment.selection.pair is not None
        assert session.moment.step == session.moment.selection.pair.t
        return tuple(session.moment.selection.pair)

    assert pair(Qt.Key.Key_Left) == (2, 2)
    assert pair(Qt.Key.Key_Left) == (2, 1)
    assert pair(Qt.Key.Key_Down) == (3, 1)
    assert pair(Qt.Key.Key_Right) == (3, 2)
    assert pair(Qt.Key.Key_Up) == (2, 2)
    assert pair(Qt.Key.Key_Up) == (1, 1)
    assert pair(Qt.Key.Key_Up) == (0, 0)
    assert pair(Qt.Key.Key_Up) == (0, 0)
    for _ in range(9):
        last = pair(Qt.Key.Key_Down)
    assert last == (5, 0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Escape)
    assert session.moment.selection is None


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_click_on_a_number_of_the_equations_picks_it(cell: str, qtbot: QtBot) -> None:
    spec = e.NetworkSpec(cell, 4, 3, 4)
    session = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))
    panel = shown(PANELS["equations"](session, THEMES["light"]), qtbot)
    panel.resize(700, 900)
    figure = panel.view.figure
    (rect,) = plot_rects(figure, panel.view.width(), panel.view.height())
    found = set()
    for x in range(0, round(figure.plots[0].natural[0]), 9):
        for y in range(0, round(figure.plots[0].natural[1]), 9):
            px, py = to_pixels_x(figure.plots[0], rect, [x])[0], to_pixels_y(figure.plots[0], rect, [y])[0]
            press(panel.view, px, py)
            found.add(session.moment.selection)
    names = {"rnn": {"h", "a.h"}, "gru": set("rznh"), "lstm": set("ifgohc")}[cell] | {"y"}
    gates = {f"a.{name}" for name in names & set("ifgorzn")}
    wanted = {(name, unit) for name in names | gates for unit in range(4 if name == "y" else 3)}
    assert {(s.quantity, s.unit) for s in found - {None}} == wanted


def test_without_a_step_there_is_nothing_to_pick(qtbot: QtBot) -> None:
    spec = e.NetworkSpec("rnn", 4, 3, 4)
    session = Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "d"))
    for name in ("timeline", "network", "gradient-flow"):
        panel = shown(PANELS[name](session, THEMES["light"]), qtbot)
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Escape):
            qtbot.keyClick(panel.view, key)
    assert session.moment.selection is None


def test_a_panel_that_the_keyboard_reaches_shows_it(session: Session, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    panel = TimelinePanel(session, THEMES["light"], window)
    other = GradientFlowPanel(session, THEMES["light"], window)
    panel.setGeometry(0, 0, 500, 400)
    other.setGeometry(500, 0, 300, 400)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    panel.view.setFocus()
    assert panel.view.hasFocus()
    plain = other.view.grab().toImage()
    other.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert other.view.grab().toImage() != plain
    panel.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert other.view.grab().toImage() == plain
    assert panel.view.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert other.view.focusPolicy() & Qt.FocusPolicy.TabFocus
