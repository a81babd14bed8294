"""The plane in which states are drawn: two numbers exactly, more on their principal directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Plane:
    """A point (n,) of state space and two orthonormal directions from it, (2, n).

    exact: all of state space lies in it. share: how much of the states' variance does, 0 … 1.
    """

    middle: Floats
    directions: Floats
    exact: bool
    share: float

    def project(self, states: Floats) -> Floats:
        """Return where states (N, n) lie in the plane, (N, 2)."""
        with np.errstate(all="ignore"):
            found: Floats = (states - self.middle) @ self.directions.T
        return found

    def lift(self, places: Floats) -> Floats:
        """Return the states (N, n) of places in the plane, (N, 2)."""
        return self.middle + places @ self.directions


def plane_of(states: Floats) -> Plane:
    """Return the plane that holds most of the variance of states (N, n), n at least 2.

    Of two numbers it is the plane itself, each on its own axis. A direction's largest entry is positive, so
    that the picture does not flip while a weight is dragged.
    """
    size = states.shape[1]
    if size == 2:
        return Plane(np.zeros(2), np.eye(2), True, 1.0)
    known = states[np.isfinite(states).all(1)]
    middle = known.mean(0) if len(known) else np.zeros(size)
    spread = known - middle
    if not np.isfinite(spread @ spread.T).all() or not spread.any():
        return Plane(middle, np.eye(2, size), False, 1.0)
    squares, chosen = _principal(spread)
    largest = np.abs(chosen).argmax(1)
    signs = np.sign(chosen[np.arange(2), largest])
    share = float(squares[:2].sum() / squares.sum())
    return Plane(middle, chosen * signs[:, None], False, share)


def _principal(spread: Floats) -> tuple[Floats, Floats]:
    """Return all variances, the largest first, and the two directions of the largest; spread: (N, n)."""
    count, size = spread.shape
    if count < size:
        _, sizes, directions = np.linalg.svd(spread, full_matrices=count < 2)
        return sizes**2, directions[:2]
    # n×n is smaller than N×n, and both directions are accurate: they belong to the largest variances.
    squares, columns = np.linalg.eigh(spread.T @ spread)
    return np.maximum(squares[::-1], 0.0), columns.T[::-1][:2]
