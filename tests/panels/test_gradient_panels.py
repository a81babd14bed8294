"""The verdict with its knobs, the chain and the phase portrait in real panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionSlider

from rnnviz import engine as e
from rnnviz.engine.selection import StepPair
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Heatmap, Line, Points, Text
from rnnviz.figures.theme import THEMES
from rnnviz.panels.chain import ChainPanel
from rnnviz.panels.phase import PhasePanel
from rnnviz.panels.verdict import VerdictPanel
from rnnviz.session import edits, knobs, presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")


def shown(kind: Any, qtbot: QtBot, preset: str = "shepherd") -> Any:
    panel = kind(Session(presets.load(preset)), THEMES["light"])
    qtbot.addWidget(panel)
    panel.resize(640, 560)
    panel.show()
    qtbot.waitUntil(lambda: panel.view.figure is not None)
    return panel


def said(panel: VerdictPanel) -> str:
    assert panel.view.figure is not None
    marks = panel.view.figure.plots[0].marks
    return " ".join(string for mark in marks if isinstance(mark, Text) for string in mark.strings)


def word_at(panel: VerdictPanel, row: float, column: float) -> QPoint:
    figure = panel.view.figure
    assert figure is not None
    rect = plot_rects(figure, panel.view.width(), panel.view.height(), panel.view.zoom)[1]
    x = to_pixels_x(figure.plots[1], rect, column + 0.5)
    return QPoint(round(float(x)), round(float(to_pixels_y(figure.plots[1], rect, row + 0.5))))


def test_a_click_on_a_word_picks_it_for_the_loss_that_is_judged(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot)
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=word_at(panel, 0, 1))
    selection = panel.session.playback.selection
    assert selection is not None
    assert selection.pair == StepPair(13, 1)


def test_dragging_the_spectral_radius_turns_vanishing_into_exploding_and_is_one_step_to_undo(
    qtbot: QtBot,
) -> None:
    panel = shown(VerdictPanel, qtbot, "non-normal")
    document, before = panel.session.document, panel.session.document.state
    slider, count = panel.knobs.radius.slider, panel.session.document.undo_stack.count()
    assert said(panel).startswith("Exploding")
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    at = handle.center()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    for x in range(at.x(), 0, -8):
        slider.setSliderPosition(max(0, slider.minimum() + round(x / slider.width() * slider.maximum())))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(1, at.y()))
    assert said(panel).startswith("Vanishing")
    assert panel.knobs.radius.box.value() == pytest.approx(knobs.radius_of(document.state), abs=0.01)
    assert document.undo_stack.count() == count + 1
    document.undo()
    assert document.state is before
    assert said(panel).startswith("Exploding")


def test_the_forget_bias_lets_the_lstm_forget_the_sentence(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot, "shepherd-lstm")
    assert said(panel).startswith("Healthy")
    panel.knobs.bias.box.setValue(-3.0)
    assert knobs.keeping_bias(panel.session.document.state) == pytest.approx(-3.0)
    assert said(panel).startswith("Vanishing")
    assert not shown(VerdictPanel, qtbot).knobs.bias.slider.isEnabled()


def test_length_clip_activation_and_weights_can_be_turned(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot)
    session, turn = panel.session, panel.knobs
    turn.length.box.setValue(30)
    assert session.document.state.steps == 30
    turn.clip.box.setValue(0.5)
    assert session.document.state.settings.clip == 0.5
    turn.clip.box.setValue(turn.clip.span.high)
    assert session.document.state.settings.clip is None
    turn.activation.setCurrentText("relu")
    turn.activation.textActivated.emit("relu")
    assert session.document.state.spec.activation == "relu"
    before = session.document.state.parameters
    qtbot.mouseClick(turn.draw, Qt.MouseButton.LeftButton)
    assert not np.array_equal(session.document.state.parameters.flat, before.flat)


def test_clipping_bounds_the_updates_but_not_the_verdict(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot, "non-normal")
    panel.knobs.clip.box.setValue(0.1)
    assert said(panel).startswith("Exploding")


def test_the_chain_plays_link_by_link_and_then_shows_all(qtbot: QtBot) -> None:
    panel = shown(ChainPanel, qtbot)

    def links() -> int:
        heat = panel.view.figure.plots[0].marks[0]
        assert isinstance(heat, Heatmap)
        return int(np.isfinite(heat.values[0]).sum()) // 8

    assert links() == 13
    panel.timer.setInterval(1)
    qtbot.mouseClick(panel.play, Qt.MouseButton.LeftButton)
    assert links() == 0
    seen = set()
    panel.headline_changed.connect(lambda *_: seen.add(links()))
    qtbot.waitUntil(lambda: not panel.play.isChecked())
    assert seen == set(range(1, 14))
    assert links() == 13


def test_the_chain_follows_a_weight_that_is_dragged(qtbot: QtBot) -> None:
    panel = shown(ChainPanel, qtbot)
    state = panel.session.document.state
    panel.session.document.edit(knobs.with_radius(state, 1.2), "x")
    state = panel.session.document.state
    trace = e.forward(state.spec, state.parameters, state.input_ids[:, None])
    whole = e.jacobian(state.spec, state.parameters, trace, 13, 0)
    curve = next(
        mark for mark in panel.view.figure.plots[2].marks
        if isinstance(mark, Line) and mark.label == "norm of the product"
    )  # fmt: skip
    assert curve.y[-1] == pytest.approx(np.linalg.norm(whole, 2))


def test_fixed_points_follow_an_edit_at_once_and_are_searched_for_when_it_is_calm(qtbot: QtBot) -> None:
    panel = shown(PhasePanel, qtbot, "settled")

    def fixed() -> int:
        marks = panel.view.figure.plots[0].marks
        return sum(len(m.positions) for m in marks if isinstance(m, Points) and m.label)

    qtbot.waitUntil(lambda: fixed() > 5)
    state, known = panel.session.document.state, panel.found
    panel.session.document.edit(knobs.with_radius(state, 2.35), "x")
    assert fixed() > 5
    assert panel.found is not known
    panel.session.document.edit(knobs.with_radius(state, 0.5), "x")
    qtbot.waitUntil(lambda: fixed() == 1)


def test_another_network_asks_anew(qtbot: QtBot) -> None:
    panel = shown(PhasePanel, qtbot, "settled")
    qtbot.waitUntil(lambda: len(panel.found) > 5)
    document = panel.session.document
    document.edit(edits.with_units(document.state, 1), "x")
    assert "second unit" in panel.view.figure.message
    document.undo()
    qtbot.waitUntil(lambda: len(panel.found) > 5)


def test_the_radius_of_a_large_network_is_found_beside_the_interface(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot)
    document, knob = panel.session.document, panel.knobs.radius
    document.edit(edits.with_units(document.state, 100), "x")
    qtbot.waitUntil(lambda: not panel.knobs.background.is_awaited)
    assert knob.box.value() == pytest.approx(knobs.radius_of(document.state), abs=0.01)
    knob.box.setValue(1.25)
    assert not panel.knobs.background.is_awaited
    assert knobs.radius_of(document.state) == pytest.approx(1.25)


def test_a_number_that_there_is_not_is_not_shown(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot)
    document, bias = panel.session.document, panel.knobs.bias
    assert bias.box.text() == "–"
    document.edit(edits.with_cell(document.state, "gru"), "x")
    assert bias.box.accessibleName() == "update bias"
    assert bias.box.value() == pytest.approx(knobs.keeping_bias(document.state), abs=0.01)
    document.undo()
    assert bias.box.text() == "–"


def test_the_knobs_take_three_columns_where_there_is_room_and_let_go_of_them(qtbot: QtBot) -> None:
    panel = shown(VerdictPanel, qtbot)

    def rows() -> int:
        return len({panel.knobs.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0))).y() // 20 for widget in (
            panel.knobs.radius.box, panel.knobs.bias.box, panel.knobs.scheme)})  # fmt: skip

    assert rows() == 3
    panel.resize(900, 560)
    qtbot.waitUntil(lambda: rows() == 2)
    panel.resize(500, 560)
    qtbot.waitUntil(lambda: rows() == 3)
    assert panel.width() == 500
