"""A sheet of mathematics laid out in pixels: formulas, lines of text and bracketed columns of numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from rnnviz.figures.extent import extent
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Line, Mark, Plot, Region, Text
from rnnviz.figures.numbers import written
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.engine.selection import StepPair, WeightEntry
    from rnnviz.figures.model import Floats

Words: TypeAlias = "str | Callable[[], str]"
NAN = float("nan")  # one object, so that equal brackets are found again; it lifts the pen
ROW = 17.0  # pixels from one number to the next
DIGIT = 7.0  # width of a tabular figure at the size numbers are set in
BRACKET, INSIDE = 4.0, 3.0  # pixels of a bracket's ends, and free beside a number
OMITTED = -1  # instead of a row: others stand there
LETTER = 0.55  # of the size: the width of a letter in a formula, subscripts among them
FORMULA = 15.0  # pixels: the size of formulas
SMALL = 12.0  # pixels: the size of what is written above a vector


@dataclass(frozen=True, slots=True)
class Style:
    """How a string is set; strings of one style become one mark. live: it changes from step to step."""

    role: str = "text"
    size: float = SMALL
    align: float = 0.5
    family: Literal["text", "mathematics", "formula"] = "text"
    live: bool = False


NUMBER = Style("text", SMALL, 1.0, live=True)


class Place(NamedTuple):
    """Where a number of a quantity, a product with an entry of a weight, or a term of two steps stands."""

    left: float
    right: float
    y: float
    quantity: str
    row: int
    weight: WeightEntry | None = None
    pair: StepPair | None = None


class Hint(NamedTuple):
    """A part of the sheet, in its pixels, and what is to be known of it, or what finds that."""

    left: float
    top: float
    right: float
    bottom: float
    says: Words

    @property
    def text(self) -> str:
        """What is to be known."""
        return self.says if isinstance(self.says, str) else self.says()

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


class Equation(NamedTuple):
    """An equation and where it stands.

    general: as runs; numbers: writes it with its numbers in LaTeX.
    """

    top: float
    bottom: float
    left: float
    right: float
    general: str
    numbers: Callable[[], str]

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(slots=True)
class Sheet:
    """Collects what is set, then becomes a plot.

    room: the width in which lines of vectors and of terms are broken; None for as wide as it becomes. places:
    of numbers that can be picked; hints: of what says more under the mouse; equations: those to copy.
    description: what a screen reader says.
    """

    room: float | None = None
    width: float = 0.0
    height: float = 0.0
    _texts: dict[Style, list[tuple[float, float, str]]] = field(default_factory=dict)
    _brackets: list[tuple[float, float]] = field(default_factory=list)
    _outlines: list[Region] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    description: str = ""
    hints: list[Hint] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)

    def write(self, x: float, y: float, string: str, style: Style) -> None:
        """Set a string with its middle line at y; x is its left, centre or right by the style's align."""
        self._texts.setdefault(style, []).append((x, y, string))
        self.height = max(self.height, y + ROW / 2)
        if style.family == "mathematics" and self.room is None:
            self.width = max(self.width, x + (1 - style.align) * LETTER * style.size * len(plain(string)))

    def formula(self, x: float, y: float, runs: str, role: str = "text", size: float = FORMULA) -> float:
        """Set a formula below y; return where it ends.

        It must not hold what changes from step to step, since it is drawn with care and kept.
        """
        room = extent(runs, size)
        self._texts.setdefault(Style(role, size, 0.0, "formula"), []).append((x, y + room.above, runs))
        self.width = max(self.width, x + room.width)
        bottom = y + room.above + room.below
        self.height = max(self.height, bottom)
        return bottom

    def vector(
        self,
        x: float,
        y: float,
        strings: tuple[str, ...],
        heading: str,
        role: str,
        width: float | None = None,
        hang: float = 0.0,
    ) -> float:
        """Set a bracketed column of numbers from the left edge x, its first at y; return the right edge.

        width: in pixels, just as wide as needed if None. hang: how far numbers reach into the bracket.
        """
        width = vector_width(max(map(len, strings), default=1)) if width is None else width
        if heading:
            style = Style(role, SMALL, 0.5, "mathematics", live=True)
            self.write(x + width / 2, y - ROW - 2, heading, style)
        right = x + width - BRACKET - INSIDE + hang
        numbers = self._texts.setdefault(NUMBER, [])
        numbers += [(right, y + n * ROW, string) for n, string in enumerate(strings)]
        top, bottom = y - ROW / 2, y + (len(strings) - 0.5) * ROW
        for edge, inward in ((x, 1), (x + width, -1)):
            tick = edge + inward * BRACKET
            self._brackets += [(tick, top), (edge, top), (edge, bottom), (tick, bottom), (NAN, NAN)]
        self.height = max(self.height, bottom)
        self.width = max(self.width, x + width)
        return x + width

    def rule(self, left: float, right: float, y: float) -> None:
        """Draw a line across, as above a sum."""
        self._brackets += [(left, y), (right, y), (NAN, NAN)]

    def parenthesis(self, x: float, top: float, bottom: float, *, opening: bool) -> None:
        """Draw a parenthesis as tall as vectors are, PARENTHESIS wide from x on."""
        middle, half = (top + bottom) / 2, (bottom - top) / 2 + 3
        away = PARENTHESIS - 2 if opening else 2.0
        bulge = -(PARENTHESIS - 4) if opening else PARENTHESIS - 4
        arc = [math.pi * (n / ARC - 0.5) for n in range(ARC + 1)]
        self._brackets += [(x + away + bulge * math.cos(a), middle + half * math.sin(a)) for a in arc]
        self._brackets.append((NAN, NAN))

    def outline(self, left: float, right: float, y: float, role: str = "selection") -> None:
        """Outline a row of numbers, whose middle line is at y."""
        self._outlines.append(Region(left, right, role, y + ROW / 2, y - ROW / 2))

    def plot(self, name: str) -> Plot:
        """Return the sheet as a plot of its natural size, at least as wide as its room."""
        # What changes comes last: what stands before it rests, and is not drawn again.
        still = [style for style in self._texts if not style.live]
        marks: list[Mark] = [self._mark(style) for style in sorted(still, key=_effort)]
        if self._brackets:
            marks.append(_brackets_through(tuple(self._brackets)))
        marks += [self._mark(style) for style in self._texts if style.live]
        marks += self._outlines
        size = (max(self.width, self.room or 1.0), max(self.height, 1.0))
        x_axis, y_axis = Axis(0, size[0], shown=False), Axis(0, size[1], shown=False, reverse=True)
        return Plot(name, x_axis, y_axis, tuple(marks), fit="natural", natural=size)

    def _mark(self, style: Style) -> Text:
        """Return all strings of a style."""
        entries = self._texts[style]
        at = np.array([entry[:2] for entry in entries], float)
        return _text(at, tuple(entry[2] for entry in entries), style)


PARENTHESIS, ARC = 9.0, 8  # pixels, pieces


def _effort(style: Style) -> bool:
    """Put formulas first: they are what is drawn with most effort, and seldom moves."""
    return style.family != "formula"


@lru_cache(maxsize=8)
def _brackets_through(corners: tuple[tuple[float, float], ...]) -> Line:
    x, y = np.array(corners).T
    return Line(x, y, "muted")


@memoised
def _text(at: Floats, strings: tuple[str, ...], style: Style) -> Text:
    return Text(at, strings, style.role, size=style.size, align=style.align, family=style.family)


def vector_width(characters: int) -> float:
    """Return the pixels a bracketed column of numbers of at most so many characters needs."""
    return characters * DIGIT + 2 * (BRACKET + INSIDE)


def column(values: Floats, rows: tuple[int, ...]) -> tuple[str, ...]:
    """Write the chosen rows of a vector; an ellipsis says where there are more."""
    return tuple("⋮" if row == OMITTED else written(float(values[row])) for row in rows)
