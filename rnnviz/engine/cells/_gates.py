"""What cells with gates share: blocks of rows, and sigmoids as scaled tanhs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.engine.arrays import Array

ALL = slice(None)


class Logistic(NamedTuple):
    """σ(a) = offset + factor · tanh(scale · a) of some blocks of rows and tanh(a) of the others.

    scale: (G·H, 1); factor and offset: (G·H, B), or (G·H,) if flat.
    """

    scale: Array
    factor: Array
    offset: Array


def logistic(sigmoids: Sequence[bool], weight: Array, flat: bool, batch: int) -> Logistic:
    """Return what makes sigmoids of the blocks of rows that `sigmoids` tells. weight: (G·H, ·), a pattern."""
    size = len(weight) // len(sigmoids)
    halves = np.repeat(np.where(sigmoids, 0.5, 1.0), size).astype(weight.dtype)[:, None]
    offsets = np.repeat(np.where(sigmoids, 0.5, 0.0), size).astype(weight.dtype)[:, None]
    if flat:
        return Logistic(halves, halves[:, 0], offsets[:, 0])
    # Whole arrays, since adding a column to each column is slower than adding two arrays.
    return Logistic(halves, np.repeat(halves, batch, axis=1), np.repeat(offsets, batch, axis=1))


def by_gate(rows: Array, names: Sequence[str]) -> dict[str, Array]:
    """Name the equal blocks of rows. rows: (T, H · names, B)."""
    size = rows.shape[1] // len(names)
    return {name: rows[:, n * size : (n + 1) * size] for n, name in enumerate(names)}


class Scratch:
    """A buffer for what nobody reads later, made anew only if another shape is wanted."""

    def __init__(self) -> None:
        self._buffer = np.empty(0)

    def like(self, array: Array) -> Array:
        """Return a buffer of the shape and type of an array."""
        if self._buffer.shape != array.shape or self._buffer.dtype != array.dtype:
            self._buffer = np.empty_like(array)
        return self._buffer
