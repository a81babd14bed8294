from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, case

from rnnviz import engine as e

SMALL = 1e-5

seeds = st.integers(0, 100_000)
kinds = pytest.mark.parametrize("kind", KINDS)


def states(trace, layer, direction):
    """All states of a layer and direction side by side: (T, B, S)."""
    return np.concatenate([*trace.layers[layer].directions[direction].states.values()], axis=2)


def pushed(drawn, place, push):
    """The trace after the initial states of one layer and direction have been pushed. push: (S,)."""
    initial = {name: state.copy() for name, state in drawn.trace().initial_state.items()}
    for state, by in zip(initial.values(), np.split(push, len(initial)), strict=True):
        state[place] += by
    return drawn.trace(initial=initial)


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_jacobians_are_difference_quotients(kind, seed):
    """A push of the initial states of one layer moves all its later ones as the Jacobian says."""
    drawn = any_case(seed, kind, held=2)
    trace, sequence = drawn.trace(), len(drawn.lengths) - 1
    length = drawn.lengths[sequence]
    for layer, direction in drawn.places:
        place, before = layer * drawn.spec.directions + direction, length if direction else -1
        size = states(trace, layer, direction).shape[2]
        push = np.random.default_rng(seed).normal(size=size)
        ahead, behind = (pushed(drawn, place, sign * SMALL * push) for sign in (1, -1))
        if drawn.spec.activation == "relu" and crosses_a_kink(ahead, behind):
            continue
        slopes = (states(ahead, layer, direction) - states(behind, layer, direction)) / (2 * SMALL)
        for t in range(length):
            jacobian = e.jacobian(drawn.spec, drawn.params, trace, t, before, layer, direction, sequence)
            assert jacobian.shape == (size, size)
            assert jacobian @ push == pytest.approx(slopes[t, sequence], rel=1e-6, abs=1e-8)


def crosses_a_kink(one, other):
    both = zip(one.layers, other.layers, strict=True)
    return not all(np.array_equal(a.preactivations["h"] > 0, b.preactivations["h"] > 0) for a, b in both)


@kinds
@settings(max_examples=10)
@given(seed=seeds, data=st.data())
def test_a_jacobian_is_the_product_of_its_parts(kind, seed, data):
    drawn = any_case(seed, kind, held=1, ragged=False)
    trace, steps = drawn.trace(), len(drawn.x)
    layer, direction = data.draw(st.sampled_from(drawn.places))
    first, middle, last = sorted(data.draw(st.lists(st.integers(-1, steps - 1), min_size=3, max_size=3)))

    def jacobian(t, k):
        if direction:
            t, k = steps - 1 - t, steps - 1 - k
        return e.jacobian(drawn.spec, drawn.params, trace, t, k, layer, direction)

    if middle >= 0:
        whole = jacobian(last, first)
        assert whole == pytest.approx(jacobian(last, middle) @ jacobian(middle, first), rel=1e-9, abs=1e-12)


@kinds
def test_a_state_depends_on_itself_and_on_no_later_one(kind):
    drawn = any_case(7, kind, ragged=False)
    trace = drawn.trace()
    assert trace.steps > 1
    for layer, direction in drawn.places:
        size = states(trace, layer, direction).shape[2]
        earlier, later = (1, 0) if direction else (0, 1)
        found = [
            e.jacobian(drawn.spec, drawn.params, trace, earlier, k, layer, direction)
            for k in (earlier, later)
        ]
        assert np.array_equal(found[0], np.eye(size))
        assert np.array_equal(found[1], np.zeros((size, size)))


def test_a_jacobian_of_float32_is_float64():
    drawn = case(7, cell="lstm", dtype="float32")
    assert e.jacobian(drawn.spec, drawn.params, drawn.trace(), 0, -1).dtype == np.float64


@pytest.mark.parametrize(
    ("t", "k", "more"),
    [
        (-1, -1, {}),
        (0, -2, {}),
        (99, 0, {}),
        (0, 99, {}),
        (0, 0, {"layer": 2}),
        (0, 0, {"layer": -3}),
        (0, 0, {"direction": 1}),
        (0, 0, {"sequence": 9}),
        (0, 0, {"sequence": -1}),
    ],
)
def test_what_is_outside_of_the_trace_is_refused(t, k, more):
    drawn = case(7, num_layers=2)
    field = next(iter(more), "The sequence has the steps 0 … 4, not")
    with pytest.raises(e.StepError, match=rf"^{field} .*\.$"):
        e.jacobian(drawn.spec, drawn.params, drawn.trace(), t, k, **more)
