"""Looking at one layer and direction of several, by the choice or by a click on its box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from rnnviz import engine as e
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Heatmap, Region
from rnnviz.figures.picking import pick
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.reading import reading
from rnnviz.panels.network import NetworkPanel
from rnnviz.panels.timeline import TimelinePanel
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.panels.base.panel import Panel


pytestmark = pytest.mark.usefixtures("qapp")


def session(**options: object) -> Session:
    spec = e.NetworkSpec("lstm", 4, 3, 4, **options)
    return Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogsgod"))


def shown(panel: Panel, qtbot: QtBot) -> Panel:
    qtbot.addWidget(panel)
    panel.resize(700, 420)
    panel.show()
    return panel


def names(panel: Panel) -> set[str]:
    return {plot.name for plot in panel.view.figure.plots}


@pytest.fixture
def deep() -> Session:
    return session(num_layers=2, bidirectional=True)


def test_the_timeline_offers_every_layer_and_direction(deep: Session, qtbot: QtBot) -> None:
    panel = shown(TimelinePanel(deep, THEMES["light"]), qtbot)
    choice = panel.lanes
    texts = [choice.itemText(n) for n in range(choice.count())]
    assert texts == ["layer 2 →", "layer 2 ←", "layer 1 →", "layer 1 ←"]
    assert choice.currentText() == "layer 2 →"
    assert "f⁽²⁾→_t" in names(panel)
    choice.setCurrentIndex(3)
    choice.activated.emit(3)
    assert deep.moment.focus == (0, 1)
    assert "f⁽¹⁾←_t" in names(panel)
    deep.playback.look_at(-1, 1)
    assert choice.currentText() == "layer 2 ←"


def test_there_is_nothing_to_choose_in_one_layer_of_one_direction(qtbot: QtBot) -> None:
    panel = shown(TimelinePanel(session(), THEMES["light"]), qtbot)
    assert panel.lanes.isHidden()


def test_the_choice_follows_the_network(deep: Session, qtbot: QtBot) -> None:
    panel = shown(TimelinePanel(deep, THEMES["light"]), qtbot)
    deep.playback.look_at(0, 1)
    deep.document.edit(session(bidirectional=True).document.state, "One layer")
    texts = [panel.lanes.itemText(n) for n in range(panel.lanes.count())]
    assert texts == ["→", "←"]
    assert panel.lanes.currentText() == "←"
    deep.document.edit(session().document.state, "One direction")
    assert panel.lanes.isHidden()
    deep.document.undo_stack.undo()
    assert not panel.lanes.isHidden()


def test_a_click_on_a_box_looks_at_its_layer_and_goes_to_its_step(deep: Session, qtbot: QtBot) -> None:
    panel = shown(NetworkPanel(deep, THEMES["light"]), qtbot)
    figure = panel.view.figure
    heat = next(m for m in figure.plots[0].marks if isinstance(m, Heatmap) and m.scale.label == "c⁽¹⁾←_t")
    plot, rect = figure.plots[0], plot_rects(figure, panel.view.width(), panel.view.height())[0]
    x = float(to_pixels_x(plot, rect, heat.left + 2.5))
    y = float(to_pixels_y(plot, rect, (heat.top + heat.bottom) / 2))
    panel.view.pressed.emit(
        pick(figure, panel.view.width(), panel.view.height(), x, y), Qt.KeyboardModifier.NoModifier
    )
    assert (deep.moment.focus, deep.moment.step) == ((0, 1), 2)
    outline = next(
        m for m in panel.view.figure.plots[0].marks if isinstance(m, Region) and m.role == "selection"
    )
    assert outline.low < 3 < outline.high


def test_pointing_at_a_gate_reads_it(qtbot: QtBot) -> None:
    one = session()
    panel = shown(TimelinePanel(one, THEMES["light"]), qtbot)
    figure, size = panel.view.figure, (panel.view.width(), panel.view.height())
    rect = panel.view.cell_rect("f_t", 0, 1, 2)
    found = pick(figure, *size, rect.x + rect.w / 2, rect.y + rect.h / 2)
    value = one.moment.analysis.trace.layers[0].gates["f"][2, 0, 1]
    assert reading(figure, found, one) == f"f₂ at step 3 = {value:.6g}"
    rect = panel.view.cell_rect("x_t", 0, 0, 0)
    found = pick(figure, *size, rect.x + rect.w / 2, rect.y + rect.h / 2)
    assert reading(figure, found, one) == "x of d at step 1 = 1"
