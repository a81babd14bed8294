"""Back through the activation of a plain cell: ∂L/∂a_t = ∂L/∂h_t ⊙ φ′(a_t), the slope written in h_t."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.backward_gate import gate, gradient, now, rest, sigmoid_slope, squared, tanh_slope, times
from rnnviz.figures.backward_numbers import Derived, Part
from rnnviz.figures.backward_sources import by
from rnnviz.figures.statements import coloured

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.backward_here import Here

    Slope = tuple[str, tuple[Part, ...], Callable[..., float]]


def plain(here: Here) -> tuple[tuple[Derived, ...], ...]:
    """Return the one equation of a plain cell."""
    slope, factors, compute = SLOPES[here.spec.activation](here)
    title, of = f"∂L/∂a_{{{here.now}}}", here.rows("a.h")
    result = Part("", title, "gradient", here.by_preactivation("h"), of)
    first = gradient(here, "h", here.by_state("h"))
    if not factors:
        first = first._replace(held=here.held("h"))
    formula = f"{by('L', 'a_t')} = {by('L', _state(here))}{slope}"
    return ((Derived(formula, result, (first, *factors), compute),),)


def _state(here: Here) -> str:
    return f"{here.letter('h')}_t"


def _tanh(here: Here) -> Slope:
    factor = squared(gate(here, "h", here.held("h")))
    return f" ⊙ (1 − {coloured('hidden', _state(here))}²)", (factor,), tanh_slope


def _sigmoid(here: Here) -> Slope:
    factor, state = gate(here, "h", here.held("h")), coloured("hidden", _state(here))
    return f" ⊙ {state} ⊙ (1 − {state})", (factor, rest(factor)), sigmoid_slope


def _relu(here: Here) -> Slope:
    """Whether the unit is on, by its state, which is what the engine looks at."""
    is_on, title = np.heaviside(here.value("h"), 0.0), f"[{now(here, 'h')} > 0]"
    factor = Part("⊙", title, "hidden", is_on, here.rows("h"), held=here.held("h"))
    return f" ⊙ [{coloured('hidden', _state(here))} > 0]", (factor,), times


def _identity(_here: Here) -> Slope:
    return "", (), float


SLOPES: dict[str, Callable[[Here], Slope]] = {
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "relu": _relu,
    "identity": _identity,
}
