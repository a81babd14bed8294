"""The gated recurrent unit: one gate forgets and writes, another one says what the candidate may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.circuits._model import Circuit, Note, Part, Reading, Wire
from rnnviz.figures.circuits._pieces import (
    ACROSS,
    FUNCTION,
    Piece,
    affine,
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
    from rnnviz.figures.model import Floats

STATE, REST, ROW, DROP = 1.5, 3.35, 6.2, 2.95  # heights: of h, of 1 − z, of the gates; of sums below these
H_BUS, X_BUS = 10.05, 10.45
FIRST, PITCH = 3.5, 4.4  # of the gates' columns
X, RISE = 1.0, 1.75  # of what enters, of the way down of h
UPDATE, RESET = FIRST + ACROSS, FIRST + PITCH + ACROSS  # of the strips of the gates
JOIN = RESET + 1.3  # of r ⊙ what it reads
Z, R, N, H = (Reading(name) for name in "zrnh")
BEFORE = Reading("h", previous=True)


def rest(z: Floats) -> Floats:
    """Return 1 − z."""
    return 1 - z


def replaced(z: Floats, n: Floats) -> Floats:
    """Return (1 − z) ⊙ n."""
    return (1 - z) * n


@register("gru")
def gru(spec: NetworkSpec, layer: int) -> Circuit:
    """Return h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}, the reset gate before or after the matrix of n."""
    total = JOIN + 3.5
    candidate = total + 5.1
    add, last = candidate + 3.0, candidate + 4.4
    gates = together(
        (
            gate(spec, "z", "σ", (FIRST, ROW), (("keep",), ((UPDATE, REST), "rest")), Z_NOTE, DROP),
            gate(spec, "r", "σ", (FIRST + PITCH, ROW), (("reset",),), R_NOTE, DROP),
        )
    )
    onward, readout = read_out(spec, layer, (last, STATE), (last, 4.3), down=True)
    state = _state(candidate, add)
    h = Wire("h", (H,), (last, STATE), (("add", "h out"), *onward))
    parts = (port("h in", (0.0, STATE)), port("h out", (last + 1.45, STATE)))
    return Circuit(
        (last + 1.45, X_BUS + depth(spec, layer)),
        *together(
            (
                Piece(parts, (h,)),
                state,
                gates,
                _candidate(spec, total, candidate),
                *_inputs(spec, layer, gates.parts, total),
                readout,
            )
        ),
        "h_t keeps the share z of h_{t−1} and takes the rest from the candidate, "
        "which reads only what the reset gate lets through.",
    )


Z_NOTE = Note((FIRST - 0.5, 4.25), ("update gate z", "forgets and writes"), "forget_gate")
R_NOTE = Note((FIRST + PITCH - 0.5, 4.25), ("reset gate r", "selective read"), "input_gate")


def _state(candidate: float, add: float) -> Piece:
    """Return the state along the top, and what z lets through of it and of the candidate."""
    parts = (
        times("keep", (UPDATE, STATE)),
        Part("rest", "operator", (UPDATE + 1.3, REST), "1−", hint="What z does not keep is written anew."),
        times("replace", (candidate, REST)),
        plus("add", (add, STATE)),
    )
    written = (candidate + 1.6, REST)
    wires = (
        Wire(
            "kept",
            (Z, BEFORE),
            (UPDATE + 2.6, STATE),
            (("keep", "add"),),
            "above",
            "{} ⊙ {}",
            np.multiply,
            "h",
            "hidden",
            "h",
        ),
        Wire(
            "rest", (Z,), (UPDATE + 4.6, REST), (("rest", "replace"),), "below", "1 − {}", rest, "z", "", "h"
        ),
        Wire(
            "written",
            (Z, N),
            written,
            (("replace", (add, REST), "add"),),
            "below",
            "(1 − {}) ⊙ {}",
            replaced,
            "h",
            "candidate",
            "h",
        ),
    )
    return Piece(parts, wires)


def _candidate(spec: NetworkSpec, total: float, candidate: float) -> Piece:
    """Return what becomes of r ⊙ what it reads."""
    after = spec.gru_reset == "after"
    parts = [
        times("reset", (JOIN, ROW)),
        _sum(spec, total),
        Part("φ n", "function", (total + 3.75, ROW), "tanh", hint=FUNCTION["tanh"], gate="n"),
    ]
    strip = (JOIN + 1.15, ROW)
    wires = [
        Wire("a.n", (Reading("a.n"),), (total + 2.4, ROW), (("sum n", "φ n"),)),
        Wire("n", (N,), (candidate, ROW), (("φ n", (candidate, ROW), "replace"),), "below"),
    ]
    if after:
        hn = Reading("a.hn")
        parts.append(_apart(spec))
        wires += [
            Wire("a.hn", (hn,), (JOIN, ROW + 1.45), (("sum hn", "reset"),), "right"),
            Wire(
                "seen",
                (R, hn),
                strip,
                (("reset", "sum n"),),
                "above",
                "{} ⊙ {}",
                np.multiply,
                "a.hn",
                "candidate",
                "n",
            ),
        ]
    else:
        wires.append(
            Wire(
                "seen",
                (R, BEFORE),
                strip,
                (("reset", "sum n"),),
                "above",
                "{} ⊙ {}",
                np.multiply,
                "h",
                "hidden",
                "n",
            )
        )
    note = Note((total + 1.9, 4.25), ("candidate", "what to write"), "candidate")
    return Piece(tuple(parts), tuple(wires), (note,))


def _sum(spec: NetworkSpec, at: float) -> Part:
    """Return the sum that the candidate is a function of."""
    after = spec.gru_reset == "after"
    terms = affine(spec, "+", "W_X", bias="b_X") if after else affine(spec, "W_H", "W_X")
    return Part("sum n", "sum", (at, ROW), terms=terms, gate="n")


def _apart(spec: NetworkSpec) -> Part:
    """Return what the reset gate acts on if it does so after the product."""
    return Part("sum hn", "sum", (JOIN, ROW + DROP), terms=affine(spec, "W_H", bias="b_H"), gate="n")


def _inputs(spec: NetworkSpec, layer: int, gates: tuple[Part, ...], total: float) -> tuple[Piece, ...]:
    """Return h_{t−1}, with ways to z, r and the candidate's own reading, and x_t with one into every sum."""
    sums = [part for part in gates if part.kind == "sum"]
    h_ways: list[Way] = [((part.place("W_H")[0], H_BUS), f"{part.name}:W_H") for part in sums]
    x_ways: list[Way] = [((part.place("W_X")[0], X_BUS), f"{part.name}:W_X") for part in sums]
    last: Way = ((_sum(spec, total).place("W_X")[0], X_BUS), "sum n:W_X")
    read: Way = ((JOIN, H_BUS), "reset")
    if spec.gru_reset == "after":
        read = ((_apart(spec).place("W_H")[0], H_BUS), "sum hn:W_H")
    ways: tuple[Way, ...] = (("h in", "keep"), ((RISE, STATE), (RISE, H_BUS), *read), *h_ways)
    before = Wire("h before", (BEFORE,), (X, STATE), ways)
    return (Piece((), (before,)), entering(spec, layer, (X, X_BUS), (last, *x_ways)))
