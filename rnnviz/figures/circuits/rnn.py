"""The plain recurrent cell, and the feed-forward one, which has no way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.figures.circuits._model import Circuit, Part, Reading, Wire
from rnnviz.figures.circuits._pieces import (
    FUNCTION,
    FUNCTIONS,
    Piece,
    affine,
    depth,
    entering,
    read_out,
    together,
)
from rnnviz.figures.circuits._registry import register

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec

TOP, ROW, BOTTOM = 0.9, 3.4, 6.4  # of the way back, of the cell, of the input
X = 1.1  # of what enters


@register("rnn", "feedforward")
def rnn(spec: NetworkSpec, layer: int) -> Circuit:
    """Return h_t = φ(W_H h_{t−1} + W_X x_t + b), with h_t coming back as h_{t−1}."""
    recurrent, function = CELLS[spec.cell].recurrent, FUNCTIONS[spec.activation]
    weights = affine(spec, *(("W_H", "W_X") if recurrent else ("W_X",)))
    total = Part("sum", "sum", (4.3, ROW), terms=weights)
    onward, readout = read_out(spec, layer, (10.9, ROW), (12.9, ROW), down=False)
    parts = (total, Part("φ", "function", (8.2, ROW), function, hint=FUNCTION[function]))
    back = (((10.9, ROW), (10.9, TOP), "delay"),) if recurrent else ()
    end = readout.parts[0].name
    wires = (
        Wire("a.h", (Reading("a.h"),), (6.9, ROW), (("sum", "φ"),)),
        Wire("h", (Reading("h"),), (9.6, ROW), (("φ", end), *back)),
    )
    return Circuit(
        (17.4 if onward[0][-1] == "readout" else 14.6, BOTTOM + depth(spec, layer)),
        *together((Piece(parts, wires), *_inputs(spec, layer, total, recurrent=recurrent), readout)),
        "h_t is a function of the sum of what W_H makes of h_{t−1} and W_X of x_t.",
    )


def _inputs(spec: NetworkSpec, layer: int, total: Part, *, recurrent: bool) -> tuple[Piece, ...]:
    x = entering(spec, layer, (X, BOTTOM), (((total.place("W_X")[0], BOTTOM), "sum:W_X"),))
    if not recurrent:
        return (x,)
    delay = Part("delay", "delay", (5.6, TOP), "next step", hint="h_t is h_{t−1} of the step that follows.")
    ways = (("delay", (X, TOP), (X, ROW), "sum"),)
    before = Wire("h before", (Reading("h", previous=True),), (X, ROW), ways, "below")
    return (Piece((delay,), (before,)), x)
