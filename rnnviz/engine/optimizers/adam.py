"""Adam (Kingma & Ba 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState, require_fraction, require_positive
from rnnviz.engine.optimizers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("adam")
@dataclass(frozen=True)
class Adam(Optimizer):
    """θ ← θ − η m̂ / (√v̂ + ε): the mean of the latest gradients by the root of the mean of their squares.

    m ← β₁ m + (1 − β₁) g, m̂ = m / (1 − β₁ᵗ); v ← β₂ v + (1 − β₂) g², v̂ = v / (1 − β₂ᵗ); g = ∂L/∂θ. It
    remembers m, v and t, the number of updates.
    """

    title = "Adam"

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        require_fraction("beta1", self.beta1)
        require_fraction("beta2", self.beta2)
        require_positive("eps", self.eps)

    def start(self, size: int, number: np.dtype[np.floating], /) -> OptimizerState:
        """Return m and v, (P,), and t, (1,)."""
        return np.zeros(size, number), np.zeros(size, number), np.zeros(1, np.int64)

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, /) -> None:
        """Take the gradient into m and v; its buffer then holds what is worked out on the way."""
        mean, square, count = state
        count[0] += 1
        updates = count.item()
        np.subtract(mean, gradient, mean)  # g + β₁ (m − g), one product less
        np.multiply(mean, self.beta1, mean)
        np.add(mean, gradient, mean)
        np.multiply(gradient, gradient, gradient)
        np.multiply(gradient, 1 - self.beta2, gradient)
        np.multiply(square, self.beta2, square)
        np.add(square, gradient, square)
        # Both corrections are numbers, so they need no passes over arrays of their own.
        correction = sqrt(1 - self.beta2**updates)
        root = np.sqrt(square, gradient)
        np.add(root, self.eps * correction, root)
        step = np.divide(mean, root, gradient)
        np.multiply(step, self.lr * correction / (1 - self.beta1**updates), step)
        np.subtract(parameters, step, parameters)
