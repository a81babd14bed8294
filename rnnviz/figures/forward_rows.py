"""Columns of numbers such that whoever repeats a calculation with them gets the numbers beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.arithmetic import MOST, calculated, comes_out, fixed, rounded
from rnnviz.figures.reasons import FUNCTIONS
from rnnviz.figures.sheet import OMITTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Columns = Sequence[Sequence[float]]

DECIMALS = 2  # of results
BETWEEN = 3  # at least, of what lies between operands and result
FIGURE_SPACE = "\u2007"  # as wide as a digit
SAME, ABOUT = "=", "≈"


class Chain(NamedTuple):
    """A calculation in columns, operands → between → result, and the signs before the last two."""

    operands: tuple[tuple[str, ...], ...]
    between: tuple[str, ...]
    result: tuple[str, ...]
    signs: tuple[str, str]


class Digits(NamedTuple):
    """How many decimals a row has in its operands, between and in its result, and which signs hold."""

    operands: int
    between: int
    result: int
    sums: bool
    gives: bool


class Rule(NamedTuple):
    """How a row is calculated: the operands are combined, then a function gives the result.

    least: decimals that operands have at least; decimals: those of the result.
    """

    combine: Callable[..., float]
    function: str = ""
    least: int = 3
    decimals: int = DECIMALS


def digits(rule: Rule, operands: Sequence[float], between: float, result: float, *, free: bool) -> Digits:
    """Return the fewest decimals with which a row comes out; free: its result is not that of the function.

    A result that lies between two printed numbers would need many digits in its operands: one decimal more
    in itself saves these.
    """
    found = [_digits(rule, operands, between, result, rule.decimals, free=free)]
    if not found[0].sums or found[0].operands > rule.least + 1:
        found.append(_digits(rule, operands, between, result, rule.decimals + 1, free=free))
    return min(found, key=lambda one: (not (one.sums and one.gives), one.operands, one.result))


def _digits(
    rule: Rule, operands: Sequence[float], between: float, result: float, decimals: int, *, free: bool
) -> Digits:
    apply = FUNCTIONS[rule.function]

    def gives(found: float) -> bool:
        return free or comes_out(result, calculated(apply, [found]), decimals, 0)

    def sums(n: int, shown: int) -> bool:
        found = calculated(rule.combine, [rounded(value, n, 0) for value in operands])
        return comes_out(between, found, shown, 0) and gives(found)

    first = BETWEEN if rule.function else decimals
    n_between = next((n for n in range(first, MOST) if gives(rounded(between, n, 0))), 0)
    shown = n_between or first
    n = next((n for n in range(rule.least, MOST + 1) if sums(n, shown)), 0)
    return Digits(n or rule.least, shown, decimals, bool(n), bool(n_between))


def chain(
    rule: Rule, operands: Columns, between: Sequence[float], result: Sequence[float], free: Sequence[bool]
) -> Chain:
    """Print rows of a calculation; without a function what lies between is the result."""
    rows = list(zip(*operands, strict=True))
    found = [
        digits(rule, row, a, h, free=held)
        for row, a, h, held in zip(rows, between, result, free, strict=True)
    ]
    return Chain(
        tuple(
            aligned([fixed(v, row.operands) for v, row in zip(column, found, strict=True)], rule.least)
            for column in operands
        ),
        aligned([fixed(v, row.between) for v, row in zip(between, found, strict=True)], BETWEEN),
        aligned([fixed(v, row.result) for v, row in zip(result, found, strict=True)], rule.decimals),
        (_sign(row.sums for row in found), _sign(row.gives for row in found)),
    )


def _sign(rows: Iterable[bool]) -> str:
    return SAME if all(rows) else ABOUT


def aligned(strings: Sequence[str], decimals: int = 0) -> tuple[str, ...]:
    """Widen numbers behind, so that their points stand above one another, as if they had so many decimals."""
    behind = [len(string.partition(".")[2]) if "·" not in string else 0 for string in strings]
    most = max(behind, default=0)
    most = max(most, decimals) if most else 0
    return tuple(
        string + FIGURE_SPACE * (most - n) if n else string for string, n in zip(strings, behind, strict=True)
    )


def waiting(strings: tuple[str, ...]) -> tuple[str, ...]:
    """Write a dot for each number that is not known yet, where its point would be."""
    return tuple("·" + FIGURE_SPACE * len(string.partition(".")[2]) for string in strings)


def with_gaps(strings: tuple[str, ...], rows: tuple[int, ...]) -> tuple[str, ...]:
    """Put an ellipsis where rows are left out."""
    if OMITTED not in rows:
        return strings
    numbers = iter(strings)
    behind = max((len(string.partition(".")[2]) for string in strings), default=0)
    dots = f"⋮{FIGURE_SPACE * behind}"  # beneath the points
    return tuple(dots if row == OMITTED else next(numbers) for row in rows)
