"""Orthogonal recurrent weights (Saxe, McClelland & Ganguli 2014)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.initialisers._registry import register
from rnnviz.engine.initialisers.glorot import Glorot

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array


@register("orthogonal")
class Orthogonal(Glorot):
    """An orthogonal matrix for each gate's recurrent block; the other weights are Glorot's, biases zero."""

    title = "Orthogonal"
    help = "Recurrent weights keep the length of every vector, so gradients of a linear network last."

    def recurrent(self, units: int, generator: np.random.Generator, /) -> Array:
        """Draw from all orthogonal matrices alike, by the QR decomposition of a normal one."""
        q, r = np.linalg.qr(generator.standard_normal((units, units)))
        # QR is unique, and Q evenly distributed, once the diagonal of R is positive (Mezzadri 2007).
        orthogonal: Array = q * np.copysign(1.0, np.diagonal(r))
        return orthogonal
