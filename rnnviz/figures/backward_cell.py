"""Through the cell: from the gradient of its state to its gates and what they are functions of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.backward_gru import gru
from rnnviz.figures.backward_lstm import lstm
from rnnviz.figures.backward_plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.backward_numbers import Derived
    from rnnviz.figures.backward_rows import Layout

    Equations = Callable[[Here], tuple[tuple[Derived, ...], ...]]

WAYS: dict[str, tuple[str, Equations]] = {
    "lstm": ("the cell state and the gates", lstm),
    "gru": ("the candidate and the gates", gru),
}
PLAIN: tuple[str, Equations] = ("the activation, to the sum a", plain)


def set_cell(layout: Layout, here: Here, y: float) -> float:
    """Set the way through the cell below y; return where it ends."""
    what, equations = WAYS.get(here.spec.cell, PLAIN)
    y = layout.heading(y, f"3  Through {what}")
    for side_by_side in equations(here):
        y = layout.derived(y, *side_by_side)
    return _note(layout, here, y)


def _note(layout: Layout, here: Here, y: float) -> float:
    """Say what “held” means, where something is."""
    names = (*here.found.states, *here.found.gates)
    if not any(here.held(name).any() for name in names):
        return y
    return layout.note(y, "What is held is given, not computed: no gradient passes through it.")
