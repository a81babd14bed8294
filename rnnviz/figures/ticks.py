"""Ticks: which values of an axis are named, and how."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rnnviz.figures.layout import LARGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.figures.model import Axis

Tick = tuple[float, str]

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ROUNDING = 1e-9  # of a step: a tick this near to an end of the axis belongs to it
PLAIN = (1e-4, 1e6)  # magnitudes written without a power of ten


@lru_cache(maxsize=512)
def ticks(axis: Axis, about: int = 5) -> tuple[Tick, ...]:
    """Return (value, label) pairs inside the axis, at most about `about` of them, in ascending order.

    The axis's own ticks come as they are, without those outside of its range. An axis that is not finite or
    has no length has none.
    """
    low, high = sorted((axis.low, axis.high))
    if axis.ticks is not None:
        slack = _ROUNDING * (high - low) if math.isfinite(high - low) else 0.0
        return tuple(tick for tick in axis.ticks if low - slack <= tick[0] <= high + slack)
    if not (abs(low) <= LARGEST and abs(high) <= LARGEST and low < high):
        return ()
    if axis.log:
        return _logarithmic(low, high, max(1, about)) if low > 0 else ()
    return _linear(low, high, max(1, about), whole=axis.whole)


def _linear(low: float, high: float, about: int, *, whole: bool) -> tuple[Tick, ...]:
    step = nice_step(high / about - low / about)
    if step == 0.0 or low + step == low or high - step == high:
        return ()  # the range is too narrow for the precision of its numbers
    if whole:
        step = max(1.0, step)
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    decimals = max(0, -math.floor(math.log10(step) + _ROUNDING))
    return tuple((n * step, _label(n * step, decimals, n, step)) for n in range(first, last + 1))


def nice_step(raw: float) -> float:
    """Return the smallest of 1, 2, 5 × 10ⁿ that is not below `raw`; 0 if that cannot be written."""
    if not raw > 0 or math.isinf(raw):
        return 0.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next((s * power for s in (1.0, 2.0, 5.0) if s * power >= raw * (1 - _ROUNDING)), 10.0 * power)


def _label(value: float, decimals: int, count: int, step: float) -> str:
    if value == 0:
        return "0"
    if PLAIN[0] <= step and abs(value) < PLAIN[1]:
        return f"{value:,.{decimals}f}".replace("-", "−")
    # The step is 1, 2 or 5 × 10ⁿ, so count × that digit times ten to the n is exact.
    exponent = math.floor(math.log10(step) + _ROUNDING)
    digits = count * round(step / 10.0**exponent)
    shift = len(str(abs(digits))) - 1
    return power_of_ten(exponent + shift, digits / 10**shift)


def power_of_ten(exponent: int, factor: float = 1.0) -> str:
    """Write factor × 10ⁿ: 10⁻⁴, 2×10³, −1.5×10⁶; 1 for 10⁰."""
    if exponent == 0 and factor == 1.0:
        return "1"
    power = "10" + str(exponent).translate(_SUPERSCRIPT)
    sign = "−" if factor < 0 else ""
    return sign + (power if abs(factor) == 1.0 else f"{abs(factor):.6g}×{power}")


def _logarithmic(low: float, high: float, about: int) -> tuple[Tick, ...]:
    bottom, top = math.log10(low), math.log10(high)
    first, last = math.ceil(bottom - _ROUNDING), math.floor(top + _ROUNDING)
    if last - first < 1:
        return _within_a_decade(low, high, about)
    step = max(1, math.ceil((last - first) / about))
    return tuple((10.0**n, power_of_ten(n)) for n in range(last, first - 1, -step))[::-1]


def _within_a_decade(low: float, high: float, about: int) -> tuple[Tick, ...]:
    """1, 2 and 5 times powers of ten where there are at least two of them, else as on a linear axis."""
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    found = [(digit, n) for n in powers for digit in (1, 2, 5) if low <= digit * 10.0**n <= high]
    if len(found) < 2:
        return _linear(low, high, about, whole=False)
    return tuple((digit * 10.0**n, _short(digit, n)) for digit, n in found)


def _short(digit: int, exponent: int) -> str:
    value = digit * 10.0**exponent
    if PLAIN[0] <= value < PLAIN[1]:
        return f"{value:,.{max(0, -exponent)}f}"
    return power_of_ten(exponent, float(digit))


def thinned(positions: Sequence[float], widths: Sequence[float], gap: float) -> range:
    """Return which labels to draw, every nth counted from the first, so that neighbours stay `gap` apart.

    positions: centres in pixels, monotone; widths: of the labels, in pixels. n is the smallest of
    1, 2, 5, 10, 20, … that serves.
    """
    count = len(positions)
    for n in _strides(count):
        kept = range(0, count, n)
        if all(_apart(positions, widths, a, b, gap) for a, b in pairwise(kept)):
            return kept
    return range(min(1, count))


def _strides(count: int) -> Sequence[int]:
    return [s * 10**e for e in range(max(1, len(str(count)))) for s in (1, 2, 5) if s * 10**e < max(count, 2)]


def _apart(positions: Sequence[float], widths: Sequence[float], a: int, b: int, gap: float) -> bool:
    return abs(positions[b] - positions[a]) >= (widths[a] + widths[b]) / 2 + gap
