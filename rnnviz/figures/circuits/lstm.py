"""Long short-term memory: c runs along the top, three gates let it forget, be written and be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.circuits._model import Circuit, Note, Part, Reading, Wire
from rnnviz.figures.circuits._pieces import (
    ACROSS,
    FUNCTION,
    Piece,
    depth,
    entering,
    gate,
    plus,
    port,
    read_out,
    times,
    together,
)
from rnnviz.figures.circuits._registry import register

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.circuits._model import Way

MEMORY, WRITE, ROW, DROP = 1.5, 4.5, 7.1, 1.85  # heights: of c, of i ⊙ g, of the gates; of sums below these
H_BUS, X_BUS = 9.8, 10.2
FIRST, PITCH = 3.5, 4.4  # of the gates' columns
X, RISE = 1.0, 1.75  # of what enters, of the way down of h
READ, LAST, WIDE = 20.8, 22.2, 23.7  # of o ⊙ tanh(c), of what leaves, of it all
GATES = (
    ("f", "σ", ("forget gate f", "selective forget"), "forget_gate"),
    ("i", "σ", ("input gate i", "selective read"), "input_gate"),
    ("g", "tanh", ("candidate", "what to write"), "candidate"),
    ("o", "σ", ("output gate o", "selective write"), "output_gate"),
)


def column(n: int) -> float:
    """Return where the gate number n begins."""
    return FIRST + n * PITCH


def gate_column(n: int) -> float:
    """Return where the gate number n has its own strip."""
    return column(n) + ACROSS


FORGET, SUM = gate_column(0), gate_column(1) + 2.1
ONWARD: dict[str, Way] = {
    "f": ("forget",),
    "i": ((gate_column(1), WRITE), "write"),
    "g": ((gate_column(2), WRITE), "write"),
    "o": ("read",),
}


@register("lstm")
def lstm(spec: NetworkSpec, layer: int) -> Circuit:
    """Return c_t = f ⊙ c_{t−1} + i ⊙ g and h_t = o ⊙ tanh(c_t)."""
    gates = together(
        gate(
            spec,
            name,
            function,
            (column(n), ROW),
            (ONWARD[name],),
            Note((column(n) - 0.5, 5.2), words, role),
            DROP,
        )
        for n, (name, function, words, role) in enumerate(GATES)
    )
    onward, readout = read_out(spec, layer, (LAST, ROW), (LAST, 9.05), down=True)
    outward = (("read", (LAST, ROW), "h out"), *onward)
    h = Wire("h", (Reading("h"),), (LAST, ROW), outward)
    return Circuit(
        (WIDE, max(12.6, X_BUS + depth(spec, layer))),
        *together((Piece(_parts(), (*_memory(), h)), gates, *_inputs(spec, layer, gates.parts), readout)),
        "c_t keeps what the forget gate lets through of c_{t−1} and adds the candidate times the input gate; "
        "h_t is tanh of c_t times the output gate.",
    )


def _parts() -> tuple[Part, ...]:
    return (
        port("c in", (0.0, MEMORY)),
        times("forget", (FORGET, MEMORY)),
        times("write", (SUM, WRITE)),
        plus("add", (SUM, MEMORY)),
        Part("tanh", "function", (READ, 3.0), "tanh", hint=FUNCTION["tanh"]),
        times("read", (READ, ROW)),
        port("c out", (WIDE, MEMORY)),
        port("h out", (WIDE, ROW)),
    )


def _memory() -> tuple[Wire, ...]:
    """Return the wires of c, and what is read of it."""
    f, i, g, c = (Reading(name) for name in "figc")
    before = Reading("c", previous=True)
    now = (column(3), MEMORY)
    return (
        Wire("c before", (before,), (X, MEMORY), (("c in", "forget"),)),
        Wire(
            "kept",
            (f, before),
            (gate_column(0) + 2.0, MEMORY),
            (("forget", "add"),),
            "above",
            "{} ⊙ {}",
            np.multiply,
            "c",
            "cell",
            "c",
        ),
        Wire(
            "written",
            (i, g),
            (SUM, 3.1),
            (("write", "add"),),
            "right",
            "{} ⊙ {}",
            np.multiply,
            "c",
            "candidate",
            "c",
        ),
        Wire("c", (c,), now, (("add", "c out"), ((READ, MEMORY), "tanh"))),
        Wire(
            "squashed",
            (c,),
            (READ, 4.85),
            (("tanh", "read"),),
            "right",
            "tanh({})",
            np.tanh,
            "g",
            "cell",
            "h",
        ),
    )


def _inputs(spec: NetworkSpec, layer: int, gates: tuple[Part, ...]) -> tuple[Piece, ...]:
    """Return h_{t−1} and x_t, each with a way into every sum."""
    sums = [part for part in gates if part.kind == "sum"]
    h_ways = [((part.place("W_H")[0], H_BUS), f"{part.name}:W_H") for part in sums]
    x_ways = [((part.place("W_X")[0], X_BUS), f"{part.name}:W_X") for part in sums]
    first: Way = ("h in", (RISE, ROW), (RISE, H_BUS), *h_ways[-1])
    before = Wire("h before", (Reading("h", previous=True),), (X, ROW), (first, *h_ways[:-1]))
    x = entering(spec, layer, (X, X_BUS), (x_ways[-1], *x_ways[:-1]))
    return (Piece((port("h in", (0.0, ROW)),), (before,)), x)
