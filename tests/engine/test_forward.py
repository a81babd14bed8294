from __future__ import annotations

from dataclasses import replace

import byhand
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, case

from rnnviz import engine as e

seeds = st.integers(0, 100_000)


def close(found, wanted):
    return np.allclose(found, wanted, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(seed=seeds)
def test_every_number_is_as_the_equations_say(kind, seed):
    """With up to three interventions, of which the later one counts."""
    drawn = any_case(seed, kind, held=3)
    trace, ways = drawn.trace(), [way for layer in drawn.trace().layers for way in layer.directions]
    for b, length in enumerate(drawn.lengths):
        found, logits, predictions = byhand.run(drawn, b)
        assert close(trace.logits[:length, b], logits)
        assert close(trace.probabilities[:length, b], predictions)
        for way, wanted in zip(ways, found, strict=True):
            shown = way.states | way.gates | {f"a_{name}": a for name, a in way.preactivations.items()}
            assert length == 0 or shown.keys() == wanted.keys()
            for name, array in wanted.items():
                assert close(shown[name][:length, b], array), name


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(seed=seeds)
def test_directions_lie_side_by_side_and_each_step_starts_from_the_one_before(kind, seed):
    drawn = any_case(seed, kind)
    trace, size = drawn.trace(), drawn.spec.hidden_size
    assert np.array_equal(trace.output, trace.layers[-1].h)
    for number, layer in enumerate(trace.layers):
        for direction, way in enumerate(layer.directions):
            part = slice(direction * size, (direction + 1) * size)
            for group in ("states", "previous", "gates", "preactivations"):
                for name, array in getattr(way, group).items():
                    assert np.array_equal(getattr(layer, group)[name][..., part], array)
            place = number * drawn.spec.directions + direction
            for name, states in way.states.items():
                for b, length in enumerate(drawn.lengths):
                    first = trace.initial_state[name][place, b]
                    last = trace.final_state[name][place, b]
                    chain = [*states[:length, b]]
                    order = chain[::-1] if direction else chain
                    assert np.array_equal([first, *order][-1], last)
                    before = [*way.previous[name][:length, b]]
                    assert np.array_equal([first, *order][:-1], before[::-1] if direction else before)
                assert np.array_equal(
                    trace.initial_state[name], drawn.initial.get(name, 0 * trace.initial_state[name])
                )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(seed=seeds, embedding=st.booleans())
def test_a_token_is_a_one_hot_vector(kind, seed, embedding):
    drawn = case(seed, **KINDS[kind], embedding=embedding)
    one_hot = np.eye(drawn.spec.input_size)[drawn.x]
    same = e.forward(drawn.spec, drawn.params, one_hot, drawn.initial)
    assert close(drawn.trace().logits, same.logits)
    gradients = e.backward(drawn.spec, drawn.params, same, drawn.loss_of(same))
    assert close(drawn.gradients().parameters.flat, gradients.parameters.flat)
    assert close(drawn.gradients().inputs, gradients.inputs)


@pytest.mark.parametrize("number", [256, 257])
def test_gradients_by_the_weights_of_many_tokens(number):
    """Above 256 tokens, sums over equal ones take the place of a product with one-hot rows."""
    draw = np.random.default_rng(0)
    spec = e.NetworkSpec("rnn", number, 3, 2)
    params, x = e.initialise(spec), draw.integers(0, number, (40, 3))
    by_weight = []
    for inputs in (x, np.eye(number)[x]):
        trace = e.forward(spec, params, inputs)
        loss = e.cross_entropy(trace, x % 2)
        by_weight.append(e.backward(spec, params, trace, loss).parameters["weight_ih_l0"])
    assert close(*by_weight)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", [1e300, np.nan])
@settings(max_examples=10)
@given(seed=seeds)
def test_what_lies_past_a_length_counts_for_nothing(kind, padding, seed):
    """A batch is each of its sequences alone, cut to its length; and past it everything is zero."""
    drawn = any_case(seed, kind, held=1, tokens=False, ragged=True, batch=3)
    past = np.arange(len(drawn.x))[:, None] >= drawn.lengths
    drawn.x[past] = padding
    trace, gradients = drawn.trace(), drawn.gradients()
    shown = [trace.logits, trace.probabilities, gradients.inputs, drawn.loss().step]
    for found, by in zip(trace.layers, gradients.layers, strict=True):
        for part in (found.states, found.gates, found.preactivations, by.states, by.preactivations):
            shown += part.values()
    assert not any(array[past].any() for array in shown)

    total = np.zeros_like(gradients.parameters.flat)
    for b, length in enumerate(drawn.lengths):
        alone = drawn.alone(b)
        assert close(trace.logits[:length, b], alone.trace().logits[:, 0])
        by_alone = alone.gradients()
        total += by_alone.parameters.flat / 3
        assert close(gradients.inputs[:length, b] * 3, by_alone.inputs[:, 0])
        for name, state in by_alone.initial_state.items():
            assert close(gradients.initial_state[name][:, b] * 3, state[:, 0])
            assert close(trace.final_state[name][:, b], alone.trace().final_state[name][:, 0])
    assert close(gradients.parameters.flat, total)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(seed=seeds)
def test_the_backward_direction_of_a_layer_is_the_forward_one_on_reversed_sequences(kind, seed):
    if not e.CELLS[KINDS[kind]["cell"]].recurrent:
        return
    drawn = any_case(seed, kind, num_layers=1, bidirectional=True, embedding=False)
    reverse = {
        name.removesuffix("_reverse"): array for name, array in drawn.params.items() if "reverse" in name
    }
    way = drawn.trace().layers[0].directions[1]
    size = drawn.spec.hidden_size
    for b, length in enumerate(drawn.lengths):
        alone = drawn.alone(b)
        spec = replace(drawn.spec, bidirectional=False)
        head = {name: array[..., size:] for name, array in drawn.params.items() if name == "head.weight"}
        head |= {name: array for name, array in drawn.params.items() if name == "head.bias"}
        initial = {name: state[1:] for name, state in alone.initial.items()}
        turned = e.forward(spec, e.parameters(spec, reverse | head), alone.x[::-1], initial)
        for group in ("states", "gates", "preactivations"):
            for name, array in getattr(turned.layers[0].directions[0], group).items():
                assert close(getattr(way, group)[name][:length, b], array[::-1, 0]), name


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


@pytest.mark.parametrize("lengths", [None, [0, 0, 0]], ids=["no-steps", "all-of-length-0"])
@pytest.mark.parametrize("tokens", [True, False], ids=["tokens", "vectors"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_steps_give_empty_arrays_and_leave_the_state(kind, tokens, lengths):
    drawn = any_case(5, kind, tokens=tokens, ragged=False, batch=3, initial=True)
    steps = 0 if lengths is None else 4
    x = np.zeros((steps, 3) if tokens else (steps, 3, drawn.spec.input_size), int)
    targets = np.zeros((steps, 3, drawn.spec.output_size))
    targets = targets[..., 0].astype(int) if drawn.spec.readout == "softmax" else targets
    drawn = replace(drawn, x=x, lengths=np.full(3, 0), targets=targets)
    trace, gradients, flow = drawn.trace(), drawn.gradients(), drawn.flow()
    assert trace.output.shape == (steps, 3, drawn.spec.width)
    assert trace.logits.shape == trace.probabilities.shape == (steps, 3, drawn.spec.output_size)
    for name, state in drawn.initial.items():
        assert np.array_equal(trace.final_state[name], state)
    assert drawn.loss().total == 0
    assert not gradients.parameters.flat.any()
    assert gradients.inputs.shape == (steps, 3, drawn.spec.input_size)
    assert flow.hidden.shape == flow.terms("weight_ih_l0").shape == (steps, steps)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(seed=seeds)
def test_a_network_of_float32_computes_the_same_in_float32(kind, seed):
    exact, single = (any_case(seed, kind, held=1, dtype=dtype) for dtype in ("float64", "float32"))
    found, wanted = single.trace(), exact.trace()
    by, by_exact = single.gradients(), exact.gradients()
    pairs = [(found.logits, wanted.logits), (by.parameters.flat, by_exact.parameters.flat)]
    pairs += [(by.inputs, by_exact.inputs), (single.loss().step, exact.loss().step)]
    pairs += [(by.initial_state[name], state) for name, state in by_exact.initial_state.items()]
    for layer, same in zip(found.layers, wanted.layers, strict=True):
        for group in ("states", "gates", "preactivations"):
            pairs += [(getattr(layer, group)[name], array) for name, array in getattr(same, group).items()]
    for array, same in pairs:
        assert array.dtype == np.float32
        assert np.allclose(array, same, rtol=1e-3, atol=1e-4 * np.abs(same).max(initial=1e-2))


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


def test_a_state_has_a_row_for_every_layer_and_direction():
    spec = e.NetworkSpec("lstm", 3, 2, 4, num_layers=3, bidirectional=True)
    with pytest.raises(e.ShapeError, match=r"^initial_state\['c'\] must have the shape \(6, 1, 2\), not"):
        e.forward(spec, e.initialise(spec), [[0]], {"c": np.zeros((3, 1, 2))})


@pytest.mark.parametrize(
    "other",
    [
        {"hidden_size": 3},
        {"bias": False},
        {"dtype": "float32"},
        {"cell": "gru"},
        {"num_layers": 2},
        {"bidirectional": True},
        {"embedding_size": 3},
    ],
)
def test_the_parameters_of_another_network_are_refused(other):
    spec = e.NetworkSpec("rnn", 3, 2, 4)
    with pytest.raises(e.ShapeError, match=r"^The parameters are those of another network"):
        e.forward(spec, e.initialise(replace(spec, **other)), [[0]])
