"""Numbers as they are printed, and how many digits let a printed calculation come out on a calculator."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.numbers import LARGEST_PLAIN, powered, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Compute = Callable[..., float]

DECIMALS = 3
MOST = 15  # decimals that are tried: a float has no more
SMALLEST = 1e-3  # what is smaller is printed with a power of ten
LEAST = 2  # decimals that a number of a column has
SLACK = 1e-6  # of half a digit: a tie may be rounded either way


def number(value: float, decimals: int = DECIMALS) -> str:
    """Write a number so that it means something at any size: 0.540, −12.300, 3.217·10⁻⁵, 0, ∞."""
    if value == 0:
        return "0"
    return powered(value, decimals) if _is_powered(value, SMALLEST) else written(value, decimals)


def fixed(value: float, decimals: int) -> str:
    """Write a number of a column: tiny ones as 0.00 too, and short ones, such as 0.5, with two decimals."""
    if not -LARGEST_PLAIN < value < LARGEST_PLAIN:
        return powered(value, decimals) if math.isfinite(value) else written(value)
    text = f"{value:z.{decimals}f}"
    if decimals > LEAST and text.endswith("0") and math.isclose(float(text), value, rel_tol=1e-12):
        whole, _, part = text.partition(".")
        text = f"{whole}.{part.rstrip('0').ljust(LEAST, '0')}"
    return text.replace("-", "−")


def rounded(value: float, decimals: int = DECIMALS, smallest: float = SMALLEST) -> float:
    """Return the number that `number` prints, or `fixed` if `smallest` is 0."""
    if -LARGEST_PLAIN < value < LARGEST_PLAIN and (abs(value) >= smallest or value == 0):
        return float(f"{value:.{decimals}f}")
    return float(f"{value:.{decimals}e}") if math.isfinite(value) else value


def last_digit(value: float, decimals: int = DECIMALS, smallest: float = SMALLEST) -> float:
    """Return what one in the last printed digit of a number is worth: 0.001, or 10⁻⁸ of 3.217·10⁻⁵."""
    if not _is_powered(value, smallest):
        return 10.0**-decimals
    exponent = int(f"{value:.{decimals}e}".partition("e")[2])
    return float(f"1e{exponent - decimals}")


def _is_powered(value: float, smallest: float) -> bool:
    return math.isfinite(value) and value != 0 and not smallest <= abs(value) < LARGEST_PLAIN


def comes_out(result: float, found: float, decimals: int = DECIMALS, smallest: float = SMALLEST) -> bool:
    """Whether what a calculation gives rounds to the result as it is printed."""
    if not math.isfinite(result):
        return found == result or (math.isnan(result) and math.isnan(found))
    half = 0.5 * last_digit(result, decimals, smallest) * (1 + SLACK)
    return abs(found - rounded(result, decimals, smallest)) <= half


def calculated(compute: Compute, operands: Sequence[float]) -> float:
    """Return what a calculation gives, NaN if it gives nothing."""
    try:
        return compute(*operands)
    except (ArithmeticError, ValueError):
        return math.nan


def decimals_for(
    result: float,
    operands: Sequence[float],
    compute: Compute,
    decimals: int = DECIMALS,
    least: int | None = None,
) -> int:
    """Return the fewest decimals of the operands with which the printed calculation gives the printed result.

    The result is printed with `decimals`, the operands with at least `least`, by default as many. If no
    number of decimals does, which `calculation` says, it is `least`.
    """
    fewest = decimals if least is None else least
    return next((n for n in _tried(fewest) if _holds(result, operands, compute, decimals, n)), fewest)


def _tried(fewest: int) -> range:
    return range(fewest, max(MOST, fewest) + 1)


def _holds(result: float, operands: Sequence[float], compute: Compute, decimals: int, tried: int) -> bool:
    found = calculated(compute, [rounded(value, tried) for value in operands])
    return comes_out(result, found, decimals)


class Calculation(NamedTuple):
    """A calculation as it is printed: its result, its operands, and "=", or "≈" if it does not come out."""

    result: str
    operands: tuple[str, ...]
    sign: str = "="


def calculation(
    result: float,
    operands: Sequence[float],
    compute: Compute,
    decimals: int = DECIMALS,
    least: int | None = None,
) -> Calculation:
    """Print a calculation such that whoever repeats it with the printed operands gets the printed result."""
    n = decimals_for(result, operands, compute, decimals, least)
    sign = "=" if _holds(result, operands, compute, decimals, n) else "≈"
    return Calculation(number(result, decimals), tuple(number(value, n) for value in operands), sign)
