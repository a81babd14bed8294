"""The playhead's step of the lane looked at: how its quantities are written, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.held import held_rows
from rnnviz.figures.highlight import picked_rows
from rnnviz.figures.notation import weight_symbol
from rnnviz.figures.stages import known
from rnnviz.figures.statements import ACTIVATIONS, Rows, coloured
from rnnviz.figures.states import lane_looked_at, quantity, read_by, traced
from rnnviz.figures.symbols import quantity_letter

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

HIDDEN, INPUT, OTHER = "hidden", "input", "muted"


class Summand(NamedTuple):
    """A vector in a preactivation: its symbols at any step and at this one, its colour, what it is.

    quantity: whose rows they are. stored: the parameter, and the one that is added to it, whose rows make it;
    empty for a gate. sign, before, after: as in an `Operand`. reads: what the parameter is multiplied by, a
    vector; None if it is added as it is.
    """

    general: str
    here: str
    role: str
    quantity: str
    stored: tuple[str, ...] = ()
    reads: str = ""
    sign: str = "+"
    before: str = ""
    after: str = ""


class Step:
    """What the equations of a cell are made of."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.spec, self.lane = scene, scene.spec, lane_looked_at(scene)
        self.found, self.step, self.end = traced(scene, self.lane), scene.step, suffix(*self.lane)
        self.cell = CELLS[scene.spec.cell]
        self.now = f"{{{scene.step + 1}}}"
        self.ago = f"{{{scene.step + 2 if self.lane.direction else scene.step}}}"
        self.earlier = "{t+1}" if self.lane.direction else "{t−1}"
        self._of: dict[tuple[str, int], Rows] = {}

    def letter(self, name: str) -> str:
        """Write a quantity without its step."""
        return quantity_letter(self.scene.notation, self.spec, name)

    def symbol(self, name: str, at: str = "t") -> str:
        """Write a quantity of a step in its colour."""
        return coloured(quantity(name).role, f"{self.letter(name)}_{at}")

    def before(self, name: str, at: str = "t") -> str:
        """Write what a gate, or h, is a function of."""
        return f"a_{at}" if name == "h" else f"a_{{{name},{at.strip('{}')}}}"

    @property
    def read(self) -> str:
        """The letter of what the layer reads."""
        return read_by(self.spec, self.lane.layer, self.scene.notation)

    def function(self, name: str) -> str:
        """Write the function that gives a gate or h."""
        if name == "h":
            return ACTIVATIONS[self.spec.activation]
        return "tanh" if quantity(name).map == "signed" else "σ"

    def of(self, name: str, ago: int = 0) -> Rows:
        """Say whose rows a vector has, and which of them are picked or held."""
        if (name, ago) not in self._of:
            self._of[name, ago] = Rows(name, picked_rows(self.scene, name, ago), self._held(name, ago))
        return self._of[name, ago]

    def _held(self, name: str, ago: int) -> frozenset[int]:
        return held_rows(self.scene, name, self.lane) if self.scene.interventions and not ago else frozenset()

    def knows(self, name: str) -> bool:
        """Whether a quantity has been computed at this stage."""
        return known(self.scene, name)

    def value(self, name: str) -> Floats:
        """Return a gate, a state, or what one is a function of, "a." and its name: (H,)."""
        found = self.found
        if name.startswith("a."):
            values = found.preactivations[name.removeprefix("a.")]
        else:
            values = found.states[name] if name in found.states else found.gates[name]
        return np.asarray(values[self.step, 0], float)

    def previous(self, name: str) -> Floats:
        """Return the state that the step starts from: (H,)."""
        return np.asarray(self.found.previous[name][self.step, 0], float)

    def summands(self, name: str) -> tuple[Summand, ...]:
        """Return what is added up to give what a gate, or h, is a function of."""
        gate = "" if name == "h" else name
        read = self._read(name, gate)
        carried = self._carried(name, gate)
        first, second = self._biases(name, gate)
        if self.spec.cell == "gru" and name == "n" and self.spec.gru_reset == "after":
            parts = (*read, *first, *self._reset((*carried, *second)))
            return (parts[0]._replace(sign=""), *parts[1:])
        if self.scene.notation == "pytorch":
            parts = (*read, *first, *carried, *second)
        else:
            plain = len(self.cell.gates) == 1  # as lectures write it: W_H h_{t−1} comes first
            parts = (*carried, *read, *first, *second) if plain else (*read, *carried, *first, *second)
        return (parts[0]._replace(sign=""), *parts[1:])

    def _read(self, name: str, gate: str) -> tuple[Summand, ...]:
        weight, stored = weight_symbol(self.scene, "weight_ih", gate), "weight_ih" + self.end
        general, here = f"{weight} {self.read}_t", f"{weight} {self.read}_{self.now}"
        return (Summand(general, here, INPUT, f"a.{name}", (stored,), "read"),)

    def _carried(self, name: str, gate: str) -> tuple[Summand, ...]:
        stored = "weight_hh" + self.end
        if stored not in self.scene.parameters:
            return ()
        weight, h = weight_symbol(self.scene, "weight_hh", gate), self.letter("h")
        general, here = f"{weight} {h}_{self.earlier}", f"{weight} {h}_{self.ago}"
        reads = "h"
        if self.spec.cell == "gru" and name == "n" and self.spec.gru_reset == "before":
            general = f"{weight} (r_t ⊙ {h}_{self.earlier})"
            here, reads = f"{weight} (r_{self.now} ⊙ {h}_{self.ago})", "rh"
        return (Summand(general, here, HIDDEN, f"a.{name}", (stored,), reads),)

    def _biases(self, name: str, gate: str) -> tuple[tuple[Summand, ...], tuple[Summand, ...]]:
        """Return the bias, or the two where they stand apart."""
        stored = [
            kind + self.end for kind in ("bias_ih", "bias_hh") if kind + self.end in self.scene.parameters
        ]
        names = [weight_symbol(self.scene, one.removesuffix(self.end), gate) for one in stored]
        if len(set(names)) == 1:
            return (Summand(names[0], names[0], OTHER, f"a.{name}", tuple(stored)),), ()
        apart = [
            (Summand(symbol, symbol, OTHER, f"a.{name}", (one,)),)
            for symbol, one in zip(names, stored, strict=True)
        ]
        return (apart[0], apart[1]) if apart else ((), ())

    def _reset(self, parts: tuple[Summand, ...]) -> tuple[Summand, ...]:
        """Let the reset gate stand before what it lets through."""
        gate = Summand("r_t", f"r_{self.now}", quantity("r").role, "r")
        first, *rest = parts
        held = [first._replace(sign="⊙", before="("), *rest]
        held[-1] = held[-1]._replace(after=")")
        return (gate, *held)

    def row(self, name: str, unit: int) -> int:
        """Return the stored row of a unit's weights for a gate."""
        gates = self.cell.gates
        return gates.index(name) * self.spec.hidden_size + unit if name in gates else unit

    def token(self) -> int | None:
        """Return the token that the lane reads as a one-hot vector; None if it reads numbers."""
        x = self.scene.analysis.trace.x
        if self.lane.layer or self.spec.embedding_size is not None or x.ndim != 2:
            return None
        return int(x[self.step, 0])

    def operand(self, reads: str) -> Floats:
        """Return the vector that a weight is multiplied by: what the layer reads, h before, or r ⊙ h."""
        if reads == "read":
            own = self.scene.steps - 1 - self.step if self.lane.direction else self.step
            return np.asarray(self.found.inputs.vectors(own, own + 1, 0)[0], float)
        before = self.previous("h")
        return before * self.value("r") if reads == "rh" else before

    def values(self, summand: Summand, name: str, units: list[int]) -> list[float]:
        """Return the numbers of some units of a summand of a gate."""
        if not summand.stored:
            return [float(v) for v in self.value(summand.quantity)[units]]
        rows = [self.row(name, unit) for unit in units]
        stored = self.scene.parameters
        if not summand.reads:
            return [sum(float(stored[part][row]) for part in summand.stored) for row in rows]
        weights = stored[summand.stored[0]]
        token = self.token() if summand.reads == "read" else None
        if token is not None:
            return [float(weights[row, token]) for row in rows]
        found: list[float] = (np.asarray(weights[rows], float) @ self.operand(summand.reads)).tolist()
        return found
