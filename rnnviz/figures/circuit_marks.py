"""The marks of a circuit: what rests, and the strips of cells that change from step to step."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from rnnviz.figures.circuits._model import CELL, STRIP, TERM
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Boxes, Heatmap, Mark, Text
from rnnviz.figures.states import quantity
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.circuits import Circuit, Part, Wire
    from rnnviz.figures.model import Floats, Scale

    Placed: TypeAlias = tuple[tuple[float, float], str]

FEW = 4  # units whose values are printed
NARROW = 0.56  # units: the width of a strip without numbers
SYMBOL, TERM_SIZE, FUNCTION_SIZE, SIGN_SIZE, NOTE = 13.5, 12.0, 12.5, 14.0, 12.0  # pixels
TERM_ROLES = {"W_H": "hidden", "W_X": "input", "W_Y": "hidden"}
ASIDE = {
    "above": (0.0, -1.0, 0.5),
    "below": (0.0, 1.0, 0.5),
    "left": (-1.0, 0.0, 1.0),
    "right": (1.0, 0.0, 0.0),
}
CLEAR = 0.32  # units between a strip and its symbol
LEADING = 0.42  # units from one line of a note to the next


class Strip(NamedTuple):
    """Where the cells of a wire stand: the middle, the width and the height, in units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        across, down = self.width / 2, self.height / 2
        return self.x - across, self.y - down, self.x + across, self.y + down


def strip_of(wire: Wire, rows: int) -> Strip:
    """Return where so many cells stand."""
    return Strip(*wire.strip, 1.0 if rows <= FEW else NARROW, min(STRIP, CELL * rows))


@lru_cache(maxsize=32)
def resting(
    circuit: Circuit, strips: tuple[Strip, ...], symbols: tuple[str, ...], notation: Notation
) -> tuple[Mark, ...]:
    """Return what no number and no stage changes: parts, frames, symbols, notes."""
    return (
        *_parts(circuit, notation),
        *_frames(strips),
        *_symbols(circuit, strips, symbols),
        *_notes(circuit),
    )


def _parts(circuit: Circuit, notation: Notation) -> list[Mark]:
    found: list[Mark] = []
    for kind in ("sum", "function", "delay"):
        for part in circuit.parts:
            if part.kind == kind:
                edge = quantity(part.gate).role if part.gate else "muted"
                found.append(Boxes(np.array([part.at]), part.size, edge))
    signs = [part for part in circuit.parts if part.kind == "operator"]
    if signs:
        places = np.array([part.at for part in signs])
        texts = tuple(part.text for part in signs)
        found.append(Text(places, texts, "text", "circle", "muted", size=SIGN_SIZE))
    return [*found, *_words(circuit, notation)]


def _words(circuit: Circuit, notation: Notation) -> list[Mark]:
    """Return what stands in the boxes."""
    functions = [part for part in circuit.parts if part.text and part.kind in {"function", "delay"}]
    sums = [part for part in circuit.parts if part.kind == "sum"]
    terms = [(place, text) for part in sums for place, text in _terms(part, notation)]
    named = [((part.at[0], part.at[1] + 0.3), part.text) for part in sums if part.text]
    named += [(part.at, part.text) for part in functions]
    found: list[Mark] = [_text(terms, TERM_SIZE, "mathematics")]
    if named:
        found.append(_text(named, FUNCTION_SIZE, "text"))
    return found


def _terms(part: Part, notation: Notation) -> list[Placed]:
    """Return the terms of a sum and the signs between them, each at its place."""
    height = part.at[1] - (0.27 if part.text else 0.0)
    found = []
    for n, kind in enumerate(part.terms):
        x = part.place(kind)[0]
        symbol = kind if kind == "+" else parameter_symbol(notation, kind, part.gate)
        found.append(((x, height), f"⟦{TERM_ROLES.get(kind, 'text')}|{symbol}⟧"))
        if n and part.terms[n - 1] != "+":
            found.append(((x - TERM / 2, height), "+"))
    return found


def _text(placed: list[Placed], size: float, family: Literal["text", "mathematics"]) -> Text:
    return Text(*_apart(placed), "text", size=size, family=family)


def _frames(strips: tuple[Strip, ...]) -> list[Mark]:
    """Return a frame around each strip, so that an empty one is seen, too."""
    return [
        Boxes(np.array([strip[:2] for strip in strips if strip[2:] == size]), size, "frame")
        for size in dict.fromkeys(strip[2:] for strip in strips)
    ]


def _symbols(circuit: Circuit, strips: tuple[Strip, ...], symbols: tuple[str, ...]) -> list[Mark]:
    """Return the symbols beside the strips."""
    found: list[Mark] = []
    for side, (across, down, align) in ASIDE.items():
        placed = [
            (_beside(strip, across, down), text)
            for wire, strip, text in zip(circuit.wires, strips, symbols, strict=True)
            if wire.side == side
        ]
        if placed:
            found.append(Text(*_apart(placed), "text", size=SYMBOL, align=align, family="mathematics"))
    return found


def _beside(strip: Strip, across: float, down: float) -> tuple[float, float]:
    room = CLEAR if down else 0.15
    x = strip.x + across * (strip.width / 2 + room)
    return x, strip.y + down * (strip.height / 2 + room)


def _notes(circuit: Circuit) -> list[Mark]:
    """Return words: of a gate's the first line in its colour, all others muted."""
    heads: list[Placed] = []
    others: list[Placed] = []
    for note in circuit.notes:
        for n, line in enumerate(note.lines):
            placed = (note.at[0], note.at[1] + LEADING * n)
            if n or note.role == "muted":
                others.append((placed, line))
            else:
                heads.append((placed, f"⟦{note.role}|{line}⟧"))
    return [
        Text(*_apart(lines), "muted", size=NOTE, weight=weight, align=0.0)
        for lines, weight in ((heads, 600), (others, 400))
        if lines
    ]


def _apart(placed: list[Placed]) -> tuple[Floats, tuple[str, ...]]:
    """Return places, (n, 2), and what stands there."""
    places, strings = zip(*placed, strict=True)
    return np.array(places, float), strings


@memoised
def cells(strip: Strip, values: Floats, scale: Scale, whole: bool) -> Heatmap:
    """Return the cells of a strip. values: (n,); whole: whether they are printed without decimals."""
    decimals = None if len(values) > FEW else 0 if whole else 2
    top, bottom = strip.y - strip.height / 2, strip.y + strip.height / 2
    return Heatmap(
        values[:, None], scale, strip.x - 0.5, top, bottom, strip.width, rounded=True, decimals=decimals
    )
