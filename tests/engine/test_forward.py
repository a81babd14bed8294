from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import CELLS_AND_ACTIVATIONS, case

from rnnviz import engine as e

FUNCTIONS = {
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "identity": lambda a: a,
}

seeds = st.integers(0, 100_000)


@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@given(seed=seeds, bias=st.booleans())
def test_every_step_obeys_the_equations(cell, activation, seed, bias):
    drawn = case(seed, cell=cell, activation=activation, bias=bias, tokens=False, gain=0.8)
    trace, weights = drawn.trace(), dict(drawn.params)
    h = drawn.initial[0]
    for t, x in enumerate(drawn.x):
        a = x @ weights["weight_ih_l0"].T + weights.get("bias_ih_l0", 0)
        if cell == "rnn":
            a = a + h @ weights["weight_hh_l0"].T + weights.get("bias_hh_l0", 0)
        h = FUNCTIONS[activation](a)
        logits = h @ weights["head.weight"].T + weights.get("head.bias", 0)
        odds = np.exp(logits)
        assert trace.layers[0].preactivations["h"][t] == pytest.approx(a)
        assert trace.layers[0].h[t] == pytest.approx(h)
        assert trace.logits[t] == pytest.approx(logits)
        assert trace.probabilities[t] == pytest.approx(odds / odds.sum(axis=1, keepdims=True))
    assert trace.final_state["h"][0] == pytest.approx(h)
    assert trace.initial_state["h"] == pytest.approx(drawn.initial)
    assert trace.steps == len(drawn.x)


@pytest.mark.parametrize("cell", e.CELLS)
@given(seed=seeds)
def test_a_token_is_a_one_hot_vector(cell, seed):
    drawn = case(seed, cell=cell)
    one_hot = np.eye(drawn.spec.input_size)[drawn.x]
    assert drawn.trace().logits == pytest.approx(drawn.trace(x=one_hot).logits)
    gradients = e.backward(drawn.spec, drawn.params, drawn.trace(x=one_hot), drawn.loss(x=one_hot))
    assert drawn.gradients().parameters.flat == pytest.approx(gradients.parameters.flat)


@pytest.mark.parametrize("cell", e.CELLS)
@pytest.mark.parametrize("padding", [1e300, np.nan])
@given(seed=seeds)
def test_what_lies_past_a_length_counts_for_nothing(cell, padding, seed):
    """Each sequence alone, cut to its length, gives the same; and past it everything is zero."""
    drawn = case(seed, cell=cell, tokens=False, ragged=True, batch=3)
    past = np.arange(len(drawn.x))[:, None] >= drawn.lengths
    drawn.x[past] = padding
    trace, gradients = drawn.trace(), drawn.gradients()
    for array in (trace.output, trace.logits, trace.probabilities, gradients.layers[0].h, gradients.inputs):
        assert not array[past].any()
    for b, length in enumerate(drawn.lengths):
        alone = e.forward(
            drawn.spec, drawn.params, drawn.x[:length, b : b + 1], {"h": drawn.initial[:, b : b + 1]}
        )
        assert trace.logits[:length, b] == pytest.approx(alone.logits[:, 0])
        assert trace.final_state["h"][:, b] == pytest.approx(alone.final_state["h"][:, 0])


def test_padding_tokens_need_not_be_tokens():
    spec = e.NetworkSpec("rnn", 3, 2, 4)
    trace = e.forward(spec, e.initialise(spec), [[0, 2], [1, -1]], lengths=[2, 1])
    assert trace.logits[1, 0].any()
    assert not trace.logits[1, 1].any()


@given(st.lists(st.floats(-1e308, 1e308), min_size=2, max_size=5), st.sampled_from(["float64", "float32"]))
def test_softmax_never_overflows(logits, dtype):
    """A network whose logits are its bias."""
    spec = e.NetworkSpec("rnn", 1, 1, len(logits), dtype=dtype)
    params = e.initialise(spec).replaced(
        {"head.weight": np.zeros((len(logits), 1)), "head.bias": np.clip(logits, -3e38, 3e38)}
    )
    probabilities = e.forward(spec, params, [[0]]).probabilities[0, 0]
    assert probabilities.sum() == pytest.approx(1, rel=1e-6)
    assert probabilities[np.argmax(params["head.bias"])] == probabilities.max()


def test_no_steps_give_empty_arrays_and_leave_the_state():
    spec = e.NetworkSpec("rnn", 3, 2, 4)
    state = np.array([[[0.5, -0.5]]])
    for x in (np.zeros((0, 1), int), np.zeros((0, 1, 3))):
        trace = e.forward(spec, e.initialise(spec), x, {"h": state})
        assert (trace.steps, trace.output.shape, trace.logits.shape) == (0, (0, 1, 2), (0, 1, 4))
        assert np.array_equal(trace.final_state["h"], state)


def test_the_callers_arrays_are_left_alone():
    spec = e.NetworkSpec("rnn", 3, 2, 4)
    x, state, lengths = np.ones((2, 1, 3)), np.ones((1, 1, 2)), np.array([1])
    trace = e.forward(spec, e.initialise(spec), x, {"h": state}, lengths)
    assert (x == 1).all()
    x[:], state[:], lengths[:] = 7, 7, 2
    assert trace.x[0].tolist() == [[1, 1, 1]]
    assert trace.initial_state["h"].tolist() == [[[1, 1]]]
    assert trace.lengths.tolist() == [1]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"x": [[0, 3]]}, r"^Tokens must lie in 0 … 2, but x holds 0 … 3\.$"),
        ({"x": [[-1, 0]]}, r"^Tokens must lie in 0 … 2"),
        ({"x": [[0.5, 0.5]]}, r"^x must be integer tokens"),
        ({"x": [0, 1]}, r"^x must be integer tokens"),
        ({"x": np.zeros((2, 0), int)}, r"^x must be .* with at least one sequence"),
        ({"x": np.zeros((2, 2, 4))}, r"^x must have 3 numbers a step, not 4\.$"),
        ({"lengths": [1]}, r"^lengths must be 2 whole numbers"),
        ({"lengths": [0, 3]}, r"^lengths must lie in 0 … 1, but hold 0 … 3\.$"),
        ({"initial_state": {"h": np.zeros((2, 2))}}, r"must have the shape \(1, 2, 2\), not \(2, 2\)\.$"),
        ({"initial_state": {"c": np.zeros((1, 2, 2))}}, r"has no 'c' in this cell; it has h\.$"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(changed, sentence):
    spec = e.NetworkSpec("rnn", 3, 2, 4)
    with pytest.raises(e.ShapeError, match=sentence):
        e.forward(spec, e.initialise(spec), **({"x": [[0, 1]]} | changed))


@pytest.mark.parametrize("other", [{"hidden_size": 3}, {"bias": False}, {"dtype": "float32"}])
def test_the_parameters_of_another_network_are_refused(other):
    spec = e.NetworkSpec("rnn", 3, 2, 4)
    another = e.NetworkSpec(**{"cell": "rnn", "input_size": 3, "hidden_size": 2, "output_size": 4} | other)
    with pytest.raises(e.ShapeError, match=r"^The parameters are those of another network"):
        e.forward(spec, e.initialise(another), [[0]])
