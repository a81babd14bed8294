"""RMSprop (Tieleman & Hinton 2012, lecture 6.5 of "Neural networks for machine learning")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState, require_fraction, require_positive
from rnnviz.engine.optimizers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("rmsprop")
@dataclass(frozen=True)
class RMSprop(Optimizer):
    """v ← α v + (1 − α) g², θ ← θ − η g / (√v + ε), g = ∂L/∂θ: steps of like sizes; it remembers v."""

    title = "RMSprop"

    lr: float = 0.01
    alpha: float = 0.99
    eps: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        require_fraction("alpha", self.alpha)
        require_positive("eps", self.eps)

    def start(self, size: int, number: np.dtype[np.floating], /) -> OptimizerState:
        """Return v, (P,)."""
        return (np.zeros(size, number),)

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, /) -> None:
        """Divide the gradient by the root of the mean of its latest squares."""
        (mean,) = state
        # NumPy keeps the memory of one temporary at hand: to keep it ourselves is no quicker.
        square = np.multiply(gradient, gradient)
        np.multiply(square, 1 - self.alpha, square)
        np.multiply(mean, self.alpha, mean)
        np.add(mean, square, mean)
        root = np.sqrt(mean, square)
        np.add(root, self.eps, root)
        np.divide(gradient, root, gradient)
        np.multiply(gradient, self.lr, gradient)
        np.subtract(parameters, gradient, parameters)
