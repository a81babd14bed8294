"""What holding changes, in every panel, against fresh runs of the engine."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scenes import LETTERS, scene, scenes

from rnnviz import engine as e
from rnnviz.engine.interventions import targets
from rnnviz.engine.selection import Selection
from rnnviz.figures.difference import comparison, other_flow
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.gradient_flow import gradient_flow, ratios
from rnnviz.figures.gallery.knock_out import losses
from rnnviz.figures.gallery.network import network
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.held import held_note, held_rows, held_words, stretches
from rnnviz.figures.model import Bars, Heatmap, Line, Locks, Region
from rnnviz.figures.reasons import FUNCTIONS
from rnnviz.figures.states import Lane
from rnnviz.figures.why import why

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene


def ids(shown: Scene) -> list[int]:
    return [LETTERS.index(token) for token in shown.inputs]


def run(shown: Scene, interventions: tuple[e.Intervention, ...], window: tuple[int, int]) -> e.Analysis:
    wanted = np.array([LETTERS.index(token) for token in shown.targets], int)
    wanted[list(shown.silent)] = -1
    return e.analyse(
        shown.spec, shown.parameters, ids(shown), wanted, steps=window, interventions=interventions
    )


def holding(shown: Scene, *interventions: e.Intervention, effect: bool = False) -> Scene:
    """A scene in which something is held, as a session makes it; effect: and is compared with untouched."""
    window = shown.analysis.flow.start, shown.analysis.flow.stop
    untouched = run(shown, (), (0, 0))
    return replace(
        shown,
        analysis=run(shown, interventions, window),
        interventions=interventions,
        untouched=untouched,
        baseline=untouched if effect else None,
    )


@st.composite
def held_scenes(draw: st.DrawFn, *, effect: bool = False) -> Scene:
    """Any small network with one to three things held."""
    shown = draw(scenes(layers=2, both=True).filter(lambda shown: np.abs(shown.parameters.flat).max() < 1e3))
    made = draw(
        st.lists(
            st.builds(
                e.Intervention,
                st.sampled_from(targets(shown.spec)),
                st.floats(-1, 1),
                st.integers(0, shown.steps - 1),
                st.none() | st.integers(0, shown.spec.hidden_size - 1),
                st.integers(0, shown.spec.num_layers - 1),
                st.integers(0, shown.spec.directions - 1),
            ),
            min_size=1,
            max_size=3,
        )
    )
    return holding(shown, *sorted(made, key=lambda held: held.start), effect=effect)


@settings(max_examples=60)
@given(held_scenes())
def test_the_strip_is_the_held_less_the_untouched(shown: Scene) -> None:
    held, free = run(shown, shown.interventions, (0, 0)), run(shown, (), (0, 0))
    figure = FIGURES["knock-out"].figure(shown)
    loss, prediction = (plot.marks[0] for plot in figure.plots)
    assert isinstance(loss, Bars)
    assert isinstance(prediction, Heatmap)
    assert_array_equal(np.nan_to_num(loss.heights), held.loss.step[:, 0] - free.loss.step[:, 0])
    change = held.trace.probabilities[:, 0] - free.trace.probabilities[:, 0]
    assert_array_equal(prediction.values, change.T)
    assert losses(shown) in figure.note
    assert "held − untouched" in figure.note


@given(held_scenes())
def test_the_heading_has_both_losses_and_their_difference(shown: Scene) -> None:
    assert shown.untouched is not None
    before, after = shown.untouched.loss.total, shown.analysis.loss.total
    said = losses(shown).replace("−", "-")
    assert FIGURES["knock-out"].figure(shown).note.startswith(losses(shown))
    found = re.fullmatch(r"loss (\S+) → (\S+) \(([+±]?)(\S+)\)", said)
    assert found is not None
    first, second, sign, change = float(found[1]), float(found[2]), found[3], float(found[4])
    digit = 10.0 ** -len(found[4].partition(".")[2])
    assert (first, second) == pytest.approx((before, after), abs=digit)
    assert change == pytest.approx(after - before, abs=digit)
    if digit > 1e-7:  # as a calculator gives it
        assert second - first == pytest.approx(change, abs=1e-9)
        assert (sign == "±") == (after == before)


def test_without_anything_held_it_says_how_to_hold() -> None:
    figure = FIGURES["knock-out"].figure(scene("abc"))
    assert not figure.plots
    assert "Right-click a unit or a gate" in figure.message
    assert FIGURES["knock-out"].figure(scene("a")).message.startswith("Type at least two")


def test_of_many_tokens_those_are_named_that_change_most() -> None:
    tokens = tuple(chr(200 + n) for n in range(60))
    text = "".join(tokens[n] for n in (1, 5, 9, 5))
    free = scene(text, vocabulary=tokens, gain=3.0)
    wanted = [tokens.index(token) for token in text]
    held = (e.Intervention("h", 1.0, 0, 0),)
    window = free.analysis.flow.start, free.analysis.flow.stop
    of_held, untouched = (
        e.analyse(free.spec, free.parameters, wanted[:-1], wanted[1:], window, interventions=those)
        for those in (held, ())
    )
    shown = replace(free, analysis=of_held, interventions=held, untouched=untouched)
    plot = FIGURES["knock-out"].figure(shown).plots[1]
    values = np.abs(plot.marks[0].values).max(1)
    ticks = plot.y.ticks
    assert ticks is not None
    assert 2 <= len(ticks) <= 13
    assert ticks[0][1] == tokens[int(values.argmax())]
    rows = sorted(round(60 * (1 - at) - 0.5) for at, _ in ticks)
    assert min(np.diff(rows)) >= 5


@settings(max_examples=40)
@given(held_scenes(effect=True))
def test_the_network_shows_the_held_less_the_untouched(shown: Scene) -> None:
    figure = network(shown)
    held, free = run(shown, shown.interventions, (0, 0)), run(shown, (), (0, 0))
    assert figure.note.startswith("held − untouched")
    heats = [mark for mark in figure.plots[0].marks if isinstance(mark, Heatmap)]
    found = {mark.scale.label: mark for mark in heats}
    for mark in heats:
        assert mark.scale.label.startswith("Δ")
        assert mark.scale.low == -mark.scale.high
    for lane in (Lane(n, d) for n in range(shown.spec.num_layers) for d in range(shown.spec.directions)):
        one, other = (
            trace.layers[lane.layer].directions[lane.direction].h for trace in (held.trace, free.trace)
        )
        change = (one - other)[:, 0]
        layer = f"⁽{'¹²'[lane.layer]}⁾" if shown.spec.num_layers > 1 else ""
        arrow = "→←"[lane.direction] if shown.spec.bidirectional else ""
        values = found[f"Δh{layer}{arrow}_t"].values
        part = values[:, :-1] if lane.direction else values[:, 1:]
        assert_array_equal(part, change.T)


@settings(max_examples=40)
@given(held_scenes(effect=True))
def test_the_map_and_the_profile_show_how_many_times_larger_gradients_are(shown: Scene) -> None:
    window = shown.analysis.flow.start, shown.analysis.flow.stop
    free = run(shown, (), window)
    found = ratios(shown, "h")
    assert found is not None
    mine, others = shown.analysis.flow.hidden, free.flow.hidden
    both = (mine > 0) & (others > 0) & ~np.isnan(found)
    assert_allclose(found[both], np.log10(mine[both]) - np.log10(others[both]), atol=1e-9)
    figure = gradient_flow(shown, "h")
    assert figure.note.startswith("log₁₀ (held / untouched)")
    heat = figure.plots[0].marks[0]
    assert isinstance(heat, Heatmap)
    limit = heat.scale.high
    assert_array_equal(heat.values, np.clip(found, -limit, limit))
    profile = FIGURES["gradient-profile"].figure(shown)
    assert profile.note.startswith("log₁₀ (held / untouched)")
    (row,) = [line.y for line in profile.plots[0].marks if isinstance(line, Line) and line.role == "gradient"]
    with np.errstate(all="ignore"):
        wanted = np.log10(mine[shown.step]) - np.log10(others[shown.step])
    usable = np.isfinite(wanted[: shown.step + 1])
    assert_allclose(row[usable], wanted[: shown.step + 1][usable], atol=1e-9)


def test_the_flow_of_the_other_is_found_once_and_not_for_large_networks() -> None:
    shown = holding(scene("abcabc", cell="gru"), e.Intervention("z", 1.0), effect=True)
    assert other_flow(shown) is other_flow(replace(shown, step=2))
    large = holding(scene("abcabc", units=65), e.Intervention("h", 1.0, unit=0), effect=True)
    assert other_flow(large) is None
    for name in ("gradient-flow", "gradient-profile"):
        assert FIGURES[name].figure(large).note.startswith("as held")


def test_what_both_have_in_common_is_said_to_be_the_same() -> None:
    shown = holding(scene("abcabc"), e.Intervention("h", 0.0, unit=0), effect=True)
    for name in ("weights", "spectrum"):
        assert FIGURES[name].figure(shown).note.startswith("the same, held or not")
    sequences = replace(shown, baseline=run(shown, (), (0, 0)))
    for name in ("weights", "spectrum"):
        assert FIGURES[name].figure(sequences).note.startswith("the same for A and B")
    assert FIGURES["sequence"].figure(sequences).note.startswith("B · ")


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"training", "knock-out"}))
def test_every_heading_says_what_is_compared(name: str) -> None:
    shown = holding(scene("abcabc", cell="lstm", step=3), e.Intervention("f", 1.0, 1), effect=True)
    words = comparison(shown)
    assert words is not None
    figure = FIGURES[name].figure(shown)
    if name == "sequence":  # which is the same text, and shows nothing that is computed
        assert "held" not in figure.note
    else:
        assert words.this in f"{figure.title} {figure.note}", name
    sequences = FIGURES[name].figure(replace(shown, baseline=run(shown, (), (0, 0)), interventions=()))
    assert any(word in f"{sequences.title} {sequences.note}" for word in ("B", "A and B")), name


def outlines(figure_plots: tuple, name: str) -> list[Region]:
    plot = next(plot for plot in figure_plots if plot.name == name)
    return [mark for mark in plot.marks if isinstance(mark, Region) and mark.role == "held"]


def test_what_is_held_has_an_outline_and_a_padlock_in_its_track() -> None:
    shown = holding(
        scene("abcabc", cell="lstm", units=4),
        e.Intervention("f", 1.0),
        e.Intervention("h", 0.0, 2, 1),
        e.Intervention("h", 0.5, 4, 1),
    )
    figure = timeline(shown)
    (gate,) = outlines(figure.plots, "f_t")
    assert (gate.top, gate.bottom) == (1.0, 0.0)
    assert (round(gate.low), round(gate.high)) == (1, 5)  # from 0.52 to 5.48: steps 1 to 5
    first, second = outlines(figure.plots, "h_t")
    assert (first.top, first.bottom) == (0.75, 0.5)
    assert first.low > 2.5
    assert first.high < 4.5 < second.low < 4.6
    plot = next(plot for plot in figure.plots if plot.name == "h_t")
    assert sum(isinstance(mark, Locks) for mark in plot.marks) == 2
    assert not outlines(figure.plots, "c_t")
    assert figure.note == "held: f = 1"
    assert held_note(replace(shown, step=4)) == "held: f = 1, h₂ = 0, h₂ = 0.5"


def test_held_cells_are_outlined_in_the_network_folded_or_not() -> None:
    shown = holding(
        scene("abcabc", units=3, step=3, num_layers=2, bidirectional=True),
        e.Intervention("h", 0.0, 2, 1, 1, 1),
    )
    marks = network(shown).plots[0].marks
    found = [mark for mark in marks if isinstance(mark, Region) and mark.role == "held"]
    assert [round(mark.low + 0.5) for mark in found] == [3, 4, 5]
    (folded,) = [m for m in network(shown, 1.0).plots[0].marks if isinstance(m, Region) and m.role == "held"]
    assert folded.low < 4 < folded.high
    assert not [
        m for m in network(replace(shown, step=0), 1.0).plots[0].marks if getattr(m, "role", "") == "held"
    ]


def test_a_window_of_steps_cuts_outlines_at_its_edge() -> None:
    shown = holding(scene("ab" * 100, step=150), e.Intervention("h", 0.0, 3, 1))
    figure = timeline(shown)
    (outline,) = outlines(figure.plots, "h_t")
    start, stop = shown.analysis.flow.start, shown.analysis.flow.stop
    assert start > 3
    assert start - 0.5 <= outline.low < start + 0.6
    assert stop - 0.6 < outline.high < stop + 0.6
    plot = next(plot for plot in figure.plots if plot.name == "h_t")
    assert not any(isinstance(mark, Locks) for mark in plot.marks)


@given(held_scenes())
def test_stretches_say_what_is_held_when(shown: Scene) -> None:
    for one in stretches(shown):
        way = shown.analysis.trace.layers[one.lane.layer].directions[one.lane.direction]
        rows = (dict(way.states) | dict(way.gates))[one.quantity][one.start : one.stop, 0]
        values = {held.value for held in shown.interventions if held.target == one.quantity}
        part = rows[:, one.top : one.top + one.rows]
        assert np.isin(part, np.array(list(values), part.dtype)).all()
        here = replace(shown, step=one.start)
        assert one.top in held_rows(here, one.quantity, one.lane)


def test_what_is_held_is_called_by_its_letter() -> None:
    spec = e.NetworkSpec("lstm", 3, 4, 3, num_layers=2, bidirectional=True)
    unit, gate = e.Intervention("h", -0.25, 4, 2, 1, 1), e.Intervention("f", 1.0)
    assert held_words(spec, unit) == "h⁽²⁾←₃ = −0.25 from step 5"
    assert held_words(spec, gate) == "f⁽¹⁾→ = 1 from step 1"
    assert held_words(spec, e.Intervention("c", 0.5, 0, 0), "letters") == "s⁽¹⁾→₁ = 0.5 from step 1"


@settings(max_examples=100)
@given(held_scenes(), st.data())
def test_what_explains_a_number_says_that_it_is_held_or_follows(shown: Scene, data: st.DataObject) -> None:
    """Also of what is computed from held numbers."""
    lane = Lane(data.draw(st.integers(0, shown.spec.num_layers - 1)), 0)
    way = shown.analysis.trace.layers[lane.layer].directions[0]
    name = data.draw(st.sampled_from(sorted({*way.states, *way.gates})))
    unit = data.draw(st.integers(0, shown.spec.hidden_size - 1))
    first, *others = why(shown, Selection(name, unit, *lane))
    assert first.value == (dict(way.states) | dict(way.gates))[name][shown.step, 0, unit]
    is_said = bool(first.terms) and first.terms[0].text.startswith("held from step")
    assert is_said == (unit in held_rows(shown, name, lane))
    for statement in (first, *others):
        whole = FUNCTIONS[statement.function](statement.whole(*(term.value for term in statement.terms)))
        assert statement.value == pytest.approx(whole, rel=1e-6, abs=1e-9)
