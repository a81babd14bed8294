"""Slow motion: figures over time show of the playhead's step what has been computed, and nothing more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery.network import network
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.model import Arrows, Bars, Heatmap, Line, Region, Text
from rnnviz.figures.spots import labels
from rnnviz.figures.stages import is_new, known
from rnnviz.figures.tracks import TrackView, available

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure, Floats, Mark, Plot
    from rnnviz.figures.scene import Scene

TEXT = "abcdefabc"
CELLS = ["rnn", "lstm", "gru", "feedforward"]


@st.composite
def slow_scenes(draw: st.DrawFn) -> Scene:
    shown = draw(scenes(layers=2, both=True))
    return replace(shown, stage=draw(st.integers(0, len(e.stages(shown.spec)) - 1)))


def marks(figure: Figure) -> list[Mark]:
    return [mark for plot in figure.plots for mark in plot.marks]


def at(mark: Heatmap | Bars, t: int) -> Floats:
    """What a mark shows in column t."""
    if isinstance(mark, Heatmap):
        return mark.values[:, round(t - mark.left - 0.5)]
    return mark.heights[[round(t - mark.start)]]


def elsewhere(mark: Heatmap, t: int) -> Floats:
    return np.delete(mark.values, round(t - mark.left - 0.5), 1)


def strips(figure: Figure) -> list[Heatmap]:
    return [mark for mark in marks(figure) if isinstance(mark, Heatmap)]


def words(figure: Figure) -> str:
    """What stands as ŷ_t at the playhead's step, 4, of the network."""
    rows = [m for m in marks(figure) if isinstance(m, Text) and m.frame == "box"]
    return rows[0].strings[3]


def track(figure: Figure, name: str) -> Plot:
    return next(plot for plot in figure.plots if plot.name == name)


def outlines(plot: Plot) -> list[Region]:
    return [m for m in plot.marks if isinstance(m, Region) and m.role != "veil"]


@given(shown=slow_scenes(), show=st.sampled_from([network, timeline]))
@settings(max_examples=120)
def test_only_what_is_known_is_shown_at_the_playhead_and_all_elsewhere(shown: Scene, show: object) -> None:
    assert callable(show)
    whole, slow = (strips(show(replace(shown, stage=stage))) for stage in (None, shown.stage))
    names, t = labels(shown), shown.step + 1
    for one, other in zip(whole, slow, strict=True):
        quantity = names[one.scale.label][0]
        assert one.scale == other.scale
        assert_array_equal(elsewhere(one, t), elsewhere(other, t))
        if known(shown, quantity):
            assert_array_equal(at(one, t), at(other, t))
        else:
            assert np.isnan(at(other, t)).all()


@pytest.mark.parametrize("cell", CELLS)
def test_at_the_last_stage_everything_is_there(cell: str) -> None:
    shown = scene(TEXT, cell=cell, step=3)
    slow = replace(shown, stage=len(e.stages(shown.spec)) - 1)
    for show in (network, timeline):
        for one, other in zip(strips(show(shown)), strips(show(slow)), strict=True):
            assert one is other
    assert network(slow).description == network(shown).description
    assert timeline(slow).description == timeline(shown).description


@pytest.mark.parametrize("cell", CELLS)
def test_the_prediction_and_its_loss_come_last(cell: str) -> None:
    shown = scene(TEXT, cell=cell, step=3)
    last = len(e.stages(shown.spec)) - 1
    for stage in range(last):
        slow = replace(shown, stage=stage)
        assert words(network(slow)) == ""
        assert np.isnan(at(track(timeline(slow), "L_t").marks[0], 4))
        assert track(timeline(slow), "L_t").y == track(timeline(shown), "L_t").y
        assert "has not predicted yet" in network(slow).description
        assert "the loss is not known yet" in timeline(slow).description
    there = replace(shown, stage=last)
    assert words(network(there)) == words(network(shown)) != ""
    assert at(track(timeline(there), "L_t").marks[0], 4) == shown.analysis.loss.step[3, 0]


def test_gradients_are_no_part_of_the_step() -> None:
    shown = scene(
        TEXT,
        cell="lstm",
        step=3,
    )
    for stage in range(5):
        bars = track(timeline(replace(shown, stage=stage)), "dL/dh_t").marks[0]
        assert_array_equal(bars.heights, track(timeline(shown), "dL/dh_t").marks[0].heights)


def test_what_is_new_is_outlined_in_its_own_colour() -> None:
    shown = scene(TEXT, cell="lstm", step=3)
    found = []
    for stage in range(5):
        figure = timeline(replace(shown, stage=stage))
        new = {plot.name: region for plot in figure.plots for region in outlines(plot)}
        assert {(region.low, region.high) for region in new.values()} == {(3.5, 4.5)}
        found.append({name: region.role for name, region in new.items()})
    assert found == [
        {"x_t": "input"},
        {"f_t": "forget_gate", "i_t": "input_gate", "g_t": "candidate", "o_t": "output_gate"},
        {"c_t": "cell"},
        {"h_t": "hidden"},
        {"ŷ_t": "readout"},
    ]


@pytest.mark.parametrize("both", [False, True])
def test_the_box_is_filled_strip_by_strip(both: bool) -> None:
    shown = scene("abcde", cell="lstm", step=2, bidirectional=both)
    usual = len(outlines(network(shown).plots[0]))
    found = []
    for stage in range(5):
        plot = network(replace(shown, stage=stage)).plots[0]
        new = outlines(plot)[usual:]
        assert all(2.5 < region.low < region.high < 3.5 for region in new)
        found.append([region.role for region in new])
    each = 1 + both
    assert found == [[], ["selection"] * each, ["cell"] * each, ["hidden"] * each, []]


def taken(cell: str, **options: object) -> list[set[str]]:
    """Which ways numbers go to the playhead's step, 3, at each stage."""
    shown, found = scene("abcde", cell=cell, step=2, **options), []
    for stage in range(len(e.stages(shown.spec))):
        plot = network(replace(shown, stage=stage)).plots[0]
        ends = [m.ends for m in plot.marks if isinstance(m, Arrows) and m.role == "selection"]
        found.append({_way(*end) for rows in ends for end in rows.tolist()})
    return found


def _way(x0: float, y0: float, x1: float, y1: float) -> str:
    if x0 == x1 == 3:
        return "in" if y0 < 0.2 else "out" if y1 > 0.8 else "up"
    assert 2 < min(x0, x1) < max(x0, x1) < 4
    return ("from the left" if x0 < x1 else "from the right") + (" above" if y0 > 0.5 else "")


def test_the_way_of_the_numbers_is_lit() -> None:
    across, above = "from the left", "from the left above"
    assert taken("lstm") == [{"in"}, {across}, {above}, set(), {"out"}]
    assert taken("rnn") == [{"in"}, {across}, set(), {"out"}]
    assert taken("gru") == [{"in"}, {across}, {across}, {across}, {"out"}]
    assert taken("feedforward") == [{"in"}, set(), set(), {"out"}]
    assert taken("rnn", num_layers=2)[2] == {"up"}
    assert taken("rnn", bidirectional=True)[1] == {across, "from the right above"}


def test_the_later_steps_of_the_timeline_are_dimmed_only_in_slow_motion() -> None:
    shown = scene(TEXT, step=3)
    for stage, low in ((None, None), (0, 4.5), (3, 4.5)):
        for plot in timeline(replace(shown, stage=stage)).plots:
            veils = [m.low for m in plot.marks if isinstance(m, Region) and m.role == "veil"]
            assert veils == ([] if low is None else [low])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_folded_network_shows_the_stage_too(cell: str) -> None:
    shown = scene("abcde", cell=cell, step=2)
    for stage in range(len(e.stages(shown.spec))):
        slow = replace(shown, stage=stage)
        figure, names = network(slow, 1.0), labels(slow)
        for heat in strips(figure):
            assert np.isnan(heat.values).all() == (not known(slow, names[heat.scale.label][0]))
        loops = [m for m in marks(figure) if isinstance(m, Line) and m.role == "selection"]
        assert len(loops) == (
            stage == 1 or (stage in {2, 3} and cell == "gru") or (stage, cell) == (2, "lstm")
        )


@given(shown=slow_scenes())
@settings(max_examples=30)
def test_every_track_and_form_can_be_shown(shown: Scene) -> None:
    keys = frozenset(available(shown))
    t = shown.step + 1
    figure = timeline(shown, TrackView(toggled=keys - {"x", "h"}, lines=keys), unit=0)
    for mark in marks(figure):
        if isinstance(mark, Line) and t in mark.x and is_new(shown, "h"):
            assert mark.x.shape == mark.y.shape
    assert timeline(shown, TrackView(collapsed=keys)).plots


def test_lines_break_where_nothing_is_known_yet() -> None:
    shown = scene(TEXT, cell="lstm", step=3)
    view = TrackView(lines=frozenset({"h", "L"}))
    whole, slow = (timeline(replace(shown, stage=stage), view) for stage in (None, 2))
    for name in ("h_t", "L_t"):
        assert track(whole, name).y == track(slow, name).y
        for one, other in zip(track(whole, name).marks, track(slow, name).marks, strict=False):
            if isinstance(one, Line):
                assert_array_equal(np.where(one.x == 4, np.nan, one.y), other.y)


def test_tokens_lose_their_colour_but_stay() -> None:
    shown = replace(scene(TEXT, step=3), stage=0)
    view = TrackView(toggled=frozenset({"text"}))
    heat = timeline(shown, view, unit=0).plots[0].marks[0]
    assert heat.texts == tuple(TEXT[:-1])
    assert np.isnan(heat.values[0]).tolist() == [n == 3 for n in range(8)]


def test_whole_steps_cost_nothing() -> None:
    shown = scene(TEXT, cell="lstm", step=3)
    again = replace(shown)
    for show in (network, timeline):
        assert all(a is b for a, b in zip(strips(show(shown)), strips(show(again)), strict=True))


def test_a_stage_that_changes_little_leaves_the_other_marks_alone() -> None:
    shown = scene(TEXT, cell="lstm", step=3)
    one, other = (strips(timeline(replace(shown, stage=stage))) for stage in (1, 2))
    changed = [a.scale.label for a, b in zip(one, other, strict=True) if a is not b]
    assert changed == ["c_t"]


def test_the_playhead_may_be_out_of_sight() -> None:
    shown = replace(scene(TEXT, cell="lstm", step=7), stage=1, columns=(0, 4))
    whole = replace(shown, stage=None)
    for show in (network, timeline):
        for one, other in zip(strips(show(whole)), strips(show(shown)), strict=True):
            assert_array_equal(one.values, other.values)
    assert network(shown, 1.0).plots
