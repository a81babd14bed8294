"""Adagrad (Duchi, Hazan & Singer 2011)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState, require_positive
from rnnviz.engine.optimizers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("adagrad")
@dataclass(frozen=True)
class Adagrad(Optimizer):
    """v ← v + g², θ ← θ − η g / (√v + ε), g = ∂L/∂θ: what is seldom heard steps far; it remembers v."""

    title = "Adagrad"

    lr: float = 0.01
    eps: float = 1e-10

    def __post_init__(self) -> None:
        super().__post_init__()
        require_positive("eps", self.eps)

    def start(self, size: int, number: np.dtype[np.floating], /) -> OptimizerState:
        """Return v, (P,)."""
        return (np.zeros(size, number),)

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, /) -> None:
        """Divide the gradient by the root of the sum of all its squares."""
        (total,) = state
        square = np.multiply(gradient, gradient)
        np.add(total, square, total)
        root = np.sqrt(total, square)
        np.add(root, self.eps, root)
        np.divide(gradient, root, gradient)
        np.multiply(gradient, self.lr, gradient)
        np.subtract(parameters, gradient, parameters)
