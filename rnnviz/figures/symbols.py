"""The letters of each notation: one network, written as lectures, papers or PyTorch write it."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation

NOTATIONS: Mapping[Notation, str] = MappingProxyType(
    {"weights": "W_X W_H W_Y", "letters": "U W V b c", "pytorch": "PyTorch"}
)
"""What each notation is called."""

_PARAMETERS: Mapping[Notation, Mapping[str, str]] = {
    "weights": {"W_X": "W_X", "W_H": "W_H", "W_Y": "W_Y", "b": "b", "b_Y": "b_Y", "b_X": "b_X", "b_H": "b_H"},
    "letters": {"W_X": "U", "W_H": "W", "W_Y": "V", "b": "b", "b_Y": "c", "b_X": "b_U", "b_H": "b_W"},
    "pytorch": {
        "W_X": "W_{ih}",
        "W_H": "W_{hh}",
        "W_Y": "W_{out}",
        "b": "b",
        "b_Y": "b_{out}",
        "b_X": "b_{ih}",
        "b_H": "b_{hh}",
    },
}

# S is the state of a network, O its output; an LSTM's state is s, of which h is what it lets others read.
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "rnn": {"h": "S", "y": "O"},
    "feedforward": {"h": "S", "y": "O"},
    "lstm": {"c": "s", "g": "s̃", "y": "O"},
    "gru": {"h": "S", "n": "S̃", "y": "O"},
}


@cache
def parameter_symbol(notation: Notation, kind: str, gate: str = "") -> str:
    """Write a weight or a bias, of one gate if it has several: W_{Xf}, U_f, W_{if}.

    kind: W_X, W_H, W_Y, b, b_Y, E, and b_X and b_H of a bias in two parts. Subscripts are those of text runs.
    """
    whole = _PARAMETERS[notation].get(kind, kind)
    if not gate:
        return whole
    letter, _, below = whole.replace("{", "").replace("}", "").partition("_")
    if notation == "pytorch":
        below = below[:1]  # as in its documentation: W_ih of the gate f is W_if
    below += gate
    return f"{letter}_{{{below}}}" if len(below) > 1 else f"{letter}_{below}"


def quantity_letter(notation: Notation, spec: NetworkSpec, name: str) -> str:
    """Write a state, a gate, the input or the prediction without its step: h, S, ŷ."""
    return _letter(notation, spec.cell, name)


@cache
def _letter(notation: Notation, cell: str, name: str) -> str:
    if notation == "letters" and name in _LETTERS.get(cell, {}):
        return _LETTERS[cell][name]
    return "ŷ" if name == "y" else name
