"""How the backward sheet sets headings, sentences and equations."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.arithmetic import DECIMALS
from rnnviz.figures.backward_numbers import Derived, Part, printed
from rnnviz.figures.extent import extent
from rnnviz.figures.sheet import DIGIT, FORMULA, OMITTED, Sheet, Style
from rnnviz.figures.statements import (
    BETWEEN,
    LEFT,
    Operand,
    Statement,
    set_statement,
    set_statements,
    some_rows,
)
from rnnviz.figures.sums import enough
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from collections.abc import Sequence


HEADING = Style("text", 13.0, 0.0)
NOTE = Style("muted", 12.0, 0.0, live=True)
MOST = 5  # numbers of a vector: there are many vectors
NAME_LETTER = 5.8  # pixels of a letter of a name above a vector
WHOLE = frozenset({"", "0", "00", "000"})  # behind the point of a number that needs none
NOTE_LETTER = 5.9  # pixels of a letter of a note, on average
WAITING = "·"  # instead of a number that is not known yet
FEWEST = 7  # digits and signs that a number has room for, so that nothing moves while one plays


class Layout(NamedTuple):
    """Sets the parts of a sheet.

    unit: the one that is shown, None for vectors, of which `most` numbers are. waiting: the step has not been
    computed to its end, so no number is known.
    """

    sheet: Sheet
    unit: int | None = None
    most: int = MOST
    decimals: int = DECIMALS
    waiting: bool = False

    def heading(self, y: float, text: str) -> float:
        """Set the heading of a part below y; return where it ends."""
        self.sheet.write(LEFT, y + 13.0, text, HEADING)
        return y + 26.0

    def note(self, y: float, text: str) -> float:
        """Set a sentence below y, in as many lines as it needs; return where it ends."""
        line = ""
        for word in text.split(" "):
            if self.sheet.room and NOTE_LETTER * len(f"{line} {word}") > self.sheet.room - LEFT:
                y, line = self._line(y, line), word
            else:
                line = f"{line} {word}".strip()
        return self._line(y, line)

    def _line(self, y: float, text: str) -> float:
        self.sheet.write(LEFT, y + 9.0, text, NOTE)
        self.sheet.width = max(self.sheet.width, LEFT + NOTE_LETTER * len(text))
        return y + 18.0

    def summed(
        self, y: float, name: str, parts: Sequence[str], result: Part, operands: tuple[Part, ...]
    ) -> float:
        """Set a sum, in as many lines as its formula needs, and its numbers; return where they end."""
        *above, last = self._lines(name, parts)
        top = y
        for line in above:
            y = self.sheet.formula(LEFT, y, line)
        end = self.derived(y, Derived(last, result, operands, _sum))
        whole = f"{name} = {' + '.join(parts)}"
        self.sheet.equations[-1] = self.sheet.equations[-1]._replace(top=top, general=whole)
        return end

    def _lines(self, name: str, parts: Sequence[str]) -> list[str]:
        lines = [f"{name} = {parts[0]}"]
        for part in parts[1:]:
            longer = f"{lines[-1]} + {part}"
            if self.sheet.room and extent(longer, FORMULA).width > self.sheet.room - LEFT:
                lines.append(f"+ {part}")
            else:
                lines[-1] = longer
        return lines

    def derived(self, y: float, *equations: Derived) -> float:
        """Set equations below y, side by side as far as there is room; return where they end."""
        statements = [self.statement(derived, self._rows(derived)) for derived in equations]
        return set_statements(self.sheet, y, statements) + BETWEEN

    def labelled(self, y: float, derived: Derived, rows: tuple[int, ...], labels: Sequence[str]) -> float:
        """Set an equation of vectors below y, with the names of the rows shown; return where it ends.

        The last vector, the target, may be of whole numbers, and is then written so.
        """
        statement = self._replace(unit=None).statement(derived, rows)
        *others, last = statement.operands
        if all(number.partition(".")[2] in WHOLE for number in last.numbers):
            others.append(last._replace(numbers=tuple(number.partition(".")[0] for number in last.numbers)))
            statement = statement._replace(operands=tuple(others))
        return set_statement(self.sheet, y, statement._replace(labels=tuple(labels))) + BETWEEN

    def statement(self, derived: Derived, rows: tuple[int, ...]) -> Statement:
        """Return an equation with its numbers printed."""
        shown = [row for row in rows if row != OMITTED]
        decimals = enough(derived.result.values[shown], self.decimals)
        columns, equal = printed(derived, rows, decimals)
        if self.waiting:
            columns = [(WAITING,) * len(rows) for _ in columns]
        operands = [
            self._operand(part, rows, numbers, equal if place == 1 else part.sign)
            for place, (part, numbers) in enumerate(zip(derived.parts, columns, strict=True))
        ]
        return Statement(derived.formula, tuple(operands), rows)

    def _rows(self, derived: Derived) -> tuple[int, ...]:
        size = len(derived.result.values)
        if self.unit is not None:
            return (min(self.unit, size - 1),)
        picked = frozenset[int]().union(*(part.of.picked for part in derived.parts))
        return some_rows(size, self.most, picked)

    def _operand(self, part: Part, rows: tuple[int, ...], numbers: tuple[str, ...], sign: str) -> Operand:
        name = part.name if self.unit is None else f"{part.name} [{rows[0] + 1}]"
        least = max(_room_of(name), *map(len, numbers))
        return Operand(sign, name, part.role, numbers, part.of, part.before, part.after, least=least)


def _sum(*parts: float) -> float:
    return sum(parts)


@lru_cache(maxsize=4096)
def _room_of(name: str) -> int:
    """Return how many digits a vector has room for, at least as many as its name."""
    return max(FEWEST, math.ceil((NAME_LETTER * len(plain(name)) - 2 * DIGIT) / DIGIT))
