"""What a parameter's gradient is made of: one outer product for every loss t and step k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine.arrays import column_norms
from rnnviz.engine.errors import ShapeError
from rnnviz.engine.pairs import Pairs
from rnnviz.engine.parameters import parameter_shapes

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array
    from rnnviz.engine.passages import Passages


class Part(NamedTuple):
    """Rows of a parameter: their term (t, k) is left(t, k) right(k)ᵀ. left: (R, pairs); right: (n, C)."""

    rows: slice
    left: Array
    right: Array


@dataclass(frozen=True, eq=False, slots=True)
class Terms:
    """The terms of one parameter; a bias is a weight on a constant 1.

    turned: the steps stand in the backward order. own_step_only: only the loss of its own step reaches the
    parameter, and left has a column a step. transposed: the parameter is right leftᵀ (a table of embeddings).
    """

    shape: tuple[int, ...]
    pairs: Pairs
    parts: tuple[Part, ...]
    turned: bool = False
    own_step_only: bool = False
    transposed: bool = False

    def norms(self) -> Array:
        """Return the norms of all terms, (n, n) by [t, k]."""
        squares: Array = np.zeros((self.pairs.steps, self.pairs.steps))
        for part in self.parts:
            left, right = column_norms(part.left), column_norms(part.right.T)
            norms = np.diag(left * right) if self.own_step_only else self.pairs.to_map(left)
            if not self.own_step_only:
                np.multiply(norms, right, out=norms, where=self.pairs.mask())
            squares = norms if len(self.parts) == 1 else np.hypot(squares, norms)
        return squares[::-1, ::-1] if self.turned else squares

    def term(self, t: int, k: int) -> Array:
        """Return the term of loss t and step k, in the parameter's shape."""
        if self.turned:
            t, k = self.pairs.steps - 1 - t, self.pairs.steps - 1 - k
        found = np.zeros(self.shape)
        if (t != k) if self.own_step_only else not self.pairs.has(t, k):
            return found
        column = t if self.own_step_only else self.pairs.starts[k] + self.pairs.place(t, k)
        for part in self.parts:
            outer = np.outer(part.left[:, column], part.right[k])
            found[part.rows] = (outer.T if self.transposed else outer).reshape(found[part.rows].shape)
        return found


def terms_of(passages: Passages, name: str) -> Terms:
    """Return the terms of a parameter. Raises ShapeError if there is no such parameter."""
    shapes = parameter_shapes(passages.spec)
    if name not in shapes:
        raise ShapeError(f"{name} is no parameter of this network; it has {', '.join(shapes)}.")
    if name.startswith("head."):
        return _of_head(passages, name, shapes[name])
    if name == "embedding.weight":
        return _of_embedding(passages, shapes[name])
    kind, _, end = name.partition("_l")
    number, _, reverse = end.partition("_")
    passage = passages.passage(int(number), 1 if reverse else 0)
    ones = np.ones((passages.steps, 1))
    if "_ih" in kind:
        right = ones if "bias" in kind else passage.inputs
        blocks = passage.adjoint.input_blocks()
        parts = tuple(Part(out, passage.delta.joined(rows), right) for rows, out in blocks)
    else:
        parts = tuple(
            Part(
                block.rows,
                passage.delta.joined(block.delta),
                ones if "bias" in kind else block.source[:, :, 0],
            )
            for block in passage.adjoint.recurrent_blocks()
        )
    return Terms(shapes[name], passage.pairs, parts, turned=bool(reverse))


def _of_head(passages: Passages, name: str, shape: tuple[int, ...]) -> Terms:
    output = passages.trace.layers[-1].columns[passages.first : passages.last, :, passages.sequence]
    right = np.ones((passages.steps, 1)) if "bias" in name else np.asarray(output, np.float64)
    parts = (Part(slice(None), passages.by_logits, right),)
    return Terms(shape, Pairs(passages.steps, causal=True), parts, own_step_only=True)


def _of_embedding(passages: Passages, shape: tuple[int, ...]) -> Terms:
    left = passages.by_outputs(-1)
    right = passages.trace.inputs.vectors(passages.first, passages.last, passages.sequence)
    return Terms(shape, left.pairs, (Part(slice(None), left.joined(), right),), transposed=True)
