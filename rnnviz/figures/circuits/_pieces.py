"""What circuits have in common: what a layer reads, its gates, and the readout above the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.circuits._model import Note, Part, Reading, Wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.circuits._model import Point, Way

FUNCTIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ", "identity": "id"}
ACROSS = 2.7  # units from the strip of a gate's sum to its own
TIMES = "Multiplies unit by unit."
PLUS = "Adds unit by unit."


class Piece(NamedTuple):
    """A part of a circuit that belongs together."""

    parts: tuple[Part, ...]
    wires: tuple[Wire, ...]
    notes: tuple[Note, ...] = ()


def together(pieces: Iterable[Piece]) -> Piece:
    """Return all parts, wires and notes of several pieces."""
    found = tuple(pieces)
    return Piece(
        tuple(part for piece in found for part in piece.parts),
        tuple(wire for piece in found for wire in piece.wires),
        tuple(note for piece in found for note in piece.notes),
    )


def affine(spec: NetworkSpec, *terms: str, bias: str = "b") -> tuple[str, ...]:
    """Return the terms of a sum, with its bias if the network has any."""
    return (*terms, bias) if spec.bias else terms


def times(name: str, at: Point) -> Part:
    """Return what multiplies two vectors."""
    return Part(name, "operator", at, "⊙", hint=TIMES)


def plus(name: str, at: Point) -> Part:
    """Return what adds two vectors."""
    return Part(name, "operator", at, "+", hint=PLUS)


def port(name: str, at: Point) -> Part:
    """Return where a wire comes in or goes out."""
    return Part(name, "port", at)


def entering(spec: NetworkSpec, layer: int, at: Point, onward: tuple[Way, ...]) -> Piece:
    """Return what the layer reads: x_t, the embedding of x_t, or what the layer below hands on.

    at: of its strip, the token below it. onward: the ways from there; the first goes on from the strip.
    """
    x, y = at
    first, *others = onward
    if layer:
        wire = Wire("x", (Reading("h", below=True),), at, (("entry", at, *first), *others), over=True)
        note = Note((x - 0.5, y + 1.75), (f"from layer {layer}",))
        return Piece((port("entry", (x, y + 1.4)),), (wire,), (note,))
    embedded = spec.embedding_size is not None
    token = Part("entry", "token", (x, y + (2.3 if embedded else 1.45)), "x", hint="What the step reads.")
    table = Part("E", "function", (x, y + 1.32), "E", hint="Looks up the vector that stands for the token.")
    if not embedded:
        wire = Wire("x", (Reading("x"),), at, (("entry", at, *first), *others), over=True)
        return Piece((token,), (wire,))
    wire = Wire("x", (Reading("e"),), at, (("E", at, *first), *others, ("entry", "E")), over=True)
    return Piece((token, table), (wire,))


def depth(spec: NetworkSpec, layer: int) -> float:
    """Return how far below its strip reaches what the layer reads."""
    return 2.85 if layer == 0 and spec.embedding_size is not None else 2.0


def gate(
    spec: NetworkSpec,
    name: str,
    function: str,
    at: Point,
    onward: tuple[Way, ...],
    note: Note,
    drop: float,
) -> Piece:
    """Return a gate: its sum, the function of it, and the wires from one to the next, and onwards.

    at: of the strip of the sum's result; the gate's own is in the same row. drop: how far below it the sum
    is. onward: the ways of the gate; the first goes on from its strip.
    """
    x, row = at
    weights = affine(spec, "W_H", "W_X")
    total = Part(f"sum {name}", "sum", (x, row + drop), terms=weights, gate=name)
    applied = Part(
        f"φ {name}", "function", (x + ACROSS / 2, row), function, gate=name, hint=FUNCTION[function]
    )
    first, *others = onward
    end = (x + ACROSS, row)
    before = Wire(f"a.{name}", (Reading(f"a.{name}"),), at, ((total.name, at, applied.name),))
    after = Wire(name, (Reading(name),), end, ((applied.name, end, *first), *others), "below")
    return Piece((total, applied), (before, after), (note,))


FUNCTION = {
    "σ": "Squeezes each unit to between 0, closed, and 1, open.",
    "tanh": "Squeezes each unit to between −1 and 1.",
    "ReLU": "Lets through what is above 0.",
    "id": "Leaves each unit as it is.",
}


def read_out(
    spec: NetworkSpec, layer: int, start: Point, at: Point, down: bool
) -> tuple[tuple[Way, ...], Piece]:
    """Return what reads h_t, and the way there from a place: the readout, or the layer above.

    at: of the sum; down: whether the prediction is below it, or else to its right.
    """
    x, y = at
    if layer < spec.num_layers - 1:
        note = Note((x - 0.9, y + 0.1) if down else (x - 0.6, y - 0.5), (f"to layer {layer + 2}",))
        end = (x, y - 0.4) if down else (x, y)
        return ((start, "exit"),), Piece((port("exit", end),), (), (note,))
    strip = (x, y + 1.75) if down else (x + 2.45, y)
    token = (x, y + 3.1) if down else (x + 3.75, y)
    text = {"softmax": "softmax", "sigmoid": "σ"}.get(spec.readout, "")
    hint = "Both directions are read." if spec.bidirectional else ""
    total = Part("readout", "sum", at, text, affine(spec, "W_Y", bias="b_Y"), hint=hint)
    chosen = Part("exit", "token", token, "y", hint="What is predicted.")
    wire = Wire("y", (Reading("y"),), strip, (("readout", strip, "exit"),), "right" if down else "above")
    return ((start, "readout"),), Piece((total, chosen), (wire,))
