from __future__ import annotations

import pytest

from rnnviz import engine as e


def make(**changed):
    return e.NetworkSpec(**{"cell": "rnn", "input_size": 3, "hidden_size": 2, "output_size": 4} | changed)


def test_the_usual_network_is_tanh_with_bias_in_float64():
    assert make() == make(activation="tanh", bias=True, dtype="float64")


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
    ],
)
def test_an_illegal_field_is_named(field, value):
    with pytest.raises(e.SpecError, match=rf"^{field} must be .*\.$"):
        make(**{field: value})


def test_a_spec_is_a_value():
    assert len({make(), make(), make(hidden_size=5)}) == 2
