"""Every derivative against difference quotients, for all networks that can be specified.

The grid takes every cell, number of layers, direction, loss, held target and raggedness with each other; what
else there is to choose goes round with them. Sizes and numbers are random, and the same every time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import count, cycle, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, Case, case

from rnnviz import engine as e
from rnnviz.engine.interventions import targets
from rnnviz.engine.spec import READOUTS

SMALL, TOLERANCE = 2e-3, 1e-8
READS = ("tokens", "embedded tokens", "vectors", "embedded vectors")


@dataclass(frozen=True)
class Combination:
    """What is chosen of a network, its batch and what is held in it."""

    kind: str
    layers: int
    bidirectional: bool
    readout: str
    held: str | None
    ragged: bool
    place: int  # at which layer and direction something is held; past the last it goes round
    reads: str
    initial: bool  # whether an initial state is given
    one_unit: bool  # whether one unit is held, or all
    bias: bool
    silent: bool  # whether some steps have no loss

    @property
    def name(self) -> str:
        return ", ".join(f"{field.name}={getattr(self, field.name)}" for field in fields(self))


def cells_directions_and_targets():
    """Every kind of cell with its directions and with what can be held in it."""
    for kind, chosen in KINDS.items():
        names = (None, *targets(e.NetworkSpec(chosen["cell"], 1, 1, 1)))
        yield kind, (False, True) if e.CELLS[chosen["cell"]].recurrent else (False,), names


def grid():
    others = list(product(READS, *[(True, False)] * 4))
    going_round = cycle([others[n] for n in np.random.default_rng(0).permutation(len(others))])
    for kind, directions, names in cells_directions_and_targets():
        for layers, both, held in product((1, 2, 3), directions, names):
            for place, (readout, ragged) in enumerate(product(READOUTS, (False, True))):
                yield Combination(kind, layers, both, readout, held, ragged, place, *next(going_round))


GRID = tuple(grid())


def drawn_case(chosen: Combination, seed: int) -> Case:
    drawn = case(
        seed,
        **KINDS[chosen.kind],
        num_layers=chosen.layers,
        bidirectional=chosen.bidirectional,
        readout=chosen.readout,
        bias=chosen.bias,
        tokens="tokens" in chosen.reads,
        embedding="embedded" in chosen.reads,
        ragged=chosen.ragged,
        silent=chosen.silent,
        initial=chosen.initial,
        gain=0.7,
    )
    if chosen.held is None or not drawn.lengths.any():
        return drawn
    draw = np.random.default_rng(seed)
    layer, direction = drawn.places[chosen.place % len(drawn.places)]
    unit = int(draw.integers(drawn.spec.hidden_size)) if chosen.one_unit else None
    start, value = int(draw.integers(drawn.lengths.max())), float(draw.normal())
    held = e.Intervention(chosen.held, value, start, unit, layer, direction)
    return replace(drawn, interventions=(held,))


class Slopes:
    """The loss of a case along directions in all that it depends on, by name."""

    def __init__(self, drawn: Case) -> None:
        vectors = drawn.x if drawn.x.ndim == 3 else np.eye(drawn.spec.input_size)[drawn.x]
        self.drawn = replace(drawn, x=vectors)
        self.gradients = drawn.gradients()  # of tokens, if tokens are given; differences are those of vectors
        self.by_name = {
            **self.gradients.parameters,
            "x": self.gradients.inputs,
            **{f"{name}₀": self.gradients.initial_state[name] for name in drawn.initial},
        }
        for held in drawn.interventions:
            if held.target in e.CELLS[drawn.spec.cell].states:
                self.by_name["held"] = self._by_held(held)
        self.signs = self._signs(drawn.trace())
        self.at_kink = False

    def _by_held(self, held: e.Intervention):
        """The derivative by the held value: the sum of those by the states that are held at it."""
        size = self.drawn.spec.hidden_size
        units = slice(held.direction * size, (held.direction + 1) * size)
        by_state = self.gradients.layers[held.layer].states[held.target][held.start :, :, units]
        return np.array(by_state.sum() if held.unit is None else by_state[..., held.unit].sum())

    def _signs(self, trace: e.Trace) -> list:
        if self.drawn.spec.activation != "relu":
            return []
        return [layer.preactivations["h"] > 0 for layer in trace.layers]

    def loss(self, moved) -> float:
        """The loss after some moves; notes whether a unit has come past the kink of its activation."""
        drawn = self.drawn
        params = drawn.params.replaced(
            {name: array + moved[name] for name, array in drawn.params.items() if name in moved}
        )
        changed = replace(
            drawn,
            params=params,
            x=drawn.x + moved.get("x", 0.0),
            initial={name: state + moved.get(f"{name}₀", 0.0) for name, state in drawn.initial.items()},
            interventions=tuple(
                replace(held, value=held.value + float(moved.get("held", 0.0)))
                for held in drawn.interventions
            ),
        )
        trace = changed.trace()
        self.at_kink |= not all(map(np.array_equal, self._signs(trace), self.signs))
        return changed.loss_of(trace).total

    def slope(self, direction) -> float:
        """The central difference of fourth order."""
        ahead, behind, far_ahead, far_behind = (
            self.loss({name: by * SMALL * array for name, array in direction.items()})
            for by in (1, -1, 2, -2)
        )
        return (8 * (ahead - behind) - (far_ahead - far_behind)) / (12 * SMALL)


def random_direction(slopes: Slopes, seed: int):
    """A direction of length 1 in everything at once."""
    draw = np.random.default_rng(seed)
    direction = {name: draw.normal(size=gradient.shape) for name, gradient in slopes.by_name.items()}
    length = np.sqrt(sum((array**2).sum() for array in direction.values()))
    return {name: array / length for name, array in direction.items()}


def wrong_names(slopes: Slopes, direction) -> list[str]:
    """What the loss does not depend on as its gradient says; empty if all is well.

    One slope along all directions together says it; only if that is wrong is each looked at by itself.
    """
    along = {name: float((slopes.by_name[name] * array).sum()) for name, array in direction.items()}
    size = max(1e-2, *map(abs, along.values()))
    if abs(slopes.slope(direction) - sum(along.values())) <= TOLERANCE * size:
        return []
    alone = {name: abs(slopes.slope({name: direction[name]}) - along[name]) for name in direction}
    return [name for name, error in alone.items() if error > TOLERANCE * size] or ["all together"]


def examine(chosen: Combination, seed: int = 0) -> tuple[Case, list[str]]:
    """A random case of a combination, away from kinks and with a gradient, and what is wrong in it."""
    for attempt in count(1000 * seed):
        drawn = drawn_case(chosen, attempt)
        if chosen.ragged == (drawn.lengths.min() == len(drawn.x)) or not drawn.lengths.any():
            continue
        slopes = Slopes(drawn)
        found = wrong_names(slopes, random_direction(slopes, attempt))
        if not slopes.at_kink and slopes.gradients.parameters.flat.any():
            return drawn, found
    raise AssertionError


@lru_cache
def examined(kind: str) -> dict[Combination, tuple[Case, list[str]]]:
    """All combinations of a kind of cell, each with a case and what is wrong in it."""
    return {chosen: examine(chosen, n) for n, chosen in enumerate(GRID) if chosen.kind == kind}


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_difference_quotients(kind):
    """Of parameters, x, initial states and held values."""
    assert [(chosen.name, wrong) for chosen, (_, wrong) in examined(kind).items() if wrong] == []


def test_every_legal_combination_has_been_reached():
    """Prints how often; run with -s to see it."""
    reached = [chosen for kind in KINDS for chosen in examined(kind)]
    whole = Counter((c.kind, c.layers, c.bidirectional, c.readout, c.held, c.ragged) for c in reached)
    for kind, directions, names in cells_directions_and_targets():
        for chosen in product((1, 2, 3), directions, READOUTS, names, (False, True)):
            assert whole[kind, *chosen] > 0
        for field, values in {
            "layers": (1, 2, 3),
            "bidirectional": directions,
            "readout": READOUTS,
            "ragged": (False, True),
            "reads": READS,
            "initial": (False, True),
            "one_unit": (False, True),
            "bias": (False, True),
            "silent": (False, True),
        }.items():
            counts = Counter((c.held, getattr(c, field)) for c in reached if c.kind == kind)
            shown = (f"{held}/{value}:{counts[held, value]}" for held, value in product(names, values))
            print(f"{kind:20} {field:14}", *shown)  # noqa: T201
            assert all(counts[held, value] for held, value in product(names, values)), (kind, field)
        held = [held for drawn, _ in examined(kind).values() for held in drawn.interventions]
        places = Counter((h.target, h.layer, h.direction) for h in held)
        starts = Counter((h.target, h.start > 0) for h in held)
        print(f"{kind:20} held at", *(f"{place}:{number}" for place, number in places.items()))  # noqa: T201
        ways = (0, 1) if True in directions else (0,)
        assert all(places[place] for place in product(names[1:], (0, 1, 2), ways)), kind
        assert all(starts[start] for start in product(names[1:], (False, True))), kind
    print(len(reached), "combinations")  # noqa: T201


@settings(max_examples=40)
@given(chosen=st.sampled_from(GRID), reads=st.sampled_from(READS), flags=st.tuples(*[st.booleans()] * 4))
def test_what_goes_round_may_stand_together_in_any_way(chosen, reads, flags):
    names = ("initial", "one_unit", "bias", "silent")
    _, wrong = examine(replace(chosen, reads=reads, **dict(zip(names, flags, strict=True))))
    assert wrong == []
