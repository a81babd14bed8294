"""Fixed points: states that a constant input leaves as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.autonomous import Autonomous
from rnnviz.engine.checks import check_parameters
from rnnviz.engine.errors import SpecError
from rnnviz.engine.stack_jacobian import StackJacobian, check_one_way

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec

_RESIDUAL = 1e-10  # how little a fixed point may move in a step
_NEAR = 1e-6  # how near to each other, relative to their length, two states count as one
_SETTLING, _SPELL = 200, 50  # how many steps states are left to settle, and how many at once
_LARGEST_STATE = 1e8  # beyond it a state is on its way to infinity
_UPDATES, _PATIENCE = 200, 12  # how many updates a search may take, and how many without halving the residual


@dataclass(frozen=True, eq=False, slots=True)
class FixedPoint:
    """A state that one step leaves as it is, and how states near it move.

    state: (n,), all layers from the lowest up, each with all states of the cell; residual: how far one step
    still moves it; eigenvalues: (n,), of the Jacobian there, complex, the largest first; stable: whether all
    are less than 1 in magnitude, so that states near it come nearer.
    """

    state: Array
    residual: float
    eigenvalues: NDArray[np.complexfloating]
    stable: bool


@np.errstate(all="ignore")
def fixed_points(
    spec: NetworkSpec,
    params: Parameters,
    x: ArrayLike | None = None,
    starts: int = 64,
    seed: int = 0,
    near: Sequence[Array] | None = None,
) -> tuple[FixedPoint, ...]:
    """Return those fixed points at a constant input that a search from seeded starts finds, in float64.

    x: (I,), zeros by default. There may be others: a search proves nothing. It goes by Levenberg–Marquardt
    with the exact Jacobian, from the zero state, from random states, and from where these settle; they are
    sorted by their states. near: states (n,) to search from instead, such as the fixed points of weights that
    were a little different. Raises SpecError if the network is bidirectional, ShapeError if x does not fit.
    """
    check_parameters(spec, params)
    check_one_way(spec, "fixed points")
    if starts < 1:
        raise SpecError(f"starts must be a whole number of at least 1, not {starts!r}.")
    network = Autonomous(spec, params, x)
    found: list[_Candidate] = []
    for start in _starts(network, starts, np.random.default_rng(seed)) if near is None else near:
        candidate = _refined(network, start)
        known = [other.state for other in found]
        if candidate.residual <= _RESIDUAL and not _is_known(candidate.state, known):
            found.append(candidate)
    return tuple(sorted(map(_described, found), key=_place))


class _Candidate:
    """A state (n,), how one step changes it, and how much."""

    def __init__(self, network: Autonomous, state: Array) -> None:
        self.network, self.state = network, state
        self.trace = network.run(state[None])
        self.change = network.after(self.trace)[0] - state
        self.residual = float(np.linalg.norm(self.change))

    @cached_property
    def jacobian(self) -> Array:
        """The derivative of the next state by this one."""
        return StackJacobian(self.network.spec, self.network.params, self.trace).at(0)

    def better(self, damping: float) -> _Candidate:
        """Return where a damped Newton step leads (Levenberg 1944); the damping fades with the residual."""
        slope = self.jacobian - np.eye(len(self.state))
        normal = slope.T @ slope
        normal.flat[:: len(normal) + 1] += damping * self.residual**2
        try:
            step = np.linalg.solve(normal, slope.T @ self.change)
        except np.linalg.LinAlgError:
            return self
        return _Candidate(self.network, self.state - step)


def _refined(network: Autonomous, start: Array) -> _Candidate:
    """Return what a search from a state comes to."""
    best, damping = _Candidate(network, start), 1e-2
    mark, waited = best.residual, 0
    for _ in range(_UPDATES):
        if not 0 < best.residual < _LARGEST_STATE or waited > _PATIENCE:
            break
        trial = best.better(damping)
        halved = trial.residual <= mark / 2
        if best.residual <= _RESIDUAL and not halved:
            break
        if trial.residual < best.residual:
            best, damping = trial, damping / 10
        else:
            damping *= 10
        mark, waited = (trial.residual, 0) if halved else (mark, waited + 1)
    return best


def _starts(network: Autonomous, number: int, draw: np.random.Generator) -> Iterator[Array]:
    """Return where to search from: zero, random states of many sizes, and where all of these settle."""
    sizes = 10 ** draw.uniform(-1.0, 0.5, (number, 1))
    states: Array = draw.normal(size=(number, network.size)) * sizes
    states[0] = 0.0
    yield from states
    for _ in range(0, _SETTLING, _SPELL):
        states = states[np.abs(states).max(axis=1) < _LARGEST_STATE]
        if not len(states):
            return
        states = network.after(network.run(states, _SPELL))
    settled: list[Array] = []
    for state in states:
        if not _is_known(state, settled):
            settled.append(state)
    yield from settled


def _is_known(state: Array, others: Sequence[Array]) -> bool:
    """Tell whether a state is as good as one of the others."""
    if not others:
        return False
    apart = np.linalg.norm(np.asarray(others) - state, axis=1)
    return bool((apart <= _NEAR * (1.0 + np.linalg.norm(state))).any())


def _described(candidate: _Candidate) -> FixedPoint:
    eigenvalues = np.linalg.eigvals(candidate.jacobian).astype(np.complex128)
    order = np.lexsort((-eigenvalues.imag, -eigenvalues.real, -np.abs(eigenvalues).round(12)))
    stable = bool((np.abs(eigenvalues) < 1).all())
    return FixedPoint(candidate.state, candidate.residual, eigenvalues[order], stable)


def _place(point: FixedPoint) -> tuple[float, ...]:
    """Return what to sort by, equal for states that differ by rounding only."""
    return tuple(point.state.round(6).tolist())
