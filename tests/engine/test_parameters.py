from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import case

from rnnviz import engine as e

SPEC = e.NetworkSpec("rnn", 3, 2, 4)


def test_names_shapes_and_order_are_pytorchs():
    assert list(e.parameter_shapes(SPEC).items()) == [
        ("weight_ih_l0", (2, 3)),
        ("weight_hh_l0", (2, 2)),
        ("bias_ih_l0", (2,)),
        ("bias_hh_l0", (2,)),
        ("head.weight", (4, 2)),
        ("head.bias", (4,)),
    ]


def test_so_they_are_in_layers_of_two_directions_with_gates_and_an_embedding():
    spec = e.NetworkSpec("lstm", 9, 2, 4, num_layers=2, bidirectional=True, embedding_size=3)
    shapes = e.parameter_shapes(spec)
    kinds, ends = (
        ("weight_ih", "weight_hh", "bias_ih", "bias_hh"),
        ("_l0", "_l0_reverse", "_l1", "_l1_reverse"),
    )
    assert list(shapes) == [
        "embedding.weight",
        *(kind + end for end in ends for kind in kinds),
        "head.weight",
        "head.bias",
    ]
    assert (shapes["embedding.weight"], shapes["head.weight"]) == ((9, 3), (4, 4))
    assert [shapes["weight_ih" + end] for end in ends] == [(8, 3), (8, 3), (8, 4), (8, 4)]
    assert {shapes["weight_hh" + end] for end in ends} == {(8, 2)}
    assert {shapes[f"bias_ih{end}"] for end in ends} == {(8,)}


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("feedforward", 1), ("lstm", 4), ("gru", 3)])
def test_a_cell_has_a_block_of_rows_for_every_gate(cell, gates):
    shapes = e.parameter_shapes(e.NetworkSpec(cell, 3, 2, 4, num_layers=2))
    assert {shape[0] for name, shape in shapes.items() if "head" not in name} == {2 * gates}


def test_without_bias_the_readout_has_none_either():
    shapes = e.parameter_shapes(e.NetworkSpec("rnn", 3, 2, 4, bias=False))
    assert list(shapes) == ["weight_ih_l0", "weight_hh_l0", "head.weight"]


def test_a_feedforward_layer_has_no_recurrent_weights():
    shapes = e.parameter_shapes(e.NetworkSpec("feedforward", 3, 2, 4))
    assert list(shapes) == ["weight_ih_l0", "bias_ih_l0", "head.weight", "head.bias"]


def test_arrays_are_read_only_views_of_one_read_only_buffer():
    params = e.initialise(SPEC)
    for array in (params.flat, *params.values()):
        assert np.shares_memory(array, params.flat)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    assert params.flat.size == sum(array.size for array in params.values())


def test_the_arrays_given_are_copied():
    weights = {name: np.ones(shape) for name, shape in e.parameter_shapes(SPEC).items()}
    params = e.parameters(SPEC, weights)
    weights["head.bias"][:] = 5
    assert params["head.bias"].tolist() == [1, 1, 1, 1]


@given(st.integers(0, 1000))
def test_replacing_one_array_keeps_the_others_and_the_original(seed):
    params = case(seed).params
    before = params.flat.copy()
    changed = params.replaced({"head.weight": params["head.weight"] + 1})
    assert np.array_equal(params.flat, before)
    for name, array in changed.items():
        assert np.array_equal(array, params[name] + (name == "head.weight"))


def test_parameters_are_equal_only_to_themselves():
    params = e.initialise(SPEC)
    assert params == params
    assert params != params.replaced({})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"bias": [1.0]}, r"^bias is no parameter of this network; it has weight_ih_l0, .*\.$"),
        ({"head.bias": [1.0]}, r"^head\.bias must have the shape \(4,\), not \(1,\)\.$"),
        ({"head.bias": list("abcd")}, r"^head\.bias must hold real numbers, not <U1\.$"),
    ],
)
def test_what_does_not_fit_is_refused(given, sentence):
    with pytest.raises(e.ShapeError, match=sentence):
        e.initialise(SPEC).replaced(given)


def test_a_missing_parameter_is_named():
    incomplete = {name: array for name, array in e.initialise(SPEC).items() if name != "bias_hh_l0"}
    with pytest.raises(e.ShapeError, match=r"^The parameter bias_hh_l0 is missing"):
        e.parameters(SPEC, incomplete)


def test_float32_takes_a_weight_beyond_its_range_as_infinite():
    params = e.initialise(e.NetworkSpec("rnn", 1, 1, 1, dtype="float32"))
    assert np.isinf(params.replaced({"weight_hh_l0": [[1e300]]})["weight_hh_l0"]).all()
