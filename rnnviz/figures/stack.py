"""Where the boxes of an unrolled network stand: across in columns, up in shares of the height."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.states import Lane

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats

PART = 0.86  # share of a box that its strips take together, if it has several
GATE = 0.3  # a gate's strip in widths of a state's
CLEAR = 0.12  # of the height, from the middle of the tokens to the boxes
BETWEEN = 0.07  # of the height, between layers


class Span(NamedTuple):
    """The heights between which a box stands."""

    bottom: float
    top: float

    @property
    def middle(self) -> float:
        """Halfway up."""
        return (self.bottom + self.top) / 2

    def at(self, share: float) -> float:
        """Return the height at a share of the way up."""
        return self.bottom + share * (self.top - self.bottom)


class Strip(NamedTuple):
    """One column of cells in every box: how far right of the box's middle it is, and how wide."""

    aside: float
    width: float


@dataclass(frozen=True)
class Stack:
    """The lanes of a network from the inputs up, for a diagram of so many columns.

    states and gates: how many strips of cells each lane has at a step. A layer is one box a step; in it the
    backward direction lies above the forward one, since both read what comes from below and are handed on
    together.
    """

    layers: int
    directions: int
    columns: int
    states: int = 1
    gates: int = 0

    @property
    def single(self) -> bool:
        """Whether there is but one lane."""
        return self.layers * self.directions == 1

    @property
    def inputs(self) -> float:
        """The height of the inputs."""
        return 0.1 if self.layers * self.directions <= 2 else 0.06

    @property
    def outputs(self) -> float:
        """The height of the predictions."""
        return 1.0 - self.inputs

    @property
    def tips(self) -> float:
        """The height at which arrows to the predictions end."""
        return self.outputs - 0.07

    @cached_property
    def width(self) -> float:
        """A box's width in columns: slender when there is much room, never touching its neighbour."""
        alone = self.states + self.gates == 1
        slender = (0.16 if alone else 0.3 + 0.06 * self.gates) + 0.045 * self.columns
        return min(slender, 0.62 if alone else 0.72)

    def lanes(self) -> tuple[Lane, ...]:
        """Return all lanes from below."""
        return tuple(Lane(n, d) for n in range(self.layers) for d in range(self.directions))

    def layer(self, number: int) -> Span:
        """Return the heights of a layer's boxes."""
        if self.single:
            return Span(0.25, 0.75)
        low, high = self.inputs + CLEAR, self.outputs - CLEAR
        each = (high - low - BETWEEN * (self.layers - 1)) / self.layers
        bottom = low + number * (each + BETWEEN)
        return Span(bottom, bottom + each)

    def lane(self, lane: Lane) -> Span:
        """Return the heights of a lane's part of its layer's boxes."""
        whole, n = self.layer(lane.layer), self.directions
        return Span(whole.at(lane.direction / n), whole.at((lane.direction + 1) / n))

    def cells(self, lane: Lane) -> Span:
        """Return the heights between which the cells of a lane stand, a little inside of its box."""
        span = self.lane(lane)
        return Span(span.bottom + self.edge, span.top - self.edge)

    @cached_property
    def edge(self) -> float:
        """The room between a box and its cells, and between a box and its outline."""
        span = self.lane(Lane(0, 0))
        return min(0.02, 0.06 * (span.top - span.bottom))

    @cached_property
    def strips(self) -> tuple[Strip, ...]:
        """The strips of a box from the left: gates, then states with h last."""
        shares = np.array([GATE] * self.gates + [1.0] * self.states)
        if len(shares) == 1:
            return (Strip(0.0, 0.82 * self.width),)
        room = PART * self.width
        gap = 0.06 * room if self.states + self.gates == 2 else 0.025 * room
        widths = (room - gap * (len(shares) - 1)) * shares / shares.sum()
        lefts = np.concatenate(([0.0], np.cumsum(widths + gap)[:-1])) - room / 2
        return tuple(
            Strip(*pair) for pair in zip((lefts + widths / 2).tolist(), widths.tolist(), strict=True)
        )


def upwards(t: Floats, low: float, high: float) -> Floats:
    """Return arrows from one height to another: (n, 4)."""
    return np.stack([t, np.full_like(t, low), t, np.full_like(t, high)], 1)


def level(start: Floats, end: Floats, height: float) -> Floats:
    """Return arrows along one height: (n, 4)."""
    return np.stack([start, np.full_like(start, height), end, np.full_like(end, height)], 1)


def onwards(stack: Stack, t: Floats, share: float) -> Floats:
    """Return arrows to the boxes of columns t of all lanes from those before them: (n, 4).

    share: how far up in each lane. In a lane that runs backwards the box before is the one to the right.
    """
    half, ends = stack.width / 2, []
    for lane in stack.lanes():
        gaps = t - 1 + lane.direction
        left, right, height = gaps + half, gaps + 1 - half, stack.lane(lane).at(share)
        ends.append(level(right, left, height) if lane.direction else level(left, right, height))
    return np.concatenate(ends)


def at(t: Floats, height: float) -> Floats:
    """Return places at one height: (n, 2)."""
    return np.stack([t, np.full_like(t, height)], 1)
