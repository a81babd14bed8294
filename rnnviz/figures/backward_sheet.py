"""The way back on the sheet of equations: from the loss of a step to logits, states, gates and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.arithmetic import DECIMALS
from rnnviz.figures.backward_cell import set_cell
from rnnviz.figures.backward_here import Here
from rnnviz.figures.backward_readout import set_readout
from rnnviz.figures.backward_rows import Layout
from rnnviz.figures.backward_states import set_states
from rnnviz.figures.backward_weight import set_weight
from rnnviz.figures.stages import known

if TYPE_CHECKING:
    from rnnviz.figures.equations_view import EquationsView
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.sheet import Sheet

TOP = 4.0
ALONE = 7  # decimals of a network of one unit, which is worked out by hand
BETWEEN = 4.0  # pixels between two parts


def set_backward(sheet: Sheet, scene: Scene, view: EquationsView) -> None:
    """Set the gradients of the playhead's step, of the layer and direction looked at, and that of a weight.

    The scene has a step at least.
    """
    one = scene.spec.hidden_size == 1
    here, waiting = Here(scene), not known(scene, "L")
    layout = Layout(sheet, view.unit, decimals=ALONE if one else DECIMALS, waiting=waiting)
    sheet.description = (
        f"Back from the loss of step {here.now}: its gradients by the logits, the state and the gates, "
        "and the gradient of a weight as a sum over steps."
    )
    with np.errstate(all="ignore"):
        y = TOP
        if layout.waiting:
            y = layout.note(y, f"First the step goes forward: L_{here.now} is not known yet.") + BETWEEN
        for part in (set_readout, set_states, set_cell):
            y = part(layout, here, y) + BETWEEN
        set_weight(layout, here, y, view.parameter)
