"""Backpropagation through time (Werbos 1990): every derivative of the total loss, in one sweep a layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import ByUnit, by_class
from rnnviz.engine.parameters import Parameters, views
from rnnviz.engine.sweep import Sweep
from rnnviz.engine.trace import joined, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.losses import Loss
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """Total derivatives of the loss by what one layer computed: (T, B, D·H) each, forward direction first."""

    _sweeps: tuple[Sweep, ...]

    @cached_property
    def states(self) -> Mapping[str, Array]:
        """The derivatives by the states after each step, by name."""
        return joined([_shown(sweep, sweep.by_name(sweep.by_state[1:])) for sweep in self._sweeps])

    @cached_property
    def preactivations(self) -> Mapping[str, Array]:
        """The derivatives δ by what the gates, or h, are a function of, by name."""
        return joined([_shown(sweep, sweep.adjoint.named(sweep.delta)) for sweep in self._sweeps])

    @property
    def h(self) -> Array:
        """The derivative by the hidden state after each step."""
        return self.states["h"]

    @property
    def c(self) -> Array:
        """The total derivative by the cell state, by way of h too; only some cells have one."""
        return self.states["c"]


def _shown(sweep: Sweep, columns: Mapping[str, Array]) -> dict[str, Array]:
    return {name: sweep.trace.way.turned(array).swapaxes(1, 2) for name, array in columns.items()}


@dataclass(frozen=True, eq=False)
class Gradients:
    """Total derivatives dL/d· of the total loss.

    parameters: by name, in one flat buffer; initial_state: (L·D, B, H) by name; layers: one a layer.
    """

    parameters: Parameters
    initial_state: Mapping[str, Array]
    layers: tuple[LayerGradients, ...]
    _run: BackwardRun

    @cached_property
    def inputs(self) -> Array:
        """The derivative by x, (T, B, I); by the one-hot vectors if x was tokens. Computed when asked for."""
        with np.errstate(all="ignore"):
            return self._run.by_inputs()


@np.errstate(all="ignore")
def backward(spec: NetworkSpec, params: Parameters, trace: Trace, loss: Loss) -> Gradients:
    """Return the derivative of `loss.total` by everything.

    One sweep a layer and direction carries the states' gradients from step to step; then each weight's
    gradient is one product.
    """
    run = BackwardRun(spec, params, trace, loss)
    run.fill()
    return run.gradients()


class BackwardRun:
    """The buffers of a backward run through a trace and the work that fills them.

    `backward` makes a new one each time; training fills one again and again, after the trace and the loss
    have been filled anew, and keeps nothing but the gradients of the parameters.
    """

    def __init__(
        self, spec: NetworkSpec, params: Parameters, trace: Trace, loss: Loss, *, keep: bool = True
    ) -> None:
        self.spec, self.weights, self.trace = spec, params, trace
        self.batch = len(trace.lengths)
        self.by_logits = by_class(loss.logit_gradients)
        self.flat = np.empty_like(params.flat)
        self.sums = views(self.flat, params.shapes)
        self.ones = np.ones(self.by_logits.shape[1], spec.number)
        self.top, self.by_unit = trace.layers[-1].columns, ByUnit(spec.number)
        self.by_output = np.empty(self.top.shape, spec.number)
        self.by_output_rows = np.empty((spec.width, self.by_logits.shape[1]), spec.number)
        self.layers: list[LayerSweeps] = []
        by_output = self.by_output
        for layer in range(spec.num_layers - 1, -1, -1):
            sweeps = LayerSweeps(self, layer, by_output, keep=keep)
            self.layers.insert(0, sweeps)
            by_output = sweeps.by_read
        self.by_embedded = by_output

    def fill(self) -> None:
        """Compute everything; `gradients` returns it."""
        self._read_out()
        for layer in reversed(self.layers):
            layer.fill()
        if self.spec.embedding_size is not None:
            self._embed()

    def _read_out(self) -> None:
        """Write the gradients of the readout's parameters and of the top layer's output."""
        out, batch, weight = self.sums, self.batch, self.weights["head.weight"]
        np.dot(self.by_logits, self.by_unit.of(self.top).T, out["head.weight"])
        if "head.bias" in out:
            np.dot(self.by_logits, self.ones, out["head.bias"])
        if batch == 1:
            np.dot(self.by_logits.T, weight, self.by_output[:, :, 0])
            return
        np.dot(weight.T, self.by_logits, self.by_output_rows)
        by_output = self.by_output_rows.reshape(len(weight.T), -1, batch)
        np.divide(by_output.swapaxes(0, 1), batch, self.by_output)
        for name in ("head.weight", "head.bias"):
            if name in out:
                np.divide(out[name], batch, out[name])

    def _embed(self) -> None:
        """Write the gradient of the table of embeddings."""
        by_weight = np.empty(self.sums["embedding.weight"].shape[::-1], self.spec.number)
        laid = ByUnit(self.spec.number).of(self.by_embedded)
        self.trace.inputs.gradient(0, self.trace.steps, laid, by_weight, fresh=True)
        np.copyto(self.sums["embedding.weight"], by_weight.T)

    def by_inputs(self) -> Array:
        """Return the gradient of x, (T, B, I)."""
        by_read = self.layers[0].by_inputs().swapaxes(1, 2)
        if self.spec.embedding_size is None:
            return by_read
        by_x: Array = np.matmul(by_read, self.weights["embedding.weight"].T)
        return by_x

    def gradients(self) -> Gradients:
        """Return what was computed; it shares the buffers."""
        sweeps = [sweep for layer in self.layers for sweep in layer.sweeps]
        initial = [{name: array.T for name, array in s.by_name(s.by_state[0]).items()} for s in sweeps]
        layers = tuple(LayerGradients(tuple(layer.sweeps)) for layer in self.layers)
        return Gradients(Parameters(self.flat[:], self.weights.shapes), stacked(initial), layers, self)


class LayerSweeps:
    """The way back through one layer, in every direction.

    by_output: (T, D·H, B), the gradient of what the layer hands on; by_read: (T, I, B), that of what it read,
    empty if nothing lies below it.
    """

    def __init__(self, run: BackwardRun, layer: int, by_output: Array, *, keep: bool) -> None:
        spec, found = run.spec, run.trace.layers[layer].directions
        self.above, self.below = [], []
        self.sweeps: list[Sweep] = []
        reads = layer > 0 or spec.embedding_size is not None
        shape = (len(by_output), spec.layer_inputs(layer), run.batch)
        for direction, trace in enumerate(found):
            rows = slice(direction * spec.hidden_size, (direction + 1) * spec.hidden_size)
            self.above.append((by_output[:, rows], trace.way.turned(by_output[:, rows])))
            self.below.append(np.empty(shape, spec.number) if reads else None)
            place, bound = (layer, direction), (self.above[-1][1], self.below[-1])
            self.sweeps.append(Sweep(spec, run.weights, place, trace, run.sums, *bound, keep=keep))
        self.number = spec.number
        first = self.below[0]
        self.by_read = np.empty((0, 0, 0), spec.number) if first is None else first

    def fill(self) -> None:
        """Carry the gradient of the layer's output through all steps."""
        for sweep, (by_output, turned) in zip(self.sweeps, self.above, strict=True):
            if sweep.trace.way.copies:
                np.copyto(turned, sweep.trace.way.turned(by_output))
            sweep.fill()
        self._join(self.below)

    def by_inputs(self) -> Array:
        """Return the gradient of what the layer read, (T, I, B), once more; only if the sweeps kept δ."""
        below = []
        for sweep in self.sweeps:
            shape = (len(sweep.delta), sweep.weights.weight_ih.shape[1], sweep.delta.shape[2])
            below.append(np.empty(shape, self.number))
            sweep.by_inputs(sweep.delta, below[-1])
        self._join(below)
        return below[0]

    def _join(self, below: Sequence[Array | None]) -> None:
        """Add what came through the other direction to the first, in the sequences' own order."""
        for sweep, by_inputs in zip(self.sweeps[1:], below[1:], strict=True):
            if by_inputs is not None and below[0] is not None:
                np.add(below[0], sweep.trace.way.turned(by_inputs), below[0])
