"""The array types of the engine and what every module needs from them."""

from __future__ import annotations

from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating]
Integers: TypeAlias = NDArray[np.integer]
Booleans: TypeAlias = NDArray[np.bool_]

# Squares of norms within these bounds neither underflow nor overflow in float64.
_SMALLEST, _LARGEST = 1e-140, 1e140


def as_rows(array: NDArray[Any]) -> NDArray[Any]:
    """Return the vectors along the last axis as the rows of a matrix."""
    return array.reshape(-1, array.shape[-1])


def by_class(array: Array) -> Array:
    """Return (T, B, O) as (O, T·B), a view if `empty_by_step` made it."""
    return as_rows(array).T


def empty_by_step(shape: tuple[int, int, int], number: np.dtype[np.floating]) -> Array:
    """Return an unfilled array of shape (T, B, O) that lies in memory class by class.

    What softmax does to every step, it then does to long rows at once, in half the time.
    """
    steps, batch, classes = shape
    return np.empty((classes, steps * batch), number).T.reshape(shape)


class ByUnit:
    """Lays (T, n, B) out as (n, T·B), which is what one product over all steps needs.

    The buffer is used again and again: large new arrays cost more time than filling them.
    """

    def __init__(self, number: np.dtype[np.floating]) -> None:
        self._buffer = np.empty(0, number)

    def of(self, columns: Array) -> Array:
        """Return the numbers laid out, a view if there is one sequence; they last until the next call."""
        steps, rows, batch = columns.shape
        if batch == 1:
            return columns[:, :, 0].T
        if len(self._buffer) < columns.size:
            self._buffer = np.empty(columns.size, columns.dtype)
        laid = self._buffer[: columns.size].reshape(rows, steps, batch)
        np.copyto(laid, columns.swapaxes(0, 1))
        return laid.reshape(rows, -1)


def add_product(left: Array, right: Array, out: Array, *, fresh: bool) -> None:
    """Add a matrix product to `out`, or write it there if fresh."""
    if fresh:
        np.dot(left, right, out)
    else:
        np.add(out, np.dot(left, right), out)


def by_step(columns: NDArray[Any], *, flat: bool) -> list[NDArray[Any]]:
    """Return the steps of (T, …, B), each (…, B); flat drops the axis of B = 1, which makes work quicker."""
    return list(columns[..., 0] if flat else columns)


def is_finite(array: NDArray[Any]) -> bool:
    """Tell whether an array holds neither infinity nor NaN."""
    numbers = array.ravel("K")
    # One product says it of all but the largest numbers, in a third of the time.
    return bool(isfinite(numbers.dot(numbers)) or np.isfinite(numbers).all())


def column_norms(columns: Array) -> Array:
    """Return the Euclidean norm of every column, exact also where the squares leave the range of float64.

    columns: (m, n), float64. Columns that hold infinity or NaN have a norm of infinity or NaN.
    """
    norms: Array = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    doubtful = ~((norms > _SMALLEST) & (norms < _LARGEST))
    if doubtful.any():
        norms[doubtful] = _scaled_norms(columns[:, doubtful])
    return norms


def row_norms(rows: Array) -> Array:
    """Return the Euclidean norm of every row, as exact. rows: (n, m), float64."""
    return column_norms(rows.T)


def _scaled_norms(columns: Array) -> Array:
    """Return the norms of columns by scaling each with its largest entry first."""
    largest = np.abs(columns).max(axis=0, initial=0.0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    scaled = columns / scale
    norms: Array = scale * np.sqrt(np.einsum("ij,ij->j", scaled, scaled))
    return norms
