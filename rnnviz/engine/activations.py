"""The activations φ of plain cells, each with its slope written in terms of its own output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rnnviz.engine.arrays import Array

Apply: TypeAlias = Callable[[Array, Array], object]


@dataclass(frozen=True, slots=True)
class Activation:
    """An elementwise function: `apply(a, out)` writes φ(a); `slope(h, out)` writes φ'(a) where h = φ(a).

    steepest: the largest slope there is.
    """

    name: str
    apply: Apply
    slope: Apply
    steepest: float = 1.0


def _relu(a: Array, out: Array) -> None:
    np.maximum(a, 0.0, out=out)


def _sigmoid(a: Array, out: Array) -> None:
    """Write σ(a) = ½ + ½ tanh(a/2), which cannot overflow and is faster than 1/(1 + e^−a)."""
    np.multiply(a, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)


def _tanh_slope(h: Array, out: Array) -> None:
    np.multiply(h, h, out=out)
    np.subtract(1.0, out, out=out)


def _relu_slope(h: Array, out: Array) -> None:
    """Write 1 where the unit is active, 0 elsewhere and at the kink (as PyTorch has it); NaN stays NaN."""
    np.heaviside(h, 0.0, out=out)


def _sigmoid_slope(h: Array, out: Array) -> None:
    np.subtract(1.0, h, out=out)
    np.multiply(h, out, out=out)


def _identity_slope(_h: Array, out: Array) -> None:
    out.fill(1.0)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("tanh", np.tanh, _tanh_slope),
        Activation("relu", _relu, _relu_slope),
        Activation("sigmoid", _sigmoid, _sigmoid_slope, steepest=0.25),
        Activation("identity", np.positive, _identity_slope),
    )
}
