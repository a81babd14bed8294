from __future__ import annotations

import pytest
from networks import KINDS

from rnnviz import engine as e


def make(**changed):
    return e.NetworkSpec(**{"cell": "rnn", "input_size": 3, "hidden_size": 2, "output_size": 4} | changed)


def test_the_usual_network_is_one_layer_of_tanh_with_bias_in_float64():
    usual = {"activation": "tanh", "num_layers": 1, "bidirectional": False, "bias": True}
    usual |= {"readout": "softmax", "dtype": "float64", "gru_reset": "after", "embedding_size": None}
    assert make() == make(**usual)


def test_what_a_layer_reads_and_hands_on():
    spec = make(num_layers=3, bidirectional=True, embedding_size=7)
    assert (spec.directions, spec.width) == (2, 4)
    assert [spec.layer_inputs(layer) for layer in range(3)] == [7, 4, 4]
    assert [make(num_layers=2).layer_inputs(layer) for layer in range(2)] == [3, 2]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cell", "perceptron"),
        ("activation", "softsign"),
        ("dtype", "float16"),
        ("bias", 1),
        ("input_size", 0),
        ("hidden_size", -1),
        ("output_size", 2.0),
        ("hidden_size", True),
        ("num_layers", 0),
        ("num_layers", 1.5),
        ("num_layers", True),
        ("bidirectional", 1),
        ("bidirectional", None),
        ("readout", "argmax"),
        ("gru_reset", "before"),
        ("gru_reset", "never"),
        ("embedding_size", 0),
        ("embedding_size", 2.5),
        ("embedding_size", False),
    ],
)
def test_an_illegal_field_is_named(field, value):
    with pytest.raises(e.SpecError, match=rf"^{field} must be .*\.$"):
        make(**{field: value})


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"cell": "gru", "gru_reset": "during"}, "gru_reset"),
        ({"cell": "lstm", "gru_reset": "before"}, "gru_reset"),
        ({"cell": "lstm", "activation": "relu"}, "activation"),
        ({"cell": "gru", "activation": "identity"}, "activation"),
        ({"cell": "feedforward", "bidirectional": True}, "bidirectional"),
    ],
)
def test_what_does_not_go_together_is_named(chosen, field):
    with pytest.raises(e.SpecError, match=rf"^{field} must be .*\.$"):
        make(**chosen)


def test_every_cell_can_be_made_with_all_that_it_allows():
    for fields in KINDS.values():
        assert make(**fields).cell == fields["cell"]


def test_a_spec_is_a_value():
    assert len({make(), make(), make(hidden_size=5)}) == 2
