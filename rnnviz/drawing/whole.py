"""Rounding to whole pixels, always the same way.

Halves go up: rounding them to even numbers, as Python does, would shift every other one of equal cells. What
misses a half by no more than the noise of arithmetic counts as one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALF = 0.5 + 1e-6


def whole(value: float) -> int:
    """Return the nearest whole number."""
    return math.floor(value + HALF)


def wholes(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the nearest whole numbers; NaN stays NaN."""
    return np.floor(values + HALF)
