"""Panels follow the notation: what they show is picked and edited under its new names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, WeightEntry
from rnnviz.figures.layout import plot_rects
from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS
from rnnviz.panels.gradient_flow import GradientFlowPanel
from rnnviz.panels.timeline import TimelinePanel
from rnnviz.panels.weights import Entry, WeightsPanel
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.engine.notation import Notation
    from rnnviz.panels.base.panel import Panel

pytestmark = pytest.mark.usefixtures("qapp")
notations = pytest.mark.parametrize("notation", NOTATIONS)


def session(cell: str = "lstm", **options: Any) -> Session:
    spec = e.NetworkSpec(cell, 4, 3, 4, **options)
    return Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))


def shown(kind: type[Panel], one: Session, qtbot: QtBot, size: tuple[int, int] = (420, 900)) -> Any:
    panel = kind(one, THEMES["light"])
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    return panel


def mouse(panel: Panel, kind: QEvent.Type, x: float, y: float) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    point = QPointF(x, y)
    button = none if kind == QEvent.Type.MouseMove else left
    held = left if kind == QEvent.Type.MouseButtonPress else none
    event = QMouseEvent(
        kind, point, panel.view.mapToGlobal(point), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(panel.view, event)


def click(panel: Panel, plot: str, row: int, column: int) -> None:
    cell = panel.view.cell_rect(plot, 0, row, column)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        mouse(panel, kind, cell.x + cell.w / 2, cell.y + cell.h / 2)


def plots(panel: Panel) -> list[str]:
    return [plot.name for plot in panel.view.figure.plots]


@notations
@pytest.mark.parametrize("name", sorted(PANELS))
def test_every_panel_follows_in_one_frame(name: str, notation: Notation, qtbot: QtBot) -> None:
    one = session(num_layers=2, bidirectional=True)
    panel = shown(PANELS[name], one, qtbot)
    drawn = panel.view.figure
    one.playback.set_notation("pytorch")
    one.playback.set_notation(notation)
    fresh = shown(PANELS[name], one, qtbot)
    assert panel.view.figure.title == fresh.view.figure.title
    assert panel.view.figure.note == fresh.view.figure.note
    assert plots(panel) == plots(fresh)
    gutters = [[label.text for plot in p.view.figure.plots for label in plot.gutter] for p in (panel, fresh)]
    assert gutters[0] == gutters[1]
    if notation == "weights":
        assert plots(panel) == [plot.name for plot in drawn.plots]


def test_a_hidden_panel_follows_when_it_is_seen(qtbot: QtBot) -> None:
    one = session()
    panel = shown(TimelinePanel, one, qtbot)
    panel.hide()
    one.playback.set_notation("letters")
    panel.show()
    assert "s_t" in plots(panel)
    assert "c_t" not in plots(panel)


@pytest.mark.parametrize(
    ("notation", "cell_state"), [("weights", "c_t"), ("letters", "s_t"), ("pytorch", "c_t")]
)
def test_a_click_in_the_timeline_picks_the_same_row(
    notation: Notation, cell_state: str, qtbot: QtBot
) -> None:
    one = session()
    one.playback.set_notation(notation)
    panel = shown(TimelinePanel, one, qtbot)
    click(panel, cell_state, 1, 3)
    assert one.moment.selection == Selection("c", 1)
    assert one.moment.step == 2
    click(panel, {"letters": "O_t"}.get(notation, "ŷ_t"), 3, 1)
    assert one.moment.selection == Selection("y", 3)


@pytest.mark.parametrize(
    ("notation", "cell", "track", "wanted"),
    [
        ("letters", "rnn", "S_t", "S₂ at step 3"),
        ("letters", "lstm", "s_t", "s₂ at step 3"),
        ("letters", "rnn", "O_t", "O of o at step 4"),
        ("pytorch", "rnn", "h_t", "h₂ at step 3"),
        ("pytorch", "rnn", "ŷ_t", "ŷ of o at step 4"),
    ],
)
def test_the_tooltip_of_a_cell_names_it(
    notation: Notation, cell: str, track: str, wanted: str, qtbot: QtBot
) -> None:
    one = session(cell)
    one.playback.set_notation(notation)
    panel = shown(TimelinePanel, one, qtbot)
    place = panel.view.cell_rect(track, 0, 1, 3)
    mouse(panel, QEvent.Type.MouseMove, place.x + place.w / 2, place.y + place.h / 2)
    assert panel.view.toolTip().startswith(wanted)


def test_menus_and_choices_name_the_quantities(qtbot: QtBot) -> None:
    one = session()
    timeline, flow = (shown(kind, one, qtbot) for kind in (TimelinePanel, GradientFlowPanel))
    one.playback.set_notation("letters")
    timeline.menu.aboutToShow.emit()
    titles = [action.text() for action in timeline.menu.actions()]
    assert "s_t, the cell state" in titles
    assert "s̃_t, the candidate" in titles
    assert not any("c_t" in title or "ŷ" in title for title in titles)
    assert [button.text() for button in flow.choices.buttons()] == ["h", "s"]
    assert "s_k" in flow.choices.button(1).toolTip()
    assert flow.state == "c"
    flow.choices.button(0).click()
    assert flow.state == "h"
    flow.choices.button(1).click()
    one.document.edit(session("rnn").document.state, "Another network")
    assert timeline.units.itemText(1) == "text by S₁"
    assert "S_t" in timeline.units.toolTip()


@notations
def test_each_matrix_is_edited_under_its_name(notation: Notation, qtbot: QtBot) -> None:
    one = session()
    one.playback.set_notation(notation)
    panel = shown(WeightsPanel, one, qtbot)
    symbol = {"weights": "W_{Hf}", "letters": "W_f", "pytorch": "W_{hf}"}[notation]
    spelled = symbol.replace("{", "").replace("}", "")
    click(panel, symbol, 1, 2)
    panel.set_value(panel.selected, 0.25)
    assert one.document.state.parameters["weight_hh_l0"][4, 2] == 0.25
    assert one.document.undo_stack.undoText() == f"Change {spelled}[2, 3]"
    assert panel.readout.text().startswith(f"{spelled}[2, 3] = 0.25")
    assert one.moment.selection == Selection(weight=WeightEntry("weight_hh_l0", 4, 2))


def test_in_pytorch_each_bias_changes_its_own_parameter(qtbot: QtBot) -> None:
    one = session()
    one.playback.set_notation("pytorch")
    panel = shown(WeightsPanel, one, qtbot)
    before = dict(one.document.state.parameters)
    for symbol, name, other in (
        ("b_{hf}", "bias_hh_l0", "bias_ih_l0"),
        ("b_{if}", "bias_ih_l0", "bias_hh_l0"),
    ):
        kept = one.document.state.parameters[other]
        click(panel, symbol, 1, 0)
        panel.set_value(panel.selected, 0.75)
        assert one.document.state.parameters[name][4] == 0.75
        assert_array_equal(one.document.state.parameters[other], kept)
    one.playback.set_notation("weights")
    assert panel.selected == Entry("b_f", 1, 0)
    assert_allclose(panel.value(panel.selected), 1.5)
    panel.set_value(panel.selected, 1.0)
    assert one.document.state.parameters["bias_hh_l0"][4] == 0.75
    assert_allclose(one.document.state.parameters["bias_ih_l0"][4], 0.25)
    assert not np.array_equal(before["bias_ih_l0"], one.document.state.parameters["bias_ih_l0"])


def test_freezing_one_of_two_biases_leaves_the_other_free(qtbot: QtBot) -> None:
    one = session("rnn")
    one.playback.set_notation("pytorch")
    panel = shown(WeightsPanel, one, qtbot)
    click(panel, "b_{hh}", 0, 0)
    panel.freeze()
    assert list(one.document.state.frozen) == ["bias_hh_l0"]


def test_a_selected_block_stays_selected(qtbot: QtBot) -> None:
    one = session()
    panel = shown(WeightsPanel, one, qtbot)
    panel.select(Entry("W_{Xi}", 0, 1), (2, 3))
    one.playback.set_notation("letters")
    assert panel.selected == Entry("U_i", 0, 1)
    assert panel.cells.corner == (2, 3)
    assert panel.readout.text().startswith("9 entries of U_i")
    panel.operate("zero")
    assert_array_equal(one.document.state.parameters["weight_ih_l0"][:3, 1:4], 0.0)
    assert one.document.undo_stack.undoText() == "Zero 9 entries of U_i"


def test_the_kind_that_is_shown_alone_stays(qtbot: QtBot) -> None:
    one = session()
    panel = shown(WeightsPanel, one, qtbot)
    buttons = panel.choices.buttons
    next(button for button in buttons() if button.text() == "W_H").click()
    assert plots(panel) == ["W_{Hi}", "W_{Hf}", "W_{Hg}", "W_{Ho}"]
    one.playback.set_notation("pytorch")
    assert plots(panel) == ["W_{hi}", "W_{hf}", "W_{hg}", "W_{ho}"]
    assert [b.text() for b in buttons()] == ["all", "W_ih", "W_hh", "W_out", "b_ih", "b_hh", "b_out"]
    assert next(b.text() for b in buttons() if b.isChecked()) == "W_hh"
    next(button for button in buttons() if button.text() == "b_hh").click()
    assert plots(panel) == ["b_{hi}", "b_{hf}", "b_{hg}", "b_{ho}"]
    one.playback.set_notation("letters")
    assert next(b.text() for b in buttons() if b.isChecked()) == "all"


def test_what_is_previewed_is_kept_when_the_notation_changes(qtbot: QtBot) -> None:
    one = session("rnn")
    panel = shown(WeightsPanel, one, qtbot)
    before = one.document.state.parameters["weight_hh_l0"]
    click(panel, "W_H", 0, 0)
    panel.operate("scale")
    panel.actions_of.popover.fields["factor"].setValue(2.0)
    one.playback.set_notation("pytorch")
    assert not panel.actions_of.popover.isVisible()
    assert_allclose(one.document.state.parameters["weight_hh_l0"], 2 * before)
    one.document.undo_stack.undo()
    assert_array_equal(one.document.state.parameters["weight_hh_l0"], before)


def test_pytorch_tells_what_is_stored(qtbot: QtBot) -> None:
    one = session(num_layers=2, bidirectional=True)
    one.playback.set_notation("pytorch")
    panel = shown(WeightsPanel, one, qtbot)
    cell = panel.view.cell_rect("W_{hf}", 0, 1, 2)
    place = cell.x + cell.w / 2, cell.y + cell.h / 2
    mouse(panel, QEvent.Type.MouseMove, *place)
    assert panel.view.toolTip() == "weight_hh_l1[3:6]"
    figure = panel.view.figure
    rects = plot_rects(figure, panel.view.width(), panel.view.height())
    rect = rects[plots(panel).index("W_{ig}")]
    mouse(panel, QEvent.Type.MouseMove, 10, rect.y + rect.h / 2)  # its heading
    assert panel.view.toolTip() == "weight_ih_l1[6:9]"
    one.playback.set_notation("weights")
    mouse(panel, QEvent.Type.MouseMove, *place)
    assert panel.view.toolTip() == ""
