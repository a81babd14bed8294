"""What is picked is marked where its numbers are, whatever the network and wherever it is picked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from enginerows import values
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.network import network
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.model import Figure, Heatmap, Line, Plot, Region
from rnnviz.figures.notation import shown_parameters
from rnnviz.figures.picking import pick
from rnnviz.figures.selecting import moved, reachable, selected_at
from rnnviz.figures.spots import Spot, labels, spots
from rnnviz.figures.states import Lane
from rnnviz.figures.tracks import TrackView, available

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

ALL_LINES = frozenset({"x", "h", "c", "f", "i", "g", "o", "r", "z", "n", "y"})


def marks(scene: Scene, name: str, plot: int = 0) -> list[Region]:
    """The outlines that a selection adds to a plot."""
    without = FIGURES[name].figure(replace(scene, selection=None))
    figure = FIGURES[name].figure(scene)
    count = len(outlines(without.plots[plot]))
    return outlines(figure.plots[plot])[count:]


def outlines(plot: Plot) -> list[Region]:
    return [mark for mark in plot.marks if isinstance(mark, Region) and mark.role == "selection"]


def plot_of(figure: Figure, name: str) -> Plot:
    return next(plot for plot in figure.plots if plot.name == name)


def row_of(heat: Heatmap, region: Region) -> int:
    assert region.top is not None
    return round((region.top - heat.top) / (heat.bottom - heat.top) * len(heat.values))


@given(scenes(layers=2, both=True), st.data())
@settings(max_examples=150)
def test_all_that_can_be_picked_in_the_timeline_is_outlined_with_its_numbers(
    shown: Scene, data: st.DataObject
) -> None:
    view = TrackView(toggled=frozenset(key for key in available(shown) if key.startswith("a.")))
    picked = data.draw(st.sampled_from(reachable(shown, timeline(shown, view))))
    chosen = replace(shown, selection=picked)
    figure = timeline(chosen, view)
    found = [(plot, region) for plot in figure.plots for region in outlines(plot)]
    if picked.unit is None:
        assert not found
        return
    ((plot, region),) = found
    heat = plot.marks[0]
    (spot,) = spots(chosen)
    assert labels(chosen)[plot.name] == spot[:2]
    assert row_of(heat, region) == spot.row == picked.unit
    start = round(heat.left - 0.5)
    before = (
        1 if spot.lane is not None and heat.values.shape[1] > shown.steps and not spot.lane.direction else 0
    )
    row = heat.values[spot.row][before : before + shown.steps]
    assert_array_equal(row, values(shown, spot)[: len(row)])
    assert (region.low, region.high) == pytest.approx((heat.left, heat.left + heat.values.shape[1]), abs=0.1)
    assert start <= 1


@given(scenes(layers=2, both=True), st.data())
@settings(max_examples=60)
def test_the_cell_of_a_picked_unit_is_outlined_at_the_playhead_of_the_network(
    shown: Scene, data: st.DataObject
) -> None:
    picked = data.draw(st.sampled_from(reachable(shown, network(shown))))
    chosen = replace(shown, selection=picked)
    fold = data.draw(st.sampled_from([0.0, 1.0]))
    plot = network(chosen, fold).plots[0]
    region = outlines(plot)[-1]
    middle = (region.low + region.high) / 2
    assert abs(middle - (shown.step + 1)) < 0.5
    (spot,) = spots(chosen)
    heat = next(m for m in plot.marks if isinstance(m, Heatmap) and labels(shown)[m.scale.label] == spot[:2])
    assert row_of(heat, region) == picked.unit
    column = round(shown.step + 1 - heat.left - 0.5)
    if not fold:
        assert_array_equal(heat.values[picked.unit, column], values(shown, spot)[shown.step])


def test_a_gate_without_a_strip_is_outlined_in_the_hidden_state_of_its_unit() -> None:
    shown = scene("abcdefgh" * 3, cell="lstm", step=5)
    regions = [
        marks(replace(shown, selection=Selection(name, 2)), "network") for name in ("f", "h", "a.f", "c")
    ]
    assert [(r.low, r.top) for (r,) in regions[:3]] == [(regions[1][0].low, regions[1][0].top)] * 3
    assert regions[3][0].low < regions[1][0].low


def test_lines_are_drawn_once_more() -> None:
    shown = scene("abcdefgh", cell="lstm")
    figure = timeline(replace(shown, selection=Selection("f", 2)), TrackView(lines=ALL_LINES))
    plot = plot_of(figure, "f_t")
    drawn = [mark for mark in plot.marks if isinstance(mark, Line)]
    assert drawn[-1].role == "selection"
    assert drawn[-1].y is drawn[2].y
    assert not any(m.role == "selection" for p in figure.plots for m in p.marks if p.name != "f_t")


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_weight_leads_from_its_source_to_its_target(cell: str) -> None:
    shown = scene("abcdefgh", cell=cell, units=3, num_layers=2, bidirectional=True, step=3, focus=(1, 1))
    names = {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}[cell]
    for number, gate in enumerate(names):
        entry = WeightEntry("weight_hh_l1_reverse", number * 3 + 2, 1)
        chosen = replace(shown, selection=Selection(weight=entry))
        lane = Lane(1, 1)
        assert spots(chosen) == (Spot(gate, lane, 2), Spot("h", lane, 1, ago=1))
        target, source = marks(chosen, "network")
        # What runs backwards reads the step after.
        assert (round((source.low + source.high) / 2), round((target.low + target.high) / 2)) == (5, 4)
        entry = WeightEntry("weight_ih_l1_reverse", number * 3 + 2, 4)
        chosen = replace(shown, selection=Selection(weight=entry))
        assert spots(chosen)[1] == Spot("h", Lane(0, 1), 1)
    chosen = replace(shown, selection=Selection(weight=WeightEntry("weight_ih_l0", 0, 4)))
    assert spots(chosen)[1] == Spot("x", None, 4)
    chosen = replace(shown, selection=Selection(weight=WeightEntry("head.weight", 5, 4)))
    assert spots(chosen) == (Spot("y", None, 5), Spot("h", Lane(1, 1), 1))
    chosen = replace(shown, selection=Selection(weight=WeightEntry("bias_ih_l0", 0, 0)))
    assert spots(chosen) == (Spot(names[0], Lane(0, 0), 0),)


def test_a_token_of_an_embedding_is_picked_with_its_row() -> None:
    shown = scene("abcd", embedding_size=2)
    chosen = replace(shown, selection=Selection(weight=WeightEntry("embedding.weight", 3, 1)))
    assert spots(chosen) == (Spot("e", None, 1), Spot("x", None, 3))
    assert len(marks(chosen, "sequence", plot=1)) == 1


def matrices(chosen: Scene) -> dict[str, list[tuple[float, ...]]]:
    """The outlines in the weights: rows from – to, columns from – to."""
    figure = FIGURES["weights"].figure(chosen)
    return {
        plot.name: [(r.top, r.bottom, r.low, r.high) for r in outlines(plot)]
        for plot in figure.plots
        if outlines(plot)
    }


def test_a_unit_outlines_what_leads_to_it_and_away_from_it() -> None:
    shown = scene("abcdefgh", cell="lstm", units=3, step=1)
    inputs, outputs = len(shown.vocabulary), len(shown.vocabulary)
    row = (1.0, 2.0, 0.0)
    h = matrices(replace(shown, selection=Selection("h", 1)))
    assert h["W_{Hf}"] == [(*row, 3.0), (0.0, 3.0, 1.0, 2.0)]
    assert h["W_{Xo}"] == [(*row, float(inputs))]
    assert h["b_i"] == [(*row, 1.0)]
    assert h["W_Y"] == [(0.0, float(outputs), 1.0, 2.0)]
    assert "b_Y" not in h
    f = matrices(replace(shown, selection=Selection("a.f", 1)))
    assert f == {"W_{Xf}": [(*row, inputs)], "W_{Hf}": [(*row, 3.0)], "b_f": [(*row, 1.0)]}
    x = matrices(replace(shown, selection=Selection("x", 2)))
    assert set(x) == {"W_{Xi}", "W_{Xf}", "W_{Xg}", "W_{Xo}"}
    assert set(map(tuple, x.values())) == {((0.0, 3.0, 2.0, 3.0),)}
    y = matrices(replace(shown, selection=Selection("y", 4)))
    assert y == {"W_Y": [(4.0, 5.0, 0.0, 3.0)], "b_Y": [(4.0, 5.0, 0.0, 1.0)]}


@given(scenes(layers=2, both=True), st.data())
@settings(max_examples=60)
def test_a_picked_weight_is_outlined_where_it_is_shown(shown: Scene, data: st.DataObject) -> None:
    block = data.draw(st.sampled_from(shown_parameters(shown)))
    row = data.draw(st.integers(0, block.values.shape[0] - 1))
    column = data.draw(st.integers(0, block.values.shape[1] - 1))
    entry = WeightEntry(block.parameter, block.first + row, column)
    found = matrices(replace(shown, selection=Selection(weight=entry)))
    assert found == {block.symbol: [(row, row + 1, column, column + 1)]}


@given(scenes(shortest=3), st.data())
@settings(max_examples=60)
def test_a_pair_of_steps_outlines_its_columns_and_its_cell(shown: Scene, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, shown.steps - 1))
    k = data.draw(st.integers(0, t))
    chosen = replace(shown, selection=Selection("h", pair=StepPair(t, k)))
    for name in ("network", "timeline"):
        figure = FIGURES[name].figure(chosen)
        found = {round(region.low - 0.5) for region in figure.across} | {shown.step}
        assert found == {t, k, shown.step}
    (cell,) = marks(chosen, "gradient-flow")
    flow = FIGURES["gradient-flow"].figure(chosen).plots[0].marks[0]
    row, column = row_of(flow, cell), round(cell.low - flow.left)
    assert (row, column) == (t, k)
    if t not in shown.silent:
        memory = e.CELLS[chosen.spec.cell].memory
        assert_array_equal(flow.values[row, column], chosen.analysis.flow.norms[memory][t, k])


@pytest.mark.parametrize(("size", "unit", "rows"), [(4, 3, 4), (9, 8, 8), (9, 6, 8), (30, 12, 8), (9, 2, 8)])
def test_the_equations_show_a_picked_unit_however_many_there_are(size: int, unit: int, rows: int) -> None:
    shown = replace(scene("abcd", units=size, step=1), selection=Selection("h", unit))
    found = marks(shown, "equations")
    assert len(found) == 5  # a, its three summands, and h
    texts = [m for m in FIGURES["equations"].figure(shown).plots[0].marks if hasattr(m, "strings")]
    h = found[-1]
    (text,) = (
        string
        for mark in texts
        for (x, y), string in zip(mark.positions, mark.strings, strict=True)
        if h.low < x < h.high and h.top < y < h.bottom
    )
    value = shown.analysis.trace.layers[0].h[1, 0, unit]
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.005)
    assert rows == min(size, 8)


@given(scenes(layers=2, both=True), st.data())
@settings(max_examples=60)
def test_a_press_picks_what_the_keys_reach(shown: Scene, data: st.DataObject) -> None:
    lines = data.draw(st.booleans())
    figure = timeline(shown, TrackView(lines=ALL_LINES if lines else frozenset()))
    found = set()
    for y in range(6, 596, 7):
        for x in (180.0, 400.0):
            place = pick(figure, 700, 600, x, y)
            if place is not None:
                found.add(selected_at(shown, figure, place))
    assert found - {None} <= set(reachable(shown, figure))
    assert len(found) > 1


def test_up_and_down_go_through_all_of_a_figure_and_stay_at_its_ends() -> None:
    shown = scene("abcdefgh", cell="gru", units=3, num_layers=2)
    for name in ("network", "timeline"):
        figure = FIGURES[name].figure(shown)
        found = reachable(shown, figure)
        walked, here = [], shown
        for _ in range(len(found) + 2):
            here = replace(here, selection=moved(here, figure, 1))
            walked.append(here.selection)
        assert tuple(walked) == (*found, found[-1], found[-1])
        assert moved(here, figure, -1) == found[-2]
        assert moved(shown, figure, -1) == found[-1]
    assert reachable(shown, FIGURES["network"].figure(shown))[0] == Selection("h", 0, layer=1)
