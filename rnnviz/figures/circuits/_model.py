"""A cell as a circuit: parts at places, and wires between them that each read named arrays of the trace.

Places are in units of a strip's width, x to the right and y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.model import Floats

Point: TypeAlias = tuple[float, float]
Station: TypeAlias = str | Point
"""A part by its name, or a place; "sum f:W_H" is where in a sum that term is entered."""
Way: TypeAlias = tuple[Station, ...]
Side: TypeAlias = Literal["above", "below", "left", "right"]

STRIP = 1.6  # units: the height of a strip that has enough cells
CELL = 0.5  # units: the height of one cell at most
TERM = 0.98  # units that a term of a sum takes
EDGE = 0.04  # units left and right of a sum's terms
NAMED = 1.9  # units that the name of a function takes in a sum


@dataclass(frozen=True, slots=True)
class Reading:
    """An array of the trace, called as in a `Selection`: of this step, or of the one before it.

    below: what the layer below hands on, instead of this layer's own.
    """

    name: str
    previous: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What numbers pass through.

    sum: products of matrices with what enters, and a bias; `terms` are kinds of parameters, "+" what else is
    added, and `text` a function of it all. function: of each unit. operator: joins vectors unit by unit.
    delay: keeps a vector for a step. token: what is read or predicted. port: where wires come in or go out.
    gate: whose parameters they are. hint: one sentence of what it does.
    """

    name: str
    kind: Literal["sum", "function", "operator", "delay", "token", "port"]
    at: Point
    text: str = ""
    terms: tuple[str, ...] = ()
    gate: str = ""
    hint: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """How wide and high it is."""
        if self.kind == "sum":
            width = len(self.terms) * TERM + 2 * EDGE
            return (max(width, NAMED), 1.25) if self.text else (width, 0.72)
        return SIZES[self.kind]

    def place(self, term: str = "") -> Point:
        """Return where something enters: in the middle, or at a term."""
        if not term:
            return self.at
        aside = self.terms.index(term) - (len(self.terms) - 1) / 2
        return self.at[0] + aside * TERM, self.at[1]


SIZES = {
    "function": (1.0, 0.72),
    "operator": (0.72, 0.72),
    "delay": (2.3, 0.72),
    "token": (0.72, 0.72),
    "port": (0.0, 0.0),
}


def same(values: Floats) -> Floats:
    """Return what is read as it is."""
    return values


@dataclass(frozen=True, slots=True)
class Wire:
    """What carries a vector from part to part.

    reads: the arrays it shows, or from which `value` computes what it shows; `written` says how, with the
    symbols of these arrays in its braces. strip: where its cells stand; side: where its symbol does. ways:
    from station to station, branches apart. scaled_as: the quantity whose colours it shares, the first that
    it reads by default. role: of its colour, if not that of the first. stage: the quantity with which it
    becomes known, if not the first. over: whether it crosses other wires and is drawn over them.
    """

    name: str
    reads: tuple[Reading, ...]
    strip: Point
    ways: tuple[Way, ...]
    side: Side = "above"
    written: str = "{}"
    value: Callable[..., Floats] = same
    scaled_as: str = ""
    role: str = ""
    stage: str = ""
    over: bool = False


Named = TypeVar("Named", Part, Wire)


@dataclass(frozen=True, slots=True)
class Note:
    """Words beside the circuit, the first line in the colour of a role; their left edge is at x."""

    at: Point
    lines: tuple[str, ...]
    role: str = "muted"


@dataclass(frozen=True, slots=True)
class Circuit:
    """A cell as wide and high as `size`. sentence: what it computes, for those who cannot see it."""

    size: tuple[float, float]
    parts: tuple[Part, ...]
    wires: tuple[Wire, ...]
    notes: tuple[Note, ...]
    sentence: str

    def part(self, name: str) -> Part:
        """Return a part by its name; KeyError if there is none."""
        return _named(self.parts, name)

    def wire(self, name: str) -> Wire:
        """Return a wire by its name; KeyError if there is none."""
        return _named(self.wires, name)


def _named(those: tuple[Named, ...], name: str) -> Named:
    for one in those:
        if one.name == name:
            return one
    raise KeyError(name)
