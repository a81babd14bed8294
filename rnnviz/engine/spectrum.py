"""What a matrix does when it is applied again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import ShapeError
from rnnviz.engine.parameters import suffix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec

Place: TypeAlias = tuple[str, int]
"""A parameter and the first row of a gate's block of it."""


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


@dataclass(frozen=True, eq=False, slots=True)
class Spectra:
    """The spectra of the square matrices of one layer and direction and of the readout, by their places."""

    matrices: Mapping[Place, Array]
    found: Mapping[Place, Spectrum]


def spectra(
    spec: NetworkSpec, params: Parameters, layer: int = -1, direction: int = 0, earlier: Spectra | None = None
) -> Spectra:
    """Return the spectra of a layer and direction; what `earlier` has of the same matrices is taken over."""
    matrices = _square_matrices(spec, params, layer, direction)
    found = {place: _found(matrix, place, earlier) for place, matrix in matrices.items()}
    return Spectra(matrices, found)


def _square_matrices(spec: NetworkSpec, params: Parameters, layer: int, direction: int) -> dict[Place, Array]:
    end, size = suffix(layer % spec.num_layers, direction), spec.hidden_size
    blocks = {
        (name, n * size): params[name][n * size : (n + 1) * size]
        for name in ("weight_ih" + end, "weight_hh" + end)
        if name in params
        for n in range(len(CELLS[spec.cell].gates))
    }
    blocks["head.weight", 0] = params["head.weight"]
    return {place: block for place, block in blocks.items() if block.shape[0] == block.shape[1]}


def _found(matrix: Array, place: Place, earlier: Spectra | None) -> Spectrum:
    known = None if earlier is None else earlier.matrices.get(place)
    if earlier is not None and known is not None and np.array_equal(known, matrix):
        return earlier.found[place]
    return spectrum(matrix)
