"""Gradient descent with momentum (Polyak 1964; Sutskever, Martens, Dahl & Hinton 2013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState, require_fraction
from rnnviz.engine.optimizers._registry import register

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("momentum")
@dataclass(frozen=True)
class Momentum(Optimizer):
    """v ← μ v + ∂L/∂θ, θ ← θ − η v: gradients add up, the older the less; it remembers v.

    As in PyTorch, the rate η is outside of v, so a new rate acts at once on what is remembered.
    """

    title = "Momentum"

    lr: float = 0.01
    momentum: float = 0.9

    def __post_init__(self) -> None:
        super().__post_init__()
        require_fraction("momentum", self.momentum)

    def start(self, size: int, number: np.dtype[np.floating], /) -> OptimizerState:
        """Return v, (P,)."""
        return (np.zeros(size, number),)

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, /) -> None:
        """Add the gradient to v, and take v times the rate away from the parameters."""
        (velocity,) = state
        np.multiply(velocity, self.momentum, velocity)
        np.add(velocity, gradient, velocity)
        np.multiply(velocity, self.lr, gradient)
        np.subtract(parameters, gradient, parameters)
