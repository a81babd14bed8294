"""The way of all losses' gradients at once, back through the layers of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS, Adjoint, backwards
from rnnviz.engine.pairs import Packed, Pairs
from rnnviz.engine.parameters import layer_weights

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.cells import Weights
    from rnnviz.engine.losses import Loss
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class Passage:
    """What the losses of n steps say to one layer and direction, in the order of its way; float64.

    by_state: gradients of the states, (S,) a pair; delta: of the preactivations, (width,) a pair; below:
    (S, n), of the state before the first step; inputs: (n, I), what each step read.
    """

    pairs: Pairs
    adjoint: Adjoint
    weights: Weights
    by_state: Packed
    delta: Packed
    below: Array
    inputs: Array

    def by_inputs(self) -> Packed:
        """Return the gradients of what each step read, (I,) a pair."""
        weight = self.weights.weight_ih
        packed = Packed(self.pairs, weight.shape[1])
        for k in range(self.pairs.steps):
            delta, out = self.delta.block(k), packed.block(k)
            for rows, block in self.adjoint.input_blocks():
                np.add(out, np.dot(weight[block].T, delta[rows]), out)
        return packed


class Passages:
    """The passages of a network for one sequence and a window of its steps, each found when asked for.

    first and last: the window, first … last − 1, inside the sequence's length.
    """

    def __init__(
        self, spec: NetworkSpec, params: Parameters, trace: Trace, loss: Loss, place: tuple[int, int, int]
    ) -> None:
        self.spec, self.params, self.trace = spec, params, trace
        self.sequence, self.first, self.last = place
        self.steps = max(0, self.last - self.first)
        self.last = self.first + self.steps
        gradients = loss.logit_gradients[self.first : self.last, self.sequence]
        self.by_logits = np.ascontiguousarray(gradients.T, np.float64)
        self._found: dict[tuple[int, int], Passage] = {}

    def passage(self, layer: int, direction: int) -> Passage:
        """Return what reaches a layer and direction."""
        place = layer, direction
        if place not in self._found:
            self._found[place] = self._pass(layer, direction)
        return self._found[place]

    def by_outputs(self, layer: int) -> Packed:
        """Return what comes to a layer's output from above, (D·H,) a pair, in the order of the sequence.

        Layer −1 is what the first layer reads, embedded if tokens are.
        """
        above = [self.passage(layer + 1, direction).by_inputs() for direction in range(self.spec.directions)]
        if len(above) == 1:
            return above[0]
        forwards, backwards = (packed.spread() for packed in above)
        both = Packed(Pairs(self.steps, causal=False), above[0].rows)
        for k in range(self.steps):
            np.add(forwards[k], backwards[self.steps - 1 - k, :, ::-1], both.block(k))
        return both

    def to_inputs(self, t: int) -> Array:
        """Return what the loss of step t of the window says to all that the first layer reads: (I, n).

        Steps are in the order of the sequence.
        """
        found: Array = np.zeros((self.passage(0, 0).weights.weight_ih.shape[1], self.steps))
        for direction in range(self.spec.directions):
            passage, last = self.passage(0, direction), self.steps - 1
            own, weight = last - t if direction else t, passage.weights.weight_ih
            reached = [k for k in range(self.steps) if passage.pairs.has(own, k)]
            delta = np.stack([passage.delta.vector(own, k) for k in reached], 1)
            columns = [last - k for k in reached] if direction else reached
            for rows, block in passage.adjoint.input_blocks():
                found[:, columns] += np.dot(weight[block].T, delta[rows])
        return found

    def own_window(self, direction: int) -> tuple[int, int]:
        """Return the window in the order of a direction."""
        if direction == 0:
            return self.first, self.last
        length = int(self.trace.lengths[self.sequence])
        return length - self.last, length - self.first

    def _pass(self, layer: int, direction: int) -> Passage:
        spec, found = self.spec, self.trace.layers[layer].directions[direction]
        start, stop = self.own_window(direction)
        weights = layer_weights(spec, self.params, layer, direction, np.float64)
        course = found.course.window(start, stop, self.sequence)
        adjoint = CELLS[spec.cell].adjoint(spec, weights, course)
        by_state = self._from_above(layer, direction)
        delta, below = _sweep(adjoint, by_state)
        inputs = found.inputs.vectors(start, stop, self.sequence)
        return Passage(by_state.pairs, adjoint, weights, by_state, delta, below, inputs)

    def _from_above(self, layer: int, direction: int) -> Packed:
        """Return what comes to the states of a layer and direction from above, (S,) a pair."""
        size, last = self.spec.hidden_size, self.steps - 1
        rows, states = slice(direction * size, (direction + 1) * size), len(CELLS[self.spec.cell].states)
        if layer < self.spec.num_layers - 1:
            above = self.by_outputs(layer)
            packed = Packed(above.pairs, states * size)
            for k in range(self.steps):
                by_h = above.block(last - k)[rows, ::-1] if direction else above.block(k)[rows]
                packed.block(k)[:size] = by_h
            return packed
        packed = Packed(Pairs(self.steps, causal=True), states * size)
        by_own = np.dot(np.asarray(self.params["head.weight"], np.float64)[:, rows].T, self.by_logits)
        for k in range(self.steps):
            packed.block(k)[:size, 0] = by_own[:, last - k if direction else k]
        return packed


def _sweep(adjoint: Adjoint, by_state: Packed) -> tuple[Packed, Array]:
    """Carry the gradients of all losses from the last step to the first, one product a step.

    by_state: (S,) a pair, what comes to each state from above; it becomes the gradient of the state. Returns
    δ, (width,) a pair, and the gradients of the state before the first step, (S, n).
    """
    pairs = by_state.pairs
    delta = Packed(pairs, adjoint.width)
    below: Array = np.zeros((by_state.rows, pairs.steps))
    adjoint.begin()
    for k in backwards(adjoint, pairs.steps):
        gradient = by_state.block(k)
        below = np.empty(gradient.shape)
        adjoint.pull(k, adjoint.cut(gradient, delta.block(k), below))
        if k:
            before = by_state.block(k - 1)[:, 1 if pairs.causal else 0 :]
            np.add(before, below, before)
    return delta, below
