"""How long gradients are, and making one shorter that is too long."""

from __future__ import annotations

from math import hypot, prod
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import row_norms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array

# Norms within these bounds have squares that neither underflow nor overflow in float64.
_SMALLEST, _LARGEST = 1e-140, 1e140


class Norms:
    """Measures the parts of a flat gradient, (P,), again and again, in float64.

    The squares of small float32 numbers would vanish.
    """

    def __init__(self, gradient: Array, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._gradient = gradient
        self._squares = np.empty(gradient.shape, np.float64)
        self._names = tuple(shapes)
        ends = np.cumsum([prod(shape) for shape in shapes.values()])
        self._starts = np.concatenate([[0], ends[:-1]])
        self._parts = np.split(gradient, ends[:-1])

    def measure(self) -> tuple[dict[str, float], float]:
        """Return the Euclidean norm of every parameter's gradient, and of all together."""
        squares = np.multiply(self._gradient, self._gradient, self._squares, dtype=np.float64)
        # However many parts there are, they are summed in one call.
        norms: list[float] = np.sqrt(np.add.reduceat(squares, self._starts)).tolist()
        total = hypot(*norms)
        if not (min(norms) > _SMALLEST and total < _LARGEST):
            norms = list(map(_exact, self._parts, norms))
            total = hypot(*norms)
        return dict(zip(self._names, norms, strict=True)), total


def clip(gradient: Array, norm: float, limit: float) -> bool:
    """Shorten a gradient of this norm to the limit if it is longer, in place; return whether it was.

    As in PyTorch it is multiplied by min(1, limit / (norm + 10⁻⁶)) (Pascanu, Mikolov & Bengio 2013).
    """
    scale = limit / (norm + 1e-6)
    if not scale < 1:
        return False
    np.multiply(gradient, scale, gradient)
    return True


def clip_entries(gradient: Array, limit: float) -> bool:
    """Bring every entry of a gradient into −limit … limit, in place; return whether one was outside."""
    if np.maximum.reduce(gradient) <= limit and np.minimum.reduce(gradient) >= -limit:
        return False
    np.minimum(gradient, limit, out=gradient)
    np.maximum(gradient, -limit, out=gradient)
    return True


def _exact(part: Array, norm: float) -> float:
    """Return the norm of a part whose norm by the squares is `norm`, which may lie out of bounds."""
    if _SMALLEST < norm < _LARGEST or not part.any():
        return norm
    return float(row_norms(part[None].astype(np.float64))[0])
