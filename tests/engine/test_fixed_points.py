from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dynamics import network, plain, states_after
from hypothesis import given
from hypothesis import strategies as st
from networks import known

from rnnviz import engine as e

seeds = st.integers(0, 100_000)


@pytest.mark.parametrize("answer", known("autonomous_tanh")["settled"], ids=lambda answer: answer["weight"])
def test_a_self_excited_unit_rests_at_two_states_and_wavers_at_zero(answer):
    low, zero, high = e.fixed_points(*plain([[answer["weight"]]], "tanh"))
    assert [low.stable, zero.stable, high.stable] == [True, False, True]
    assert high.state == pytest.approx([answer["state"]], abs=1e-6)
    assert low.state == pytest.approx([-answer["state"]], abs=1e-6)
    assert zero.state == pytest.approx([0.0], abs=1e-12)
    multipliers = (answer["multiplier"], answer["weight"], answer["multiplier"])
    for point, multiplier in zip((low, zero, high), multipliers, strict=True):
        assert point.eigenvalues == pytest.approx([multiplier], abs=1e-6)
        assert point.residual <= 1e-10


@pytest.mark.parametrize(("scale", "stable"), [(0.9, True), (1.1, False)])
def test_a_scaled_rotation_turns_around_zero(scale, stable):
    angle = 0.7
    weight = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    (point,) = e.fixed_points(*plain(weight))
    assert point.state == pytest.approx([0, 0], abs=1e-9)
    assert point.eigenvalues == pytest.approx(scale * np.exp([1j * angle, -1j * angle]))
    assert point.stable is stable


@given(seed=seeds)
def test_a_linear_network_rests_where_the_equation_says(seed):
    draw = np.random.default_rng(seed)
    spec = e.NetworkSpec("rnn", 2, 3, 1, "identity")
    params, x = network(spec, seed, 0.5), draw.normal(size=2)
    bias = params["bias_ih_l0"] + params["bias_hh_l0"]
    wanted = np.linalg.solve(np.eye(3) - params["weight_hh_l0"], params["weight_ih_l0"] @ x + bias)
    (point,) = e.fixed_points(spec, params, x, starts=4)
    assert point.state == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("cell", e.CELLS)
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_found_stays_where_it_is(cell, num_layers, dtype):
    spec = e.NetworkSpec(cell, 2, 3, 2, num_layers=num_layers, dtype=dtype)
    params, x = network(spec, 1), np.array([0.5, -1.0])
    exact = e.NetworkSpec(cell, 2, 3, 2, num_layers=num_layers)
    exactly = e.parameters(exact, dict(params))
    points = e.fixed_points(spec, params, x, starts=8)
    assert points
    for point in points:
        moved = states_after(exact, exactly, x, point.state[None])[0]
        assert np.linalg.norm(moved - point.state) <= 1e-10
        assert point.residual <= 1e-10
        assert point.eigenvalues.shape == point.state.shape
        assert point.stable is bool((np.abs(point.eigenvalues) < 1).all())
        assert (np.diff(np.abs(point.eigenvalues)) <= 1e-9).all()


def test_no_two_are_the_same_and_they_are_sorted():
    weight = np.diag([2.0, 1.5]) + 0.01
    found = np.array([point.state for point in e.fixed_points(*plain(weight, "tanh"))])
    assert len(found) == 9  # each unit rests low, wavers at zero or rests high
    apart = np.linalg.norm(found[:, None] - found, axis=2) + np.eye(9)
    assert apart.min() > 1e-3
    assert np.lexsort(found.round(6).T[::-1]).tolist() == list(range(9))


def test_the_same_seed_finds_the_same():
    spec, params = plain(np.random.default_rng(0).normal(size=(6, 6)), "tanh")
    first, again = (e.fixed_points(spec, params, starts=16, seed=3) for _ in range(2))
    assert [point.state.tolist() for point in first] == [point.state.tolist() for point in again]
    other = e.fixed_points(spec, params, starts=16, seed=4)
    assert {tuple(p.state.round(6)) for p in first} & {tuple(p.state.round(6)) for p in other}


@pytest.mark.parametrize("weight", [[[1.0]], [[0.0, -1.0], [1.0, 0.0]]])
def test_on_the_edge_of_stability_zero_is_found_once(weight):
    points = e.fixed_points(*plain(weight, "tanh"))
    assert len(points) == 1
    assert points[0].state == pytest.approx(np.zeros(len(weight)), abs=1e-4)


def test_a_network_that_runs_away_has_none():
    spec = e.NetworkSpec("rnn", 1, 1, 1, "relu")
    weights: dict[str, Any] = {name: np.ones(shape) for name, shape in e.parameter_shapes(spec).items()}
    assert e.fixed_points(spec, e.parameters(spec, weights)) == ()


def test_broken_weights_have_none():
    assert e.fixed_points(*plain([[np.nan]], "tanh")) == ()


def test_an_embedding_is_looked_up_in_proportion():
    spec = e.NetworkSpec("rnn", 3, 2, 1, embedding_size=4)
    params = network(spec, 5, 0.4)
    plain_spec = e.NetworkSpec("rnn", 4, 2, 1)
    plain_params = e.parameters(plain_spec, {name: params[name] for name in e.parameter_shapes(plain_spec)})
    (found,) = e.fixed_points(spec, params, [0, 1, 0], starts=4)
    (wanted,) = e.fixed_points(plain_spec, plain_params, params["embedding.weight"][1], starts=4)
    np.testing.assert_array_equal(found.state, wanted.state)


def test_what_does_not_fit_is_refused_in_a_sentence():
    spec = e.NetworkSpec("rnn", 2, 2, 2)
    params = e.initialise(spec)
    with pytest.raises(e.ShapeError, match=r"^x must be 2 finite numbers, not float64 \(3,\)\.$"):
        e.fixed_points(spec, params, [0.0, 1.0, 2.0])
    with pytest.raises(e.ShapeError, match=r"^x must be 2 finite numbers"):
        e.fixed_points(spec, params, [0.0, np.inf])
    with pytest.raises(e.SpecError, match=r"^starts must be a whole number of at least 1, not 0\.$"):
        e.fixed_points(spec, params, starts=0)
    both = e.NetworkSpec("rnn", 2, 2, 2, bidirectional=True)
    with pytest.raises(e.SpecError, match=r"^bidirectional must be false for fixed points"):
        e.fixed_points(both, e.initialise(both))
