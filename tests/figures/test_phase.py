from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery.phase import entering, phase, run_through
from rnnviz.figures.model import Arrows, Line, Points
from rnnviz.figures.plane import plane_of


def mark(figure, kind, role):
    return next(m for m in figure.plots[0].marks if isinstance(m, kind) and m.role == role)


@given(seed=st.integers(0, 1000), cell=st.sampled_from(["rnn", "gru"]), step=st.integers(0, 5))
def test_two_units_are_drawn_exactly_and_the_flow_is_the_network(seed, cell, step):
    shown = scene("abcdefa", cell=cell, units=2, seed=seed, step=step, gain=2.0)
    figure, trace = phase(shown), shown.analysis.trace
    path = mark(figure, Line, "hidden")
    np.testing.assert_array_equal(np.stack([path.x, path.y], 1)[1:], trace.layers[0].h[:, 0])
    network = e.Autonomous(shown.spec, shown.parameters, entering(shown, reading=True))
    ends = mark(figure, Arrows, "disabled").ends
    moved = network.after(network.run(ends[:, :2])) - ends[:, :2]
    drawn = ends[:, 2:] - ends[:, :2]
    lengths = np.linalg.norm(moved, axis=1)
    # Each arrow points where the state goes, and no farther.
    np.testing.assert_allclose((drawn * moved).sum(1), np.linalg.norm(drawn, axis=1) * lengths, atol=1e-12)
    assert (np.linalg.norm(drawn, axis=1) <= lengths + 1e-12).all()


@given(shown=scenes(layers=2, both=True))
def test_the_run_leads_where_the_flow_says_while_its_token_is_read(shown):
    if shown.spec.bidirectional or shown.analysis.trouble:
        return
    states = run_through(shown)
    network = e.Autonomous(shown.spec, shown.parameters, entering(shown, reading=True))
    after = network.after(network.run(states[shown.step : shown.step + 1]))
    np.testing.assert_allclose(after[0], states[shown.step + 1], atol=1e-12)


@given(shown=scenes(layers=2, both=True))
def test_every_network_has_a_portrait_or_a_reason_why_not(shown):
    figure = phase(shown)
    assert bool(figure.message) == (not figure.plots)
    for plot in figure.plots:
        for found in plot.marks:
            if isinstance(found, Points):
                assert np.isfinite(found.positions).all()


def test_fixed_points_are_where_the_engine_finds_them():
    shown = scene("abcabc", units=2, gain=3.0, seed=4)
    x = entering(shown, reading=False)
    found = e.fixed_points(shown.spec, shown.parameters, x, starts=24)
    figure = phase(shown, reading=False)
    drawn = [
        m.positions for role in ("text", "warning") for m in figure.plots[0].marks
        if isinstance(m, Points) and m.role == role
    ]  # fmt: skip
    wanted = [p.state for stable in (True, False) for p in found if p.stable == stable]
    np.testing.assert_allclose(np.concatenate(drawn), np.array(wanted))


def test_fixed_points_follow_a_weight_that_moves_a_little():
    shown = scene("abcabc", units=2, gain=3.0, seed=4)
    before = e.fixed_points(shown.spec, shown.parameters)
    params = shown.parameters.replaced({"weight_hh_l0": shown.parameters["weight_hh_l0"] * 1.01})
    after = e.fixed_points(shown.spec, params, near=[point.state for point in before])
    assert {tuple(p.state.round(6)) for p in after} <= {
        tuple(p.state.round(6)) for p in e.fixed_points(shown.spec, params)
    }
    assert after


@given(seed=st.integers(0, 1000), size=st.integers(2, 6), count=st.integers(1, 9))
def test_a_plane_is_a_projection(seed, size, count):
    states = np.random.default_rng(seed).normal(size=(count, size))
    plane = plane_of(states)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    places = plane.project(states)
    np.testing.assert_allclose(plane.project(plane.lift(places)), places, atol=1e-9)
    assert 0.0 <= plane.share <= 1.0 + 1e-12


def test_a_plane_holds_as_much_of_the_variance_as_any():
    states = np.random.default_rng(0).normal(size=(50, 4)) * [5.0, 3.0, 0.5, 0.1]
    plane = plane_of(states)
    kept = plane.project(states).var(0).sum() / states.var(0).sum()
    assert kept == pytest.approx(plane.share)
    assert plane.share > 0.97


def test_one_number_and_two_directions_are_told_what_to_do():
    assert "second unit" in phase(scene("abc", units=1)).message
    assert "two directions" in phase(scene("abc", bidirectional=True)).message
    assert "smaller" in phase(scene("abcabc", activation="identity", gain=1e200)).message


def test_nothing_read_is_a_flow_of_its_own():
    shown = replace(scene("abcabc", units=2), step=2)
    reads, rests = (mark(phase(shown, reading=reading), Arrows, "disabled").ends for reading in (True, False))
    assert not np.array_equal(reads, rests)
    assert not entering(shown, reading=False).any()


def test_it_says_whether_fixed_points_are_still_being_searched_for():
    shown = scene("abcabc", units=2)
    assert "searching for fixed points" in phase(shown, (), searching=True).note
    assert "no fixed point found" in phase(shown, ()).note
    assert "too large" in phase(scene("abcabc", units=65)).note
