"""What a layer reads, its way into the layer for all steps at once, and the gradient of that way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard, cast

import numpy as np

from rnnviz.engine.arrays import ByUnit, add_product

if TYPE_CHECKING:
    from rnnviz.engine.arrays import Array, Integers

ONE_HOT_UP_TO = 256  # inputs from which sums over equal tokens are quicker than a product with one-hot rows


class Inputs(Protocol):
    """The inputs of all steps, in the order in which a layer runs."""

    def begin(self, weight: Array, bias: Array) -> None:
        """Take in W, (R, I), and b, (R,), for the projections to come."""

    def project(self, start: int, stop: int, out: Array) -> None:
        """Write W x_t + b of the steps start … stop − 1. out: (n, R, B)."""

    def gradient(self, start: int, stop: int, delta: Array, out: Array, *, fresh: bool) -> None:
        """Add Σ δ_t x_tᵀ over these steps, or write it if fresh. delta: (R, n·B); out: (R, I)."""

    def vectors(self, start: int, stop: int, sequence: int) -> Array:
        """Return the inputs of the steps start … stop − 1 of one sequence as vectors, (n, I), float64."""

    def read(self) -> None:
        """Take in that the numbers have changed."""


def inputs_of(x: Array | Integers, size: int) -> Inputs:
    """Return what a layer reads: tokens (T, B) of `size` kinds, or columns (T, I, B)."""
    return Tokens(x, size) if is_tokens(x) else Vectors(cast("Array", x))


def is_tokens(x: Array | Integers) -> TypeGuard[Integers]:
    """Tell tokens, integers (T, B) that stand for one-hot vectors, from vectors, (T, B, I) or (T, I, B)."""
    return x.ndim == 2


class Vectors(Inputs):
    """Inputs of any numbers: (T, I, B)."""

    def __init__(self, columns: Array) -> None:
        self.columns = columns
        self.rows = columns[:, :, 0] if columns.shape[2] == 1 else None
        self._by_unit = ByUnit(columns.dtype)

    def begin(self, weight: Array, bias: Array) -> None:
        """Take in W and b."""
        self._weight, self._bias = weight, bias

    def project(self, start: int, stop: int, out: Array) -> None:
        """Write W x_t + b, one product for one sequence, else one a step."""
        if self.rows is not None:
            rows = out[:, :, 0]
            np.dot(self.rows[start:stop], self._weight.T, rows)
            np.add(rows, self._bias, rows)
        else:
            np.matmul(self._weight, self.columns[start:stop], out=out)
            np.add(out, self._bias[:, None], out)

    def gradient(self, start: int, stop: int, delta: Array, out: Array, *, fresh: bool) -> None:
        """Add Σ δ_t x_tᵀ by one product."""
        add_product(delta, self._by_unit.of(self.columns[start:stop]).T, out, fresh=fresh)

    def vectors(self, start: int, stop: int, sequence: int) -> Array:
        """Return the inputs of the steps start … stop − 1 of one sequence, (n, I), float64."""
        return np.asarray(self.columns[start:stop, :, sequence], np.float64)

    def read(self) -> None:
        """Keep nothing that could be out of date."""


class Tokens(Inputs):
    """Integers, (T, B), that stand for one-hot vectors of `size` numbers: they pick columns of W."""

    def __init__(self, ids: Integers, size: int) -> None:
        self.ids, self.size = ids, size
        self.batch = ids.shape[1]
        self.read()

    def read(self) -> None:
        """Take in that the tokens have changed."""
        self._one_hot: Array | None = None

    def begin(self, weight: Array, bias: Array) -> None:
        """Make a table of W's columns with b, from which each step takes its own."""
        if self.ids.size < self.size:
            self._table = weight
            self._few: Array | None = np.add(weight.take(self.ids.ravel(), axis=1), bias[:, None])
            return
        self._few = None
        self._table = np.add(weight, bias[:, None])
        if self.batch == 1:
            # Copying a row of a table is far quicker than gathering a column.
            self._table = np.ascontiguousarray(self._table.T)

    def project(self, start: int, stop: int, out: Array) -> None:
        """Write W x_t + b from the table."""
        if self._few is not None:
            few = self._few[:, start * self.batch : stop * self.batch]
            np.copyto(out, few.reshape(len(few), -1, self.batch).swapaxes(0, 1))
        elif self.batch == 1:
            self._table.take(self.ids[start:stop, 0], 0, out[:, :, 0], "clip")
        else:
            for ids, columns in zip(self.ids[start:stop], out, strict=True):
                self._table.take(ids, 1, columns, "clip")

    def gradient(self, start: int, stop: int, delta: Array, out: Array, *, fresh: bool) -> None:
        """Add for every token the sum of its δ."""
        if self.size <= ONE_HOT_UP_TO:
            rows = self._one_hot_rows(delta.dtype)[start * self.batch : stop * self.batch]
            add_product(delta, rows, out, fresh=fresh)
            return
        if fresh:
            out.fill(0.0)
        ids = self.ids[start:stop].ravel()
        order = np.argsort(ids, kind="stable")
        tokens, starts = np.unique(ids[order], return_index=True)
        if len(tokens):
            out[:, tokens] += np.add.reduceat(delta[:, order], starts, axis=1)

    def vectors(self, start: int, stop: int, sequence: int) -> Array:
        """Return one-hot vectors of the steps start … stop − 1 of one sequence, (n, I), float64."""
        return _one_hot(self.ids[start:stop, sequence], self.size, np.float64)

    def _one_hot_rows(self, number: np.dtype[np.floating]) -> Array:
        """Return the one-hot vectors as rows, (T·B, I)."""
        if self._one_hot is None or self._one_hot.dtype != number:
            self._one_hot = _one_hot(self.ids.ravel(), self.size, number)
        return self._one_hot


def _one_hot(ids: Integers, size: int, number: type[np.floating] | np.dtype[np.floating]) -> Array:
    rows = np.zeros((len(ids), size), number)
    rows[np.arange(len(ids)), ids] = 1.0
    return rows
