"""What cells share on the way back: from the gradient of a gate to that of what it is a function of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.backward_numbers import Derived, Part
from rnnviz.figures.backward_sources import by
from rnnviz.figures.statements import coloured
from rnnviz.figures.states import quantity

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Booleans
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.model import Floats

GRADIENT = "gradient"


def by_gate(here: Here, name: str) -> str:
    """Write ∂L/∂f_t in general."""
    return by("L", f"{here.letter(name)}_t")


def by_sum(name: str) -> str:
    """Write ∂L/∂a_{f,t} in general."""
    return by("L", f"a_{{{name},t}}")


def gate(here: Here, name: str, held: Booleans | None = None) -> Part:
    """Return a gate or a state of this step as a factor. held: where nothing passes through it."""
    return Part("⊙", now(here, name), quantity(name).role, here.value(name), here.rows(name), held=held)


def now(here: Here, name: str) -> str:
    """Write a gate or a state of this step."""
    return f"{here.letter(name)}_{{{here.now}}}"


def gradient(here: Here, name: str, values: Floats, sign: str = "=") -> Part:
    """Return the gradient of a gate or a state of this step."""
    return Part(sign, f"∂L/∂{now(here, name)}", GRADIENT, values, here.rows(name))


def sum_gradient(here: Here, name: str, sign: str = "=") -> Part:
    """Return the gradient of what a gate is a function of."""
    title, values = f"∂L/∂a_{{{name},{here.now}}}", here.by_preactivation(name)
    return Part(sign, title, GRADIENT, values, here.rows(f"a.{name}"))


def to_sum(here: Here, name: str, by_value: Floats) -> Derived:
    """Return ∂L/∂a_{f,t} = ∂L/∂f_t ⊙ f_t ⊙ (1 − f_t), or ⊙ (1 − g_t²) of a candidate."""
    factor, first = gate(here, name, here.held(name)), gradient(here, name, by_value)
    symbol = coloured(factor.role, f"{here.letter(name)}_t")
    if quantity(name).map == "signed":
        formula = f"{by_sum(name)} = {by_gate(here, name)} ⊙ (1 − {symbol}²)"
        operands = (first, squared(factor))
        return Derived(formula, sum_gradient(here, name, ""), operands, tanh_slope)
    formula = f"{by_sum(name)} = {by_gate(here, name)} ⊙ {symbol} ⊙ (1 − {symbol})"
    return Derived(formula, sum_gradient(here, name, ""), (first, factor, rest(factor)), sigmoid_slope)


def squared(factor: Part) -> Part:
    """Return 1 − a square, which is 0 where nothing passes."""
    return factor._replace(before="(1 −", after="²)", instead=1.0)


def rest(factor: Part) -> Part:
    """Return 1 − a gate as a vector."""
    return factor._replace(name=f"1−{factor.name}", values=1 - factor.values)


def tanh_slope(gradient: float, value: float) -> float:
    """Return a gradient times the slope of tanh, written in its value."""
    return gradient * (1 - value * value)


def sigmoid_slope(gradient: float, value: float, rest: float) -> float:
    """Return a gradient times the slope of σ, written in its value and one minus it."""
    return gradient * value * rest


def times(one: float, other: float) -> float:
    """Return a product."""
    return one * other
