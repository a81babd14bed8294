"""What a parameter's gradient is made of: one outer product for every loss t and step k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.errors import ShapeError
from rnnviz.engine.projection import is_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array, Integers
    from rnnviz.engine.cells import Adjoint, LayerTrace


@dataclass(frozen=True, eq=False, slots=True)
class Factors:
    """Term (t, k) of a parameter's gradient is left(t, k) right(k)ᵀ; a bias is a weight on a constant 1.

    left: (pairs, R), a row a pair of `Pairs`; or (n, R), a row a step, if `own_step_only`: the readout is
    reached by the loss of its own step alone. right: (n, C).
    """

    left: Array
    right: Array
    shape: tuple[int, ...]
    own_step_only: bool


@dataclass(frozen=True, eq=False, slots=True)
class Terms:
    """Where the factors come from, for a window of n steps of one sequence; all float64.

    delta: (pairs, width), gradients of the preactivations; by_logits: (n, O); layer: (n, 1, H);
    x: tokens (n, 1) or vectors (n, 1, I); shapes: of the parameters, by name.
    """

    adjoint: Adjoint
    delta: Array
    by_logits: Array
    layer: LayerTrace
    x: Array | Integers
    shapes: Mapping[str, tuple[int, ...]]

    def factors(self, name: str) -> Factors:
        """Return the factors of a parameter's terms. Raises ShapeError if there is no such parameter."""
        if name not in self.shapes:
            raise ShapeError(f"{name} is no parameter of this network; it has {', '.join(self.shapes)}.")
        return Factors(self._left(name), self._right(name), self.shapes[name], name.startswith("head."))

    def _left(self, name: str) -> Array:
        if name.startswith("head."):
            return self.by_logits
        if "_ih_" in name:
            return self.adjoint.input_side(self.delta)
        return self.adjoint.recurrent_side(self.delta)

    def _right(self, name: str) -> Array:
        if "bias" in name:
            return np.ones((len(self.by_logits), 1))
        if name == "head.weight":
            return self.layer.h[:, 0]
        if "_ih_" in name:
            return self._vectors(self.shapes[name][1])
        return self.layer.previous_h[:, 0]

    def _vectors(self, size: int) -> Array:
        """Return x as vectors, (n, I), one-hot if it is tokens."""
        if not is_tokens(self.x):
            return np.asarray(self.x[:, 0], np.float64)
        one_hot = np.zeros((len(self.x), size))
        one_hot[np.arange(len(self.x)), self.x[:, 0]] = 1.0
        return one_hot
