"""The array types of the engine and what every module needs from them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def product(vectors: NDArray[Any], matrix: Array) -> Array:
    """Return vectors · matrix, (…, M) and (M, N), in one matrix product; `np.dot` alone would loop."""
    rows: Array = np.dot(as_rows(vectors), matrix)
    return rows.reshape(*vectors.shape[:-1], matrix.shape[1])


def by_name(vectors: Array, names: Sequence[str]) -> dict[str, Array]:
    """Name the equal parts of vectors that hold several states side by side. vectors: (…, H · names)."""
    size = vectors.shape[-1] // len(names)
    return {name: vectors[..., n * size : (n + 1) * size] for n, name in enumerate(names)}


def is_finite(array: NDArray[Any]) -> bool:
    """Tell whether an array holds neither infinity nor NaN."""
    numbers = array.ravel("K")
    # One product says it of all but the largest numbers, in a third of the time.
    return bool(isfinite(numbers.dot(numbers)) or np.isfinite(numbers).all())


def row_norms(rows: Array) -> Array:
    """Return the Euclidean norm of every row, exact also where the squares leave the range of float64.

    rows: (n, m), float64. Rows that hold infinity or NaN have a norm of infinity or NaN.
    """
    norms: Array = np.sqrt(np.vecdot(rows, rows))
    doubtful = ~((norms > _SMALLEST) & (norms < _LARGEST))
    if doubtful.any():
        norms[doubtful] = _scaled_norms(rows[doubtful])
    return norms


def _scaled_norms(rows: Array) -> Array:
    """Return the norms of rows by scaling each with its largest entry first."""
    largest = np.abs(rows).max(axis=1, initial=0.0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    scaled = rows / scale[:, None]
    norms: Array = scale * np.sqrt(np.vecdot(scaled, scaled))
    return norms
