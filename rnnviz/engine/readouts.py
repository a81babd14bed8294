"""What becomes of the logits: the predictions ŷ of every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rnnviz.engine.arrays import Array

Readout: TypeAlias = Callable[[Array, Array, Array], None]


def softmax(scores: Array, out: Array, row: Array) -> None:
    """Write exp(z) / Σ exp(z) along the first axis; with the largest z taken away, no exp overflows."""
    np.maximum.reduce(scores, 0, out=row)
    np.subtract(scores, row, out)
    np.exp(out, out)
    np.add.reduce(out, 0, out=row)
    np.divide(out, row, out)


def sigmoid(scores: Array, out: Array, _row: Array) -> None:
    """Write σ(z) = 1 / (1 + e^−z); unlike ½ + ½ tanh(z/2), it is exact where it is small.

    Where e^−z overflows, σ is 0 all the same.
    """
    np.negative(scores, out)
    np.exp(out, out)
    np.add(out, 1.0, out)
    np.reciprocal(out, out)


def linear(scores: Array, out: Array, _row: Array) -> None:
    """Write the logits as they are."""
    np.copyto(out, scores)


# By the name that a specification has: scores (O, N) → out (O, N), class by class; row (N,) is overwritten.
READOUT_FUNCTIONS: dict[str, Readout] = {"softmax": softmax, "sigmoid": sigmoid, "linear": linear}
