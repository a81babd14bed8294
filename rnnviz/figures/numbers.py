"""How numbers are written, the same in every figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats

LARGEST_PLAIN = 1e4
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
EXTREME = 300  # decades from one: powers of ten beyond are not all floats


def written(value: float, decimals: int = 2) -> str:
    """Write a number in at most eight characters: 0.54, -0.31, 1.2e+300, ∞, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) >= LARGEST_PLAIN:
        return f"{value:.1e}"
    return f"{value:.{decimals}f}"


def short(value: float) -> str:
    """Write the end of an axis: 0.5, 2000, 5·10⁶."""
    if value == 0 or 1e-3 <= abs(value) < LARGEST_PLAIN:
        return f"{value:g}"
    digits, exponent = f"{value:.0e}".split("e")
    return f"{digits}·10{str(int(exponent)).translate(SUPERSCRIPT)}"


def nice_ceiling(value: float) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that is not below `value`: a range that rests while bars move.

    Returns 1 for zero and for what is not finite.
    """
    if not (math.isfinite(value) and value > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    if power == 0.0 or not math.isfinite(power * 10):
        return value
    return next((step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value), 10.0 * power)


def decades(values: Floats, least: int = 2, most: int = 8) -> tuple[float, float]:
    """Return powers of ten that bracket the positive finite values, `least` to `most` decades apart.

    The largest value is always inside; what is smaller than the range ends up on its lower edge.
    """
    positive = values[np.isfinite(values) & (values > 0)]
    if positive.size == 0:
        return 10.0**-least, 1.0
    # 1e-9: a value that is a power of ten up to rounding belongs to its own decade.
    top = min(EXTREME, math.ceil(math.log10(float(positive.max())) - 1e-9))
    bottom = math.floor(math.log10(float(positive.min())) + 1e-9)
    bottom = max(min(bottom, top - least), top - most, -EXTREME)
    return 10.0**bottom, 10.0 ** max(top, bottom + least)


def largest(values: Floats) -> float:
    """Return the largest finite magnitude, 0 if there is none."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0
