"""The input's way into a layer, for all steps at once, and its gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import numpy as np

from rnnviz.engine.arrays import as_rows, product

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array, Integers


def is_tokens(x: Array | Integers) -> TypeGuard[Integers]:
    """Tell tokens, integers (T, B) that stand for one-hot vectors, from vectors (T, B, I)."""
    return x.ndim == 2


def project(x: Array | Integers, weight: Array, bias: Array) -> Array:
    """Return W x_t + b of all steps, a fresh (T, B, R). x: (T, B, I), or tokens (T, B); weight: (R, I).

    A one-hot vector picks a column of W, so tokens need no product; vectors need one for all steps.
    """
    if not is_tokens(x):
        projected = product(x, weight.T)
        projected += bias
        return projected
    projected = np.empty((*x.shape, len(weight)), weight.dtype)
    np.add(weight.take(x.ravel(), axis=1).T, bias, out=as_rows(projected))
    return projected


def weight_gradient(delta: Array, x: Array | Integers, out: Array) -> None:
    """Write Σ δ_t x_tᵀ over all steps and sequences. delta: (T·B, R); x as in `project`; out: (R, I)."""
    if is_tokens(x):
        out.fill(0.0)
        np.add.at(out.T, x.ravel(), delta)
    else:
        np.dot(delta.T, as_rows(x), out=out)
