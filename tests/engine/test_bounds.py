from __future__ import annotations

import numpy as np
import pytest
from dynamics import network, plain
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e


@pytest.mark.parametrize("activation", e.ACTIVATIONS)
@given(seed=st.integers(0, 100_000))
def test_no_step_multiplies_a_gradient_by_more_than_the_bound(activation, seed):
    spec = e.NetworkSpec("rnn", 2, 4, 2, activation=activation, num_layers=2, bidirectional=True)
    params = network(spec, seed)
    trace = e.forward(spec, params, np.random.default_rng(seed).normal(size=(6, 1, 2)))
    for layer in (0, 1):
        for direction, (t, k) in enumerate([(5, -1), (0, 6)]):
            bound = e.step_bound(spec, params, layer, direction)
            links = e.chain(spec, params, trace, t, k, layer, direction)
            assert links.singular_values.max() <= bound.factor * (1 + 1e-12)


@pytest.mark.parametrize(
    ("activation", "steepest"), [("tanh", 1), ("relu", 1), ("sigmoid", 0.25), ("identity", 1)]
)
def test_the_bound_is_reached_where_the_activation_is_steepest(activation, steepest):
    spec, params = plain(np.array([[0.0, 3.0], [0.0, 0.0]]), activation)
    assert e.step_bound(spec, params).norm == pytest.approx(3)
    assert e.step_bound(spec, params).factor == pytest.approx(3 * steepest)


def test_weights_that_are_not_finite_have_no_bound():
    spec, params = plain(np.array([[np.inf]]), "tanh")
    assert np.isnan(e.step_bound(spec, params).factor)


def test_cells_with_gates_are_refused():
    spec = e.NetworkSpec("lstm", 2, 3, 2)
    with pytest.raises(e.SpecError, match="cell must be rnn"):
        e.step_bound(spec, network(spec, 0))
