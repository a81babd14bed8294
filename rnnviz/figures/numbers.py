"""How numbers are written, the same in every figure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats

LARGEST_PLAIN = 1e4
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
STEPS = (1.0, 2.0, 5.0, 10.0)
FINE_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
BEYOND = 690.0  # e^±690: powers beyond are not all floats
EXTREME = 300  # decades from one: powers of ten beyond are not all floats


def written(value: float, decimals: int = 2) -> str:
    """Write a number in few characters: 0.54, −0.31, 1.2·10³⁰⁰, ∞, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= LARGEST_PLAIN:
        return powered(value, 1)
    return f"{value:z.{decimals}f}".replace("-", "−")


def powered(value: float, decimals: int = 0) -> str:
    """Write a number with a power of ten: 5·10⁶."""
    digits, exponent = f"{value:.{decimals}e}".split("e")
    return f"{digits}·10{str(int(exponent)).translate(SUPERSCRIPT)}".replace("-", "−")


def from_log(log: float) -> str:
    """Write e^log, also where that is no float: 0.31, 2·10⁻⁵, 10⁴⁰⁰⁰, 0 for −∞."""
    if math.isinf(log):
        return "∞" if log > 0 else "0"
    if -4.7 < log < 9.2:
        return f"{math.exp(log):.2g}" if log < 4.6 else f"{math.exp(log):.0f}"
    if abs(log) < BEYOND:
        return powered(math.exp(log))
    return f"10{str(round(log / math.log(10))).translate(SUPERSCRIPT)}"


def short(value: float) -> str:
    """Write the end of an axis: 0.5, 2000, 5·10⁶."""
    return f"{value:g}" if value == 0 or 1e-3 <= abs(value) < LARGEST_PLAIN else powered(value)


def nice_ceiling(value: float, steps: tuple[float, ...] = STEPS) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that is not below `value`: a range that rests while bars move.

    `steps` may name others from 1 to 10. Returns 1 for zero and for what is not finite.
    """
    if not (math.isfinite(value) and value > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    if power == 0.0 or not math.isfinite(power * 10):
        return value
    return next((step * power for step in steps if step * power >= value), 10.0 * power)


def norms(rows: Floats) -> Floats:
    """Return the 2-norm of each row of (n, m), also where the squares are beyond what a float holds."""
    with np.errstate(all="ignore"):
        sizes: Floats = np.linalg.norm(rows, axis=1)
        beyond = np.flatnonzero(~np.isfinite(sizes) | (sizes == 0))
        scale = np.abs(rows[beyond]).max(1, initial=0.0)
        scale = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)
        sizes[beyond] = scale * np.linalg.norm(rows[beyond] / scale[:, None], axis=1)
    return sizes


def block_means(values: Floats, size: int) -> Floats:
    """Return the mean of every `size` values, the rest at the end left out, as is what is not finite."""
    rows = values[: len(values) // size * size].reshape(-1, size)
    means: Floats = rows.mean(1)
    for n in np.flatnonzero(~np.isfinite(means)).tolist():
        known = rows[n][np.isfinite(rows[n])]
        means[n] = known.mean() if len(known) else np.nan
    return means


def extremes(values: Floats) -> Floats:
    """Return the smallest positive and the largest value that are finite, as (2,); empty if there is none.

    Long curves grow with every frame, so the usual case, that all are positive and finite, must be quick.
    """
    if not len(values):
        return values
    low, high = values.min(), values.max()
    if not (low > 0 and high < np.inf):
        usable = values[np.isfinite(values) & (values > 0)]
        if not len(usable):
            return usable
        low, high = usable.min(), usable.max()
    return np.array([low, high])


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
