"""What a cell is: the mathematics of one layer, forwards and backwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.activations import Activation
    from rnnviz.engine.arrays import Array, Integers


@dataclass(frozen=True, eq=False, slots=True)
class LayerWeights:
    """The parameters of one layer, PyTorch's names without the layer; those the network lacks are zero.

    weight_ih: (G·H, I), weight_hh: (G·H, H), bias_ih and bias_hh: (G·H,).
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array


@dataclass(frozen=True, eq=False, slots=True)
class LayerTrace:
    """All that one layer computed, step by step.

    states: (T + 1, B, H) by name, the initial state first. preactivations and gates: (T, B, H) by name.
    """

    states: Mapping[str, Array]
    preactivations: Mapping[str, Array]
    gates: Mapping[str, Array] = field(default_factory=dict)

    @property
    def h(self) -> Array:
        """The hidden state after each step: (T, B, H)."""
        return self.states["h"][1:]

    @property
    def previous_h(self) -> Array:
        """The hidden state before each step: (T, B, H)."""
        return self.states["h"][:-1]

    def by_step(self) -> tuple[Array, ...]:
        """Return every array of the layer, each beginning with the axis of time: (T, B, H)."""
        states = (states[1:] for states in self.states.values())
        return (*self.preactivations.values(), *self.gates.values(), *states)

    def window(self, start: int, stop: int, sequence: int) -> LayerTrace:
        """Return the steps start … stop − 1 of one sequence, in float64."""

        def cut(arrays: Mapping[str, Array], more: int = 0) -> dict[str, Array]:
            rows = slice(start, stop + more)
            return {
                name: np.asarray(array[rows, sequence : sequence + 1], np.float64)
                for name, array in arrays.items()
            }

        return LayerTrace(cut(self.states, more=1), cut(self.preactivations), cut(self.gates))


class Runner(Protocol):
    """A layer bound to its parameters, its input and its buffers.

    It can run again whenever the numbers in them have changed, and fills the same buffers anew.
    """

    layer: LayerTrace  # what `run` fills, every array contiguous

    def run(self) -> None:
        """Run over all steps."""


class Adjoint(Protocol):
    """How gradients pass back through the steps of one layer, once linearised at what it computed.

    Gradients of a step's state are rows (N, S), S = H times the number of the cell's states in their order:
    one row a sequence in `backward`, one row a loss in `gradient_flow`, one row a unit in `jacobian`.
    """

    width: int  # columns of δ

    def linearise(self) -> None:
        """Take in what the layer has computed; before the first `pull` and whenever it has run again."""

    def pull(self, step: int, gradient: Array, delta: Array, below: Array) -> None:
        """Write δ, the gradient of the step's preactivations, and `below`, that of the state before the step.

        gradient: (N, S), which a cell may complete in place (c within the same step); delta: (N, width);
        below: (N, S). delta and below are contiguous and overlap nothing.
        """

    def input_side(self, delta: Array) -> Array:
        """Return the gradient of W_ih x + b_ih, (N, G·H), from δ."""

    def recurrent_side(self, delta: Array) -> Array:
        """Return the gradient of W_hh h + b_hh, (N, G·H), from δ."""


class Cell(Protocol):
    """One kind of layer. Gate blocks, their order and their names are PyTorch's."""

    title: str
    gates: tuple[str, ...]  # row blocks of the weights
    states: tuple[str, ...]  # "h" first
    memory: str  # the state that a verdict on the gradient looks at
    recurrent: bool  # has weight_hh and bias_hh
    activations: tuple[str, ...]  # the first is the usual one

    def runner(
        self, activation: Activation, weights: LayerWeights, x: Array | Integers, initial: Mapping[str, Array]
    ) -> Runner:
        """Bind a layer to what it reads. x: (T, B, I) or tokens (T, B); initial: (B, H) by state."""

    def adjoint(self, activation: Activation, weights: LayerWeights, layer: LayerTrace) -> Adjoint:
        """Bind a layer to what it computes."""
