"""Finding the first number that is not finite."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rnnviz.engine.arrays import is_finite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.backward import Gradients
    from rnnviz.engine.losses import Loss
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.trace import Trace
    from rnnviz.engine.ways import Way

# What is computed step by step: its name, its array, which begins with the axis of time, and its way.
Tensor: TypeAlias = tuple[str, "Array | Integers", "Way | None"]

_SUBJECTS = {"loss": "The loss is", "logits": "The logits are"}


@dataclass(frozen=True, slots=True)
class NonFinite:
    """The first tensor that holds infinity or NaN. step counts from 0; None if the tensor has no steps."""

    tensor: str
    step: int | None
    infinite: bool

    @property
    def finding(self) -> str:
        """What is wrong and where, to be continued."""
        subject = _SUBJECTS.get(self.tensor, f"{self.tensor} is")
        what = "infinite" if self.infinite else "not a number"
        where = "" if self.step is None else f" at step {self.step + 1}"
        return f"{subject} {what}{where}"

    @property
    def sentence(self) -> str:
        """What is wrong, where, and what to do."""
        return f"{self.finding}; undo, or make the weights smaller."


@np.errstate(all="ignore")
def first_nonfinite(trace: Trace, loss: Loss, gradients: Gradients) -> NonFinite | None:
    """Return the first value that is not finite in the order of computation, None if all are finite.

    That is: the initial state; then step by step x, a, h, logits, ŷ and loss; then ∂L/∂h from the last step
    to the first; then what is summed over the steps. In two directions, all steps of a layer come before the
    next layer, which may read the last step first.
    """
    return (
        _first_whole((f"{name}₀", state) for name, state in trace.initial_state.items())
        or _first_of(_forward_groups(trace, loss))
        or _first_of(_backward_groups(trace, gradients), backwards=True)
        or _first_whole(_sums(loss, gradients))
    )


@np.errstate(all="ignore")
def first_nonfinite_parameter(params: Parameters) -> NonFinite | None:
    """Return the first parameter that is not finite, None if all are."""
    return None if is_finite(params.flat) else _first_whole(params.items())


def _forward_groups(trace: Trace, loss: Loss) -> list[list[Tensor]]:
    """Name what a step computes, in that order, each group needing all steps of those before it."""
    before: list[Tensor] = [("x", trace.x, None)]
    layers = [_forward_tensors(trace, number) for number in range(len(trace.layers))]
    after: list[Tensor] = [
        ("logits", trace.logits, None),
        ("ŷ", trace.probabilities, None),
        ("loss", loss.step, None),
    ]
    return _joined_if_one_way(trace, [before, *layers, after])


def _forward_tensors(trace: Trace, number: int) -> list[Tensor]:
    tensors: list[Tensor] = []
    for direction, found in enumerate(trace.layers[number].directions):
        where = _where(trace, number, direction)
        for name, preactivation in found.preactivations.items():
            a = "a" if len(found.preactivations) == 1 else f"a_{name}"
            tensors.append((a + where, preactivation, found.way))
        for name, array in (*found.gates.items(), *reversed(found.states.items())):
            tensors.append((name + where, array, found.way))
    return tensors


def _backward_groups(trace: Trace, gradients: Gradients) -> list[list[Tensor]]:
    """Name what the sweeps compute, the top layer first."""
    layers = reversed(range(len(trace.layers)))
    return _joined_if_one_way(trace, [_backward_tensors(trace, gradients, number) for number in layers])


def _backward_tensors(trace: Trace, gradients: Gradients, number: int) -> list[Tensor]:
    tensors: list[Tensor] = []
    for direction, found in enumerate(trace.layers[number].directions):
        size = found.h.shape[2]
        part = slice(direction * size, (direction + 1) * size)
        for name, states in gradients.layers[number].states.items():
            tensors.append((f"∂L/∂{name}{_where(trace, number, direction)}", states[..., part], found.way))
    return tensors


def _joined_if_one_way(trace: Trace, groups: list[list[Tensor]]) -> list[list[Tensor]]:
    """Return one group if a step of a layer needs no later step of the layer it reads."""
    return [list(chain(*groups))] if len(trace.layers[0].directions) == 1 else groups


def _where(trace: Trace, layer: int, direction: int) -> str:
    """Say in which layer and direction, if there is more than one."""
    which = f" of layer {layer + 1}" if len(trace.layers) > 1 else ""
    return which + (" backwards" if direction else "")


def _sums(loss: Loss, gradients: Gradients) -> Iterator[tuple[str, Array]]:
    """Name what adds up over the steps."""
    yield "loss", np.float64(loss.total).reshape(1)
    for name, state in gradients.initial_state.items():
        yield f"∂L/∂{name}₀", state
    if not is_finite(gradients.parameters.flat):
        for name, array in gradients.parameters.items():
            yield f"∂L/∂{name}", array


def _first_whole(tensors: Iterable[tuple[str, Array]]) -> NonFinite | None:
    for name, array in tensors:
        if not is_finite(array):
            return NonFinite(name, None, bool(np.isinf(array).any()))
    return None


def _first_of(groups: Iterable[Iterable[Tensor]], *, backwards: bool = False) -> NonFinite | None:
    return next(filter(None, (_first_step(group, backwards=backwards) for group in groups)), None)


def _first_step(tensors: Iterable[Tensor], *, backwards: bool) -> NonFinite | None:
    """Return what goes wrong at the first step of its way (the last if backwards); of two tensors the first.

    A tensor without a way runs forwards.
    """
    found: NonFinite | None = None
    earliest = 0
    for name, array, way in tensors:
        if is_finite(array):
            continue
        turned = way is not None and way.backwards
        step = _bad_step(array, last=backwards != turned)
        place = len(array) - 1 - step if backwards != turned else step
        if found is None or place < earliest:
            found, earliest = NonFinite(name, step, bool(np.isinf(array[step]).any())), place
    return found


def _bad_step(array: Array | Integers, *, last: bool) -> int:
    bad = ~np.isfinite(array).reshape(len(array), -1).all(axis=1)
    return int(np.flatnonzero(bad)[-1 if last else 0])
