"""The weight whose gradient the backward sheet sums up: which entry it is, and how its terms are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.engine.selection import WeightEntry
from rnnviz.figures.backward_sources import by
from rnnviz.figures.notation import kind_of, visible, weight_symbol
from rnnviz.figures.reasons import column_name
from rnnviz.figures.spots import gate_of_row
from rnnviz.figures.statements import coloured
from rnnviz.figures.states import handed_on, read_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.backward_here import Here

STORED = {
    "W_X": "weight_ih",
    "W_H": "weight_hh",
    "b": "bias_ih",
    "b_X": "bias_ih",
    "b_H": "bias_hh",
    "W_Y": "head.weight",
    "b_Y": "head.bias",
    "E": "embedding.weight",
}
"""Stored parameters by what they are shown as; those of a cell without the layer they belong to."""
INSTEAD = ("W_H", "W_X")  # where a network does not have the one that is asked for


class Wording(NamedTuple):
    """How an entry and the terms of its gradient are written.

    symbol: of the whole weight; name: of the entry. sent(loss, k): ∂L_t/∂ of what the entry adds to at step
    k. read(k, before): what it multiplies there, before being the step before k; empty for a bias.
    """

    symbol: str
    name: str
    sent: Callable[[str, str], str]
    read: Callable[[str, str], str]

    def term(self, loss: str, k: str, before: str) -> str:
        """Write a term. loss: L_t with its step."""
        read = self.read(k, before)
        return f"{self.sent(loss, k)} · {read}" if read else self.sent(loss, k)

    def factors(self, loss: str, k: str, before: str) -> str:
        """Write a term such that each of its two factors stands by itself."""
        both = self.sent(loss, k), self.read(k, before)
        return " · ".join(f"({one})" if " · " in one else one for one in both if one)


def _nothing(_k: str, _before: str) -> str:
    return ""


def entry_looked_at(here: Here, kind: str) -> WeightEntry:
    """Return the entry that is picked if it is of that kind, else that with the largest gradient."""
    scene = here.scene
    picked = None if scene.selection is None else scene.selection.weight
    name = parameter_of(here, kind)
    if (
        picked is not None
        and kind_of(picked.parameter) == kind_of(name)
        and picked.parameter in {name, _twin(name)}
    ):
        return picked
    gradient = np.abs(np.nan_to_num(scene.analysis.gradients.parameters[name]))
    width = 1 if gradient.ndim == 1 else gradient.shape[1]
    return WeightEntry(name, *divmod(int(gradient.argmax()), width))


def _twin(name: str) -> str:
    """Return the other of the two biases of a layer."""
    return name.replace("bias_ih", "bias_hh") if "bias_ih" in name else name.replace("bias_hh", "bias_ih")


def parameter_of(here: Here, kind: str) -> str:
    """Return the stored parameter that a kind of weight is, of the lane looked at, or one that there is."""
    for one in (kind, *INSTEAD):
        name = STORED.get(one, "")
        if one in {"W_X", "W_H", "b", "b_X", "b_H"}:
            name += suffix(*here.lane)
        if name in here.scene.parameters:
            return name
    raise KeyError(kind)


def gradient_of(here: Here, entry: WeightEntry) -> float:
    """Return ∂L/∂ of an entry."""
    row = here.scene.analysis.gradients.parameters[entry.parameter][entry.row]
    return float(np.atleast_1d(row)[entry.column])


def is_single(here: Here, entry: WeightEntry) -> bool:
    """Whether each loss reaches the entry at its own step only, so that one sum over t is all."""
    return entry.parameter.startswith("head.") or not CELLS[here.spec.cell].recurrent


def wording(here: Here, entry: WeightEntry, *, general: bool = False) -> Wording:
    """Return how an entry and its terms are written; in general, any entry [i, j] of the same weight."""
    name = entry.parameter
    row, column = ("i", "j") if general else _places(here, entry)
    if name == "embedding.weight":
        read = _indexed("input", "x", row)
        return Wording("E", f"E[{row}, {column}]", _sent("e_{{{k}}}", column), lambda k, _: read(k))
    if name.startswith("head."):
        symbol = weight_symbol(here.scene, name)
        sent = _sent(here.logit + "_{{{k}}}", row)
    else:
        gate = gate_of_row(here.spec, entry.row)
        symbol = weight_symbol(here.scene, name, gate)
        sent = _sent("a_{{{k}}}" if gate == "h" else f"a_{{{{{gate},{{k}}}}}}", row, _reset(here, entry))
    if "bias" in name:
        return Wording(symbol, f"{symbol}[{row}]", sent, _nothing)
    return Wording(symbol, f"{symbol}[{row}, {column}]", sent, _read(here, entry, column))


def _places(here: Here, entry: WeightEntry) -> tuple[str, str]:
    """Call the row and the column of an entry: units by their number, tokens by what they are."""
    name, row, column = entry
    number, unit = str(column + 1), str(row % here.spec.hidden_size + 1)
    if name.startswith(("head.", "embedding.")):
        return visible(here.scene.vocabulary[row]), number
    return unit, column_name(here.scene, here.lane, column) if name.startswith("weight_ih") else number


def _sent(pattern: str, index: str, reset: str = "") -> Callable[[str, str], str]:
    """Return how ∂L_t/∂ of something is written; r lets through what comes to what it resets."""

    def sent(loss: str, k: str) -> str:
        first = f"{coloured('input_gate', f'{reset}_{{{k}}}')}[{index}] · " if reset else ""
        return f"{first}{by(loss, pattern.format(k=k))}[{index}]"

    return sent


def _reset(here: Here, entry: WeightEntry) -> str:
    """Return the letter of the gate that stands between an entry and the sum it adds to, if one does."""
    inner = entry.parameter.startswith(("weight_hh", "bias_hh")) and here.spec.gru_reset == "after"
    is_new = here.spec.cell == "gru" and gate_of_row(here.spec, entry.row) == "n"
    return here.letter("r") if inner and is_new else ""


def _read(here: Here, entry: WeightEntry, index: str) -> Callable[[str, str], str]:
    """Return how what an entry multiplies is written."""
    name, notation = entry.parameter, here.scene.notation
    if name.startswith("weight_hh"):
        return _carried(here, gate_of_row(here.spec, entry.row), index)
    if name.startswith("head."):
        read = _indexed("hidden", handed_on(here.spec, here.spec.num_layers - 1, notation), index)
    else:
        role = "hidden" if here.lane.layer else "input"
        read = _indexed(role, read_by(here.spec, here.lane.layer, notation), index)
    return lambda k, _: read(k)


def _indexed(role: str, letter: str, index: str) -> Callable[[str], str]:
    """Return how a number of a vector is written at a step."""
    return lambda k: f"{coloured(role, f'{letter}_{{{k}}}')}[{index}]"


def _carried(here: Here, gate: str, index: str) -> Callable[[str, str], str]:
    """Return how the state that a recurrent weight reads is written, reset where r acts on it first."""
    h, r = here.letter("h"), here.letter("r")
    reset = here.spec.cell == "gru" and gate == "n" and here.spec.gru_reset == "before"

    def read(k: str, before: str) -> str:
        first = f"{coloured('input_gate', f'{r}_{{{k}}}')}[{index}] · " if reset else ""
        return f"{first}{coloured('hidden', f'{h}_{{{before}}}')}[{index}]"

    return read
