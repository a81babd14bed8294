"""Which entries of the weights training leaves as they are."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rnnviz.engine.arrays import Booleans
    from rnnviz.session.state import DocumentState

    Frozen: TypeAlias = Mapping[str, Booleans]

NONE: Frozen = MappingProxyType({})


class Place(NamedTuple):
    """Entries of a stored parameter; a bias has the column 0 only."""

    parameter: str
    rows: slice
    columns: slice


def with_frozen(state: DocumentState, places: Iterable[Place], on: bool) -> DocumentState:
    """Let training leave entries as they are, or change them again."""
    masks = {name: mask.copy() for name, mask in state.frozen.items()}
    for place in places:
        shape = state.parameters.shapes.get(place.parameter)
        if shape is None:
            raise EditError(f"This network has no weights called {place.parameter}.")
        mask = masks.setdefault(place.parameter, np.zeros(shape, bool))
        mask.reshape(len(mask), -1)[place.rows, place.columns] = on
    frozen = held(masks)
    return state if same_frozen(frozen, state.frozen) else replace(state, frozen=frozen)


def held(masks: Mapping[str, Booleans]) -> Frozen:
    """Return masks that never change, those without any entry left out."""
    kept = {name: np.array(mask, bool) for name, mask in masks.items() if mask.any()}
    for mask in kept.values():
        mask.setflags(write=False)
    return MappingProxyType(kept)


def same_frozen(one: Frozen, other: Frozen) -> bool:
    """Return whether the same entries are left as they are."""
    return one is other or (
        one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)
    )


def check_frozen(shapes: Mapping[str, tuple[int, ...]], frozen: Frozen) -> None:
    """Raise EditError if masks do not fit the parameters."""
    for name, mask in frozen.items():
        if mask.shape != shapes.get(name) or mask.dtype != bool:
            raise EditError(f"What is frozen of {name} does not fit this network.")
