"""What the weights of a plain network alone say of its gradients (Pascanu, Mikolov & Bengio 2013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.activations import ACTIVATIONS
from rnnviz.engine.errors import SpecError
from rnnviz.engine.parameters import suffix

if TYPE_CHECKING:
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec


@dataclass(frozen=True, slots=True)
class StepBound:
    """No step multiplies a gradient by more than norm · slope.

    norm: σ₁ of weight_hh, NaN if that is not finite; slope: γ, the steepest slope of the activation. Below 1
    the gradient must vanish, whatever is read; above 1 it may explode but need not.
    """

    norm: float
    slope: float

    @property
    def factor(self) -> float:
        """The bound of a step's factor, σ₁ γ."""
        return self.norm * self.slope


def step_bound(spec: NetworkSpec, params: Parameters, layer: int = -1, direction: int = 0) -> StepBound:
    """Return the bound of one layer and direction. Raises SpecError unless the cell is the plain one."""
    if spec.cell != "rnn":
        raise SpecError(f"cell must be rnn for a bound by weight_hh alone, not {spec.cell}.")
    weight = np.asarray(params["weight_hh" + suffix(layer % spec.num_layers, direction)], np.float64)
    norm = float(np.linalg.norm(weight, 2)) if np.isfinite(weight).all() else float("nan")
    return StepBound(norm, ACTIVATIONS[spec.activation].steepest)
