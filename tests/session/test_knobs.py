from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.session import edits, knobs, presets
from rnnviz.session.errors import EditError

radii = st.floats(0.05, 3.0)


def network(cell, **fields):
    state = edits.with_cell(presets.load("shepherd"), cell)
    for name, value in fields.items():
        state = getattr(edits, f"with_{name}")(state, value)
    return state


@pytest.mark.parametrize("cell", [name for name, cell in e.CELLS.items() if cell.recurrent])
@given(radius=radii)
def test_the_spectral_radius_becomes_the_one_wanted_and_directions_stay(cell, radius):
    state = network(cell, layers=2)
    turned = knobs.with_radius(state, radius)
    assert knobs.radius_of(turned) == pytest.approx(radius)
    for name in state.parameters:
        old, new = state.parameters[name], turned.parameters[name]
        if name.startswith("weight_hh"):
            np.testing.assert_allclose(new, old * (radius / knobs.radius_of(state)))
        else:
            np.testing.assert_array_equal(new, old)


@given(first=radii, second=radii)
def test_turning_back_brings_the_weights_back(first, second):
    state = knobs.with_radius(network("rnn"), first)
    back = knobs.with_radius(knobs.with_radius(state, second), first)
    np.testing.assert_allclose(back.parameters.flat, state.parameters.flat, rtol=1e-12)


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("gru", "z")])
@given(bias=st.floats(-4, 8))
def test_the_keeping_gate_has_the_bias_wanted_in_all_units_and_layers(cell, gate, bias):
    state = network(cell, layers=2, directions=True)
    turned = knobs.with_keeping_bias(state, bias)
    assert knobs.keeping_bias(turned) == pytest.approx(bias)
    size, n = state.spec.hidden_size, e.CELLS[cell].gates.index(gate)
    rows = slice(n * size, (n + 1) * size)
    for name, array in turned.parameters.items():
        if name.startswith("bias_ih"):
            other = turned.parameters[name.replace("_ih", "_hh")]
            np.testing.assert_allclose(array[rows] + other[rows], bias, atol=1e-12)
            rest = np.delete(np.arange(len(array)), np.r_[rows])
            np.testing.assert_array_equal(array[rest], state.parameters[name][rest])


@pytest.mark.parametrize("state", [network("rnn"), network("lstm", bias=False)])
def test_without_such_a_gate_there_is_no_bias_to_turn(state):
    assert np.isnan(knobs.keeping_bias(state))
    with pytest.raises(EditError, match="no gate with a bias"):
        knobs.with_keeping_bias(state, 1.0)


@given(steps=st.integers(1, 60))
def test_a_longer_text_says_its_tokens_again_and_a_shorter_one_is_its_beginning(steps):
    state = presets.load("shepherd")
    longer = knobs.with_length(state, state.tokens, steps)
    assert longer.steps == steps
    assert longer.tokens == tuple(state.tokens[n % 15] for n in range(steps + 1))
    assert knobs.with_length(longer, state.tokens, state.steps).text == state.text


@pytest.mark.parametrize("scheme", e.SCHEMES)
def test_weights_are_drawn_by_the_scheme_chosen(scheme):
    state = presets.load("shepherd")
    drawn = knobs.with_scheme(state, scheme, 3)
    np.testing.assert_array_equal(drawn.parameters.flat, e.initialise(state.spec, scheme=scheme, seed=3).flat)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda s: knobs.with_radius(s, 0.0), "above 0"),
        (lambda s: knobs.with_radius(s, float("nan")), "above 0"),
        (lambda s: knobs.with_radius(edits.with_cell(s, "feedforward"), 1.0), "draw them anew"),
        (lambda s: knobs.with_keeping_bias(edits.with_cell(s, "lstm"), float("inf")), "finite"),
        (lambda s: knobs.with_length(s, (), 3), "type some first"),
        (lambda s: knobs.with_length(s, s.tokens, 0), "1 to"),
        (lambda s: knobs.with_scheme(s, "magic", 0), "no initialiser"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(edit, sentence):
    with pytest.raises(EditError, match=sentence):
        edit(presets.load("shepherd"))


def test_a_radius_that_float_numbers_cannot_reach_is_refused():
    state = network("rnn")
    spec = replace(state.spec, dtype="float32")
    small = replace(state, spec=spec, parameters=e.initialise(spec, seed=0))
    with pytest.raises(EditError, match="infinite"):
        knobs.with_radius(small, 1e39)
