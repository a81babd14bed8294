"""Backpropagation through time (Werbos 1990): every derivative of the total loss, in one sweep."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.arrays import as_rows, by_name, product
from rnnviz.engine.cells import CELLS, Adjoint
from rnnviz.engine.parameters import Parameters, empty_flat, layer_weights, parameter_shapes, views
from rnnviz.engine.projection import weight_gradient

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
    cell, layer = CELLS[spec.cell], trace.layers[0]
    by_logits = loss.logit_gradients / len(trace.lengths)
    by_state = np.zeros((*layer.h.shape[:2], spec.hidden_size * len(cell.states)), spec.number)
    by_state[:, :, : spec.hidden_size] = product(by_logits, params["head.weight"])

    adjoint = cell.adjoint(ACTIVATIONS[spec.activation], layer_weights(spec, params), layer)
    delta, initial = _sweep(adjoint, by_state)
    into_inputs, into_state = adjoint.input_side(delta), adjoint.recurrent_side(delta)

    flat = empty_flat(spec)
    _sum_over_steps(views(flat, parameter_shapes(spec)), trace, by_logits, into_inputs, into_state)
    return Gradients(
        Parameters(flat, parameter_shapes(spec)),
        by_name(initial[None], cell.states),
        (LayerGradients(by_name(by_state, cell.states)),),
        into_inputs,
        params["weight_ih_l0"],
    )


def _sum_over_steps(
    out: Mapping[str, Array], trace: Trace, by_logits: Array, into_inputs: Array, into_state: Array
) -> None:
    """Write the gradients of all parameters, sums over steps and sequences.

    into_inputs and into_state: (T, B, G·H), the gradients of W_ih x + b_ih and of W_hh h + b_hh.
    """
    layer = trace.layers[0]
    weight_gradient(as_rows(into_inputs), trace.x, out["weight_ih_l0"])
    np.dot(as_rows(by_logits).T, as_rows(layer.h), out=out["head.weight"])
    if "weight_hh_l0" in out:
        np.dot(as_rows(into_state).T, as_rows(layer.previous_h), out=out["weight_hh_l0"])
    for name, gradient in (("bias_ih_l0", into_inputs), ("bias_hh_l0", into_state), ("head.bias", by_logits)):
        if name in out:
            as_rows(gradient).sum(axis=0, out=out[name])


def _sweep(adjoint: Adjoint, by_state: Array) -> tuple[Array, Array]:
    """Carry gradients from the last step to the first, each step adding its own.

    by_state: (T, B, S), what each step's own loss says; becomes what all losses say. Returns δ of all steps,
    (T, B, width), and the gradient of the state before the first, (B, S).
    """
    steps, batch, width = by_state.shape
    delta = np.empty((steps, batch, adjoint.width), by_state.dtype)
    below = np.zeros((batch, width), by_state.dtype)
    pull = adjoint.pull
    for step in range(steps - 1, -1, -1):
        gradient = by_state[step]
        np.add(gradient, below, out=gradient)
        pull(step, gradient, delta[step], below)
    return delta, below
