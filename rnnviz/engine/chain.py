"""The chain rule through time, link by link: one Jacobian a step, and what their product comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.checks import check_place
from rnnviz.engine.errors import StepError
from rnnviz.engine.parameters import layer_weights
from rnnviz.engine.stack_jacobian import LayerJacobian

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.cells import Course
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class Chain:
    """The way from s_t back to s_k in n steps; link 0 is ∂s_t/∂s_{t−1}, the last one ∂s_{k+1}/∂s_k.

    s is all states of the cell side by side, (S,). reached: (n,), the step that each link comes to, from 0;
    −1 is the initial state. jacobians: (n, S, S). singular_values: (n, S), the largest first.

    The rest, (n,), are natural logarithms, −∞ where nothing is left. product: of ‖∂s_t/∂s_i‖₂ for every step
    i reached. norms: of the product of the links' largest singular values, which is never less. blocks: of
    the norm for one state alone, such as ‖∂c_t/∂c_i‖₂. kept: of the largest entry of the product of the gates
    that keep the memory, the part of it that goes straight from step to step; None if no gate does.
    """

    reached: Integers
    jacobians: Array
    singular_values: Array
    product: Array
    norms: Array
    blocks: Mapping[str, Array]
    kept: Array | None

    @property
    def steps(self) -> int:
        """The number of links, n."""
        return len(self.reached)


@np.errstate(all="ignore")
def chain(
    spec: NetworkSpec,
    params: Parameters,
    trace: Trace,
    t: int,
    k: int,
    layer: int = -1,
    direction: int = 0,
    sequence: int = 0,
) -> Chain:
    """Return the links of ∂s_t/∂s_k of one layer and direction, in float64.

    Steps count from 0; k = −1 is the initial state (of the backward direction: k = the sequence's length).
    Raises StepError unless k comes before t on the layer's way, within the sequence.
    """
    length = int(trace.lengths[sequence])
    first, last = _way(trace, t, k, layer, direction, sequence)
    course = trace.layers[layer].directions[direction].course.window(first + 1, last + 1, sequence)
    weights = layer_weights(spec, params, layer % spec.num_layers, direction, np.float64)
    links = LayerJacobian(spec, weights, course)
    order = range(last - first - 1, -1, -1)
    jacobians = np.array([links.pull(step).copy() for step in order]).reshape(-1, links.size, links.size)
    reached = first + np.arange(len(jacobians) - 1, -1, -1)
    values = _singular_values(jacobians)
    product, blocks = _products(jacobians, CELLS[spec.cell].states)
    return Chain(
        length - 1 - reached if direction else reached,
        jacobians,
        values,
        product,
        np.cumsum(np.log(values.max(1, initial=0.0))),
        blocks,
        _kept(course, CELLS[spec.cell].keeps),
    )


def kept(
    spec: NetworkSpec, trace: Trace, t: int, k: int, layer: int = -1, direction: int = 0, sequence: int = 0
) -> Array | None:
    """Return `Chain.kept` of a chain, (n,), without its Jacobians. Raises StepError as `chain` does."""
    first, last = _way(trace, t, k, layer, direction, sequence)
    course = trace.layers[layer].directions[direction].course.window(first + 1, last + 1, sequence)
    return _kept(course, CELLS[spec.cell].keeps)


def _way(trace: Trace, t: int, k: int, layer: int, direction: int, sequence: int) -> tuple[int, int]:
    """Return the first and the last step in the order in which the layer reads."""
    check_place(trace, sequence, layer, direction)
    length = int(trace.lengths[sequence])
    last, first = (length - 1 - t, length - 1 - k) if direction else (t, k)
    if not -1 <= first <= last < length:
        steps = f"0 … {length - 1}"
        raise StepError(f"The chain leads from a step back to an earlier one, {steps}, not ({t}, {k}).")
    return first, last


def _singular_values(jacobians: Array) -> Array:
    """Return those of every link; NaN of one that is not finite."""
    values = np.full(jacobians.shape[:2], np.nan)
    finite = np.isfinite(jacobians).all((1, 2))
    values[finite] = np.linalg.svd(jacobians[finite], compute_uv=False)
    return values


def _products(jacobians: Array, states: tuple[str, ...]) -> tuple[Array, dict[str, Array]]:
    """Return ln of the 2-norms of all products from the first link on, whole and of each state's own block.

    The product is kept near 1, and its size apart, so that neither is lost where e^±700 ends.
    """
    scaled, log_sizes = np.zeros_like(jacobians), np.full(len(jacobians), -np.inf)
    product, log_size = np.eye(jacobians.shape[1]), 0.0
    for n, link in enumerate(jacobians):
        product = product @ link
        largest = float(np.abs(product).max(initial=0.0))
        if largest == 0.0:
            break
        log_size += float(np.log(largest))
        product = scaled[n] = product / largest
        log_sizes[n] = log_size
    whole = log_sizes + _log_norms(scaled)
    if len(states) == 1:
        return whole, {states[0]: whole}
    parts = zip(states, _cuts(jacobians.shape[1], len(states)), strict=True)
    return whole, {name: log_sizes + _log_norms(scaled[:, part, part]) for name, part in parts}


def _cuts(size: int, parts: int) -> list[slice]:
    each = size // parts
    return [slice(n * each, (n + 1) * each) for n in range(parts)]


def _log_norms(matrices: Array) -> Array:
    """Return ln of the 2-norms of (n, S, S); finding all of them at once is quicker than one by one."""
    norms: Array = np.log(_singular_values(matrices).max(1, initial=0.0))
    return norms


def _kept(course: Course, gate: str) -> Array | None:
    """Return ln of the largest entry of the products of a gate, the last step first."""
    if not gate:
        return None
    with np.errstate(divide="ignore"):
        values = np.log(np.asarray(course.gates[gate][::-1, :, 0], np.float64))
    product: Array = np.cumsum(values, axis=0).max(1, initial=-np.inf)
    return product
