"""Spectral radii that are known, so that a knob that scales a matrix need not find eigenvalues again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.parameters import suffix

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

KEPT = 8


class Radii:
    """Remembers the radii of the last few parameters; any thread may ask."""

    def __init__(self) -> None:
        self._known: OrderedDict[e.Parameters, float] = OrderedDict()
        self._lock = Lock()

    def known(self, state: DocumentState) -> float | None:
        """Return the radius of a state's weights if it was asked for, or put down, before."""
        with self._lock:
            return self._known.get(state.parameters)

    def of(self, state: DocumentState) -> float:
        """Return the largest spectral radius of the recurrent blocks of the top layer, forwards."""
        radius = self.known(state)
        if radius is None:
            radius = _found(state)
            self.put(state, radius)
        return radius

    def put(self, state: DocumentState, radius: float) -> None:
        """Remember a radius."""
        with self._lock:
            self._known[state.parameters] = radius
            self._known.move_to_end(state.parameters)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)


def _found(state: DocumentState) -> float:
    """Return the radius, NaN of a network without recurrent weights and of weights that are not finite."""
    spec = state.spec
    weight = state.parameters.get("weight_hh" + suffix(spec.num_layers - 1, 0))
    if weight is None or not np.isfinite(weight).all():
        return float("nan")
    blocks = np.split(np.asarray(weight, np.float64), len(e.CELLS[spec.cell].gates))
    return max(float(np.abs(np.linalg.eigvals(block)).max()) for block in blocks)
