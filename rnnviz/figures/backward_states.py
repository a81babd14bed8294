"""What comes to the state of a step: from this step's loss, and from the step that reads the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.figures.backward_numbers import Part
from rnnviz.figures.backward_products import set_products
from rnnviz.figures.backward_sources import by, sources

if TYPE_CHECKING:
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.backward_rows import Layout


def set_states(layout: Layout, here: Here, y: float) -> float:
    """Set ∂L/∂h_t as the sum of all that comes to it; return where it ends."""
    h, found = here.letter("h"), sources(here)
    y = layout.heading(y, f"2  To {h}: from this step’s loss, and back through time")
    shown = found[:1] if here.after is None else found
    of = here.rows("h")
    result = Part("", f"∂L/∂{h}_{{{here.now}}}", "gradient", here.by_state("h"), of)
    operands = tuple(Part("+", source.here, "text", source.values, of) for source in shown)
    generals = [source.general for source in found]
    y = layout.summed(y, by("L", f"{h}_t"), generals, result, operands)
    if layout.unit is not None and not layout.waiting:
        for source in shown:
            y = set_products(layout, y, source)
    return _notes(layout, here, y)


def _notes(layout: Layout, here: Here, y: float) -> float:
    """Say what γ stands for, and why nothing comes back."""
    cell, spec, said = CELLS[here.spec.cell], here.spec, []
    below = here.lane.layer < spec.num_layers - 1
    if len(cell.gates) > 1 and (below or here.after is not None):
        back = "rz" if spec.cell == "gru" and not below else cell.gates
        said.append(f"γ stands for {', '.join(back)}.")
    if below and spec.bidirectional:
        said.append(f"What comes from layer {here.lane.layer + 2} comes through both of its directions.")
    if here.after is None and cell.recurrent:
        said.append(f"No step reads {here.letter('h')}_{here.now} after this one: nothing comes back to it.")
    return layout.note(y, " ".join(said)) if said else y
