"""The input's way into a layer, for all steps at once, and its gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from rnnviz.engine.arrays import as_rows

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array, Integers


def is_tokens(x: Array | Integers) -> TypeGuard[Integers]:
    """Tell tokens, integers (T, B) that stand for one-hot vectors, from vectors (T, B, I)."""
    return x.ndim == 2


def project(x: Array | Integers, weight: Array, bias: Array, out: Array) -> None:
    """Write W x_t + b of all steps. x: (T, B, I), or tokens (T, B); weight: (R, I); out: (T, B, R).

    A one-hot vector picks a column of W, so tokens need no product; vectors need one for all steps.
    """
    rows = as_rows(out)
    if not is_tokens(x):
        np.dot(as_rows(x), weight.T, rows)
        np.add(rows, bias, rows)
    elif x.size < weight.shape[1]:
        np.add(weight.take(x.ravel(), axis=1).T, bias, rows)
    else:
        # Copying a row of a table is far quicker than gathering a column.
        table = np.add(weight.T, bias, np.empty(weight.T.shape, weight.dtype))
        table.take(x.ravel(), 0, rows, "clip")


def places(x: Array | Integers, rows: int) -> Integers | None:
    """Return where each δ of each token adds to the transposed gradient of W, (T·B·R,); None of vectors."""
    if not is_tokens(x):
        return None
    places: Integers = (x.reshape(-1, 1) * rows + np.arange(rows)).ravel()
    return places


def weight_gradient(delta: Array, x: Array | Integers, places: Integers | None, out: Array) -> None:
    """Write Σ δ_t x_tᵀ over all steps and sequences. delta: (T·B, R); x as in `project`; out: (R, I)."""
    if places is None:
        np.dot(delta.T, as_rows(x), out)
    else:
        out.T[...] = np.bincount(places, delta.ravel(), out.size).reshape(out.T.shape)
