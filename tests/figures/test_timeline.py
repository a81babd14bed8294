"""The timeline shows what the engine computed, whatever the cell, its layers and its directions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.model import Bars, Figure, Heatmap, Plot
from rnnviz.figures.states import Lane, lanes, quantity, symbol
from rnnviz.figures.textruns import plain
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"


def drawn(shown: Scene) -> Figure:
    return FIGURES["timeline"].figure(shown)


def tracks(figure: Figure) -> dict[str, Plot]:
    return {plot.name: plot for plot in figure.plots}


def half(values: Array, shown: Scene, lane: Lane) -> Array:
    """A lane's part of what a layer computed: (T, H)."""
    size = shown.spec.hidden_size
    return values[:, 0, lane.direction * size : (lane.direction + 1) * size]


def initial(states: dict[str, Array], shown: Scene, lane: Lane, name: str) -> Array:
    return states[name][lane.layer * shown.spec.directions + lane.direction, 0]


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=80)
def test_every_track_is_the_engines(shown: Scene) -> None:
    found, trace = tracks(drawn(shown)), shown.analysis.trace
    looked_at = Lane(shown.layer, shown.direction)
    for lane in lanes(shown.spec):
        layer = trace.layers[lane.layer]
        for name in e.CELLS[shown.spec.cell].states:
            track = found.get(symbol(shown.spec, name, lane))
            if track is None:
                assert name != "h"
                assert lane != looked_at
                continue
            heat = track.marks[0]
            assert heat.left == lane.direction - 0.5
            steps = heat.values[:, :-1] if lane.direction else heat.values[:, 1:]
            assert_array_equal(steps, half(layer.states[name], shown, lane).T)
            outside = heat.values[:, -1 if lane.direction else 0]
            if e.CELLS[shown.spec.cell].recurrent:
                assert_array_equal(outside, initial(trace.initial_state, shown, lane, name))
        for name, values in layer.gates.items():
            track = found.get(symbol(shown.spec, name, lane))
            assert (track is not None) == (lane == looked_at)
            if track is not None:
                assert_array_equal(track.marks[0].values, half(values, shown, lane).T)
                assert track.marks[0].left == 0.5


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=40)
def test_the_gradient_is_that_of_the_lane_looked_at(shown: Scene) -> None:
    bars = next(m for m in tracks(drawn(shown))["dL/dh_t"].marks if isinstance(m, Bars))
    lane, gradients = Lane(shown.layer, shown.direction), shown.analysis.gradients
    steps = half(gradients.layers[lane.layer].h, shown, lane)
    outside = initial(gradients.initial_state, shown, lane, "h")
    vectors = [*steps, outside] if lane.direction else [outside, *steps]
    with np.errstate(all="ignore"):
        norms = np.array([np.linalg.norm(vector) for vector in vectors])
    ordinary = (norms > 1e-150) & (norms < 1e150)
    np.testing.assert_allclose(bars.heights[ordinary], norms[ordinary], rtol=1e-12)
    assert bars.start == lane.direction


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("rnn", ["x_t", "h_t", "ŷ_t", "L_t", "dL/dh_t"]),
        ("lstm", ["x_t", "h_t", "c_t", "f_t", "i_t", "g_t", "o_t", "ŷ_t", "L_t", "dL/dh_t"]),
        ("gru", ["x_t", "h_t", "r_t", "z_t", "n_t", "ŷ_t", "L_t", "dL/dh_t"]),
    ],
)
def test_a_cell_has_the_tracks_of_its_equations(cell: str, names: list[str]) -> None:
    assert [plot.name for plot in drawn(scene(TEXT, cell=cell)).plots] == names


def test_the_two_directions_are_told_apart_by_arrows() -> None:
    labels = [plain(p.gutter[0].text) for p in drawn(scene(TEXT, bidirectional=True)).plots]
    assert labels[1:3] == ["h→t", "h←t"]


def test_another_lane_can_be_looked_at() -> None:
    options = {"cell": "lstm", "num_layers": 2, "bidirectional": True}
    top = {plot.name for plot in drawn(scene(TEXT, **options)).plots}
    assert {"f⁽²⁾→_t", "c⁽²⁾→_t", "h⁽¹⁾→_t", "h⁽¹⁾←_t", "h⁽²⁾←_t"} < top
    assert "f⁽¹⁾→_t" not in top
    lower = {plot.name for plot in drawn(scene(TEXT, focus=(0, 1), **options)).plots}
    assert {"f⁽¹⁾←_t", "c⁽¹⁾←_t"} < lower
    assert "f⁽²⁾→_t" not in lower
    assert "layer 1 backwards" in drawn(scene(TEXT, focus=(0, 1), **options)).description


def test_of_two_lanes_both_show_their_memory() -> None:
    names = {plot.name for plot in drawn(scene(TEXT, cell="lstm", bidirectional=True)).plots}
    assert {"c→_t", "c←_t"} < names


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_gates_reach_from_zero_to_one_and_signed_values_have_a_middle(cell: str) -> None:
    shown = scene(TEXT, cell=cell)
    found = tracks(drawn(shown))
    for name in shown.analysis.trace.layers[0].gates:
        scale = found[f"{name}_t"].marks[0].scale
        expected = ("signed", -1.0, 1.0) if name in "gn" else ("gate", 0.0, 1.0)
        assert (scale.map, scale.low, scale.high) == expected
        assert quantity(name).role in THEMES["light"].roles
        assert found[f"{name}_t"].gutter[0].role == quantity(name).role


def test_a_memory_beyond_one_widens_its_scale_alone() -> None:
    shown = scene("a" * 30, cell="lstm", gain=6.0, step=3)
    found = tracks(drawn(shown))
    c = found["c_t"].marks[0]
    assert np.abs(c.values).max() > 1
    assert c.scale.high >= np.abs(c.values).max()
    assert found["h_t"].marks[0].scale.high == 1


def test_a_window_begins_and_ends_with_the_states_around_it() -> None:
    text = "abcdefgh " * 40
    shown = scene(text, cell="lstm", bidirectional=True, step=200, focus=(0, 1))
    start, stop = shown.analysis.flow.start, shown.analysis.flow.stop
    found = tracks(drawn(shown))
    forwards, backwards = shown.analysis.trace.layers[0].directions
    assert_array_equal(found["c→_t"].marks[0].values, forwards.c[start - 1 : stop, 0].T)
    assert_array_equal(found["c←_t"].marks[0].values, backwards.c[start : stop + 1, 0].T)
    axis = found["c→_t"].x
    assert (axis.low, axis.high) == (start - 0.5, stop + 1.5)
    bars = next(m for m in found["dL/dh_t"].marks if isinstance(m, Bars))
    assert (bars.start, len(bars.heights)) == (start + 1, stop - start + 1)


@pytest.mark.parametrize("readout", ["linear", "sigmoid", "softmax"])
def test_the_readouts_numbers_are_shown_as_they_are(readout: str) -> None:
    shown = scene(TEXT)
    spec = replace(shown.spec, readout=readout)
    trace = e.forward(spec, shown.parameters, shown.analysis.trace.x)
    shown = replace(shown, spec=spec, analysis=replace(shown.analysis, trace=trace))
    heat = tracks(drawn(shown))["ŷ_t"].marks[0]
    assert_array_equal(heat.values, shown.analysis.trace.probabilities[:, 0].T)
    assert heat.scale.map == ("signed" if readout == "linear" else "probability")


def test_moving_the_playhead_leaves_every_track_alone() -> None:
    options = {"cell": "lstm", "num_layers": 2, "bidirectional": True}
    one, other = (drawn(scene(TEXT, step=step, **options)) for step in (2, 3))
    kept = {id(m) for p in one.plots for m in p.marks if isinstance(m, Heatmap)}
    assert all(id(m) in kept for p in other.plots for m in p.marks if isinstance(m, Heatmap))
