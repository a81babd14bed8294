"""Sums and tables of numbers that add up as they are printed: along rows, along columns and in all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.arithmetic import DECIMALS, SLACK, SMALLEST, last_digit, number
from rnnviz.figures.numbers import LARGEST_PLAIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.figures.model import Floats

    Integers = NDArray[np.integer]

DIGITS = 3  # significant ones of a number that is written with a power of ten, at least
MOST = 15  # significant ones: a float has no more
ALIKE = 1  # so often all cells of a table get one more decimal, before only those do that need it
EXTREME = 300  # powers of ten beyond are not all floats


class Sum(NamedTuple):
    """A sum as it is printed: its addends, itself, and "=", or "≈" if they do not add up to it.

    digits: the decimals that `number` printed each addend with.
    """

    addends: tuple[str, ...]
    total: str
    sign: str
    digits: tuple[int, ...]


class Table(NamedTuple):
    """A table as it is printed: its cells row by row, the sums of rows and of columns, that of all, the sign.

    The sign is "≈" if anything printed does not add up. digits: the decimals that `number` printed each cell
    with.
    """

    cells: tuple[tuple[str, ...], ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    total: str
    sign: str
    digits: tuple[tuple[int, ...], ...]


@np.errstate(all="ignore")
def printed_sum(addends: Floats, total: float, decimals: int = DECIMALS) -> Sum:
    """Print addends, (n,), with the fewest digits with which they give the total as it is printed."""
    found, holds = _for_addends((addends,), total, decimals)
    digits = _digits(addends, np.full(addends.shape, found))
    return Sum(_texts(addends, digits), number(total, decimals), _sign(holds), tuple(digits.tolist()))


@np.errstate(all="ignore")
def printed_table(cells: Floats, total: float, decimals: int = DECIMALS) -> Table:
    """Print a table, (n, m), whose cells give the sums of its rows and columns as these are printed."""
    sums = cells.sum(1), cells.sum(0)
    found, holds = _for_addends(sums, total, decimals)
    finest, fits = _for_cells(cells, sums, found)
    digits = _digits(cells, finest)
    printed = tuple(_texts(row, some) for row, some in zip(cells, digits, strict=True))
    rows, columns = (_texts(part, _digits(part, np.full(part.shape, found))) for part in sums)
    all_digits = tuple(map(tuple, digits.tolist()))
    return Table(printed, rows, columns, number(total, decimals), _sign(holds and fits), all_digits)


def enough(values: Floats, decimals: int = DECIMALS) -> int:
    """Return as many decimals, or more, with which the largest of some numbers has three significant ones."""
    size = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    if not SMALLEST <= size < LARGEST_PLAIN:
        return decimals
    return max(decimals, DIGITS - 1 - math.floor(math.log10(size)))


def _sign(holds: bool) -> str:
    return "=" if holds else "≈"


def _for_addends(parts: tuple[Floats, ...], total: float, decimals: int) -> tuple[int, bool]:
    """Find the fewest decimals with which addends, each part on its own, give a total printed with some."""
    last = last_digit(total, decimals) if math.isfinite(total) else 10.0**-decimals
    first = -round(math.log10(last))
    wanted = _rounded(np.array(total), np.array(first))
    for digits in range(first, first + MOST):
        found = (_rounded(part, np.full(part.shape, digits)).sum() for part in parts)
        if all(_fits(one, wanted, last) for one in found):
            return digits, True
    return first, False


def _for_cells(cells: Floats, sums: tuple[Floats, Floats], digits: int) -> tuple[Integers, bool]:
    """Find the fewest decimals of the cells with which rows and columns give their sums as printed."""
    decimals = np.full(cells.shape, digits)
    rows, columns = (_shown(part, digits) for part in sums)
    for tried in range(MOST):
        shown = _rounded(cells, decimals)
        wrong = ~_fits(shown.sum(1), *rows)[:, None] | ~_fits(shown.sum(0), *columns)
        if not wrong.any():
            return decimals, True
        decimals = decimals + (wrong if tried >= ALIKE else 1)
    return np.full(cells.shape, digits), False


def _shown(values: Floats, digits: int) -> tuple[Floats, Floats]:
    """Return values as they are printed, and what one in the last digit of each is worth."""
    places = _places(values, np.full(values.shape, digits))
    return _rounded(values, places), 10.0 ** -places.astype(float)


def _fits(found: Floats, wanted: Floats, last: Floats | float) -> NDArray[np.bool_]:
    """Whether sums round to what is printed; of what is not finite nothing is asked."""
    near: NDArray[np.bool_] = np.abs(found - wanted) <= 0.5 * np.asarray(last) * (1 + SLACK)
    return near | ~np.isfinite(wanted)


def _rounded(values: Floats, decimals: Integers) -> Floats:
    scale = 10.0 ** _places(values, decimals).astype(float)
    found: Floats = np.rint(values * scale) / scale
    return found


def _places(values: Floats, decimals: Integers) -> Integers:
    """Return how many decimals numbers are rounded to: more of tiny ones, fewer of huge ones."""
    exponents, powered = _exponents(values)
    least = np.where(powered, DIGITS - 1 - exponents, DECIMALS)
    found: Integers = np.clip(
        np.minimum(np.maximum(decimals, least), MOST - 1 - exponents), -EXTREME, EXTREME
    )
    return found


def _digits(values: Floats, decimals: Integers) -> Integers:
    """Return the decimals that `number` writes them with, of those of a power of ten before that."""
    exponents, powered = _exponents(values)
    places = _places(values, decimals)
    found: Integers = np.clip(np.where(powered, places + exponents, places), 0, MOST)
    return found


def _exponents(values: Floats) -> tuple[Integers, NDArray[np.bool_]]:
    """Return the powers of ten of numbers, and which are written with one."""
    sizes = np.abs(values)
    known = (sizes > 0) & np.isfinite(sizes)
    found = np.floor(np.log10(np.where(known, sizes, 1.0))).astype(int)
    return found, known & ((sizes < SMALLEST) | (sizes >= LARGEST_PLAIN))


def _texts(values: Floats, digits: Integers) -> tuple[str, ...]:
    return tuple(map(number, values.tolist(), digits.tolist()))
