"""What a cell is: the mathematics of one layer in one direction, forwards and backwards.

Inside the engine a step's numbers stand in columns, one a sequence: arrays are (T, rows, B). So every gate of
a step is one piece of memory, and PyTorch's weights are used as they lie.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.inputs import Inputs
    from rnnviz.engine.interventions import Holds
    from rnnviz.engine.spec import NetworkSpec

_Step = TypeVar("_Step")


@dataclass(frozen=True, eq=False, slots=True)
class Weights:
    """The parameters of one layer and direction, PyTorch's names without the ending; those it lacks are zero.

    weight_ih: (G·H, I), weight_hh: (G·H, H), bias_ih and bias_hh: (G·H,).
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """All that one layer computed in one direction, step by step in the order in which it ran.

    states: (T + 1, H, B) by name, the initial state first. preactivations and gates: (T, H, B) by name;
    halved: preactivations that are stored times ½, as the tanh of a sigmoid needs them. scratch: what else
    the way back needs, (T, ·, B). holds: what interventions hold fixed.
    """

    states: Mapping[str, Array]
    preactivations: Mapping[str, Array]
    gates: Mapping[str, Array] = field(default_factory=dict)
    halved: frozenset[str] = frozenset()
    scratch: Mapping[str, Array] = field(default_factory=dict)
    holds: Holds | None = None

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.states["h"]) - 1

    @property
    def batch(self) -> int:
        """B, the number of sequences."""
        return int(self.states["h"].shape[2])

    def arrays(self) -> tuple[Array, ...]:
        """Return what belongs to the steps, each array beginning with the axis of time."""
        states = (states[1:] for states in self.states.values())
        return (*self.preactivations.values(), *self.gates.values(), *self.scratch.values(), *states)

    def window(self, start: int, stop: int, sequence: int) -> Course:
        """Return the steps start … stop − 1 of one sequence, in float64."""

        def cut(arrays: Mapping[str, Array], more: int = 0) -> dict[str, Array]:
            steps, column = slice(start, stop + more), slice(sequence, sequence + 1)
            return {name: _exact(array[steps, :, column]) for name, array in arrays.items()}

        return Course(
            cut(self.states, more=1),
            cut(self.preactivations),
            cut(self.gates),
            self.halved,
            cut(self.scratch),
            self.holds and self.holds.window(start, stop, sequence),
        )


def _exact(array: Array) -> Array:
    return np.ascontiguousarray(array, np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """What a layer runs over in one direction: T steps of inputs, from an initial state, (H, B) by name.

    keep: whether the course shall hold the preactivations; if not, they are written where the gates come to
    stand, which makes large networks quicker.
    """

    inputs: Inputs
    initial: Mapping[str, Array]
    steps: int
    holds: Holds | None = None
    keep: bool = True

    @property
    def flat(self) -> bool:
        """Whether there is one sequence only, so that steps are quicker without the axis B."""
        return len(self.initial["h"].T) == 1

    def empty(self, rows: int = 1, more: int = 0) -> Array:
        """Return an unfilled array (T + more, rows · H, B)."""
        h = self.initial["h"]
        return np.empty((self.steps + more, rows * h.shape[0], h.shape[1]), h.dtype)

    def chunks(self, a: Array, steps: list[_Step]) -> list[Chunk[_Step]]:
        """Cut the steps, and `a`, (T, G·H, B), which takes what they read, into pieces."""
        chunk = chunk_of(self.initial["h"], self.steps)
        starts = range(0, self.steps, chunk)
        return [Chunk(n, min(n + chunk, self.steps), a[n : n + chunk], steps[n : n + chunk]) for n in starts]


@dataclass(frozen=True, slots=True)
class Chunk(Generic[_Step]):
    """Steps start … stop − 1 to run over, after what they read has been projected into `a`, (n, G·H, B)."""

    start: int
    stop: int
    a: Array
    steps: list[_Step]


class Block(NamedTuple):
    """The gradient of a block of weight rows: rows `delta` of δ times `source`, (T, ·, B)."""

    delta: slice
    rows: slice
    source: Array


class Runner(Protocol):
    """A layer in one direction, bound to its parameters, its input and its buffers.

    It can run again whenever the numbers in them have changed, and fills the same buffers anew.
    """

    course: Course  # what `run` fills, every array of the steps contiguous

    def run(self) -> None:
        """Run over all steps."""


Parts: TypeAlias = tuple["Array", ...]


class Adjoint(Protocol):
    """How gradients pass back through the steps of one layer in one direction.

    Gradients of a step's state are columns (S, N), S = H times the number of the cell's states in their
    order: a column a sequence in `backward`, a loss in `gradient_flow`, a unit in `jacobian`. N is the number
    of sequences of the course, or any if that is one.
    """

    width: int  # rows of δ
    chunk: int  # how many steps are linearised at once

    def begin(self) -> None:
        """Take in the parameters, which may have changed since the last sweep."""

    def linearise(self, start: int, stop: int) -> None:
        """Take in steps of the course; start is a multiple of `chunk`, the steps are no more than `chunk`."""

    def cut(self, gradient: Array, delta: Array, below: Array) -> Parts:
        """Return what `pull` works on: parts of gradient (S, N), delta (width, N) and below (S, N).

        The three are contiguous and overlap nothing; they have no axis N if the adjoint was made flat.
        """

    def pull(self, step: int, parts: Parts) -> None:
        """Write δ, the gradient of the step's preactivations, and `below`, that of the state before the step.

        The step must be among those linearised last. A cell may complete `gradient` (c within the same step).
        """

    def input_blocks(self) -> tuple[tuple[slice, slice], ...]:
        """Return which rows of δ are the gradient of which rows of W_ih x + b_ih."""

    def recurrent_blocks(self) -> tuple[Block, ...]:
        """Return which rows of δ are the gradient of which rows of W_hh h + b_hh, and what stands for h."""

    def named(self, delta: Array) -> dict[str, Array]:
        """Return the gradients of the preactivations by name. delta: (T, width, B)."""


class Stage(NamedTuple):
    """A part of what happens within one step: what a reader calls it, and the gates and states it makes."""

    title: str
    computes: tuple[str, ...]


class Cell(Protocol):
    """One kind of layer. Gate blocks, their order and their names are PyTorch's."""

    title: str
    gates: tuple[str, ...]  # row blocks of the weights
    states: tuple[str, ...]  # "h" first
    memory: str  # the state that a verdict on the gradient looks at
    keeps: str  # the gate that says how much of it goes straight on to the next step; "" if there is none
    recurrent: bool  # has weight_hh and bias_hh
    activations: tuple[str, ...]  # the first is the usual one
    stages: tuple[Stage, ...]  # in which a step is computed, after x has entered and before ŷ appears

    def runner(self, spec: NetworkSpec, weights: Weights, source: Source) -> Runner:
        """Bind a layer to what it reads."""

    def adjoint(self, spec: NetworkSpec, weights: Weights, course: Course, *, flat: bool = False) -> Adjoint:
        """Bind a layer to what it computes. flat: pull vectors, not columns, through one sequence."""


COLUMNS = (
    512  # of all sequences: so many are worked on at once, enough for a product, few enough for the cache
)


def chunk_of(columns: Array, steps: int) -> int:
    """Return how many steps are worked on at once, at least one. columns: (…, B)."""
    return max(1, min(max(1, steps), COLUMNS // int(columns.shape[-1])))


def backwards(adjoint: Adjoint, steps: int) -> Iterator[int]:
    """Return the steps from the last to the first, each linearised when it comes."""
    for start in range((steps - 1) // adjoint.chunk * adjoint.chunk, -1, -adjoint.chunk):
        stop = min(start + adjoint.chunk, steps)
        adjoint.linearise(start, stop)
        yield from range(stop - 1, start - 1, -1)
