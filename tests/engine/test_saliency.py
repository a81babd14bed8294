"""What the loss of one step says to every input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case

from rnnviz import engine as e

seeds = st.integers(0, 100_000)
kinds = pytest.mark.parametrize("kind", KINDS)


def of_one_loss(drawn, t):
    """The gradient of the loss of step t of a batch of one by its inputs, as backward finds it: (T, I)."""
    trace = drawn.trace()
    loss = drawn.loss_of(trace)
    by_logits = np.zeros_like(loss.logit_gradients)
    by_logits[t] = loss.logit_gradients[t]
    return e.backward(drawn.spec, drawn.params, trace, replace(loss, logit_gradients=by_logits)).inputs[:, 0]


@kinds
@settings(max_examples=15)
@given(seed=seeds)
def test_it_is_what_backward_says_of_that_loss_alone(kind, seed):
    drawn = any_case(seed, kind, held=2, batch=1, embedding=False, ragged=False)
    flow = drawn.flow()
    for t in range(len(drawn.x)):
        wanted = np.linalg.norm(of_one_loss(drawn, t), axis=1)
        np.testing.assert_allclose(flow.inputs(t), wanted, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("kind", ["rnn-tanh", "lstm-tanh", "gru-tanh-after"])
def test_it_is_a_finite_difference(kind):
    drawn = any_case(3, kind, batch=1, tokens=False, embedding=False, ragged=False, silent=False)
    flow, nudge = drawn.flow(), 1e-6
    steps, _, inputs = drawn.x.shape
    found = np.zeros((steps, steps, inputs))
    for k in range(steps):
        for n in range(inputs):
            by = np.zeros_like(drawn.x)
            by[k, 0, n] = nudge
            up, down = (drawn.loss_of(drawn.trace(x=drawn.x + sign * by)).step for sign in (1, -1))
            found[:, k, n] = (up - down)[:, 0] / (2 * nudge)
    wanted = np.linalg.norm(found, axis=2)
    np.testing.assert_allclose([flow.inputs(t) for t in range(steps)], wanted, atol=1e-7)


def test_of_embedded_tokens_it_is_that_of_their_vectors():
    drawn = any_case(
        5, "lstm-tanh", batch=1, tokens=True, embedding=True, ragged=False, silent=False, num_layers=2
    )
    table = drawn.params["embedding.weight"]
    spec = replace(drawn.spec, input_size=table.shape[1], embedding_size=None)
    rest = {name: array for name, array in drawn.params.items() if name != "embedding.weight"}
    bare = replace(drawn, spec=spec, params=e.parameters(spec, rest), x=table[drawn.x])
    embedded, plain = drawn.flow(), bare.flow()
    for t in range(len(drawn.x)):
        np.testing.assert_allclose(embedded.inputs(t), plain.inputs(t), rtol=1e-12)


@kinds
@settings(max_examples=5)
@given(seed=seeds)
def test_there_is_none_past_a_length_nor_of_a_step_without_a_loss(kind, seed):
    drawn = any_case(seed, kind, ragged=True, silent=True)
    for sequence, length in enumerate(drawn.lengths):
        flow = drawn.flow(sequence)
        for t in range(len(drawn.x)):
            found = flow.inputs(t)
            assert found.shape == (len(drawn.x),)
            assert not found[length:].any()
            if t >= length or not flow.heard[t]:
                assert not found.any()


def test_outside_of_the_window_there_is_a_sentence():
    drawn = any_case(7, "rnn-tanh", batch=1, ragged=False)
    with pytest.raises(e.StepError):
        drawn.flow().inputs(len(drawn.x))
