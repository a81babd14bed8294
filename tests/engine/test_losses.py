from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import case

from rnnviz import engine as e

seeds = st.integers(0, 100_000)


@given(seeds)
def test_the_loss_of_a_step_is_minus_the_log_of_what_its_target_got(seed):
    drawn = case(seed, ragged=True, silent=True)
    trace, loss = drawn.trace(), drawn.loss()
    for (t, b), target in np.ndenumerate(drawn.targets):
        heard = target >= 0 and t < drawn.lengths[b]
        wanted = -np.log(trace.probabilities[t, b, target]) if heard else 0.0
        assert loss.step[t, b] == pytest.approx(wanted, abs=1e-12)
        assert loss.heard[t, b] == heard
    assert loss.total == pytest.approx(loss.step.sum() / drawn.targets.shape[1])


@given(seeds)
def test_its_gradient_by_the_logits_is_the_probabilities_minus_the_target(seed):
    drawn = case(seed, ragged=True, silent=True)
    probabilities, loss = drawn.trace().probabilities, drawn.loss()
    one_hot = np.eye(drawn.spec.output_size)[drawn.targets] * loss.heard[..., None]
    assert loss.logit_gradients == pytest.approx(probabilities * loss.heard[..., None] - one_hot)


@given(st.floats(0, 1e300))
def test_the_loss_stays_exact_where_the_probability_underflows(lead):
    spec = e.NetworkSpec("rnn", 1, 1, 2)
    weights = {"head.weight": [[0.0], [0.0]], "head.bias": [lead, 0.0]}
    trace = e.forward(spec, e.initialise(spec).replaced(weights), [[0]])
    assert e.cross_entropy(trace, [[1]]).total == pytest.approx(lead + np.log1p(np.exp(-lead)))


def test_a_silent_step_says_nothing_even_where_the_run_has_broken_down():
    spec = e.NetworkSpec("rnn", 1, 2, 2)
    params = e.initialise(spec).replaced({"head.bias": [np.nan, np.inf]})
    loss = e.cross_entropy(e.forward(spec, params, [[0], [0]]), [[-1], [-1]])
    assert loss.total == 0
    assert not loss.logit_gradients.any()


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        ([[2]], r"^Targets must lie in 0 … 1, or be −1 for no loss, but hold 2 … 2\.$"),
        ([[-2]], r"^Targets must lie in 0 … 1"),
        ([[0.0]], r"^targets must be whole numbers of shape \(1, 1\), not float64"),
        ([0], r"^targets must be whole numbers of shape \(1, 1\)"),
    ],
)
def test_what_is_no_class_is_refused(targets, sentence):
    spec = e.NetworkSpec("rnn", 1, 2, 2)
    with pytest.raises(e.ShapeError, match=sentence):
        e.cross_entropy(e.forward(spec, e.initialise(spec), [[0]]), targets)


def test_a_target_past_the_length_may_be_anything():
    spec = e.NetworkSpec("rnn", 1, 2, 2)
    trace = e.forward(spec, e.initialise(spec), [[0], [0]], lengths=[1])
    assert e.cross_entropy(trace, [[1], [99]]).targets.tolist() == [[1], [-1]]
