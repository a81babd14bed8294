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
    from rnnviz.engine.passages import Passage, Passages


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

    def sums(self) -> tuple[Array, Array]:
        """Return the norms of the sums of each loss over k, and of each step over t: (n,) each."""
        steps = range(self.pairs.steps)
        of_losses = np.array([_norm(self._sum(self._of_loss(t))) for t in steps])
        of_steps = np.array([_norm(self._sum(self._of_step(k))) for k in steps])
        return (of_losses[::-1], of_steps[::-1]) if self.turned else (of_losses, of_steps)

    def _sum(self, pairs: list[tuple[int, int]]) -> Array:
        """Return the sum of the terms in some columns of left, each with its step."""
        found = np.zeros(self.shape).reshape(self.shape[0], -1)
        if not pairs:
            return found
        columns, steps = (list(each) for each in zip(*pairs, strict=True))
        for part in self.parts:
            total = part.left[:, columns] @ part.right[steps]
            found[part.rows] += total.T if self.transposed else total
        return found

    def _of_loss(self, t: int) -> list[tuple[int, int]]:
        """Return the columns of left that belong to a loss, each with its step k."""
        if self.own_step_only:
            return [(t, t)]
        pairs = self.pairs
        return [(pairs.starts[k] + pairs.place(t, k), k) for k in range(pairs.steps) if pairs.has(t, k)]

    def _of_step(self, k: int) -> list[tuple[int, int]]:
        """Return the columns of left that belong to a step, each with it."""
        if self.own_step_only:
            return [(k, k)]
        return [(column, k) for column in range(self.pairs.starts[k], self.pairs.starts[k + 1])]

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


def _norm(matrix: Array) -> float:
    return float(column_norms(matrix.reshape(-1, 1))[0])


@dataclass(frozen=True, eq=False, slots=True)
class EntryTerms:
    """The terms of one entry of a parameter, factor by factor, by [t, k] of a window of n steps.

    sent: (n, n), ∂L_t/∂ of what the entry adds to at step k; zero where no gradient gets. read: (n,), what
    the entry multiplies there, 1 for a bias. Their products sum over k to the entry of ∂L_t/∂(the parameter).
    """

    sent: Array
    read: Array

    @property
    def products(self) -> Array:
        """The terms: (n, n); zero where nothing is sent, even if what is read is not finite."""
        return np.multiply(self.sent, self.read, out=np.zeros(self.sent.shape), where=self.sent != 0)


def terms_of_entry(passages: Passages, name: str, row: int, column: int) -> EntryTerms:
    """Return the terms of an entry in n² steps of work, whatever the size of the parameter.

    column: 0 of a bias. Raises ShapeError if there is no such parameter or entry.
    """
    shape = _checked(passages, name)
    if not (0 <= row < shape[0] and 0 <= column < (*shape, 1)[1]):
        raise ShapeError(f"{name} has no entry [{row}, {column}], its shape is {shape}.")
    if name.startswith("head."):
        (part,) = _of_head(passages, name, shape).parts
        return EntryTerms(np.diag(part.left[row]), part.right[:, column])
    if name == "embedding.weight":
        left = passages.by_outputs(-1)
        sent = left.pairs.to_map(left.joined(slice(column, column + 1))[0])
        return EntryTerms(sent, _read_by_embedding(passages)[:, row])
    passage, backwards = _passage_of(passages, name)
    rows, out, right = next(block for block in _blocks(passages, passage, name) if _holds(block[1], row))
    place = (rows.start or 0) + row - (out.start or 0)
    sent = passage.pairs.to_map(passage.delta.joined(slice(place, place + 1))[0])
    read = right[:, column]
    return EntryTerms(sent[::-1, ::-1], read[::-1]) if backwards else EntryTerms(sent, read)


def _holds(rows: slice, row: int) -> bool:
    return (rows.start or 0) <= row and (rows.stop is None or row < rows.stop)


def _checked(passages: Passages, name: str) -> tuple[int, ...]:
    """Return the shape of a parameter."""
    shapes = parameter_shapes(passages.spec)
    if name not in shapes:
        raise ShapeError(f"{name} is no parameter of this network; it has {', '.join(shapes)}.")
    return shapes[name]


def terms_of(passages: Passages, name: str) -> Terms:
    """Return the terms of a parameter. Raises ShapeError if there is no such parameter."""
    shape = _checked(passages, name)
    if name.startswith("head."):
        return _of_head(passages, name, shape)
    if name == "embedding.weight":
        return _of_embedding(passages, shape)
    passage, backwards = _passage_of(passages, name)
    parts = tuple(
        Part(out, passage.delta.joined(rows), right) for rows, out, right in _blocks(passages, passage, name)
    )
    return Terms(shape, passage.pairs, parts, turned=backwards)


def _passage_of(passages: Passages, name: str) -> tuple[Passage, bool]:
    """Return the passage of the layer and direction that a parameter belongs to, and if it runs backwards."""
    number, _, reverse = name.partition("_l")[2].partition("_")
    return passages.passage(int(number), 1 if reverse else 0), bool(reverse)


def _blocks(passages: Passages, passage: Passage, name: str) -> tuple[tuple[slice, slice, Array], ...]:
    """Return which rows of δ belong to which rows of a parameter, and what it multiplies: (n, C)."""
    ones = np.ones((passages.steps, 1)) if name.startswith("bias") else None
    if "_ih" in name:
        read = passage.inputs if ones is None else ones
        return tuple((rows, out, read) for rows, out in passage.adjoint.input_blocks())
    return tuple(
        (block.delta, block.rows, block.source[:, :, 0] if ones is None else ones)
        for block in passage.adjoint.recurrent_blocks()
    )


def _of_head(passages: Passages, name: str, shape: tuple[int, ...]) -> Terms:
    output = passages.trace.layers[-1].columns[passages.first : passages.last, :, passages.sequence]
    right = np.ones((passages.steps, 1)) if "bias" in name else np.asarray(output, np.float64)
    parts = (Part(slice(None), passages.by_logits, right),)
    return Terms(shape, Pairs(passages.steps, causal=True), parts, own_step_only=True)


def _of_embedding(passages: Passages, shape: tuple[int, ...]) -> Terms:
    left = passages.by_outputs(-1)
    parts = (Part(slice(None), left.joined(), _read_by_embedding(passages)),)
    return Terms(shape, left.pairs, parts, transposed=True)


def _read_by_embedding(passages: Passages) -> Array:
    return passages.trace.inputs.vectors(passages.first, passages.last, passages.sequence)
