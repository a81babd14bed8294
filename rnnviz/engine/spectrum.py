"""What a matrix does when it is applied again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.engine.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from rnnviz.engine.arrays import Array


@dataclass(frozen=True, eq=False, slots=True)
class Spectrum:
    """Eigenvalues (n,), complex, largest magnitude first; singular values (n,), largest first.

    spectral_radius: the largest |eigenvalue|; norm: the 2-norm, the largest singular value.
    """

    eigenvalues: NDArray[np.complexfloating[Any, Any]]
    singular_values: Array
    spectral_radius: float
    norm: float


@np.errstate(all="ignore")
def spectrum(matrix: ArrayLike) -> Spectrum:
    """Return the eigenvalues and singular values of a square matrix; all NaN if it is not finite.

    Raises ShapeError if the matrix is not square or empty.
    """
    square = np.asarray(matrix, np.float64)
    if square.ndim != 2 or square.shape[0] != square.shape[1] or not square.size:
        raise ShapeError(f"A spectrum needs a square matrix, not one of shape {square.shape}.")
    if not np.isfinite(square).all():
        unknown = np.full(len(square), np.nan)
        return Spectrum(unknown.astype(np.complex128), unknown, np.nan, np.nan)
    # LAPACK squares entries along the way: bring the largest to 1 first, so that 1e300 does not overflow.
    scale = float(np.abs(square).max()) or 1.0
    eigenvalues = np.linalg.eigvals(square / scale).astype(np.complex128) * scale
    eigenvalues = eigenvalues[np.argsort(-np.abs(eigenvalues), kind="stable")]
    singular_values = np.linalg.svd(square / scale, compute_uv=False) * scale
    return Spectrum(eigenvalues, singular_values, float(np.abs(eigenvalues[0])), float(singular_values[0]))
