from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, case

from rnnviz import engine as e

EMPTY = ([], (), np.zeros(0, int), np.zeros(0))


kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
@settings(max_examples=10)
@given(seed=st.integers(0, 100_000), dtype=st.sampled_from(["float64", "float32"]))
def test_an_analysis_is_its_parts(kind, seed, dtype):
    chosen = {"readout": "softmax", "tokens": True, "ragged": False, "batch": 1}
    drawn = any_case(seed, kind, dtype=dtype, held=2, **chosen)
    trace = drawn.trace()
    loss, gradients, flow = drawn.loss_of(trace), drawn.gradients(), drawn.flow()
    tokens, targets = drawn.x[:, 0], drawn.targets[:, 0]
    found = e.analyse(
        drawn.spec,
        drawn.params,
        tokens,
        targets,
        interventions=drawn.interventions,
        initial_state=drawn.initial,
    )
    assert np.array_equal(found.trace.probabilities, trace.probabilities)
    assert found.loss.total == loss.total
    assert np.array_equal(found.gradients.parameters.flat, gradients.parameters.flat)
    assert np.array_equal(found.flow.hidden, flow.hidden)
    assert found.verdict.sentence == e.verdict(drawn.spec, drawn.params, trace, flow).sentence
    assert found.trouble == e.first_nonfinite(trace, loss, gradients)
    assert {found.trace.output.dtype, found.gradients.layers[0].h.dtype} == {np.dtype(dtype)}


@pytest.mark.parametrize("nothing", EMPTY, ids=["list", "tuple", "integers", "floats"])
@kinds
def test_no_steps_at_all_are_analysed_too(kind, nothing):
    spec = e.NetworkSpec(**KINDS[kind], input_size=3, hidden_size=2, output_size=3, num_layers=2)
    found = e.analyse(spec, e.initialise(spec), nothing, nothing)
    assert (found.loss.total, found.verdict.kind, found.trouble) == (0, "too-short", None)
    assert found.flow.hidden.shape == found.flow.terms("weight_ih_l0").shape == (0, 0)
    assert found.gradients.inputs.shape == (0, 1, 3)
    assert not found.gradients.parameters.flat.any()


def test_without_any_loss_nothing_is_said():
    spec = e.NetworkSpec("rnn", 3, 2, 3)
    found = e.analyse(spec, e.initialise(spec), [0, 1, 2], [-1, -1, -1])
    assert (found.loss.total, found.verdict.kind, found.trouble) == (0, "too-short", None)
    assert not found.flow.hidden.any()
    assert not found.gradients.parameters.flat.any()


def test_a_window_restricts_the_flow_and_nothing_else():
    drawn = case(11, batch=1)
    tokens, targets = drawn.x[:, 0], drawn.targets[:, 0]
    whole, part = (e.analyse(drawn.spec, drawn.params, tokens, targets, steps) for steps in (None, (1, 3)))
    assert np.array_equal(part.flow.hidden, whole.flow.hidden[1:3, 1:3])
    assert np.array_equal(part.gradients.parameters.flat, whole.gradients.parameters.flat)


def test_ten_thousand_steps_need_a_window_only():
    spec = e.NetworkSpec("rnn", 30, 8, 30)
    tokens = np.random.default_rng(0).integers(0, 30, 10_001)
    found = e.analyse(spec, e.initialise(spec), tokens[:-1], tokens[1:], (9_920, 10_000))
    assert found.flow.hidden.shape == (80, 80)
    assert found.verdict.sentence.startswith("Vanishing: ×")
    assert "∂L₁₀₀₀₀/∂h₉₉₂₁" in found.verdict.sentence
