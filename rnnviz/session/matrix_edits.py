"""What can be done to a matrix of weights, or to a rectangle of one, as pure functions.

An edit that changes nothing returns the state it was given. What is not possible raises EditError, one
sentence for the user.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from rnnviz import engine as e
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from rnnviz.session.state import DocumentState

    Values = NDArray[np.floating]

Distribution = Literal["uniform", "normal"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)
SMALLEST = 1e-12  # of the largest entry: a spectral radius below it is zero but for rounding


def with_block(state: DocumentState, name: str, row: int, column: int, values: ArrayLike) -> DocumentState:
    """Write values (rows, columns) over a parameter from an entry on; a bias has the column 0 only."""
    array = parameter(state, name).copy()
    cells = array.reshape(len(array), -1)
    block = np.asarray(values, np.float64)
    rows, columns = slice(row, row + block.shape[0]), slice(column, column + block.shape[1])
    if min(row, column) < 0 or rows.stop > cells.shape[0] or columns.stop > cells.shape[1]:
        raise EditError(f"{name} has {sized(cells.shape)} entries; the block would reach beyond them.")
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = block.astype(array.dtype)
    if not np.isfinite(numbers).all():
        raise EditError(f"A weight must be a finite {array.dtype} number, not {_bad(block, numbers):g}.")
    if np.array_equal(cells[rows, columns], numbers):
        return state
    cells[rows, columns] = numbers
    return replace(state, parameters=state.parameters.replaced({name: array}))


def parameter(state: DocumentState, name: str) -> e.Array:
    """Return a parameter by its stored name."""
    if name not in state.parameters:
        raise EditError(f"This network has no weights called {name}.")
    return state.parameters[name]


def _bad(block: Values, numbers: e.Array) -> float:
    return float(block[~np.isfinite(numbers)][0])


def sized(shape: tuple[int, ...]) -> str:
    """Write a size: 3 × 4."""
    return " × ".join(f"{length:,}" for length in shape)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What operations may be told: a factor; how to draw by chance, and by which seed; a spectral radius.

    width: what uniform numbers stay within, ±, or the standard deviation of normal ones.
    """

    factor: float = 2.0
    distribution: Distribution = "uniform"
    width: float = 1.0
    seed: int = 0
    radius: float = 1.0


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to do to a matrix. title: in menus; done: in the history, {} for the matrix's name.

    help: one sentence of what it changes; asks: the fields of `Numbers` that it needs; square: whether it
    makes sense for square matrices only.
    """

    name: str
    title: str
    done: str
    help: str
    asks: tuple[str, ...] = ()
    square: bool = False


_ALL = (
    Operation("scale", "Scale by…", "Scale {}", "Multiply every entry by a number: W ← a W", ("factor",)),
    Operation("negate", "Negate", "Negate {}", "Turn every sign: W ← −W"),
    Operation(
        "transpose",
        "Transpose",
        "Transpose {}",
        "Swap rows and columns: W ← Wᵀ, which leaves the eigenvalues as they are",
        square=True,
    ),
    Operation("zero", "Zero", "Zero {}", "Set every entry to 0: W ← 0"),
    Operation(
        "identity",
        "Identity",
        "Set {} to the identity",
        "1 on the diagonal and 0 elsewhere: W ← I, which hands every number on as it is",
        square=True,
    ),
    Operation(
        "orthogonal",
        "Orthogonal…",
        "Draw {} orthogonal",
        "Draw a matrix that keeps lengths: Wᵀ W = I, so that every |eigenvalue| is 1",
        ("seed",),
        square=True,
    ),
    Operation(
        "random",
        "Random…",
        "Draw {} at random",
        "Draw every entry by chance, uniform or normal",
        ("distribution", "width", "seed"),
    ),
    Operation(
        "radius",
        "Spectral radius…",
        "Scale the spectral radius of {}",
        "Multiply by the number that makes the largest |eigenvalue| what you want",
        ("radius",),
        square=True,
    ),
)
OPERATIONS = {operation.name: operation for operation in _ALL}
"""By name, in the order of menus."""


def refusal(operation: Operation, values: Values) -> str:
    """Return why an operation cannot be done to such a matrix, in one sentence; empty if it can."""
    if operation.square and values.shape[0] != values.shape[1]:
        return f"{operation.title.rstrip('…')} needs as many rows as columns; this is {sized(values.shape)}."
    if operation.name == "radius" and not _radius(values):
        return "All eigenvalues are 0, and no factor changes that."
    return ""


def changed(name: str, values: Values, numbers: Numbers) -> Values:
    """Return what an operation makes of a matrix. Raises EditError if it cannot be done."""
    operation = OPERATIONS[name]
    if sentence := refusal(operation, values):
        raise EditError(sentence)
    if numbers.seed < 0:
        raise EditError(f"A seed is a whole number of at least 0, not {numbers.seed}.")
    with np.errstate(over="ignore", invalid="ignore"):
        return _changed(name, np.asarray(values, np.float64), numbers)


def _changed(name: str, values: Values, numbers: Numbers) -> Values:
    size = len(values)
    made: dict[str, Callable[[], Values]] = {
        "scale": lambda: values * numbers.factor,
        "negate": lambda: 0.0 - values,  # no −0
        "transpose": lambda: values.T,
        "zero": lambda: np.zeros(values.shape),
        "identity": lambda: np.eye(size),
        "orthogonal": lambda: _orthogonal(size, numbers.seed),
        "random": lambda: _random((size, values.shape[1]), numbers),
        "radius": lambda: _of_radius(values, numbers.radius),
    }
    return made[name]()


def _orthogonal(size: int, seed: int) -> Values:
    drawn: Values = e.SCHEMES["orthogonal"].recurrent(size, np.random.default_rng(seed))
    return drawn


def _random(shape: tuple[int, int], numbers: Numbers) -> Values:
    if not (np.isfinite(numbers.width) and numbers.width >= 0):
        raise EditError(f"A width is a finite number of at least 0, not {numbers.width:g}.")
    draw = np.random.default_rng(numbers.seed)
    if numbers.distribution == "normal":
        return draw.normal(0.0, numbers.width, shape)
    return numbers.width * draw.uniform(-1.0, 1.0, shape)


def _of_radius(values: Values, radius: float) -> Values:
    if not (np.isfinite(radius) and radius >= 0):
        raise EditError(f"A spectral radius is a finite number of at least 0, not {radius:g}.")
    return values * (radius / _radius(values))


def _radius(values: Values) -> float:
    """Return the spectral radius of a square matrix, 0 if it is only rounding that keeps it from 0."""
    if not values.size:
        return 0.0
    found = e.spectrum(values).spectral_radius
    return found if found > SMALLEST * float(np.abs(values).max()) else 0.0
