"""The equations of the playhead's step, with its numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.engine.selection import Selection
from rnnviz.figures import forward_unit, forward_vectors, readout_unit, readout_vectors
from rnnviz.figures.backward_sheet import set_backward
from rnnviz.figures.backward_terms import pair_selection
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Figure, Margins
from rnnviz.figures.notation import place, spelled, visible
from rnnviz.figures.sheet import ROW, Sheet
from rnnviz.figures.statements import BETWEEN, set_statements
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.scene import Scene

MARGINS = Margins(left=8, top=6, right=8, bottom=6)
ROOM = 410.0  # pixels in which lines are broken, where nobody says how wide the picture is
FORWARD = EquationsView()


@register("equations", "Equations")
def equations(scene: Scene, view: EquationsView = FORWARD, room: float = ROOM) -> Figure:
    """Show what the playhead's step computes: each formula, then the same with its numbers.

    room: the pixels in which lines are broken.
    """
    return figure_of(scene, sheet_of(scene, view, room) if scene.steps else None)


def figure_of(scene: Scene, sheet: Sheet | None) -> Figure:
    """Return the figure of equations that are laid out; None: there is no step yet."""
    if sheet is None:
        return Figure("Equations", "The sequence has no step yet.", (), message=TOO_SHORT)
    t = scene.step + 1
    description = sheet.description or (
        f"At step {t} the network reads {visible(scene.inputs[scene.step])}: its pre-activation, "
        "its hidden state and its prediction, each with its formula."
    )
    title = f"Equations at t = {t}{place(scene)}"
    return Figure(title, description, (sheet.plot("equations"),), margins=MARGINS)


def sheet_of(scene: Scene, view: EquationsView = FORWARD, room: float = ROOM) -> Sheet:
    """Lay the equations out."""
    sheet = Sheet(room)
    if view.way == "backward":
        set_backward(sheet, scene, view)
    elif view.unit is None:
        y = set_statements(sheet, 0.0, forward_vectors.statements(scene))
        set_statements(sheet, y + BETWEEN, readout_vectors.statements(scene))
    else:
        y = set_statements(sheet, 0.0, forward_unit.statements(scene, view.unit))
        set_statements(sheet, y + BETWEEN, readout_unit.statements(scene))
    return sheet


def selection_at(sheet: Sheet, scene: Scene, x: float, y: float) -> Selection | None:
    """Return the number that stands at a place of the equations; None where there is none."""
    for number in sheet.places:
        if number.left <= x < number.right and abs(number.y - y) <= ROW / 2:
            if number.pair is not None:
                return pair_selection(scene, number.pair)
            if number.weight is not None:
                return Selection(weight=number.weight)
            lane = () if number.quantity == "y" else (scene.layer, scene.direction)
            return Selection(number.quantity, number.row, *lane)
    return None


def weights(scene: Scene) -> Mapping[str, str]:
    """Return the kinds of weights that the network has, each with its symbol."""
    return _weights(scene.spec, scene.notation)


@lru_cache(maxsize=32)
def _weights(spec: NetworkSpec, notation: Notation) -> Mapping[str, str]:
    found = ["E"] if spec.embedding_size is not None else []
    found += ["W_X", "W_H", "W_Y"] if CELLS[spec.cell].recurrent else ["W_X", "W_Y"]
    found += ["b", "b_Y"] if spec.bias else []
    return {kind: spelled(parameter_symbol(notation, kind)) for kind in found}
