"""A sum written out, every product of two numbers, in lines of as many as there is room for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.arithmetic import fixed
from rnnviz.figures.extent import extent
from rnnviz.figures.sheet import DIGIT, ROW, SMALL, Place, Sheet, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rnnviz.engine.selection import WeightEntry

MOST = 64  # terms of a sum that are written out; of more the largest, and the others as one number
TERM = Style("text", SMALL, 0.0, live=True)
PLUS = Style("text", SMALL, 0.5, live=True)
NAME = Style("text", SMALL, 0.0, "mathematics")
NOTE = Style("muted", SMALL, 0.0, "mathematics", live=True)
SIGN, GAP = 13.0, 10.0  # pixels of a sign, and between two terms
ROOM = 14  # characters that a term has room for, so that it stands in its place at every step


class Term(NamedTuple):
    """A product of numbers; weight: the entry that is the first of them. words: instead of the numbers."""

    factors: tuple[float, ...]
    weight: WeightEntry | None = None
    words: str = ""

    @property
    def value(self) -> float:
        """The product."""
        return math.prod(self.factors)


class TermRow(NamedTuple):
    """What adds to a sum: its name, as runs without a step; its terms; a remark."""

    name: str
    terms: tuple[Term, ...]
    note: str = ""


class Sum(NamedTuple):
    """A sum with as many decimals as its numbers need. function: applied to each term, such as exp."""

    rows: tuple[TermRow, ...]
    decimals: int
    function: str = ""
    picked: WeightEntry | None = None

    def written(self) -> Iterator[tuple[TermRow, Term, str, str]]:
        """Yield each term with its row, its sign and its numbers."""
        first = True
        for row in self.rows:
            for term in row.terms:
                sign, text = self._term(term)
                yield row, term, ("" if first and sign == "+" else sign), text
                first = False

    def _term(self, term: Term) -> tuple[str, str]:
        numbers = [_shown(value, self.decimals) for value in term.factors]
        if self.function:
            return "+", f"{self.function}({numbers[0]})"
        sign = "−" if numbers[0].startswith("−") else "+"
        rest = [f"({number})" if number.startswith("−") else number for number in numbers[1:]]
        return sign, "·".join([numbers[0].removeprefix("−"), *rest]) + term.words

    def text(self) -> str:
        """Write it in one line, as runs."""
        return " ".join(f"{sign} {text}".strip() for _, _, sign, text in self.written())


def _shown(value: float, decimals: int) -> str:
    """Write a factor; the 1 of a one-hot vector as a whole number."""
    return "1" if value == 1.0 else fixed(value, decimals)


def few(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return all terms, or the largest, and the others as one."""
    if len(terms) <= MOST:
        return tuple(terms)
    order = sorted(range(len(terms)), key=lambda n: -abs(terms[n].value))
    kept = sorted(order[: MOST - 1])
    rest = math.fsum(terms[n].value for n in order[MOST - 1 :])
    return (*(terms[n] for n in kept), Term((rest,), words=f" of {len(terms) - MOST + 1} others"))


def set_sum(sheet: Sheet, left: float, y: float, total: Sum) -> float:
    """Set a sum below y, the names of its rows in a column of their own; return where it ends."""
    written = list(total.written())
    margin = max((extent(row.name, SMALL).width for row in total.rows), default=0.0) + GAP
    longest = max([ROOM, *(len(text) for *_, text in written if len(text) < 2 * ROOM)])
    cell = SIGN + longest * DIGIT * 0.92 + GAP
    room = math.inf if sheet.room is None else sheet.room - left - margin
    across = max(1, int((room + GAP) // cell)) if sheet.room is not None else 4
    column, above = 0, None
    for row, term, sign, text in written:
        if row is not above:
            y, column = y + (ROW if above is not None else 0.0), 0
            sheet.write(left, y + ROW / 2, row.name, NAME)
            if row.note:
                sheet.write(left + margin + SIGN, y + 1.5 * ROW, row.note, NOTE)
        elif column == across:
            y, column = y + ROW, 0
        above = row
        _set_term(sheet, left + margin + column * cell, y + ROW / 2, sign, text, term, total.picked)
        column += 1
        if row.note and term is row.terms[-1]:
            y += ROW
    return y + ROW


def _set_term(
    sheet: Sheet, x: float, y: float, sign: str, text: str, term: Term, picked: WeightEntry | None
) -> None:
    if sign:
        sheet.write(x + SIGN / 2 - 1, y, sign, PLUS)
    sheet.write(x + SIGN, y, text, TERM)
    right = x + SIGN + len(text) * DIGIT * 0.92
    sheet.width = max(sheet.width, right)
    if term.weight is not None:
        sheet.places.append(Place(x + SIGN - 2, right, y, "", term.weight.row, term.weight))
        if term.weight == picked:
            sheet.outline(x + SIGN - 3, right + 1, y)
