"""Which entries of a matrix are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rnnviz.figures.notation import spelled

__all__ = ["Block", "Entry", "spelled"]


class Entry(NamedTuple):
    """One number: the symbol of its matrix, its row and its column, counted from 0."""

    symbol: str
    row: int
    column: int

    @property
    def name(self) -> str:
        """How it reads on a blackboard: W_H[2, 3], rows and columns from 1."""
        return f"{spelled(self.symbol)}[{self.row + 1}, {self.column + 1}]"


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of one matrix: its symbol, its first row and column, and how many of each it has."""

    symbol: str
    row: int
    column: int
    shape: tuple[int, int]

    @classmethod
    def between(cls, entry: Entry, corner: tuple[int, int]) -> Block:
        """Return the rectangle from an entry to a corner (row, column)."""
        (top, bottom), (left, right) = sorted((entry.row, corner[0])), sorted((entry.column, corner[1]))
        return cls(entry.symbol, top, left, (bottom - top + 1, right - left + 1))

    @classmethod
    def of(cls, entry: Entry) -> Block:
        """Return the rectangle of one entry."""
        return cls(*entry, (1, 1))

    @property
    def place(self) -> tuple[slice, slice]:
        """The rectangle as an index of the matrix."""
        rows, columns = self.shape
        return slice(self.row, self.row + rows), slice(self.column, self.column + columns)

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.shape[0] * self.shape[1]

    @property
    def ends(self) -> tuple[Entry, tuple[int, int] | None]:
        """Its first entry, and the row and column of its last one if it has more than one."""
        rows, columns = self.place
        corner = (rows.stop - 1, columns.stop - 1) if self.size > 1 else None
        return Entry(self.symbol, self.row, self.column), corner

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is in it."""
        rows, columns = self.place
        inside = rows.start <= entry.row < rows.stop and columns.start <= entry.column < columns.stop
        return inside and entry.symbol == self.symbol

    def named(self, whole: tuple[int, int]) -> str:
        """Call it in a matrix of the shape `whole`: W_H[2, 3], 4 entries of W_H, W_H."""
        if self.size == 1:
            return Entry(self.symbol, self.row, self.column).name
        name = spelled(self.symbol)
        return name if self.shape == whole else f"{self.size:,} entries of {name}"
