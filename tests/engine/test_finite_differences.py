"""Every derivative against the difference quotient of the loss, for all cells and all kinds of batch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from networks import CELLS_AND_ACTIVATIONS, Case, case

from rnnviz import engine as e

SMALL = 1e-6


@pytest.mark.parametrize("silent", [False, True], ids=["heard", "silent"])
@pytest.mark.parametrize("ragged", [False, True], ids=["full", "ragged"])
@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no-bias"])
@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@settings(max_examples=8)
@given(seed=st.integers(0, 100_000), tokens=st.booleans())
def test_gradients_are_difference_quotients(cell, activation, bias, ragged, silent, seed, tokens):
    drawn = case(
        seed, cell=cell, activation=activation, bias=bias, ragged=ragged, silent=silent, tokens=tokens
    )
    assume(activation != "relu" or far_from_kinks(drawn))
    check_gradients(drawn, np.random.default_rng(seed))


def check_gradients(drawn: Case, draw: np.random.Generator) -> None:
    gradients = drawn.gradients()
    for name, array in drawn.params.items():

        def moved(by, name=name, array=array):
            return drawn.loss(params=drawn.params.replaced({name: array + by})).total

        agree(moved, gradients.parameters[name], draw, name)
    agree(lambda by: drawn.loss(initial=drawn.initial + by).total, gradients.initial_state["h"], draw, "h0")
    vectors = drawn.x if drawn.x.ndim == 3 else np.eye(drawn.spec.input_size)[drawn.x]
    agree(lambda by: drawn.loss(x=vectors + by).total, gradients.inputs, draw, "x")


def agree(loss_moved_by, gradient, draw, name):
    """Compare the slope of the loss along a random direction."""
    direction = draw.normal(size=gradient.shape)
    slope = (loss_moved_by(SMALL * direction) - loss_moved_by(-SMALL * direction)) / (2 * SMALL)
    wanted = float((gradient * direction).sum())
    assert slope == pytest.approx(wanted, rel=1e-5, abs=1e-6), name


def far_from_kinks(drawn: Case) -> bool:
    a = drawn.trace().layers[0].preactivations["h"]
    inside = np.arange(len(a))[:, None] < drawn.lengths
    return bool(np.abs(a[inside]).min(initial=1.0) > 1e-3)


@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@settings(max_examples=10)
@given(seed=st.integers(0, 100_000))
def test_jacobians_are_difference_quotients(cell, activation, seed):
    """A push of the initial state moves each later state as ∂h_t/∂h_0 says."""
    drawn = case(seed, cell=cell, activation=activation, gain=0.8)
    assume(activation != "relu" or far_from_kinks(drawn))
    push = np.random.default_rng(seed).normal(size=drawn.initial.shape)
    ahead, behind = (drawn.trace(initial=drawn.initial + sign * SMALL * push).output for sign in (1, -1))
    slopes = (ahead - behind)[:, 0] / (2 * SMALL)
    trace = drawn.trace()
    for t, slope in enumerate(slopes):
        jacobian = e.jacobian(drawn.spec, drawn.params, trace, t, -1)
        assert jacobian @ push[0, 0] == pytest.approx(slope, rel=1e-5, abs=1e-6)
