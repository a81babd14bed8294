from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dynamics import network, plain, states_after
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from rnnviz import engine as e
from rnnviz.engine.stack_jacobian import StackJacobian

RECURRENT = [name for name, cell in e.CELLS.items() if cell.recurrent]
seeds = st.integers(0, 100_000)


def exponents(weight: Any, steps: int, activation: str = "identity", start: Any = None) -> Any:
    """Those of a run without input."""
    spec, params = plain(np.asarray(weight, float), activation)
    initial = {"h": np.reshape(np.zeros(len(weight)) if start is None else start, (1, 1, -1))}
    return e.lyapunov_exponents(spec, params, e.forward(spec, params, np.zeros((steps, 1, 1)), initial))


def states_of(trace: e.Trace, step: int) -> Any:
    return np.concatenate([states[step, 0] for layer in trace.layers for states in layer.states.values()])


@pytest.mark.parametrize("cell", e.CELLS)
@pytest.mark.parametrize("num_layers", [1, 3])
@given(seed=seeds)
def test_the_jacobian_of_a_stack_is_that_of_one_step_of_all_layers(cell, num_layers, seed):
    spec = e.NetworkSpec(cell, 2, 3, 2, num_layers=num_layers)
    params, draw = network(spec, seed), np.random.default_rng(seed)
    x = draw.normal(size=(4, 2, 2))
    trace = e.forward(spec, params, x, lengths=[3, 4])
    stack = StackJacobian(spec, params, trace)
    assert stack.steps == 3
    for step in (1, 2, 1):  # in any order
        before = states_of(trace, step - 1)
        found, push = stack.at(step), np.eye(len(before)) * 1e-6
        up, down = (states_after(spec, params, x[step, 0], before + sign * push) for sign in (1, -1))
        assert found == pytest.approx((up - down).T / 2e-6, rel=1e-5, abs=1e-7)


@given(seed=seeds)
def test_orthogonal_weights_keep_all_differences_as_they_are(seed):
    weight = np.linalg.qr(np.random.default_rng(seed).normal(size=(5, 5)))[0]
    assert exponents(weight, 50).exponents == pytest.approx(np.zeros(5), abs=1e-12)


def test_a_scaled_rotation_scales_all_differences():
    angle, scale = 0.7, 0.9
    weight = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = exponents(weight, 20)
    np.testing.assert_allclose(found.running, np.log(scale), rtol=1e-12)


@given(seed=seeds)
def test_they_add_up_to_the_growth_of_volumes(seed):
    weight = np.random.default_rng(seed).normal(size=(4, 4))
    found = exponents(weight, 9)
    volume = np.log(np.abs(np.linalg.det(weight)))
    assert found.running.sum(axis=1) == pytest.approx(np.full(9, volume), rel=1e-8, abs=1e-8)


@given(seed=seeds)
def test_settled_at_zero_the_largest_is_the_log_of_the_spectral_radius(seed):
    weight = np.random.default_rng(seed).normal(size=(4, 4))
    weight *= 0.9 / e.spectrum(weight).spectral_radius
    found = exponents(weight, 400, "tanh")
    late = 2 * found.running[399] - found.running[199]
    assert late[0] == pytest.approx(np.log(0.9), abs=0.02)


def test_the_running_exponents_are_those_of_the_steps_so_far():
    weight, start = np.random.default_rng(0).normal(size=(3, 3)), [0.3, -0.2, 0.9]
    found = exponents(weight, 12, "tanh", start)
    assert found.running.shape == (12, 3)
    np.testing.assert_array_equal(found.exponents, found.running[-1])
    np.testing.assert_allclose(exponents(weight, 5, "tanh", start).exponents, found.running[4])
    assert (np.diff(found.running, axis=1) <= 0).all()


@pytest.mark.parametrize(
    ("weight", "vanished"),
    [
        (np.zeros((3, 3)), 3),
        (np.ones((3, 3)), 2),
        (np.diag([1.0, 1e-30, 0.0]), 1),
        (np.outer([1, 2, 3], [0.3, 0.1, -0.7]), 2),
    ],
)
def test_what_vanishes_altogether_has_an_exponent_of_minus_infinity(weight, vanished):
    found = exponents(weight, 3)
    assert np.isneginf(found.exponents).tolist() == [False] * (3 - vanished) + [True] * vanished
    assert not np.isnan(found.running).any()


def test_tiny_and_huge_growth_is_exact():
    found = exponents(np.diag([1e-200, 1e200, 1.0]), 1)
    assert found.exponents == pytest.approx(np.log(10) * np.array([200, 0, -200]))


@pytest.mark.parametrize("cell", e.CELLS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_all_states_of_all_layers_of_the_first_sequence_count(cell, dtype):
    spec = e.NetworkSpec(cell, 2, 3, 2, num_layers=2, dtype=dtype)
    params, x = network(spec), np.random.default_rng(0).normal(size=(6, 2, 2))
    found = e.lyapunov_exponents(spec, params, e.forward(spec, params, x, lengths=[4, 6]))
    alone = e.lyapunov_exponents(spec, params, e.forward(spec, params, x[:4, :1]))
    assert found.running.dtype == np.float64
    assert found.running.shape == (4, 2 * 3 * len(e.CELLS[cell].states))
    np.testing.assert_allclose(found.running, alone.running, rtol=1e-3 if dtype == "float32" else 1e-10)
    assert np.isneginf(found.exponents).all() == (cell not in RECURRENT)


def test_a_run_that_has_broken_down_has_no_exponents_and_raises_nothing():
    found = exponents([[1e200]], 4, start=[1.0])
    assert found.exponents == pytest.approx([200 * np.log(10)])
    assert np.isnan(exponents([[np.inf]], 4, "tanh", start=[1.0]).exponents).all()


@pytest.mark.parametrize(("gain", "sign"), [(0.5, -1), (2.0, 1)])
def test_a_large_random_network_settles_or_is_chaotic(gain, sign):
    weight = gain * np.random.default_rng(0).normal(size=(400, 400)) / 20
    start = np.random.default_rng(1).normal(size=400)
    with threadpool_limits(limits=1, user_api="blas"):  # or it takes minutes where other tests run beside it
        found = exponents(weight, 30, "tanh", start)
    assert np.sign(found.running[10:, 0]).tolist() == [sign] * 20


def test_two_ways_through_time_are_refused():
    spec = e.NetworkSpec("rnn", 1, 2, 2, bidirectional=True)
    params = e.initialise(spec)
    with pytest.raises(e.SpecError, match=r"^bidirectional must be false for Lyapunov exponents"):
        e.lyapunov_exponents(spec, params, e.forward(spec, params, [[0]]))


@pytest.mark.parametrize(("x", "lengths"), [(np.zeros((0, 1), int), None), ([[0]], [0])])
def test_a_run_without_steps_is_refused(x, lengths):
    spec = e.NetworkSpec("rnn", 1, 2, 2)
    params = e.initialise(spec)
    with pytest.raises(e.StepError, match=r"^Lyapunov exponents need a sequence of at least one step\.$"):
        e.lyapunov_exponents(spec, params, e.forward(spec, params, x, lengths=lengths))
