"""Equations of the backward sheet as numbers that come out, row by row, as they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.arithmetic import DECIMALS, SMALLEST, calculated, comes_out, number, rounded
from rnnviz.figures.arithmetic import MOST as MOST_DECIMALS
from rnnviz.figures.sheet import OMITTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rnnviz.engine.arrays import Booleans
    from rnnviz.figures.model import Floats
    from rnnviz.figures.statements import Rows


class Part(NamedTuple):
    """One vector of an equation: the sign before it, its name, colour and numbers, and whose rows they are.

    before and after: what stands around it, as in `Operand`. held: the rows through which nothing passes,
    since something is held there, (H,) of bool; these are written as `word` and count as `instead`.
    """

    sign: str
    name: str
    role: str
    values: Floats
    of: Rows
    before: str = ""
    after: str = ""
    held: Booleans | None = None
    word: str = "held"
    instead: float = 0.0

    def is_held(self, row: int) -> bool:
        """Whether nothing passes through a row."""
        return self.held is not None and bool(self.held[row])

    def number(self, row: int) -> float:
        """Return the number of a row that a calculation uses."""
        return self.instead if self.is_held(row) else float(self.values[row])


class Derived(NamedTuple):
    """A formula, its result and what that is computed from, row by row.

    compute: from one number of each operand to that of the result.
    """

    formula: str
    result: Part
    operands: tuple[Part, ...]
    compute: Callable[..., float]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The result, then the operands."""
        return (self.result, *self.operands)


class _Row(NamedTuple):
    """One row of an equation: its numbers, how its result is printed, and how it is computed."""

    result: float
    values: list[float]
    decimals: int
    compute: Callable[..., float]

    def holds(self, digits: int) -> bool:
        """Whether it comes out with operands of so many decimals."""
        found = calculated(self.compute, [rounded(value, digits) for value in self.values])
        return comes_out(self.result, found, self.decimals)


def printed(derived: Derived, rows: Sequence[int], decimals: int) -> tuple[list[tuple[str, ...]], str]:
    """Print every vector such that each row comes out, all with as many decimals; and the sign, = or ≈."""
    known = {row: _row(derived, row, decimals) for row in rows if row != OMITTED}
    found = next((n for n in range(decimals, MOST_DECIMALS + 1) if _all_hold(known.values(), n)), None)
    digits = decimals if found is None else found
    columns = [tuple(number(known[row].result, known[row].decimals) if row in known else "⋮" for row in rows)]
    for place, part in enumerate(derived.operands):
        columns.append(
            tuple(
                _written(part, row, known[row].values[place], digits) if row in known else "⋮" for row in rows
            )
        )
    return columns, "≈" if found is None else "="


def _all_hold(rows: Iterable[_Row], digits: int) -> bool:
    return all(row.holds(digits) for row in rows)


def _row(derived: Derived, row: int, decimals: int) -> _Row:
    """Return a row; a result with a power of ten needs no more decimals for the sake of others."""
    result = float(derived.result.values[row])
    own = decimals if abs(result) >= SMALLEST else DECIMALS
    return _Row(result, [part.number(row) for part in derived.operands], own, derived.compute)


def _written(part: Part, row: int, value: float, digits: int) -> str:
    return part.word if part.is_held(row) else number(value, digits)
