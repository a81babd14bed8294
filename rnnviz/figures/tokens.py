"""Tokens in figures over time: which number of x or ŷ they stand for, and the outline of those picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.selection import Selection
from rnnviz.figures.model import Text
from rnnviz.figures.spots import spots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.figures.model import Mark, Plot
    from rnnviz.figures.scene import Scene

PLOTS = frozenset({"network", "inputs"})  # those whose tokens are numbers of the network; targets are not
MIDDLE = 0.5
READ_AS = {"x": "x", "e": "x", "y": "y"}  # by quantity, the tokens that stand for it


def token_at(scene: Scene, plot: Plot, mark: Text, index: int) -> Selection | None:
    """Return the row of x that a token is, or of ŷ that is the largest; None for numbers and for targets."""
    quantity = _quantity(plot.name, mark, index)
    if quantity is None or not mark.strings[index]:
        return None
    row = _row(scene, quantity, round(float(mark.positions[index, 0])) - 1)
    return None if row is None else Selection(quantity, row)


def _quantity(plot_name: str, mark: Text, index: int) -> str | None:
    """Return what a token stands for: in the diagram those below are read, and those above predicted."""
    if mark.frame == "none" or plot_name not in PLOTS:
        return None
    above = plot_name == "network" and mark.positions[index, 1] > MIDDLE
    return "y" if above else "x"


def _row(scene: Scene, quantity: str, step: int) -> int | None:
    trace = scene.analysis.trace
    if not 0 <= step < scene.steps:
        return None
    if quantity == "x" and trace.x.ndim == 2:
        return int(trace.x[step, 0])
    numbers = trace.x[step, 0] if quantity == "x" else trace.probabilities[step, 0]
    if len(numbers) == 1:
        return 0
    named = quantity == "y" and trace.readout != "linear" and bool(np.isfinite(numbers).all())
    return int(numbers.argmax()) if named else None


def token_outlines(scene: Scene, plot_name: str, marks: Iterable[Mark], at: int) -> tuple[Text, ...]:
    """Return the tokens in column x = `at` of a plot whose numbers are picked, outlined."""
    picked = {READ_AS[spot.quantity] for spot in spots(scene) if spot.quantity in READ_AS}
    found: dict[str | None, Text] = {}
    for mark in marks if picked else ():
        if isinstance(mark, Text) and mark.frame != "none":
            for n in np.flatnonzero(np.abs(mark.positions[:, 0] - at) < MIDDLE).tolist():
                found[_quantity(plot_name, mark, n)] = _outlined(mark, n)
    return tuple(token for quantity, token in found.items() if quantity in picked)


def _outlined(mark: Text, n: int) -> Text:
    """Return one token of several, outlined."""
    solid = frozenset({0} if n in mark.solid else ())
    return Text(
        mark.positions[n : n + 1],
        (mark.strings[n],),
        mark.role,
        mark.frame,
        mark.frame_role,
        solid,
        size=mark.size,
        pitch=mark.pitch,
        outlined=frozenset({0}),
    )
