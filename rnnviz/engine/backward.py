"""Backpropagation through time (Werbos 1990): every derivative of the total loss, in one sweep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.arrays import as_rows, by_class, by_name, product
from rnnviz.engine.cells import CELLS
from rnnviz.engine.parameters import Parameters, layer_weights, views
from rnnviz.engine.projection import places, weight_gradient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.losses import Loss
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class LayerGradients:
    """Total derivatives of the loss by one layer's states, by name: (T, B, H)."""

    states: Mapping[str, Array]

    @property
    def h(self) -> Array:
        """The derivative by the hidden state after each step: (T, B, H)."""
        return self.states["h"]


@dataclass(frozen=True, eq=False)
class Gradients:
    """Total derivatives dL/d· of the total loss.

    parameters: by name, in one flat buffer; initial_state: (1, B, H) by name; layers: one a layer.
    """

    parameters: Parameters
    initial_state: Mapping[str, Array]
    layers: tuple[LayerGradients, ...]
    _into_inputs: Array
    _weight_ih: Array

    @cached_property
    def inputs(self) -> Array:
        """The derivative by x, (T, B, I); by the one-hot vectors if x was tokens. Computed when asked for."""
        with np.errstate(all="ignore"):
            return product(self._into_inputs, self._weight_ih)


@np.errstate(all="ignore")
def backward(spec: NetworkSpec, params: Parameters, trace: Trace, loss: Loss) -> Gradients:
    """Return the derivative of `loss.total` by everything.

    One sweep carries the state's gradient to the first step; then each weight's gradient is one product.
    """
    run = BackwardRun(spec, params, trace, loss)
    run.fill()
    return run.gradients()


class BackwardRun:
    """The buffers of a backward run through a trace and the work that fills them.

    `backward` makes a new one each time; training fills one again and again, after the trace and the loss
    have been filled anew, and after `read` if the inputs are others.
    """

    def __init__(self, spec: NetworkSpec, params: Parameters, trace: Trace, loss: Loss) -> None:
        cell, layer = CELLS[spec.cell], trace.layers[0]
        steps, batch, hidden = layer.h.shape
        width, number = hidden * len(cell.states), layer.h.dtype
        self.names, self.weights, self.trace = cell.states, params, trace
        self.by_logits = by_class(loss.logit_gradients)
        self.by_state = np.empty((steps, batch, width), number)
        self.by_h = as_rows(self.by_state) if width == hidden else np.empty((steps * batch, hidden), number)
        self.adjoint = cell.adjoint(ACTIVATIONS[spec.activation], layer_weights(spec, params), layer)
        self.delta = np.empty((steps, batch, self.adjoint.width), number)
        self.below = np.empty((batch, width), number)
        self.steps = list(zip(range(steps), self.by_state, self.delta, strict=True))[::-1]
        self.flat = np.empty_like(params.flat)
        self.sums = views(self.flat, params.shapes)
        self.places = places(trace.x, len(self.sums["weight_ih_l0"]))
        # The loss is an average over the batch; by_logits, and so what comes of it at once, is not.
        self.averaged = [name for name in self.sums if name.startswith("head.")] if batch > 1 else []
        self.ones = np.ones(steps * batch, number)
        self.into_inputs = self.into_state = self.delta

    def read(self) -> None:
        """Take in inputs that have changed."""
        self.places = places(self.trace.x, len(self.sums["weight_ih_l0"]))

    def fill(self) -> None:
        """Compute all gradients."""
        self._enter()
        self.adjoint.linearise()
        self._sweep()
        self.into_inputs = self.adjoint.input_side(self.delta)
        self.into_state = self.adjoint.recurrent_side(self.delta)
        self._sum_over_steps()

    def _enter(self) -> None:
        """Write what each step's own loss says to its state into `by_state`."""
        batch, hidden = len(self.trace.lengths), self.by_h.shape[1]
        np.dot(self.by_logits.T, self.weights["head.weight"], self.by_h)
        if batch > 1:
            np.divide(self.by_h, batch, self.by_h)
        if len(self.names) > 1:
            self.by_state[:, :, :hidden] = self.by_h.reshape(-1, batch, hidden)
            self.by_state[:, :, hidden:] = 0.0

    def _sweep(self) -> None:
        """Carry gradients from the last step to the first, each step adding its own.

        `by_state`, what each step's own loss says, becomes what all losses say; `below` becomes the gradient
        of the state before the first step.
        """
        below, pull, add = self.below, self.adjoint.pull, np.add
        below.fill(0.0)
        for step, gradient, delta in self.steps:
            add(gradient, below, gradient)
            pull(step, gradient, delta, below)

    def _sum_over_steps(self) -> None:
        """Write the gradients of all parameters, sums over steps and sequences."""
        layer, out, ones = self.trace.layers[0], self.sums, self.ones
        into_inputs, into_state = as_rows(self.into_inputs), as_rows(self.into_state)
        weight_gradient(into_inputs, self.trace.x, self.places, out["weight_ih_l0"])
        if "weight_hh_l0" in out:
            np.dot(into_state.T, as_rows(layer.previous_h), out["weight_hh_l0"])
        if "bias_ih_l0" in out:
            np.dot(ones, into_inputs, out["bias_ih_l0"])
        if "bias_hh_l0" in out:
            np.dot(ones, into_state, out["bias_hh_l0"])
        np.dot(self.by_logits, as_rows(layer.h), out["head.weight"])
        if "head.bias" in out:
            np.dot(self.by_logits, ones, out["head.bias"])
        for name in self.averaged:
            np.divide(out[name], len(self.trace.lengths), out[name])

    def gradients(self) -> Gradients:
        """Return what was computed; it shares the buffers."""
        return Gradients(
            Parameters(self.flat[:], self.weights.shapes),
            by_name(self.below[None], self.names),
            (LayerGradients(by_name(self.by_state, self.names)),),
            self.into_inputs,
            self.weights["weight_ih_l0"],
        )
