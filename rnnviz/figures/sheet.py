"""A sheet of mathematics laid out in pixels: lines of text and bracketed columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Line, Mark, Plot, Region, Text
from rnnviz.figures.numbers import written
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats

NAN = float("nan")  # one object, so that equal brackets are found again; it lifts the pen
ROW = 17.0  # pixels from one number to the next
DIGIT = 7.0  # width of a tabular figure at the size numbers are set in
BRACKET = 4.0
OMITTED = -1  # instead of a row: others stand there
LETTER = 0.55  # of the size: the width of a letter in a formula, subscripts among them


@dataclass(frozen=True, slots=True)
class Style:
    """How a string is set; strings of one style become one mark."""

    role: str = "text"
    size: float = 12.0
    align: float = 0.5
    family: Literal["text", "mathematics"] = "text"


NUMBER = Style("text", 12.0, 1.0)


class Place(NamedTuple):
    """Where a number of a quantity stands."""

    left: float
    right: float
    y: float
    quantity: str
    row: int


@dataclass(slots=True)
class Sheet:
    """Collects text and brackets, then becomes a plot of just that size."""

    width: float = 0.0
    height: float = 0.0
    _texts: dict[Style, list[tuple[float, float, str]]] = field(default_factory=dict)
    _brackets: list[tuple[float, float]] = field(default_factory=list)
    _outlines: list[Region] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def write(self, x: float, y: float, string: str, style: Style) -> None:
        """Set a string with its middle line at y; x is its left, centre or right by the style's align."""
        self._texts.setdefault(style, []).append((x, y, string))
        self.height = max(self.height, y + ROW / 2)
        if style.family == "mathematics":
            self.width = max(self.width, x + (1 - style.align) * LETTER * style.size * len(plain(string)))

    def vector(self, x: float, y: float, strings: tuple[str, ...], heading: str, role: str) -> float:
        """Set a bracketed column of numbers from the left edge x, the first at y; return the right edge."""
        width = vector_width(strings)
        self.write(x + width / 2, y - ROW - 2, heading, Style(role, 12.0, 0.5, "mathematics"))
        right = x + width - BRACKET - 4
        numbers = self._texts.setdefault(NUMBER, [])
        numbers += [(right, y + n * ROW, string) for n, string in enumerate(strings)]
        top, bottom = y - ROW / 2, y + (len(strings) - 0.5) * ROW
        for edge, inward in ((x, 1), (x + width, -1)):
            tick = edge + inward * BRACKET
            self._brackets += [(tick, top), (edge, top), (edge, bottom), (tick, bottom), (NAN, NAN)]
        self.height = max(self.height, bottom)
        self.width = max(self.width, x + width)
        return x + width

    def outline(self, left: float, right: float, y: float) -> None:
        """Outline a row of numbers, whose middle line is at y."""
        self._outlines.append(Region(left, right, "selection", y + ROW / 2, y - ROW / 2))

    def plot(self, name: str) -> Plot:
        """Return the sheet as a plot of its natural size."""
        marks: list[Mark] = [_brackets_through(tuple(self._brackets))] if self._brackets else []
        # Numbers come last: what stands before them rests while they change, and is not drawn again.
        for style in sorted(self._texts, key=NUMBER.__eq__):
            entries = self._texts[style]
            at = np.array([entry[:2] for entry in entries], float)
            marks.append(_text(at, tuple(entry[2] for entry in entries), style))
        marks += self._outlines
        size = (max(self.width, 1.0), max(self.height, 1.0))
        x_axis, y_axis = Axis(0, size[0], shown=False), Axis(0, size[1], shown=False, reverse=True)
        return Plot(name, x_axis, y_axis, tuple(marks), fit="natural", natural=size)


@lru_cache(maxsize=8)
def _brackets_through(corners: tuple[tuple[float, float], ...]) -> Line:
    x, y = np.array(corners).T
    return Line(x, y, "muted")


@memoised
def _text(at: Floats, strings: tuple[str, ...], style: Style) -> Text:
    return Text(at, strings, style.role, size=style.size, align=style.align, family=style.family)


def vector_width(strings: tuple[str, ...]) -> float:
    """Return the pixels a bracketed column needs."""
    return max((len(string) for string in strings), default=1) * DIGIT + 2 * BRACKET + 8


def column(values: Floats, rows: tuple[int, ...]) -> tuple[str, ...]:
    """Write the chosen rows of a vector; an ellipsis says where there are more."""
    return tuple("⋮" if row == OMITTED else written(float(values[row])) for row in rows)
