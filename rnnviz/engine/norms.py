"""How long gradients are, and making one shorter that is too long."""

from __future__ import annotations

from math import prod, sqrt
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import row_norms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array


class Norms:
    """Measures the parts of a flat gradient, (P,), again and again, in float64.

    The squares of small float32 numbers would vanish.
    """

    def __init__(self, gradient: Array, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._gradient = gradient
        self._exact = np.asarray(gradient, np.float64)
        ends = np.cumsum([prod(shape) for shape in shapes.values()])
        self._parts = dict(zip(shapes, np.split(self._exact, ends[:-1]), strict=True))

    def measure(self) -> dict[str, float]:
        """Return the Euclidean norm of every parameter's gradient."""
        if self._exact is not self._gradient:
            np.copyto(self._exact, self._gradient)
        return {name: _norm(part) for name, part in self._parts.items()}


def clip(gradient: Array, norm: float, limit: float) -> bool:
    """Shorten a gradient of this norm to the limit if it is longer, in place; return whether it was.

    As in PyTorch it is multiplied by min(1, limit / (norm + 10⁻⁶)) (Pascanu, Mikolov & Bengio 2013).
    """
    scale = limit / (norm + 1e-6)
    if not scale < 1:
        return False
    np.multiply(gradient, scale, out=gradient)
    return True


def _norm(vector: Array) -> float:
    squared = float(vector.dot(vector))
    if 1e-280 < squared < 1e280:
        return sqrt(squared)
    return float(row_norms(vector[None])[0])
