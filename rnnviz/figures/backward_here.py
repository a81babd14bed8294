"""Where the backward sheet stands: a step of a lane, its values, their gradients, their names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.highlight import picked_rows
from rnnviz.figures.statements import Rows
from rnnviz.figures.states import Lane, lane_looked_at, traced
from rnnviz.figures.symbols import parameter_symbol, quantity_letter

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.arrays import Booleans
    from rnnviz.engine.backward import LayerGradients
    from rnnviz.engine.trace import DirectionTrace
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


@dataclass(frozen=True)
class Here:
    """A step of the lane looked at. All vectors are float64, (H,) unless it is said."""

    scene: Scene

    @cached_property
    def lane(self) -> Lane:
        """The layer and the direction looked at."""
        return lane_looked_at(self.scene)

    @property
    def spec(self) -> NetworkSpec:
        """The network."""
        return self.scene.spec

    @property
    def step(self) -> int:
        """The playhead, from 0."""
        return self.scene.step

    @cached_property
    def found(self) -> DirectionTrace:
        """What the lane computed."""
        return traced(self.scene, self.lane)

    @cached_property
    def after(self) -> int | None:
        """The step that reads this one's state, from 0; None at the end of the lane's way."""
        step = self.step - 1 if self.lane.direction else self.step + 1
        return step if 0 <= step < self.scene.steps and CELLS[self.spec.cell].recurrent else None

    @property
    def later(self) -> str:
        """How formulas write the step that reads this one's state: t+1, or t−1 of what runs backwards."""
        return "t−1" if self.lane.direction else "t+1"

    @property
    def earlier(self) -> str:
        """How formulas write the step whose state this one reads."""
        return "t+1" if self.lane.direction else "t−1"

    @property
    def now(self) -> str:
        """The playhead as a reader counts."""
        return str(self.step + 1)

    @property
    def next(self) -> str:
        """The number of the step that reads this one's state, as a reader counts."""
        return str(self.step if self.lane.direction else self.step + 2)

    @property
    def before(self) -> str:
        """The number of the step whose state this one reads, as a reader counts; 0 is the initial one."""
        return str(self.step + 2 if self.lane.direction else self.step)

    def letter(self, name: str) -> str:
        """Write a state or a gate without its step."""
        return quantity_letter(self.scene.notation, self.spec, name)

    def weight(self, kind: str, gate: str = "") -> str:
        """Write a weight, of a gate if the cell has several."""
        return parameter_symbol(self.scene.notation, kind, "" if gate == "h" else gate)

    @cached_property
    def logit(self) -> str:
        """The letter of the logits: z, but o where z is a gate."""
        return "o" if "z" in CELLS[self.spec.cell].gates else "z"

    def value(self, name: str, step: int | None = None) -> Floats:
        """Return a state or a gate at a step, here by default."""
        values = self.found.states.get(name)
        values = self.found.gates[name] if values is None else values
        return _exact(values[self.step if step is None else step, 0])

    def previous(self, name: str) -> Floats:
        """Return the state that this step started from."""
        return _exact(self.found.previous[name][self.step, 0])

    def preactivation(self, name: str) -> Floats:
        """Return what a gate, or h, is a function of."""
        return _exact(self.found.preactivations[name][self.step, 0])

    def by_state(self, name: str, step: int | None = None) -> Floats:
        """Return ∂L/∂ of a state at a step, here by default."""
        return self._of_lane(self._gradients.states[name][self.step if step is None else step, 0])

    def by_preactivation(self, name: str, step: int | None = None) -> Floats:
        """Return ∂L/∂ of a preactivation at a step, here by default."""
        return self._of_lane(self._gradients.preactivations[name][self.step if step is None else step, 0])

    @property
    def _gradients(self) -> LayerGradients:
        return self.scene.analysis.gradients.layers[self.lane.layer]

    def _of_lane(self, both: Floats) -> Floats:
        size = self.spec.hidden_size
        return _exact(both[self.lane.direction * size : (self.lane.direction + 1) * size])

    @cached_property
    def by_logits(self) -> Floats:
        """Return ∂L_t/∂ of this step's logits, (O,)."""
        return _exact(self.scene.analysis.loss.logit_gradients[self.step, 0])

    def recurrent(self, gate: str) -> Floats:
        """Return the recurrent weights of a gate, or of h: (H, H)."""
        return self._block("weight_hh" + suffix(*self.lane), gate)

    def _block(self, name: str, gate: str) -> Floats:
        size, row = self.spec.hidden_size, CELLS[self.spec.cell].gates.index(gate)
        return _exact(self.scene.parameters[name][row * size : (row + 1) * size])

    def held(self, name: str, step: int | None = None) -> Booleans:
        """Return which units of a state or a gate are held at a step, here by default: (H,) of bool."""
        holds, at = self.found.course.holds, self.step if step is None else step
        if holds is None or name not in holds.masks:
            return np.zeros(self.spec.hidden_size, np.bool_)
        own = self.scene.steps - 1 - at if self.lane.direction else at
        return holds.masks[name][own, :, 0]

    def rows(self, name: str, ago: int = 0) -> Rows:
        """Return whose rows a vector has, and which of them are picked."""
        return Rows(name, picked_rows(self.scene, name, ago))


def _exact(values: Floats) -> Floats:
    return np.asarray(values, np.float64)
