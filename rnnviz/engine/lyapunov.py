"""Lyapunov exponents: how fast small differences grow or shrink along a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import row_norms
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.errors import StepError
from rnnviz.engine.stack_jacobian import StackJacobian, check_one_way

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class LyapunovExponents:
    """The exponents of a run in nats a step, descending; −∞ where a difference vanishes altogether.

    exponents: (n,), one for each number of the state of all layers; running: (T, n), those of the steps up
    to each one.
    """

    exponents: Array
    running: Array


@np.errstate(all="ignore")
def lyapunov_exponents(spec: NetworkSpec, params: Parameters, trace: Trace) -> LyapunovExponents:
    """Follow n differences that are orthogonal at first through the first sequence, in float64.

    A QR decomposition after each step keeps them apart (Benettin et al. 1980); an exponent is the mean of
    log |R_ii|. Raises SpecError if the network is bidirectional, StepError if there is no step.
    """
    check_parameters(spec, params)
    check_one_way(spec, "Lyapunov exponents")
    stack = StackJacobian(spec, params, trace)
    if not stack.steps:
        raise StepError("Lyapunov exponents need a sequence of at least one step.")
    growth = np.empty((stack.steps, stack.size))
    directions = np.eye(stack.size)
    for step in range(stack.steps):
        moved = stack.at(step) @ directions
        directions, upper = np.linalg.qr(moved)
        growth[step] = _lengths(moved, np.abs(np.diagonal(upper)))
    means = np.cumsum(np.log(growth), axis=0) / np.arange(1, stack.steps + 1)[:, None]
    running = -np.sort(-means, axis=1)
    return LyapunovExponents(running[-1], running)


def _lengths(moved: Array, found: Array) -> Array:
    """Return |R_ii|, zero where nothing but rounding is left of a column once others are taken away."""
    rounding = len(found) * np.finfo(np.float64).eps * row_norms(moved.T)
    return np.where(found <= rounding, 0.0, found)
