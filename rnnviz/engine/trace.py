"""What a network computed for a batch of sequences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.cells import Course
    from rnnviz.engine.inputs import Inputs
    from rnnviz.engine.interventions import Intervention
    from rnnviz.engine.ways import Way


@dataclass(frozen=True, eq=False)
class DirectionTrace:
    """All that a layer computed in one direction: (T, B, H) each, in the sequences' own order of steps.

    course and inputs: the same and what it read, in the order of its way.
    """

    course: Course
    way: Way
    inputs: Inputs

    @cached_property
    def states(self) -> dict[str, Array]:
        """The states after each step, by name."""
        return {name: self._shown(states[1:]) for name, states in self.course.states.items()}

    @cached_property
    def previous(self) -> dict[str, Array]:
        """The states that each step started from: of the step before it, or after it if this is backwards."""
        return {name: self._shown(states[:-1]) for name, states in self.course.states.items()}

    @cached_property
    def gates(self) -> dict[str, Array]:
        """The gates and the candidate, by name."""
        return {name: self._shown(gate) for name, gate in self.course.gates.items()}

    @cached_property
    def preactivations(self) -> dict[str, Array]:
        """What the gates, or h, are a function of, by name."""
        halved = self.course.halved
        with np.errstate(all="ignore"):
            return {
                name: self._shown(a) * 2.0 if name in halved else self._shown(a)
                for name, a in self.course.preactivations.items()
            }

    @property
    def h(self) -> Array:
        """The hidden state after each step."""
        return self.states["h"]

    @property
    def c(self) -> Array:
        """The cell state after each step; only some cells have one."""
        return self.states["c"]

    @property
    def initial(self) -> dict[str, Array]:
        """The states it began with, by name: (B, H)."""
        return {name: states[0].T for name, states in self.course.states.items()}

    def final(self, lengths: Integers) -> dict[str, Array]:
        """Return the states after each sequence's last step in this direction, by name: (B, H)."""
        batch = np.arange(len(lengths))
        return {name: states[lengths, :, batch] for name, states in self.course.states.items()}

    def _shown(self, columns: Array) -> Array:
        return self.way.turned(columns).swapaxes(1, 2)


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """All that one layer computed: (T, B, D·H) each, the forward direction first.

    columns: what it hands on, (T, D·H, B).
    """

    directions: tuple[DirectionTrace, ...]
    columns: Array

    @cached_property
    def states(self) -> dict[str, Array]:
        """The states after each step, by name."""
        return joined([direction.states for direction in self.directions])

    @cached_property
    def previous(self) -> dict[str, Array]:
        """The states that each step started from, by name."""
        return joined([direction.previous for direction in self.directions])

    @cached_property
    def gates(self) -> dict[str, Array]:
        """The gates and the candidate, by name."""
        return joined([direction.gates for direction in self.directions])

    @cached_property
    def preactivations(self) -> dict[str, Array]:
        """What the gates, or h, are a function of, by name."""
        return joined([direction.preactivations for direction in self.directions])

    @property
    def h(self) -> Array:
        """The hidden state after each step."""
        return self.columns.swapaxes(1, 2)

    @property
    def c(self) -> Array:
        """The cell state after each step; only some cells have one."""
        return self.states["c"]


def joined(parts: list[dict[str, Array]]) -> dict[str, Array]:
    """Lay the arrays of the directions side by side."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """Every number of a forward run; all that lies past a sequence's length is zero.

    x: (T, B) tokens or (T, B, I), also as `inputs`; logits: (T, B, O);
    probabilities: what the readout makes of the logits, the same numbers if it is linear; lengths: (B,).
    """

    x: Array | Integers
    layers: tuple[LayerTrace, ...]
    logits: Array
    probabilities: Array
    lengths: Integers
    readout: str
    inputs: Inputs
    interventions: tuple[Intervention, ...] = ()

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.x)

    @property
    def output(self) -> Array:
        """The hidden state of the top layer after each step: (T, B, D·H)."""
        return self.layers[-1].h

    @property
    def initial_state(self) -> dict[str, Array]:
        """The states before the first step, by name: (L·D, B, H), in PyTorch's order."""
        return stacked([way.initial for layer in self.layers for way in layer.directions])

    @property
    def final_state(self) -> dict[str, Array]:
        """The states after each sequence's last step, by name: (L·D, B, H), in PyTorch's order."""
        return stacked([way.final(self.lengths) for layer in self.layers for way in layer.directions])


def stacked(states: list[Mapping[str, Array]] | list[dict[str, Array]]) -> dict[str, Array]:
    """Lay the states of layers and directions upon each other: (B, H) each gives (L·D, B, H)."""
    return {name: np.stack([state[name] for state in states]) for name in states[0]}
