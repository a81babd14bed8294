"""Which entries of the matrices are selected, and the keys and clicks that select others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rnnviz.engine.selection import Selection, WeightEntry
from rnnviz.panels.base.dragging import DIGITS
from rnnviz.panels.base.matrix_block import Block, Entry

if TYPE_CHECKING:
    from rnnviz.figures.picking import Pick
    from rnnviz.panels.base.block_editor import BlockEditor


class CellSelection:
    """An entry, where what is typed begins, and the corner opposite it of a selected block."""

    def __init__(self, blocks: BlockEditor) -> None:
        self._blocks = blocks
        self.entry: Entry | None = None
        self.corner: tuple[int, int] | None = None  # row, column; None for the entry alone

    @property
    def block(self) -> Block | None:
        """The entries that are selected."""
        if self.entry is None:
            return None
        return Block.between(self.entry, self.corner or self.entry[1:])

    def at(self, pick: Pick | None) -> Entry | None:
        """Return the entry at a place of the figure."""
        if pick is None or pick.row is None or pick.column is None:
            return None
        return Entry(pick.plot, pick.row, pick.column)

    def extended_to(self, start: Pick, across: float, down: float) -> tuple[int, int]:
        """Return the corner so many cells to the right of and below a place, inside its matrix."""
        rows, columns = self._blocks.whole(start.plot).shape
        row, column = math.floor(start.y + down), math.floor(start.x + across)
        return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

    def beside(self, rows: int, columns: int) -> Entry | None:
        """Return the entry so many rows and columns further on; the first of all from nowhere."""
        if self.entry is None:
            return Entry(next(iter(self._blocks.shown)), 0, 0)
        found = Entry(self.entry.symbol, self.entry.row + rows, self.entry.column + columns)
        inside = min(found.row, found.column) >= 0 and self._blocks.holds(Block.of(found))
        return found if inside else None

    def grown(self, rows: int, columns: int) -> tuple[int, int] | None:
        """Return the corner moved on by so many rows and columns, None if it would leave the matrix."""
        if self.entry is None:
            return None
        row, column = self.corner or self.entry[1:]
        high, wide = self._blocks.whole(self.entry.symbol).shape
        row, column = row + rows, column + columns
        return (row, column) if 0 <= row < high and 0 <= column < wide else None

    def step(self, by: float, how: str) -> None:
        """Make the selected entries so much larger; steps of one kind in a row are one step to undo."""
        if self.block is not None:
            self._blocks.shift(self.block, self._blocks.values(self.block), round(by, DIGITS), how)

    def let_go(self) -> None:
        """Select nothing if the network has not got the selected entries any more."""
        block = self.block
        if block is not None and not self._blocks.holds(block):
            self.entry = self.corner = None

    def to_pick(self) -> Selection | None:
        """Return the entry as every panel knows it."""
        if self.entry is None:
            return None
        shown = self._blocks.shown[self.entry.symbol]
        weight = WeightEntry(shown.parameter, shown.first + self.entry.row, self.entry.column)
        return Selection(weight=weight)

    def rename(self, picked: Selection | None) -> None:
        """Keep what is selected where its matrix has another symbol; a matrix that is gone, nothing."""
        corner = self.corner
        self.entry = self.corner = None
        self.follow(picked)
        if self.entry is not None:
            self.corner = corner

    def follow(self, picked: Selection | None) -> None:
        """Select the entry that is picked, if it is shown here, and nothing else."""
        entry = None if picked is None or picked.weight is None else self._shown_as(picked.weight)
        if entry != self.entry:
            self.entry, self.corner = entry, None

    def _shown_as(self, weight: WeightEntry) -> Entry | None:
        for symbol, shown in self._blocks.shown.items():
            row = weight.row - shown.first
            if weight.parameter in shown.names and 0 <= row < len(shown.rows):
                return Entry(symbol, row, weight.column)
        return None
