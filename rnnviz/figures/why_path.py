"""How a gradient of the map comes about below its diagonal: step by step, by the units, at most how much."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS, chain, jacobian
from rnnviz.engine.parameters import suffix
from rnnviz.figures.reasons import AT_MOST, Statement, Term, product
from rnnviz.figures.states import Lane, symbol, traced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.engine.selection import StepPair
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

MOST_GATES = 5  # that are written out; of more their product stands there
MOST_WORK = 3e6  # steps times the cube of a Jacobian's rows, which is what singular values cost


class Path(NamedTuple):
    """The way from the loss of step t back to a state of an earlier step k, both from 0."""

    scene: Scene
    t: int
    k: int
    state: str

    @property
    def lane(self) -> Lane:
        """The layer and direction whose states these are."""
        return Lane(self.scene.analysis.flow.layer, self.scene.analysis.flow.direction)

    def named(self, step: int, name: str = "") -> str:
        """Write a quantity of a step."""
        spec, notation = self.scene.spec, self.scene.notation
        return symbol(spec, name or self.state, self.lane, f"_{{{step + 1}}}", notation)

    def gradient(self, step: int, name: str = "") -> str:
        """Write the gradient of the loss by a quantity of a step."""
        return f"∂L_{{{self.t + 1}}}/∂{self.named(step, name)}"

    def sent(self, step: int, state: str = "") -> Floats:
        """Return the gradient of the loss by a state of a step: (H,)."""
        return np.asarray(self.scene.analysis.flow.vectors(self.t, step, state or self.state), float)

    def gate(self, name: str, step: int) -> Floats:
        """Return a gate: (H,)."""
        return np.asarray(traced(self.scene, self.lane).gates[name][step, 0], float)

    def squashed(self, step: int) -> Floats:
        """Return tanh(c): (H,)."""
        cell = np.asarray(traced(self.scene, self.lane).states["c"][step, 0], float)
        squashed: Floats = np.tanh(cell)
        return squashed


def path(scene: Scene, pair: StepPair, state: str) -> Iterator[Statement]:
    """Yield what gives a gradient of an earlier step: each step's factor, the largest component, a bound."""
    way = Path(scene, pair.t, pair.k, state)
    if not CELLS[scene.spec.cell].recurrent or way.k >= way.t or way.lane.direction:
        return
    yield from _step_by_step(way)
    vector = way.sent(way.k)
    # Below the top layer gradients come from above, too; and none passes what is held.
    in_one_way = way.lane.layer == scene.spec.num_layers - 1 and not scene.interventions
    if in_one_way and np.isfinite(vector).all() and vector.any():
        unit = int(np.abs(vector).argmax())
        name, value = f"⟦gradient|{way.gradient(way.k)}⟧[{unit + 1}]", float(vector[unit])
        for terms in (_from_next(way, unit), _straight(way, unit, value)):
            if terms:
                yield Statement(name, value, terms)
    yield from _bound(way)


def _step_by_step(way: Path) -> Iterator[Statement]:
    """Yield the norm as what it is at step t, times by how much every step back changes it."""
    flow = way.scene.analysis.flow
    row = flow.norms[way.state][way.t - flow.start]
    norms = row[way.k - flow.start : way.t - flow.start + 1][::-1].tolist()
    if not all(math.isfinite(norm) and norm > 0 for norm in norms):
        return
    names = [f"‖{way.gradient(step)}‖" for step in range(way.t, way.k - 1, -1)]
    terms = [Term(names[0], norms[0])]
    terms += [Term(f"{names[n]} / {names[n - 1]}", norms[n] / norms[n - 1]) for n in range(1, len(norms))]
    yield Statement(f"⟦gradient|{names[-1]}⟧", norms[-1], tuple(terms), sign="×")


def _from_next(way: Path, unit: int) -> tuple[Term, ...]:
    """Return the terms of a component by way of the next step; none of a cell that is not known here."""
    scene, states = way.scene, CELLS[way.scene.spec.cell].states
    if states == ("h", "c") and way.state == "c":
        return _through_cell(way, unit)
    slopes = jacobian(scene.spec, scene.parameters, scene.analysis.trace, way.k + 1, way.k)[:, unit]
    if states == ("h",):
        return _through(way, "h", way.sent(way.k + 1), slopes, unit)
    if states == ("h", "c"):
        by_output, opened = _through_output(way, unit)
        by_cell = _through(way, "c", way.sent(way.k + 1, "c"), slopes[len(opened) :], unit)
        return (*by_cell, *_through(way, "o", by_output, opened, unit))
    return ()


def _through(way: Path, name: str, sent: Floats, slopes: Floats, unit: int) -> tuple[Term, ...]:
    """Return what reaches a unit through each unit of a quantity of the next step."""
    after, here = way.named(way.k + 1, name), way.named(way.k)
    return tuple(
        product(f"{way.gradient(way.k + 1, name)}[{n}] · ∂{after}[{n}]/∂{here}[{unit + 1}]", gradient, slope)
        for n, (gradient, slope) in enumerate(zip(sent.tolist(), slopes.tolist(), strict=True), 1)
    )


def _through_output(way: Path, unit: int) -> tuple[Floats, Floats]:
    """Return ∂L_t/∂o of the next step, and how o depends on a unit; h depends on c besides, and on o."""
    row = CELLS[way.scene.spec.cell].gates.index("o") * way.scene.spec.hidden_size
    weights = np.asarray(way.scene.parameters["weight_hh" + suffix(*way.lane)], float)
    o = way.gate("o", way.k + 1)
    sent = way.sent(way.k + 1, "h") * way.squashed(way.k + 1)
    return sent, o * (1 - o) * weights[row : row + len(o), unit]


def _through_cell(way: Path, unit: int) -> tuple[Term, ...]:
    """Return how a cell state of an LSTM is heard: by the next one, through f, and by h of its own step."""
    k, number = way.k, f"[{unit + 1}]"
    f, o = float(way.gate("f", k + 1)[unit]), float(way.gate("o", k)[unit])
    slope = o * (1 - float(way.squashed(k)[unit]) ** 2)
    kept = f"{way.gradient(k + 1)}{number} · ⟦forget_gate|{way.named(k + 1, 'f')}⟧{number}"
    read = f"{way.gradient(k, 'h')}{number} · ∂{way.named(k, 'h')}{number}/∂{way.named(k)}{number}"
    return (
        product(kept, float(way.sent(k + 1)[unit]), f),
        product(read, float(way.sent(k, "h")[unit]), slope),
    )


def _straight(way: Path, unit: int, value: float) -> tuple[Term, ...]:
    """Return what comes straight along the memory, by the product of the gate that keeps it, and the rest."""
    cell = CELLS[way.scene.spec.cell]
    steps = range(way.t, way.k, -1)
    if not cell.keeps or way.state != cell.memory or len(steps) < 2:
        return ()
    gates = [float(way.gate(cell.keeps, step)[unit]) for step in steps]
    written = [f"⟦forget_gate|{way.named(step, cell.keeps)}⟧[{unit + 1}]" for step in steps]
    if len(gates) > MOST_GATES:
        gates, written = [math.prod(gates)], [f"{written[0]} ⋯ {written[-1]}"]
    sent = float(way.sent(way.t)[unit])
    straight = product(" · ".join([f"{way.gradient(way.t)}[{unit + 1}]", *written]), sent, *gates)
    return (straight, Term("by every other way", value - straight.value))


def _bound(way: Path) -> Iterator[Statement]:
    """Yield the norm of ∂s_t/∂s_k, which is at most the product of what every single step can do."""
    scene, (layer, direction) = way.scene, way.lane
    states = CELLS[scene.spec.cell].states
    if (way.t - way.k) * (scene.spec.hidden_size * len(states)) ** 3 > MOST_WORK:
        return
    links = chain(scene.spec, scene.parameters, scene.analysis.trace, way.t, way.k, layer, direction)
    value, largest = math.exp(min(float(links.product[-1]), 700.0)), links.singular_values[:, 0].tolist()
    if not all(map(math.isfinite, (value, *largest))):
        return

    def named(step: int) -> str:
        written = [way.named(step, state) for state in states]
        return written[0] if len(written) == 1 else f"({', '.join(written)})"

    terms = tuple(
        Term(f"‖∂{named(step + 1)}/∂{named(step)}‖", norm)
        for step, norm in zip(links.reached.tolist(), largest, strict=True)
    )
    yield Statement(f"‖∂{named(way.t)}/∂{named(way.k)}‖", value, terms, sign="×", whole_is=AT_MOST)
