"""How equations are set on a sheet: a function of a vector, a vector as a sum or product of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.sheet import OMITTED, ROW, Place, Sheet, Style, column, vector_width
from rnnviz.figures.states import SUPERSCRIPT

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.model import Floats

ROWS = 8  # the longest vector that is shown whole
FORMULA = Style("text", 15.0, 0.0, "mathematics")
SIGN = Style("text", 14.0, 0.5)
FUNCTION = Style("text", 13.0, 1.0, "mathematics")
LEFT = 4.0
WIDE = 8.2  # pixels of a letter in a function's name, at most
ACTIVATIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ", "identity": ""}


class Rows(NamedTuple):
    """Which quantity a vector shows, and which of its rows are picked."""

    quantity: str
    picked: frozenset[int] = frozenset()

    def set(self, sheet: Sheet, ends: tuple[float, float], y: float, rows: tuple[int, ...]) -> None:
        """Note where a vector's rows stand from its left to its right end, and outline those picked."""
        for number, row in enumerate(rows):
            middle = y + number * ROW
            if row != OMITTED:
                sheet.places.append(Place(*ends, middle, self.quantity, row))
            if row in self.picked:
                sheet.outline(*ends, middle)


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of a vector with its numbers: result = name(argument), both of one quantity."""

    name: str
    result: str
    role: str
    values: Floats
    argument: str
    argument_role: str
    given: Floats
    of: Rows

    def _strings(self, rows: tuple[int, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return column(self.values, rows), column(self.given, rows)

    def _room(self) -> float:
        return 24.0 + WIDE * len(self.name)

    def width(self, rows: tuple[int, ...]) -> float:
        """Return the pixels it takes."""
        left, right = self._strings(rows)
        return vector_width(left) + self._room() + vector_width(right)

    def set(self, sheet: Sheet, x: float, y: float, rows: tuple[int, ...]) -> None:
        """Set it with its left edge at x and its first number at y."""
        left, right = self._strings(rows)
        middle = y + (len(rows) - 1) * ROW / 2
        edge = sheet.vector(x, y, left, self.result, self.role)
        sheet.write(edge + 9, middle, "=", SIGN)
        start = edge + self._room()
        if self.name:
            sheet.write(start - 3, middle, self.name, FUNCTION)
        end = sheet.vector(start, y, right, self.argument, self.argument_role)
        self.of.set(sheet, (x, edge), y, rows)
        self.of.set(sheet, (start, end), y, rows)


class Operand(NamedTuple):
    """A vector in a row: the sign before it, name, colour and numbers, whose they are, a function of it."""

    sign: str
    name: str
    role: str
    values: Floats
    of: Rows
    function: str = ""


def set_row(sheet: Sheet, x: float, y: float, operands: list[Operand], most: int) -> float:
    """Set vectors in a row, the first number at y, at most so many numbers each; return the right edge."""
    picked = frozenset[int]().union(*(operand.of.picked for operand in operands))
    rows = some_rows(len(operands[0].values), most, picked)
    middle = y + (len(rows) - 1) * ROW / 2
    for operand in operands:
        if operand.sign:
            sheet.write(x + 9, middle, operand.sign, SIGN)
            x += 18
        if operand.function:
            x += WIDE * len(operand.function) + 4
            sheet.write(x - 3, middle, operand.function, FUNCTION)
        left, x = x, sheet.vector(x, y, column(operand.values, rows), operand.name, operand.role)
        operand.of.set(sheet, (left, x), y, rows)
    return x


def height(size: int, most: int) -> float:
    """Return the pixels from the first number of a vector to below its last."""
    return (min(size, most) - 0.5) * ROW


def handed_on(spec: NetworkSpec, layer: int) -> str:
    """Write what a layer hands on: h, with its number if there are several, ↔ if it is of both directions."""
    number = f"⁽{str(layer + 1).translate(SUPERSCRIPT)}⁾" if spec.num_layers > 1 else ""
    return f"h{number}{'↔' if spec.bidirectional else ''}"


def read_by(spec: NetworkSpec, layer: int) -> str:
    """Write what a layer reads: x, e of an embedding, or what the layer below hands on."""
    if layer:
        return handed_on(spec, layer - 1)
    return "x" if spec.embedding_size is None else "e"


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
