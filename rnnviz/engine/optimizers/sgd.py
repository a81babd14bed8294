"""Stochastic gradient descent (Robbins & Monro 1951)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState
from rnnviz.engine.optimizers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("sgd")
@dataclass(frozen=True)
class SGD(Optimizer):
    """θ ← θ − η ∂L/∂θ: a step of the rate η against the gradient; it remembers nothing."""

    title = "SGD"

    lr: float = 0.1

    def start(self, _size: int, _number: np.dtype[np.floating], /) -> OptimizerState:
        """Return nothing."""
        return ()

    def update(self, parameters: Array, gradient: Array, _state: OptimizerState, /) -> None:
        """Take the gradient times the rate away from the parameters."""
        np.multiply(gradient, self.lr, gradient)
        np.subtract(parameters, gradient, parameters)
