"""The unrolled network shows the states of every layer and direction, and where they go."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.network import lane_at
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Arrows, Boxes, Figure, Heatmap, Region
from rnnviz.figures.picking import pick
from rnnviz.figures.stack import Stack
from rnnviz.figures.states import Lane, lanes, symbol
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"
SIZE = (900.0, 320.0)


def drawn(shown: Scene) -> Figure:
    return FIGURES["network"].figure(shown)


def strips(figure: Figure) -> dict[str, Heatmap]:
    return {m.scale.label: m for m in figure.plots[0].marks if isinstance(m, Heatmap)}


def arrows(figure: Figure, role: str) -> list[tuple[float, ...]]:
    marks = [m for m in figure.plots[0].marks if isinstance(m, Arrows) and m.role == role]
    return [tuple(end) for m in marks for end in m.ends.tolist()]


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=80)
def test_every_strip_is_the_engines(shown: Scene) -> None:
    found, trace = strips(drawn(shown)), shown.analysis.trace
    for lane in lanes(shown.spec):
        computed = trace.layers[lane.layer].directions[lane.direction]
        for name, values in computed.states.items():
            heat = found[symbol(shown.spec, name, lane)]
            steps = heat.values[:, :-1] if lane.direction else heat.values[:, 1:]
            assert_array_equal(steps, values[:, 0].T)
            outside = heat.values[:, -1 if lane.direction else 0]
            if e.CELLS[shown.spec.cell].recurrent:
                assert_array_equal(outside, computed.initial[name][0])
        for name, values in computed.gates.items():
            heat = found.get(symbol(shown.spec, name, lane))
            assert (heat is not None) == (shown.steps <= 12)
            if heat is not None:
                assert_array_equal(heat.values, values[:, 0].T)


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=40)
def test_equal_colours_are_equal_numbers_in_all_layers(shown: Scene) -> None:
    found = strips(drawn(shown))
    for name in e.CELLS[shown.spec.cell].states:
        scales = [found[symbol(shown.spec, name, lane)].scale for lane in lanes(shown.spec)]
        assert len({(scale.low, scale.high) for scale in scales}) == 1


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=40)
def test_it_shares_its_columns_with_the_timeline(shown: Scene) -> None:
    network, timeline = drawn(shown), FIGURES["timeline"].figure(shown)
    axes = {(p.x.low, p.x.high) for p in (*network.plots, *timeline.plots)}
    assert axes == {(-0.5, shown.steps + 0.5 + shown.spec.bidirectional)}
    assert network.margins.left == timeline.margins.left
    assert network.margins.right == timeline.margins.right


def test_backwards_states_are_carried_to_the_left() -> None:
    figure = drawn(scene(TEXT, cell="lstm", bidirectional=True))
    for role in ("hidden", "cell"):
        found = arrows(figure, role)
        right = [end for end in found if end[2] > end[0]]
        left = [end for end in found if end[2] < end[0]]
        assert len(right) == len(left) == 9
        assert min(end[0] for end in right) < 0.5 < min(end[2] for end in left)
        assert max(end[0] for end in left) > 9.5 > max(end[2] for end in right)
        assert max(end[1] for end in right) < min(end[1] for end in left)


def test_h_goes_up_from_layer_to_layer() -> None:
    found = arrows(drawn(scene(TEXT, num_layers=3)), "hidden")
    upward = [end for end in found if end[0] == end[2] and end[3] > end[1]]
    assert sorted({end[0] for end in upward}) == list(range(1, 10))
    assert len(upward) == 18
    readout = arrows(drawn(scene(TEXT, num_layers=3)), "readout")
    assert min(end[1] for end in readout) > max(end[3] for end in upward)


def test_without_a_recurrence_nothing_is_carried() -> None:
    figure = drawn(scene(TEXT, cell="feedforward"))
    assert arrows(figure, "hidden") == []
    boxes = [m for m in figure.plots[0].marks if isinstance(m, Boxes)]
    assert [box.centres[:, 0].min() for box in boxes] == [1.0]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, False), (1, True), (3, True)])
@pytest.mark.parametrize("steps", [4, 40])
def test_what_is_pointed_at_is_found(cell: str, layers: int, both: bool, steps: int) -> None:
    shown = scene(("abc def" * 9)[: steps + 1], cell=cell, num_layers=layers, bidirectional=both)
    figure = drawn(shown)
    plot, rect = figure.plots[0], plot_rects(figure, *SIZE)[0]
    for number, heat in enumerate(plot.marks):
        if not isinstance(heat, Heatmap):
            continue
        rows, columns = heat.values.shape
        row, column = rows // 2, columns // 2
        height = heat.top + (row + 0.5) / rows * (heat.bottom - heat.top)
        x = float(to_pixels_x(plot, rect, heat.left + column + 0.5))
        found = pick(figure, *SIZE, x, float(to_pixels_y(plot, rect, height)))
        assert (found.mark, found.row, found.column) == (number, row, column)
        assert round(found.x) == round(heat.left + column + 0.5)


@given(
    layers=st.integers(1, 4),
    directions=st.integers(1, 2),
    columns=st.integers(2, 82),
    states=st.integers(1, 2),
    gates=st.integers(0, 4),
)
def test_boxes_never_meet(layers: int, directions: int, columns: int, states: int, gates: int) -> None:
    stack = Stack(layers, directions, columns, states, gates)
    assert 0 < stack.width < 0.8
    spans = [stack.lane(lane) for lane in stack.lanes()]
    assert stack.inputs < spans[0].bottom
    assert spans[-1].top < stack.tips
    for low, high in pairwise(spans):
        assert low.bottom < low.top <= high.bottom + 1e-12
    found = stack.strips
    edges = [edge for s in found for edge in (s.aside - s.width / 2, s.aside + s.width / 2)]
    assert edges == sorted(edges)
    assert -stack.width / 2 < edges[0]
    assert edges[-1] < stack.width / 2


def test_the_outline_says_which_lane_is_looked_at() -> None:
    shown = scene(TEXT, cell="gru", num_layers=2, bidirectional=True, focus=(0, 1), step=3)
    outline = next(m for m in drawn(shown).plots[0].marks if isinstance(m, Region) and m.role == "selection")
    assert lane_at(shown, (outline.bottom + outline.top) / 2) == Lane(0, 1)
    assert (outline.low + outline.high) / 2 == pytest.approx(4)
    assert lane_at(shown, 0.0) is None


def test_the_rows_are_named_with_what_they_hold() -> None:
    few, many = (drawn(scene(("abc def" * 9)[: n + 1], cell="lstm")) for n in (4, 40))
    assert [plain(label.text) for label in few.plots[0].gutter] == ["ŷt", "f i g o c ht", "xt"]
    assert [plain(label.text) for label in many.plots[0].gutter] == ["ŷt", "ct ht", "xt"]
    both = drawn(scene(TEXT * 2, bidirectional=True))
    assert [plain(label.text) for label in both.plots[0].gutter] == ["ŷt", "h←t", "h→t", "xt"]


def test_the_description_counts_layers_and_directions() -> None:
    words = drawn(scene(TEXT, cell="lstm", num_layers=2, bidirectional=True)).description
    assert "2 layers of lstm cells" in words
    assert "both directions" in words


def test_moving_the_playhead_leaves_the_strips_alone() -> None:
    options = {"cell": "lstm", "num_layers": 2, "bidirectional": True}
    one, other = (drawn(scene(TEXT, step=step, **options)) for step in (2, 3))
    kept = {id(m) for m in one.plots[0].marks if isinstance(m, (Heatmap, Boxes, Arrows))}
    again = [m for m in other.plots[0].marks if isinstance(m, (Heatmap, Boxes, Arrows))]
    assert all(id(m) in kept for m in again)


def test_states_that_are_not_finite_are_drawn() -> None:
    shown = scene(TEXT, cell="lstm", num_layers=2, gain=np.inf)
    assert drawn(shown).plots
