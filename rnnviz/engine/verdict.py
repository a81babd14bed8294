"""Whether the gradient reaches far enough back: vanishing, exploding, healthy, or too short to judge."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, log, log10, nan
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import StepError

if TYPE_CHECKING:
    from rnnviz.engine.flow import GradientFlow
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace

Kind: TypeAlias = Literal["vanishing", "exploding", "healthy", "too-short"]

FEWEST_STEPS = 5  # a gradient must cross so many before its fate can be told
UNHEARD = 1e-3  # below this part of its first size a gradient is lost

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the last loss's gradient on its way to the first step.

    steps: how many it crosses, D; ratio: R, what is left of its size there; factor: R^(1/D), the change a
    step; unheard: the steps, from 0, that receive less than `UNHEARD` of it. factor and ratio are NaN where
    there is nothing to compare.
    """

    kind: Kind
    factor: float
    ratio: float
    steps: int
    unheard: tuple[int, ...]
    sentence: str


def verdict(
    spec: NetworkSpec,
    params: Parameters,  # noqa: ARG001 — every judgement takes the same arguments; this one needs no weights
    trace: Trace,
    flow: GradientFlow,
) -> Verdict:
    """Judge the gradient of the last loss in the flow's window.

    Vanishing: factor < 0.95 and ratio < 0.1. Exploding: factor > 1.05 and ratio > 10, or not finite. Too
    short: it crosses fewer than `FEWEST_STEPS`, or no step has a loss. Healthy otherwise. Raises StepError if
    the flow is of a longer trace.
    """
    if flow.stop > trace.steps:
        raise StepError(f"The gradient flow reaches step {flow.stop}, but the trace has {trace.steps} steps.")
    losses = np.flatnonzero(flow.heard)
    if not len(losses):
        return Verdict("too-short", nan, nan, 0, (), "Too short to judge: no step has a loss.")
    memory, last = CELLS[spec.cell].memory, int(losses[-1])
    sizes = flow.norms[memory][last, : last + 1].tolist()
    way = _Way(memory, flow.start + 1, flow.start + last + 1, sizes[0], sizes[-1])
    if not (isfinite(way.first) and isfinite(way.last)):
        return Verdict("exploding", nan, nan, last, (), "Exploding: the gradient is not finite.")
    lost = [k for k, size in enumerate(sizes, flow.start) if not size or size < UNHEARD * way.last]
    kind = _kind(way)
    return Verdict(kind, way.factor, way.ratio, way.steps, tuple(lost), _sentence(kind, way))


@dataclass(frozen=True, slots=True)
class _Way:
    """The way of a gradient from the state s_stop, of norm `last`, back to s_start, of norm `first`.

    start and stop count from 1, as a reader does.
    """

    state: str
    start: int
    stop: int
    first: float
    last: float

    @property
    def steps(self) -> int:
        """How many steps it crosses."""
        return self.stop - self.start

    @property
    def growth(self) -> float:
        """The logarithm of the ratio, which exists where the ratio itself overflows; NaN for 0/0."""
        if not self.last:
            return nan
        return log(self.first) - log(self.last) if self.first else -inf

    @property
    def ratio(self) -> float:
        return self.first / self.last if self.last else nan

    @property
    def factor(self) -> float:
        return exp(self.growth / self.steps) if self.steps else nan


def _kind(way: _Way) -> Kind:
    if way.steps < FEWEST_STEPS:
        return "too-short"
    if not way.last or (way.factor < 0.95 and way.growth < log(0.1)):
        return "vanishing"
    if way.factor > 1.05 and way.growth > log(10):
        return "exploding"
    return "healthy"


def _sentence(kind: Kind, way: _Way) -> str:
    """Say it in one sentence, with the numbers that it rests on."""
    if kind == "too-short":
        steps = "1 step" if way.steps == 1 else f"{way.steps} steps"
        return f"Too short to judge: the gradient crosses {steps} and a verdict needs {FEWEST_STEPS}."
    loss, first, last = (
        _subscripted(*name) for name in (("L", way.stop), (way.state, way.start), (way.state, way.stop))
    )
    if not way.last:
        return f"Vanishing: {loss} sends no gradient to {last}."
    if not way.first:
        return f"Vanishing: nothing of the gradient of {loss} reaches {first}."
    part = f"∂{loss}/∂{first} is {_part(way.growth)} ∂{loss}/∂{last}"
    return f"{kind.capitalize()}: {_factor(way.factor)} per step; {part}."


def _subscripted(letter: str, number: int) -> str:
    return letter + str(number).translate(_SUBSCRIPT)


def _power_of_ten(exponent: int) -> str:
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def _factor(factor: float) -> str:
    return f"×{factor:.2f}" if factor < 1000 else f"×{_power_of_ten(round(log10(factor)))}"


def _part(growth: float) -> str:
    """Say how large a part e^growth is of something, as a power of ten."""
    exponent = round(growth / log(10))
    if exponent == 0:
        return "about as large as"
    return f"{_power_of_ten(exponent)} {'of' if exponent < 0 else 'times'}"
