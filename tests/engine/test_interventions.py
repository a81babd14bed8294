"""Holding a unit or a gate. Gradients by held values are compared in test_finite_differences.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, random_intervention

from rnnviz import engine as e
from rnnviz.engine.interventions import targets

seeds = st.integers(0, 100_000)
kinds = pytest.mark.parametrize("kind", KINDS)


def held_case(seed, kind, **chosen):
    """A case with one intervention that reaches at least one step."""
    drawn = any_case(seed, kind, ragged=False, **chosen)
    return replace(drawn, interventions=(random_intervention(np.random.default_rng(seed), drawn),))


def steered(drawn, held):
    """The numbers that an intervention can hold, (T, B) or (T, B, H)."""
    way = drawn.trace().layers[held.layer].directions[held.direction]
    array = (way.gates | way.states)[held.target]
    return array if held.unit is None else array[..., held.unit]


@kinds
@settings(max_examples=15)
@given(seed=seeds)
def test_a_value_is_held_from_its_step_on_and_all_before_is_as_it_was(kind, seed):
    drawn = held_case(seed, kind)
    (held,) = drawn.interventions
    assert (steered(drawn, held)[held.start :] == held.value).all()
    if not drawn.spec.bidirectional:
        free = replace(drawn, interventions=())
        assert np.array_equal(drawn.trace().logits[: held.start], free.trace().logits[: held.start])
        assert np.array_equal(steered(drawn, held)[: held.start], steered(free, held)[: held.start])


@kinds
@settings(max_examples=10)
@given(seed=seeds, later=st.integers(0, 8))
def test_of_two_interventions_on_one_number_the_later_one_counts(kind, seed, later):
    drawn = held_case(seed, kind)
    (held,) = drawn.interventions
    other = replace(held, value=held.value + 1, start=later)
    both = replace(drawn, interventions=(held, other))
    assert (steered(both, held)[later:] == other.value).all()
    assert (steered(both, held)[held.start : later] == held.value).all()
    turned = replace(drawn, interventions=(other, held))
    assert (steered(turned, held)[held.start :] == held.value).all()


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_what_is_held_from_after_the_end_changes_nothing(kind, seed):
    drawn = held_case(seed, kind)
    late = replace(drawn, interventions=(replace(drawn.interventions[0], start=len(drawn.x)),))
    free = replace(drawn, interventions=())
    assert np.array_equal(late.trace().logits, free.trace().logits)
    assert np.array_equal(late.gradients().parameters.flat, free.gradients().parameters.flat)
    assert np.array_equal(late.flow().hidden, free.flow().hidden)


def only_into(target, kind):
    """The preactivations of a unit that lead only into a target of the same unit; all if it is empty."""
    if kind == "lstm-tanh":
        return {"h": "o", "c": "ifg"}.get(target, target)
    if kind == "gru-tanh-before":  # r of one unit leads into n of all
        return {"h": "zn"}.get(target, target)
    return {"h": "", "n": ("n", "r", "hn")}.get(target, target)


@kinds
@settings(max_examples=15)
@given(seed=seeds)
def test_no_gradient_passes_what_is_held(kind, seed):
    drawn = held_case(seed, kind)
    (held,) = drawn.interventions
    size = drawn.spec.hidden_size
    units = np.arange(held.direction * size, (held.direction + 1) * size)
    units = units if held.unit is None else units[held.unit : held.unit + 1]
    by = drawn.gradients().layers[held.layer].preactivations
    for name in only_into(held.target, kind) or by:
        assert not by[name][held.start :, :, units].any(), name


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_when_all_states_are_held_nothing_that_came_before_matters(kind, seed):
    """From the middle on: later losses say nothing to earlier steps. From the first step on: to nothing."""
    drawn = held_case(seed, kind, num_layers=1, bidirectional=False, silent=False)
    states, start = e.CELLS[drawn.spec.cell].states, drawn.interventions[0].start

    def holding(start):
        return replace(drawn, interventions=tuple(e.Intervention(name, 0.3, start) for name in states))

    middle = holding(start)
    trace, flow = middle.trace(), middle.flow()
    assert not flow.hidden[start:, :start].any()
    for k in range(start):
        for t in range(start, trace.steps):
            assert not e.jacobian(drawn.spec, drawn.params, trace, t, k).any()
    always = holding(0)
    gradients = always.gradients()
    assert not gradients.inputs.any()
    assert not any(state.any() for state in gradients.initial_state.values())
    for name, gradient in gradients.parameters.items():
        assert gradient.any() == (name in ("head.weight", "head.bias") and drawn.loss().total > 0)


def test_backwards_a_value_is_held_from_its_step_to_the_end_of_the_sequence_too():
    """The backward direction comes to these steps first."""
    drawn = any_case(4, "rnn-tanh", num_layers=1, bidirectional=True, ragged=False)
    assert len(drawn.x) > 3
    held = e.Intervention("h", 0.5, start=2, direction=1)
    h = replace(drawn, interventions=(held,)).trace().layers[0].directions[1].h
    free = drawn.trace().layers[0].directions[1].h
    assert (h[2:] == 0.5).all()
    assert not np.isclose(h[:2], 0.5).any()
    assert not np.isclose(h[1], free[1]).all()


def test_an_analysis_takes_interventions():
    drawn = any_case(
        4, "lstm-tanh", tokens=True, batch=1, readout="softmax", num_layers=1, bidirectional=False
    )
    held = (e.Intervention("f", 1.0),)
    found = e.analyse(drawn.spec, drawn.params, drawn.x[:, 0], drawn.targets[:, 0], interventions=held)
    assert (found.trace.layers[0].gates["f"] == 1).all()
    assert found.trace.interventions == held


@kinds
def test_states_and_gates_can_be_held(kind):
    cell = e.CELLS[KINDS[kind]["cell"]]
    names = targets(e.NetworkSpec(**KINDS[kind], input_size=1, hidden_size=1, output_size=1))
    assert set(names) == {*cell.states, *cell.gates}
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("target", "c", "target must be one of h, r, z, n in this cell, not 'c'."),
        ("target", None, "target must be one of h, r, z, n in this cell, not None."),
        ("value", np.nan, "value must be a finite number, not nan."),
        ("value", -np.inf, "value must be a finite number, not -inf."),
        ("value", "1", "value must be a finite number, not '1'."),
        ("start", -1, "start must be a step, 0 or later, not -1."),
        ("start", 1.5, "start must be a step, 0 or later, not 1.5."),
        ("unit", 3, "unit must lie in 0 … 2, not 3."),
        ("unit", -1, "unit must lie in 0 … 2, not -1."),
        ("unit", 0.5, "unit must lie in 0 … 2, not 0.5."),
        ("layer", 2, "layer must lie in 0 … 1, not 2."),
        ("layer", -1, "layer must lie in 0 … 1, not -1."),
        ("layer", None, "layer must lie in 0 … 1, not None."),
        ("direction", 1, "direction must lie in 0 … 0, not 1."),
        ("direction", "forward", "direction must lie in 0 … 0, not 'forward'."),
    ],
)
def test_an_illegal_field_is_named(field, value, sentence):
    spec = e.NetworkSpec("gru", 2, 3, 2, num_layers=2)
    held = replace(e.Intervention("h", 0.5), **{field: value})
    with pytest.raises(e.SpecError) as caught:
        e.forward(spec, e.initialise(spec), [[0]], interventions=[e.Intervention("h", 0.0), held])
    assert str(caught.value) == sentence
