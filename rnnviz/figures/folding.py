"""The network folded up: one copy of the stack with loops for the recurrence, and the way there.

Every copy slides towards the playhead's, while the picture closes in on it, so that what was a row of equal
boxes is seen to be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.model import Arrows, Axis, Boxes, Heatmap, Line, Mark, Region, Text
from rnnviz.figures.motion import TAKEN
from rnnviz.figures.stack import at, level, upwards
from rnnviz.figures.states import lane_mark, quantity, symbol
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.columns import Columns
    from rnnviz.figures.model import Floats, Scale
    from rnnviz.figures.stack import Stack
    from rnnviz.figures.states import Lane

SPAN, LEFT = 6.0, 2.2  # columns in whose place the folded network stands, and how many left of its middle
MOVING = 40  # copies that are seen to move; of more the nearest to the playhead
LOOPS_FROM = 0.5  # of the way, from where on loops grow
OUT, BEND = 0.18, 0.2  # columns that a loop goes straight, and that it bends outwards
RISE = 0.3  # half of a loop's height, of its state's share of a lane
SIZE = 13.0  # pixels of the weights' names
REMARK = "the same weights at every step"
REMARK_AT, REMARK_ROOM = 1.6, 2.1  # columns right of the middle, and how many it may take


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """What one strip of a lane's boxes shows: a column of cells a step, from column `first` on."""

    lane: Lane
    name: str
    first: int
    values: Floats
    scale: Scale


@dataclass(frozen=True, eq=False, slots=True)
class Folding:
    """A network that is folded from 0, unrolled, to 1, into the box at `centre`, a step from 1.

    strips: of every lane in the order of a box's strips. inputs, outputs: a token a step. carried: the states
    that are passed on, none without a recurrence. looked_at: the lane that is outlined. notation: how the
    weights are written. recalled: the states whose loops are marked, as numbers take them now.
    """

    fold: float
    centre: int
    columns: Columns
    stack: Stack
    strips: tuple[Cells, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    carried: tuple[str, ...]
    looked_at: Lane
    spec: NetworkSpec
    notation: Notation
    recalled: frozenset[str] = frozenset()

    def axis(self) -> Axis:
        """Return the x axis, which closes in on the centre."""
        low = (1 - self.fold) * (self.columns.start - 0.5) + self.fold * (self.centre - LEFT)
        high = (1 - self.fold) * self.columns.end + self.fold * (self.centre + SPAN - LEFT)
        return Axis(low, high, shown=False)

    def place(self, t: Floats) -> Floats:
        """Return where columns stand."""
        return self.centre + (t - self.centre) * (1 - self.fold)

    def steps(self) -> Floats:
        """Return the steps that are drawn, from 1, those farthest from the centre first."""
        if self.fold >= 1:
            return np.array([float(self.centre)])
        t = np.arange(self.columns.start + 1.0, self.columns.stop + 1)
        order = np.argsort(-np.abs(t - self.centre), kind="stable")
        return t[order][-MOVING:]

    def marks(self) -> tuple[Mark, ...]:
        """Return the diagram."""
        others, here = self.steps()[:-1], self.steps()[-1:]
        return (
            *(self._others(others) if self.fold < 1 else ()),
            *self._upward(here),
            *self._copy(float(here[0])),
            *self._loops(),
            *self._tokens(here, solid=True),
            self._outline(),
            *(() if self.fold < 1 else self._weights()),
        )

    def _others(self, steps: Floats) -> tuple[Mark, ...]:
        """Return all copies but the one in the centre, those after it behind a veil."""
        return (
            *self._upward(steps),
            *self._passed_on(np.append(steps, self.centre)),
            *(mark for t in self._ends() for mark in self._copy(t, frame=self.stack.directions == 1)),
            *(mark for t in steps.tolist() for mark in self._copy(t)),
            *self._tokens(steps),
            Region(self.centre + 0.5 * (1 - self.fold), self.axis().high, "veil"),
        )

    def _upward(self, steps: Floats) -> tuple[Mark, ...]:
        stack, x = self.stack, self.place(steps)
        spans = [stack.layer(n) for n in range(stack.layers)]
        between = [upwards(x, low.top, high.bottom) for low, high in pairwise(spans)]
        return (
            Arrows(upwards(x, stack.inputs, spans[0].bottom), "input"),
            *((Arrows(np.concatenate(between), "hidden"),) if between else ()),
            Arrows(upwards(x, spans[-1].top, stack.tips), "readout"),
        )

    def _passed_on(self, steps: Floats) -> list[Mark]:
        """Return the arrows from copy to copy while there is room between them."""
        half = self.stack.width / 2
        if 1 - self.fold <= 2 * half:
            return []
        found: list[Mark] = []
        for number, name in enumerate(self.carried):
            ends = []
            for lane in self.stack.lanes():
                height = self.stack.lane(lane).at((number + 0.5) / len(self.carried))
                near, far = self.place(np.sort(steps) - 1 + lane.direction), 1 - self.fold - half
                left, right = near + half, near + far
                ends.append(level(right, left, height) if lane.direction else level(left, right, height))
            found.append(Arrows(np.concatenate(ends), quantity(name).role))
        return found

    def _ends(self) -> list[float]:
        """Return the columns of the states that are started from."""
        if self.fold >= 1 or not self.carried:
            return []
        found = (self.columns.start, self.columns.stop + 1)
        return [float(t) for t in found[: self.stack.directions] if abs(t - self.centre) <= MOVING]

    def _copy(self, t: float, *, frame: bool = True) -> tuple[Mark, ...]:
        """Return the boxes of one column with their cells."""
        stack, x = self.stack, float(self.place(np.array([t]))[0])
        whole = stack.layer(0)
        middles = np.array([[x, stack.layer(n).middle] for n in range(stack.layers)])
        size = (stack.width, whole.top - whole.bottom)
        boxes = (Boxes(middles, size, "frame"),) if frame else ()
        each = len(stack.strips)
        found = [
            Heatmap(
                cells.values[[round(t) - cells.first]].T,
                cells.scale,
                x - 0.5 + stack.strips[n % each].aside,
                stack.cells(cells.lane).top,
                stack.cells(cells.lane).bottom,
                stack.strips[n % each].width,
                rounded=True,
                decimals=2 if cells.name in self.carried else None,
            )
            for n, cells in enumerate(self.strips)
            if 0 <= round(t) - cells.first < len(cells.values)
        ]
        return (*boxes, *found)

    def _loops(self) -> list[Mark]:
        """Return a loop a lane and state that leaves its box and comes back to it."""
        grown = (self.fold - LOOPS_FROM) / (1 - LOOPS_FROM)
        if grown <= 0:
            return []
        found: list[Mark] = []
        turn = np.linspace(np.pi / 2, -np.pi / 2, 25)
        for number, name in enumerate(self.carried):
            for lane in self.stack.lanes():
                middle, rise = self._loop(lane, number)
                sign = -1 if lane.direction else 1
                edge = self.centre + sign * self.stack.width / 2
                out = edge + sign * OUT * grown
                x = np.concatenate(([edge], out + sign * BEND * grown * np.cos(turn)))
                y = np.concatenate(([middle + rise], middle + rise * np.sin(turn)))
                role = TAKEN if name in self.recalled else quantity(name).role
                found.append(Line(x, y, role))
                found.append(Arrows(np.array([[out, middle - rise, edge, middle - rise]]), role))
        return found

    def _loop(self, lane: Lane, number: int) -> tuple[float, float]:
        """Return how high a state's loop is in the middle, and by how much it rises from there."""
        span, count = self.stack.lane(lane), len(self.carried)
        return span.at((number + 0.5) / count), RISE * (span.top - span.bottom) / count

    def _tokens(self, steps: Floats, *, solid: bool = False) -> tuple[Mark, ...]:
        stack, x = self.stack, self.place(steps)
        index = [round(t) - self.columns.start - 1 for t in steps.tolist()]
        read, said = (tuple(tokens[n] for n in index) for tokens in (self.inputs, self.outputs))
        filled = frozenset(range(len(read) if solid else 0))
        return (
            Text(at(x, stack.inputs), read, "text", "circle", "input", solid=filled, pitch=1.0),
            Text(at(x, stack.outputs), said, "text", "box", "frame", pitch=1.0),
        )

    def _outline(self) -> Region:
        span, half, edge = self.stack.lane(self.looked_at), self.stack.width / 2, self.stack.edge
        left, right = self.centre - half, self.centre + half
        return Region(left, right, "selection", span.bottom - edge, span.top + edge)

    def _weights(self) -> list[Mark]:
        """Return the names of the weights beside what they do, and that they are always the same."""
        spec, stack, c = self.spec, self.stack, float(self.centre)
        beside, both = stack.width / 2 + 0.06, spec.bidirectional
        into = (stack.inputs + stack.layer(0).bottom) / 2 + 0.01
        first, last = (parameter_symbol(self.notation, kind) for kind in ("W_X", "W_Y"))
        if spec.num_layers > 1:
            first += "⁽¹⁾"
        # The lowest lane has its loop at the right; with both directions the left is free beneath it.
        found: list[Mark] = [
            _name(c - beside if both else c + beside, into, first, "input", align=float(both)),
            _name(c + beside, stack.tips - 0.01, last, "readout"),
        ]
        aside = stack.width / 2 + OUT + BEND + 0.1
        for number, name in enumerate(self.carried):
            for lane in stack.lanes():
                text = f"{parameter_symbol(self.notation, 'W_H')}{lane_mark(spec, lane)}"
                if name != "h":
                    text = f"⊙ {symbol(spec, 'f', lane, notation=self.notation)}" if name == "c" else ""
                sign = -1 if lane.direction else 1
                role = "hidden" if name == "h" else "forget_gate"
                place = self._loop(lane, number)[0]
                found.append(_name(c + sign * aside, place, text, role, align=float(lane.direction)))
        remark_at = np.array([[c + REMARK_AT, 0.5]])
        return [*found, Text(remark_at, (REMARK,), "muted", align=0.0, pitch=REMARK_ROOM)]


def _name(x: float, y: float, text: str, role: str, align: float = 0.0) -> Text:
    return Text(np.array([[x, y]]), (text,), role, size=SIZE, weight=600, align=align)
