"""How equations are set on a sheet: a formula, and beneath it the same with vectors of numbers."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.extent import extent
from rnnviz.figures.numeric_latex import numeric_latex
from rnnviz.figures.sheet import (
    DIGIT,
    FORMULA,
    OMITTED,
    PARENTHESIS,
    ROW,
    SMALL,
    Equation,
    Hint,
    Place,
    Sheet,
    Style,
    Words,
    vector_width,
)
from rnnviz.figures.terms import Sum, set_sum

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = 8  # the longest vector that is shown whole
LEFT = 4.0
SIGN = Style("text", 14.0, 0.5)
FUNCTION = Style("text", 14.0, 1.0, "mathematics")
NOTE = Style("muted", SMALL, 0.0, "mathematics", live=True)
LABEL = Style("muted", SMALL, 1.0, live=True)
ARITHMETIC = Style("text", 13.0, 0.0, "mathematics", live=True)
SIGN_ROOM, GAP = 16.0, 4.0  # pixels
HEAD = 1.65 * ROW  # from the top of a line of vectors to their first number's middle
APART, BETWEEN = 26.0, 14.0  # pixels between two equations side by side, and above one another
RELATIONS = frozenset("=≈")
INDENT = "   "  # before a line that goes on
WIDE = 8.2  # pixels of a letter in a function's name, at most
ACTIVATIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ", "identity": ""}


class Rows(NamedTuple):
    """Which quantity a vector shows, and which of its rows are picked or held at a value."""

    quantity: str
    picked: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()

    def set(self, sheet: Sheet, ends: tuple[float, float], y: float, rows: tuple[int, ...]) -> None:
        """Note where a vector's rows stand from its left to its right end, and outline those picked."""
        for number, row in enumerate(rows):
            middle = y + number * ROW
            if row != OMITTED:
                sheet.places.append(Place(*ends, middle, self.quantity, row))
            if row in self.held:
                sheet.outline(*ends, middle, "held")
            if row in self.picked:
                sheet.outline(*ends, middle)


class Operand(NamedTuple):
    """A vector in an equation.

    sign: what stands before it, such as "=" and "⊙"; before, after: what holds it, such as "σ(" and ")", that
    may also be closed behind a later vector. numbers: as they are printed. of: whose rows they are. says:
    what the mouse reads. least: characters that it has room for, so that it is as wide at every
    step; decimals: how many of them usually stand behind the point.
    """

    sign: str
    name: str
    role: str
    numbers: tuple[str, ...]
    of: Rows
    before: str = ""
    after: str = ""
    says: Words = ""
    least: int = 0
    decimals: int = 0

    @property
    def hang(self) -> float:
        """The pixels that a decimal more than usual hangs into the bracket."""
        if not self.decimals or max(map(len, self.numbers), default=0) <= self.least:
            return 0.0
        behind = max(len(number.partition(".")[2]) for number in self.numbers)
        return DIGIT if behind == self.decimals + 1 else 0.0

    @property
    def longest(self) -> int:
        """The characters that the vector has room for; one more may hang into its bracket."""
        digits = max(map(len, self.numbers), default=1)
        return self.least if self.least and digits <= self.least + 1 else digits

    @property
    def width(self) -> float:
        """The pixels of it and of what stands before and after it."""
        return _whole_width(self.sign, self.before, self.after, self.longest, self.name)

    @property
    def vector_width(self) -> float:
        """The pixels of the vector alone, at least those of its heading."""
        return _vector_width(self.longest, self.name)


@lru_cache(maxsize=8192)
def _whole_width(sign: str, before: str, after: str, longest: int, name: str) -> float:
    return (SIGN_ROOM if sign else 0.0) + _held(before) + _vector_width(longest, name) + _held(after)


@lru_cache(maxsize=8192)
def _vector_width(longest: int, name: str) -> float:
    return max(vector_width(longest), extent(name, SMALL).width)


@lru_cache(maxsize=64)
def _held(text: str) -> float:
    """Return the pixels of what stands before or after a vector."""
    parentheses = sum(letter in "()" for letter in text)
    letters = len(text) - parentheses
    return parentheses * PARENTHESIS + (letters * WIDE + GAP if letters else 0.0)


class Statement(NamedTuple):
    """An equation.

    formula: as runs, without anything that changes from step to step. operands: its vectors. rows: those of
    these that are shown; labels: what they are called, with room for `label_room` characters at least.
    symbols: a line for each symbol in the formula. role: its colour. total: a sum written out beneath. texts:
    lines of arithmetic beneath that, in pieces between which they may be broken; notes: the same in small.
    """

    formula: str
    operands: tuple[Operand, ...] = ()
    rows: tuple[int, ...] = ()
    symbols: tuple[str, ...] = ()
    role: str = "text"
    labels: tuple[str, ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()
    notes: tuple[tuple[str, ...], ...] = ()
    total: Sum | None = None
    label_room: int = 0

    @property
    def margin(self) -> float:
        """The pixels that the names of the rows take, left of the vectors."""
        if not self.labels:
            return 0.0
        return max(self.label_room, *map(len, self.labels)) * DIGIT + GAP


class Plan(NamedTuple):
    """How an equation fits into a room: its vectors in lines, and the pixels that it takes."""

    lines: tuple[tuple[Operand, ...], ...]
    width: float


def plan(statement: Statement, room: float | None) -> Plan:
    """Break the vectors of an equation into lines, rather before "=" than elsewhere."""
    widths = [operand.width for operand in statement.operands]
    signs = [operand.sign in RELATIONS for operand in statement.operands]
    margin = statement.margin
    starts = [0] if widths else []
    for n, width in enumerate(widths):
        start = starts[-1]
        if n > start and room is not None and margin + sum(widths[start:n]) + width > room:
            relation = next((k for k in range(start + 1, n) if signs[k]), n)
            ends_here = signs[n] and margin + sum(widths[relation : n + 1]) > room
            starts.append(n if ends_here else relation)
    ends = [*starts[1:], len(widths)][: len(starts)]
    whole = [margin + sum(widths[start:end]) for start, end in zip(starts, ends, strict=True)]
    for style, texts in ((ARITHMETIC, statement.texts), (NOTE, statement.notes)):
        whole += [sum(extent(piece, style.size).width for piece in pieces) for pieces in texts]
    widest = max([extent(statement.formula, FORMULA).width, *whole])
    if statement.total is not None and room is not None:
        widest = max(widest, room)  # nothing stands beside a sum that is written out
    lines = tuple(statement.operands[start:end] for start, end in zip(starts, ends, strict=True))
    return Plan(lines, widest if room is None else min(widest, room))


def set_statements(sheet: Sheet, y: float, statements: Sequence[Statement], left: float = LEFT) -> float:
    """Set equations below y, side by side as far as there is room; return where they end."""
    right, bottom = left, y
    for number, statement in enumerate(statements):
        planned = plan(statement, _room(sheet, left))
        if number and (sheet.room is None or right + APART + planned.width > sheet.room):
            right, y = left, bottom + BETWEEN
        elif number:
            right += APART
        bottom = max(bottom, set_statement(sheet, y, statement, right, planned))
        right += planned.width
    return bottom


def _room(sheet: Sheet, left: float) -> float | None:
    return None if sheet.room is None else sheet.room - left


def set_statement(
    sheet: Sheet, y: float, statement: Statement, left: float = LEFT, planned: Plan | None = None
) -> float:
    """Set an equation below y, its numbers beneath its formula; return where it ends."""
    top, bottom = y, sheet.formula(left, y, statement.formula, statement.role)
    planned = planned or plan(statement, _room(sheet, left))
    for line in planned.lines:
        for number, label in enumerate(statement.labels):
            middle = bottom + HEAD + number * ROW
            sheet.write(left + statement.margin - GAP, middle, label, LABEL)
        bottom = set_line(sheet, left + statement.margin, bottom, line, statement.rows)
    if statement.total is not None:
        bottom = set_sum(sheet, left, bottom + GAP, statement.total)
    for style, texts in ((ARITHMETIC, statement.texts), (NOTE, statement.notes)):
        for pieces in texts:
            bottom = flow(sheet, left, bottom + GAP / 2, pieces, style)
    numbers = partial(numeric_latex, statement)
    sheet.equations.append(Equation(top, bottom, left, left + planned.width, statement.formula, numbers))
    if statement.symbols:
        width, above, below = extent(statement.formula, FORMULA)
        sheet.hints.append(Hint(left, top, left + width, top + above + below, "\n".join(statement.symbols)))
    return bottom


def flow(sheet: Sheet, left: float, y: float, pieces: Sequence[str], style: Style) -> float:
    """Set a line of text below y, broken between its pieces where there is no room; return where it ends."""
    lines, right, room = [""], 0.0, _room(sheet, left)
    for piece in pieces:
        width = extent(piece, style.size).width
        if lines[-1] and room is not None and right + width > room:
            lines.append(INDENT)
            right = extent(INDENT, style.size).width
        lines[-1] += piece
        right += width
    for number, line in enumerate(lines):
        sheet.write(left, y + (number + 0.5) * ROW, line, style)
    return y + len(lines) * ROW


def set_line(sheet: Sheet, x: float, y: float, operands: Sequence[Operand], rows: tuple[int, ...]) -> float:
    """Set vectors in a row below y; return where they end."""
    first = y + HEAD
    top, bottom = first - ROW / 2, first + (len(rows) - 0.5) * ROW
    for operand in operands:
        if operand.sign:
            sheet.write(x + SIGN_ROOM / 2, (top + bottom) / 2, operand.sign, SIGN)
            x += SIGN_ROOM
        x = _set_held(sheet, x, (top, bottom), operand.before)
        width, hang = operand.vector_width, operand.hang
        left, x = x, sheet.vector(x, first, operand.numbers, operand.name, operand.role, width, hang)
        operand.of.set(sheet, (left, x), first, rows)
        if operand.says:
            sheet.hints.append(Hint(left, y, x, bottom, operand.says))
        x = _set_held(sheet, x, (top, bottom), operand.after)
    return bottom


def _set_held(sheet: Sheet, x: float, ends: tuple[float, float], text: str) -> float:
    """Set what stands before or after a vector: a function's name, parentheses as tall as the vector."""
    if not text:
        return x
    name = text.strip("()")
    for letter in text[: len(text) - len(text.lstrip("()"))]:
        sheet.parenthesis(x, *ends, opening=letter == "(")
        x += PARENTHESIS
    if name:
        x += WIDE * len(name) + GAP
        sheet.write(x - GAP, sum(ends) / 2, name, FUNCTION)
        for letter in text[len(text.rstrip("()")) :]:
            sheet.parenthesis(x, *ends, opening=letter == "(")
            x += PARENTHESIS
    return x


def coloured(role: str, text: str) -> str:
    """Mark a part of a string to be set in the colour of a role."""
    return f"⟦{role}|{text}⟧"


def some_rows(size: int, most: int = ROWS, picked: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Return the rows of a vector that are shown: all, or the first and a picked one, and what is omitted."""
    if size <= most:
        return tuple(range(size))
    apart = min((row for row in picked if most - 1 <= row < size), default=None)
    if apart is None:
        return (*range(most - 1), OMITTED)
    after = (apart,) if apart == size - 1 else (apart, OMITTED)
    return (*range(most - 1 - len(after)), OMITTED, *after)
