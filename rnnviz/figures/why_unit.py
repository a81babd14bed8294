"""What gives a unit's state, gate or preactivation at the playhead's step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.held import held_since
from rnnviz.figures.notation import weight_symbol
from rnnviz.figures.reasons import Statement, Term, product, read_at
from rnnviz.figures.spots import BEFORE
from rnnviz.figures.statements import ACTIVATIONS
from rnnviz.figures.states import Lane, before_symbol, quantity, symbol, traced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


class Unit:
    """One unit of a lane at the playhead's step."""

    def __init__(self, scene: Scene, lane: Lane, unit: int) -> None:
        self.scene, self.lane, self.unit, self.spec = scene, lane, unit, scene.spec
        self.found, self.step = traced(scene, lane), scene.step

    def statements(self, name: str) -> Iterator[Statement]:
        """Yield what gives a state, a gate or a preactivation, and what gives that."""
        cell = self.spec.cell
        if name.startswith(BEFORE):
            yield from self._preactivation(name.removeprefix(BEFORE))
        elif since := self._held(name):
            yield from since
        elif name in CELLS[cell].states and self.found.gates:
            yield from self._state(name)
        else:
            function = (
                ACTIVATIONS[self.spec.activation]
                if name == "h"
                else ("tanh" if quantity(name).map == "signed" else "σ")
            )
            value = self.found.states["h"] if name == "h" else self.found.gates[name]
            a = self._at(self.found.preactivations[name])
            term = Term(self._named_before(name), a)
            yield Statement(self._named(name), self._at(value), (term,), function)
            yield from self._preactivation(name)

    def _held(self, name: str) -> tuple[Statement, ...]:
        """Return what is to be said of a state or a gate that is held; nothing if it is computed."""
        start = held_since(self.scene, name, self.lane, self.unit)
        if start is None:
            return ()
        value = self._at((self.found.states | self.found.gates)[name])
        return (Statement(self._named(name), value, (Term(f"held from step {start + 1}", value),)),)

    def _at(self, values: Floats, unit: int | None = None) -> float:
        return float(values[self.step, 0, self.unit if unit is None else unit])

    def _named(self, name: str, unit: int | None = None, ago: int = 0) -> str:
        step = self.step + 1 + (ago if self.lane.direction else -ago)
        number = (self.unit if unit is None else unit) + 1
        written = symbol(self.spec, name, self.lane, f"_{{{step}}}", self.scene.notation)
        return f"⟦{quantity(name).role}|{written}⟧[{number}]"

    def _named_before(self, name: str) -> str:
        step = f"{{{self.step + 1}}}" if name == "h" else str(self.step + 1)
        written = before_symbol(self.spec, name, self.lane, step, self.scene.notation)
        return f"{written}[{self.unit + 1}]"

    def _state(self, name: str) -> Iterator[Statement]:
        """Yield what gives a state of a cell with gates."""
        gates = {key: self._at(values) for key, values in self.found.gates.items()}
        states = {key: self._at(values) for key, values in self.found.states.items()}
        before = {key: self._at(values) for key, values in self.found.previous.items()}
        named = self._named
        if "c" not in states:
            z, n = gates["z"], gates["n"]
            new = product(f"(1 − {named('z')}) · {named('n')}", 1 - z, n)
            kept = product(f"{named('z')} · {named('h', ago=1)}", z, before["h"])
            yield Statement(named("h"), states["h"], (new, kept))
            return
        if name == "h":
            shown = product(f"{named('o')} · tanh({named('c')})", gates["o"], math.tanh(states["c"]))
            yield Statement(named("h"), states["h"], (shown,))
        if since := self._held("c"):
            yield from since
            return
        kept = product(f"{named('f')} · {named('c', ago=1)}", gates["f"], before["c"])
        new = product(f"{named('i')} · {named('g')}", gates["i"], gates["g"])
        yield Statement(named("c"), states["c"], (kept, new))

    def _preactivation(self, name: str) -> Iterator[Statement]:
        """Yield the sum that a gate, or h, is a function of."""
        value = self._at(self.found.preactivations[name])
        if name == "hn":
            yield Statement(
                self._named_before("hn"), value, (*self._carried("n"), *self._bias("n", "bias_hh"))
            )
            return
        terms = [*self._read(name)]
        apart = self.spec.cell == "gru" and name == "n"
        if apart and self.spec.gru_reset == "after":
            r, hn = self._at(self.found.gates["r"]), self._at(self.found.preactivations["hn"])
            terms += [
                Term(f"{self._named('r')} · {self._named_before('hn')}", r * hn, (r, hn)),
                *self._bias(name, "bias_ih"),
            ]
        else:
            terms += [*self._carried(name, reset=apart), *self._bias(name, "bias_ih", "bias_hh")]
        yield Statement(self._named_before(name), value, tuple(terms))
        if apart and self.spec.gru_reset == "after":
            yield from self._preactivation("hn")

    def _row(self, gate: str) -> int:
        return CELLS[self.spec.cell].gates.index(gate) * self.spec.hidden_size + self.unit

    def _weights(self, kind: str, gate: str) -> Floats | None:
        """Return the unit's row of a gate's weights, or its bias; None if there are none."""
        stored, name = self.scene.parameters, kind + suffix(*self.lane)
        return np.asarray(stored[name][self._row(gate)], float) if name in stored else None

    def _read(self, gate: str) -> Iterator[Term]:
        """Yield what the layer reads through its weights; of a one-hot vector only the token that is 1."""
        weights = np.asarray(self.scene.parameters["weight_ih" + suffix(*self.lane)][self._row(gate)], float)
        read, names = read_at(self.scene, self.lane, self.step)
        matrix = weight_symbol(self.scene, "weight_ih", gate)
        for n in np.flatnonzero(read).tolist():
            name, column = names[n]
            text = f"⟦input|{matrix}⟧[{self.unit + 1}, {column}] · {name}"
            yield product(text, float(weights[n]), float(read[n]))

    def _carried(self, gate: str, *, reset: bool = False) -> Iterator[Term]:
        weights = self._weights("weight_hh", gate)
        if weights is None:
            return
        before = np.asarray(self.found.previous["h"][self.step, 0], float)
        matrix = weight_symbol(self.scene, "weight_hh", gate)
        for n, (weight, h) in enumerate(zip(weights.tolist(), before.tolist(), strict=True)):
            name = f"⟦hidden|{matrix}⟧[{self.unit + 1}, {n + 1}]"
            state = self._named("h", n, ago=1)
            if reset:
                r = self._at(self.found.gates["r"], n)
                yield product(f"{name} · {self._named('r', n)} · {state}", weight, r, h)
            else:
                yield product(f"{name} · {state}", weight, h)

    def _bias(self, gate: str, *kinds: str) -> Iterator[Term]:
        """Yield the bias, or each of the two where they stand apart."""
        parts: dict[str, float] = {}
        for kind in kinds:
            if (bias := self._weights(kind, gate)) is not None:
                name = f"{weight_symbol(self.scene, kind, gate)}[{self.unit + 1}]"
                parts[name] = parts.get(name, 0.0) + float(bias)
        yield from (Term(name, value) for name, value in parts.items())
