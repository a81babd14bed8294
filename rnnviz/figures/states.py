"""What the cells of a network compute, lane by lane: names, colours, values of the shown steps, scales."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.columns import shown_columns
from rnnviz.figures.model import Scale
from rnnviz.figures.numbers import largest, nice_ceiling
from rnnviz.figures.symbols import quantity_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.engine.trace import DirectionTrace
    from rnnviz.figures.model import Floats, Map
    from rnnviz.figures.scene import Scene

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
ARROWS = ("→", "←")
BOUNDED = frozenset({"tanh", "sigmoid"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a gate or a state is: its colour's role, the word for it, and the map of its values."""

    role: str
    word: str = ""
    map: Map = "gate"


QUANTITIES = {
    "h": Quantity("hidden", map="signed"),
    "c": Quantity("cell", map="signed"),
    "f": Quantity("forget_gate", "forget"),
    "i": Quantity("input_gate", "input"),
    "g": Quantity("candidate", "candidate", "signed"),
    "o": Quantity("output_gate", "output"),
    "r": Quantity("input_gate", "reset"),
    "z": Quantity("forget_gate", "update"),
    "hn": Quantity("candidate", "candidate’s memory", "signed"),
    "n": Quantity("candidate", "candidate", "signed"),
}
"""Gates and states by name, in reading order: c_t = f ⊙ c_{t−1} + i ⊙ g, then h_t = o ⊙ tanh(c_t)."""

OTHER = Quantity("muted", map="signed")  # of a cell that is not known here


class Lane(NamedTuple):
    """One layer in one direction, both from 0; direction 1 runs from the last step to the first."""

    layer: int
    direction: int


@lru_cache(maxsize=32)
def lanes(spec: NetworkSpec) -> tuple[Lane, ...]:
    """Return all lanes, the lowest layer first and in it forwards first: PyTorch's order."""
    return tuple(Lane(n, d) for n in range(spec.num_layers) for d in range(spec.directions))


def lane_looked_at(scene: Scene) -> Lane:
    """Return the lane that figures show in full."""
    return Lane(scene.layer, scene.direction)


def quantity(name: str) -> Quantity:
    """Return what is known of a gate or a state."""
    return QUANTITIES.get(name, OTHER)


@lru_cache(maxsize=1024)
def symbol(
    spec: NetworkSpec, name: str, lane: Lane, subscript: str = "_t", notation: Notation = "weights"
) -> str:
    """Write a quantity of a lane: h_t, with its layer if there are several, with an arrow if it has one."""
    return f"{quantity_letter(notation, spec, name)}{lane_mark(spec, lane)}{subscript}"


@lru_cache(maxsize=256)
def before_symbol(
    spec: NetworkSpec, name: str, lane: Lane, step: str = "t", notation: Notation = "weights"
) -> str:
    """Write the preactivation of a gate or of h: a_t if there is one a step, a_{f,t} if it is a gate's."""
    return symbol(spec, "a", lane, f"_{step}" if name == "h" else f"_{{{name},{step}}}", notation)


def shared_symbol(spec: NetworkSpec, name: str, notation: Notation) -> str:
    """Write a quantity that belongs to no lane: x_t, e_t, ŷ_t."""
    return f"{quantity_letter(notation, spec, name)}_t"


@lru_cache(maxsize=256)
def lane_mark(spec: NetworkSpec, lane: Lane) -> str:
    """Write what tells a lane's letters from those of others: ⁽²⁾→, nothing if there is but one."""
    layer = f"⁽{str(lane.layer + 1).translate(SUPERSCRIPT)}⁾" if spec.num_layers > 1 else ""
    return f"{layer}{ARROWS[lane.direction] if spec.bidirectional else ''}"


def handed_on(spec: NetworkSpec, layer: int, notation: Notation = "weights") -> str:
    """Write what a layer hands on: h, with its number if there are several, ↔ if it is of both directions."""
    number = f"⁽{str(layer + 1).translate(SUPERSCRIPT)}⁾" if spec.num_layers > 1 else ""
    return f"{quantity_letter(notation, spec, 'h')}{number}{'↔' if spec.bidirectional else ''}"


def read_by(spec: NetworkSpec, layer: int, notation: Notation = "weights") -> str:
    """Write what a layer reads: x, e of an embedding, or what the layer below hands on."""
    if layer:
        return handed_on(spec, layer - 1, notation)
    return "x" if spec.embedding_size is None else "e"


def lane_title(spec: NetworkSpec, lane: Lane) -> str:
    """Call a lane by its number and its arrow: “layer 2 →”, “←”."""
    parts = (f"layer {lane.layer + 1}",) if spec.num_layers > 1 else ()
    arrow = (ARROWS[lane.direction],) if spec.bidirectional else ()
    return " ".join((*parts, *arrow))


def traced(scene: Scene, lane: Lane) -> DirectionTrace:
    """Return all that a lane computed."""
    return scene.analysis.trace.layers[lane.layer].directions[lane.direction]


def state_names(spec: NetworkSpec) -> tuple[str, ...]:
    """Return the states of the network's cell, "h" first."""
    return CELLS[spec.cell].states


def gate_names(scene: Scene) -> tuple[str, ...]:
    """Return the gates and the candidate of the network's cell in reading order; none if it has none."""
    return _in_order(tuple(traced(scene, Lane(0, 0)).course.gates))


@lru_cache(maxsize=32)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    known = list(QUANTITIES)
    return tuple(sorted(names, key=lambda name: known.index(name) if name in known else len(known)))


def first_column(scene: Scene, lane: Lane) -> int:
    """Return the column of a lane's first shown state: the one before the window, or its first step."""
    return shown_columns(scene).start + lane.direction


def states(scene: Scene, lane: Lane, name: str) -> Floats:
    """Return a state of the window and the one it starts from: (n + 1, H).

    The one it starts from comes first, or last if the lane runs backwards; it is NaN in a cell that starts
    from none.
    """
    columns, found = shown_columns(scene), traced(scene, lane)
    values = found.states[name][:, 0]
    outside = columns.stop if lane.direction else columns.start - 1
    if not CELLS[scene.spec.cell].recurrent:
        beyond = np.full(values.shape[1:], np.nan)
    elif 0 <= outside < len(values):
        beyond = values[outside]
    else:
        beyond = found.initial[name][0]
    shown = values[columns.start : columns.stop]
    return np.concatenate((shown, beyond[None]) if lane.direction else (beyond[None], shown))


def gate(scene: Scene, lane: Lane, name: str) -> Floats:
    """Return a gate, or the candidate, of the window: (n, H)."""
    columns = shown_columns(scene)
    return traced(scene, lane).gates[name][columns.start : columns.stop, 0]


def preactivation(scene: Scene, lane: Lane, name: str) -> Floats:
    """Return what a gate, or h, is a function of, in the window: (n, H)."""
    columns = shown_columns(scene)
    return traced(scene, lane).preactivations[name][columns.start : columns.stop, 0]


def preactivation_names(scene: Scene) -> tuple[str, ...]:
    """Return the preactivations of the network's cell in reading order."""
    return _in_order(tuple(traced(scene, Lane(0, 0)).course.preactivations))


def state_limit(name: str, activation: str, shown: Iterable[Floats]) -> float:
    """Return 1 for a bounded state, otherwise the end of a range that rests while its values move."""
    if name == "h" and activation in BOUNDED:
        return 1.0
    return nice_ceiling(max(map(largest, shown), default=0.0))


@lru_cache(maxsize=256)
def scale_of(name: str, limit: float, label: str) -> Scale:
    """Return how a quantity's values become colours: a gate's 0 … 1, any other's −limit … limit."""
    kind = quantity(name).map
    return Scale(kind, -limit if kind == "signed" else 0.0, limit, label=label)
