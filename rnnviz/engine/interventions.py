"""Interventions: a unit or a gate that is held at a value from a step on."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rnnviz.engine.arrays import Array, Booleans
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.ways import Way


@dataclass(frozen=True, slots=True)
class Intervention:
    """Holds a state or a gate at a value from a step on.

    target: "h", "c" or a gate of the cell; start: the first step, from 0, in the sequence's own order also
    for the backward direction; unit: one unit, all if None. What is computed from the held value follows it.
    Gradients by a held state are those by its value, and none passes on to what it would have been computed
    from. Of two interventions on one number the later one counts.
    """

    target: str
    value: float
    start: int = 0
    unit: int | None = None
    layer: int = 0
    direction: int = 0


def targets(spec: NetworkSpec) -> tuple[str, ...]:
    """Return what an intervention in this network can hold: the states, then the gates."""
    cell = CELLS[spec.cell]
    return tuple(dict.fromkeys((*cell.states, *cell.gates)))


def check_interventions(spec: NetworkSpec, interventions: Sequence[Intervention]) -> None:
    """Refuse an intervention on what the network does not have, with a SpecError that names the field."""
    for held in interventions:
        if held.target not in targets(spec):
            raise SpecError(
                f"target must be one of {', '.join(targets(spec))} in this cell, not {held.target!r}."
            )
        if not _is_finite_number(held.value):
            raise SpecError(f"value must be a finite number, not {held.value!r}.")
        if not _is_whole(held.start) or held.start < 0:
            raise SpecError(f"start must be a step, 0 or later, not {held.start!r}.")
        for field, value, count in (
            ("unit", 0 if held.unit is None else held.unit, spec.hidden_size),
            ("layer", held.layer, spec.num_layers),
            ("direction", held.direction, spec.directions),
        ):
            if not _is_whole(value) or not 0 <= value < count:
                raise SpecError(f"{field} must lie in 0 … {count - 1}, not {value!r}.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_finite_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and isfinite(value)


@dataclass(frozen=True, eq=False, slots=True)
class Holds:
    """What is held in one layer and direction, in the order in which it runs.

    masks: which numbers, (T, H, B), by target; values: at what, the same shape.
    """

    masks: Mapping[str, Booleans]
    values: Mapping[str, Array]

    def put(self, target: str, step: int, columns: Array) -> None:
        """Write the held values of a step over what was computed, (H, B)."""
        if target in self.masks:
            held = self.masks[target][step].reshape(columns.shape)
            np.copyto(columns, self.values[target][step].reshape(columns.shape), where=held)

    def put_all(self, step: int, columns: Mapping[str, Array]) -> None:
        """Write the held values of a step over what was computed, by target."""
        for target, computed in columns.items():
            self.put(target, step, computed)

    def silence(self, target: str, steps: slice, *factors: Array) -> None:
        """Let no gradient pass what is held. factors: (n, H, B) of these steps, made zero in place."""
        if target in self.masks:
            for factor in factors:
                factor[self.masks[target][steps]] = 0.0

    def window(self, start: int, stop: int, sequence: int) -> Holds:
        """Return the steps start … stop − 1 of one sequence."""
        cut = np.s_[start:stop, :, sequence : sequence + 1]
        return Holds(
            {name: mask[cut] for name, mask in self.masks.items()},
            {name: np.asarray(values[cut], np.float64) for name, values in self.values.items()},
        )


def holds_of(
    spec: NetworkSpec, interventions: Sequence[Intervention], layer: int, direction: int, way: Way, batch: int
) -> Holds | None:
    """Return what interventions hold in one layer and direction; None if they hold nothing there."""
    masks: dict[str, Booleans] = {}
    values: dict[str, Array] = {}
    shape = (way.steps, spec.hidden_size, batch)
    for held in interventions:
        if (held.layer, held.direction) != (layer, direction):
            continue
        mask = np.zeros(shape, np.bool_)
        mask[held.start :, slice(None) if held.unit is None else held.unit] = True
        mask = way.turned(mask)
        values.setdefault(held.target, np.zeros(shape, spec.number))[mask] = held.value
        masks[held.target] = masks.get(held.target, np.zeros(shape, np.bool_)) | mask
    return Holds(masks, values) if masks else None
