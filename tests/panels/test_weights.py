"""Editing the weights of gates, layers and directions in the real panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.figures.model import Heatmap
from rnnviz.figures.notation import shown_parameters
from rnnviz.figures.picking import pick
from rnnviz.figures.theme import THEMES
from rnnviz.panels.gradient_flow import GradientFlowPanel
from rnnviz.panels.weights import WeightsPanel
from rnnviz.session import edits
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.panels.base.panel import Panel

pytestmark = pytest.mark.usefixtures("qapp")

UNITS = 3


def session(cell: str, **options: Any) -> Session:
    spec = e.NetworkSpec(cell, 4, UNITS, 4, **options)
    parameters = e.initialise(spec)
    return Session(DocumentState("test", spec, parameters, Vocabulary(tuple("dogs")), "dogsgod"))


def shown(panel: Panel, qtbot: QtBot) -> Any:
    qtbot.addWidget(panel)
    panel.resize(300, 900)
    panel.show()
    return panel


def drag(panel: WeightsPanel, symbol: str, row: int, column: int, up: float) -> None:
    cell = panel.view.cell_rect(symbol, 0, row, column)
    x, y = cell.x + cell.w / 2, cell.y + cell.h / 2
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, at, button, held in (
        (QEvent.Type.MouseButtonPress, y, left, left),
        (QEvent.Type.MouseMove, y - up, none, left),
        (QEvent.Type.MouseButtonRelease, y - up, left, none),
    ):
        point = QPointF(x, at)
        event = QMouseEvent(
            kind, point, panel.view.mapToGlobal(point), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(panel.view, event)


def type_into(panel: WeightsPanel, qtbot: QtBot, symbol: str, row: int, column: int, text: str) -> None:
    drag(panel, symbol, row, column, 0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    panel.editor.setText(text)
    qtbot.keyClick(panel.editor, Qt.Key.Key_Return)


def changed(before: e.Parameters, after: e.Parameters) -> list[tuple[str, tuple[int, ...]]]:
    """The entries that differ, by name and place."""
    return [
        (name, tuple(place)) for name in before for place in np.argwhere(before[name] != after[name]).tolist()
    ]


PLACES = [
    ("lstm", {}, (-1, 0), "W_{Hf}", 1, 2, "weight_hh_l0", (UNITS + 1, 2)),
    ("lstm", {}, (-1, 0), "W_{Xo}", 0, 3, "weight_ih_l0", (3 * UNITS, 3)),
    ("lstm", {}, (-1, 0), "b_g", 2, 0, "bias_ih_l0", (2 * UNITS + 2,)),
    ("gru", {}, (-1, 0), "W_{Hn}", 0, 1, "weight_hh_l0", (2 * UNITS, 1)),
    ("gru", {}, (-1, 0), "b_{Hn}", 1, 0, "bias_hh_l0", (2 * UNITS + 1,)),
    ("gru", {}, (-1, 0), "b_{Xn}", 1, 0, "bias_ih_l0", (2 * UNITS + 1,)),
    ("gru", {"gru_reset": "before"}, (-1, 0), "b_n", 1, 0, "bias_ih_l0", (2 * UNITS + 1,)),
    (
        "lstm",
        {"num_layers": 2, "bidirectional": True},
        (1, 1),
        "W_{Xi}",
        2,
        5,
        "weight_ih_l1_reverse",
        (2, 5),
    ),
    ("rnn", {"num_layers": 3, "embedding_size": 2}, (0, 0), "E", 3, 1, "embedding.weight", (3, 1)),
    ("rnn", {"num_layers": 3}, (1, 0), "W_H", 2, 2, "weight_hh_l1", (2, 2)),
    ("feedforward", {"num_layers": 2}, (0, 0), "W_X", 0, 1, "weight_ih_l0", (0, 1)),
]


@pytest.mark.parametrize(("cell", "options", "focus", "symbol", "row", "column", "name", "place"), PLACES)
def test_dragging_and_typing_change_just_the_entry_meant(
    qtbot: QtBot,
    *,
    cell: str,
    options: dict[str, Any],
    focus: tuple[int, int],
    symbol: str,
    row: int,
    column: int,
    name: str,
    place: tuple[int, ...],
) -> None:
    one = session(cell, **options)
    one.playback.look_at(*focus)
    panel = shown(WeightsPanel(one, THEMES["light"]), qtbot)
    before = one.document.state.parameters

    def value() -> float:
        entries = {parameter.symbol: parameter.values for parameter in shown_parameters(panel.scene)}
        return float(entries[symbol][row, column])

    began = value()
    drag(panel, symbol, row, column, 20)
    assert value() == pytest.approx(began + 0.2, abs=1e-6)
    assert changed(before, one.document.state.parameters) == [(name, place)]
    type_into(panel, qtbot, symbol, row, column, "-0.25")
    assert value() == -0.25
    assert changed(before, one.document.state.parameters) == [(name, place)]
    heat = next(plot.marks[0] for plot in panel.view.figure.plots if plot.name == symbol)
    assert isinstance(heat, Heatmap)
    assert heat.values[row, column] == -0.25
    written = symbol.replace("{", "").replace("}", "")
    assert panel.readout.text().startswith(f"{written}[{row + 1}, {column + 1}] = -0.25 ")
    undo = one.document.undo_stack
    assert undo.undoText() == f"Change {written}[{row + 1}, {column + 1}]"
    while undo.canUndo():
        undo.undo()
    assert one.document.state.parameters is before


def test_the_layer_and_direction_are_chosen_in_the_panel(qtbot: QtBot) -> None:
    one = session("gru", num_layers=2, bidirectional=True)
    panel = shown(WeightsPanel(one, THEMES["light"]), qtbot)
    assert panel.lanes in panel.heading_controls()
    assert [panel.lanes.itemText(n) for n in range(4)] == ["layer 2 →", "layer 2 ←", "layer 1 →", "layer 1 ←"]
    panel.lanes.activated.emit(3)
    stored = one.document.state.parameters["weight_ih_l0_reverse"]
    heat = next(plot.marks[0] for plot in panel.view.figure.plots if plot.name == "W_{Xr}")
    np.testing.assert_array_equal(heat.values, stored[:UNITS])
    drag(panel, "W_{Xr}", 0, 3, 10)
    assert panel.selected is not None
    panel.lanes.activated.emit(0)
    assert "layer 2 →" in panel.view.figure.description


@pytest.mark.parametrize(
    ("symbol", "row", "column", "says"),
    [
        ("E", 3, 1, "number 2 of s"),
        ("W_{Xf}", 1, 4, "from unit ←2 to unit 2"),
        ("W_Y", 0, 0, "from unit →1 to d"),
        ("b_f", 2, 0, "of unit 3"),
    ],
)
def test_the_readout_says_what_an_entry_joins(
    qtbot: QtBot, symbol: str, row: int, column: int, says: str
) -> None:
    one = session("lstm", num_layers=2, bidirectional=True, embedding_size=2)
    panel = shown(WeightsPanel(one, THEMES["light"]), qtbot)
    drag(panel, symbol, row, column, 0)
    assert panel.readout.text().endswith(says)


def test_one_button_shows_all_gates_of_a_matrix(qtbot: QtBot) -> None:
    panel = shown(WeightsPanel(session("lstm"), THEMES["light"]), qtbot)
    assert [button.text() for button in panel.choices.buttons()] == ["all", "W_X", "W_H", "W_Y", "b", "b_Y"]
    panel.choices.buttons()[2].click()
    assert [plot.name for plot in panel.view.figure.plots] == ["W_{Hi}", "W_{Hf}", "W_{Hg}", "W_{Ho}"]


def test_a_selected_entry_of_a_gate_is_let_go_with_its_cell(qtbot: QtBot) -> None:
    one = session("lstm")
    panel = shown(WeightsPanel(one, THEMES["light"]), qtbot)
    drag(panel, "W_{Hf}", 1, 1, 0)
    assert tuple(panel.selected) == ("W_{Hf}", 1, 1)
    one.document.edit(edits.with_cell(one.document.state, "gru"), "Another cell")
    assert panel.selected is None
    assert [plot.name for plot in panel.view.figure.plots][:3] == ["W_{Xr}", "W_{Xz}", "W_{Xn}"]


def test_a_selected_entry_goes_to_the_same_gate_of_another_cell(qtbot: QtBot) -> None:
    one = session("lstm")
    panel = shown(WeightsPanel(one, THEMES["light"]), qtbot)
    drag(panel, "W_{Hg}", 1, 1, 0)
    one.document.edit(edits.with_cell(one.document.state, "gru"), "Another cell")
    assert tuple(panel.selected) == ("W_{Hn}", 1, 1)
    one.document.edit(edits.with_cell(one.document.state, "rnn"), "Another cell")
    assert tuple(panel.selected) == ("W_H", 1, 1)


def test_the_map_shows_the_state_of_the_verdict_unless_another_is_chosen(qtbot: QtBot) -> None:
    one = session("lstm")
    panel = shown(GradientFlowPanel(one, THEMES["light"]), qtbot)
    cells = {cell: edits.with_cell(one.document.state, cell) for cell in ("gru", "lstm")}

    def label_in(cell: str) -> str:
        one.document.edit(cells[cell], "Another cell")
        return panel.view.figure.legend.label

    assert [label_in(cell)[6:9] for cell in ("lstm", "gru", "lstm")] == ["∂c_", "∂h_", "∂c_"]
    assert [button.isChecked() for button in panel.choices.buttons()] == [False, True]
    panel.choices.button(0).click()
    assert [label_in(cell)[6:9] for cell in ("lstm", "gru", "lstm")] == ["∂h_"] * 3
    assert [button.isChecked() for button in panel.choices.buttons()] == [True, False]


def test_the_gradient_of_the_cell_state_can_be_looked_at(qtbot: QtBot) -> None:
    one = session("lstm")
    panel = shown(GradientFlowPanel(one, THEMES["light"]), qtbot)
    flow = one.moment.analysis.flow
    assert [button.text() for button in panel.choices.buttons()] == ["h", "c"]
    for n, (state, norms) in enumerate((("h", flow.hidden), ("c", flow.cell))):
        panel.choices.button(n).click()
        heat = next(mark for mark in panel.view.figure.plots[0].marks if isinstance(mark, Heatmap))
        below = np.tril_indices(len(norms))
        np.testing.assert_array_equal(heat.values[below], norms[below])
        cell = panel.view.cell_rect("flow", 0, 3, 1)
        at = cell.x + cell.w / 2, cell.y + cell.h / 2
        found = pick(panel.view.figure, panel.view.width(), panel.view.height(), *at)
        assert panel.reading(found) == f"‖∂L_t/∂{state}_k‖ at t = 4, k = 2: {norms[3, 1]:.3g}"
    one.document.edit(edits.with_cell(one.document.state, "gru"), "Another cell")
    assert panel.heading_controls()[0].isHidden()
    assert panel.view.figure.legend.label == "‖∂L_t/∂h_k‖"
    one.document.undo_stack.undo()
    assert not panel.heading_controls()[0].isHidden()
    assert panel.view.figure.legend.label == "‖∂L_t/∂c_k‖"
