"""Finding the first number that is not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import is_finite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.backward import Gradients
    from rnnviz.engine.losses import Loss
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.trace import Trace

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
    to the first; then what is summed over the steps.
    """
    return (
        _first_whole((f"{name}₀", state) for name, state in trace.initial_state.items())
        or _first_step(_forward_tensors(trace, loss))
        or _first_step((("∂L/∂h", layer.h) for layer in reversed(gradients.layers)), backwards=True)
        or _first_whole(_sums(loss, gradients))
    )


@np.errstate(all="ignore")
def first_nonfinite_parameter(params: Parameters) -> NonFinite | None:
    """Return the first parameter that is not finite, None if all are."""
    return None if is_finite(params.flat) else _first_whole(params.items())


def _forward_tensors(trace: Trace, loss: Loss) -> Iterator[tuple[str, Array | Integers]]:
    """Name what a step computes, in that order; every array begins with the axis of time."""
    yield "x", trace.x
    for layer in trace.layers:
        for name, preactivation in layer.preactivations.items():
            yield "a" if len(layer.preactivations) == 1 else f"a_{name}", preactivation
        yield from layer.gates.items()
        for name, states in layer.states.items():
            yield name, states[1:]
    yield "logits", trace.logits
    yield "ŷ", trace.probabilities
    yield "loss", loss.step


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


def _first_step(
    tensors: Iterable[tuple[str, Array | Integers]], *, backwards: bool = False
) -> NonFinite | None:
    """Return the tensor that goes wrong at the earliest step (the latest if backwards); of two, the first."""
    wrong = [(_bad_step(array, backwards), name, array) for name, array in tensors if not is_finite(array)]
    if not wrong:
        return None
    order = -1 if backwards else 1
    step, name, array = min(wrong, key=lambda found: order * found[0])
    return NonFinite(name, step, bool(np.isinf(array[step]).any()))


def _bad_step(array: Array | Integers, backwards: bool) -> int:
    bad = ~np.isfinite(array).reshape(len(array), -1).all(axis=1)
    return int(np.flatnonzero(bad)[-1 if backwards else 0])
