"""One number, or one row of numbers, of a network and what it computes: what a user has picked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class WeightEntry(NamedTuple):
    """One entry of a parameter, as it is stored: its row, and its column, 0 in a bias."""

    parameter: str
    row: int
    column: int


class StepPair(NamedTuple):
    """The loss of step t and a step k that its gradient reaches, both from 0."""

    t: int
    k: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What is picked; the step is the playhead's.

    quantity: "h", "c", a gate; "a." and the name of what a preactivation becomes; "x", "e", "y" of input,
    embedding and prediction; "L", "dh", "dc", "dx" of the loss and the gradients, which have no units. unit:
    its row, from 0. layer and direction: of what belongs to one, from 0. weight: an entry instead. pair: a
    loss and the state, called `quantity`, that its gradient reaches; with a weight, that of its gradient's
    terms.
    """

    quantity: str | None = None
    unit: int | None = None
    layer: int = 0
    direction: int = 0
    weight: WeightEntry | None = None
    pair: StepPair | None = None
