"""Rectangles of the matrices that are shown, as they are read from the document and written to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from rnnviz.figures.notation import ShownParameter, shown_parameters
from rnnviz.panels.base.dragging import DIGITS
from rnnviz.panels.base.matrix_block import Block, spelled
from rnnviz.panels.base.scene import scene_of
from rnnviz.session.errors import EditError
from rnnviz.session.freezing import Place, with_frozen
from rnnviz.session.matrix_edits import OPERATIONS, Numbers, changed, sized, with_block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from rnnviz.figures.model import Floats
    from rnnviz.panels.base.matrix_block import Entry
    from rnnviz.session.session import Moment, Session


class BlockEditor(QObject):
    """Reads and edits the matrices of the layer and direction looked at; each edit is a step to undo."""

    refused = Signal(str)  # one sentence
    edited = Signal(object)  # Block

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._seen: tuple[Moment, dict[str, ShownParameter]] | None = None

    @property
    def shown(self) -> Mapping[str, ShownParameter]:
        """Every matrix by its symbol, in reading order."""
        moment = self.session.moment
        if self._seen is None or self._seen[0] is not moment:
            self._seen = moment, {p.symbol: p for p in shown_parameters(scene_of(moment))}
        return self._seen[1]

    def holds(self, block: Block) -> bool:
        """Whether the network has such a block."""
        shown = self.shown.get(block.symbol)
        if shown is None:
            return False
        high, wide = shown.values.shape
        return bool(block.row + block.shape[0] <= high and block.column + block.shape[1] <= wide)

    def whole(self, symbol: str) -> Block:
        """Return all of a matrix."""
        rows, columns = self.shown[symbol].values.shape
        return Block(symbol, 0, 0, (rows, columns))

    def values(self, block: Block) -> Floats:
        """Return a block as it is shown, (rows, columns)."""
        return self.shown[block.symbol].values[block.place]

    def named(self, block: Block) -> str:
        """Call a block: W_H[2, 3], 4 entries of W_H, W_H."""
        rows, columns = self.shown[block.symbol].values.shape
        return block.named((rows, columns))

    def stored(self, block: Block) -> Floats:
        """Return what the document holds of a block, (rows, columns)."""
        shown = self.shown[block.symbol]
        part = shown.part(self.session.document.state.parameters)
        assert part is not None
        return part[block.place]

    def write(self, block: Block, values: ArrayLike, words: str, merge: str | None = None) -> bool:
        """Edit the document so that a block shows as these values; say so, and return False, if it cannot."""
        wanted = np.broadcast_to(np.asarray(values, np.float64), block.shape)
        return self._store(block, self.shown[block.symbol].stored_block(block.place, wanted), words, merge)

    def restore(self, block: Block, stored: Floats, merge: str) -> None:
        """Give a block back what the document held of it, as part of the step to undo called `merge`."""
        self._store(block, stored, f"Change {self.named(block)}", merge)

    def _store(self, block: Block, stored: Floats, words: str, merge: str | None) -> bool:
        shown, document = self.shown[block.symbol], self.session.document
        try:
            row = shown.first + block.row
            state = with_block(document.state, shown.parameter, row, block.column, stored)
        except EditError as error:
            self.refused.emit(str(error))
            return False
        document.edit(state, words, merge=merge)
        self.edited.emit(block)
        return True

    def set(self, block: Block, value: float) -> bool:
        """Give all entries of a block one value."""
        return self.write(block, value, f"Change {self.named(block)}")

    def shift(self, block: Block, before: Floats, by: float, how: str) -> bool:
        """Make a block what it was before and so much more; shifts of one kind in a row are one step."""
        merge = f"{how} {block}"
        return self.write(block, np.round(before + by, DIGITS), f"Change {self.named(block)}", merge)

    def operate(
        self,
        name: str,
        block: Block,
        numbers: Numbers | None = None,
        before: Floats | None = None,
        merge: str | None = None,
    ) -> bool:
        """Carry out an operation on a block, or on what it was `before`."""
        values = self.values(block) if before is None else before
        words = OPERATIONS[name].done.format(self.named(block))
        try:
            wanted = changed(name, values, numbers or Numbers())
        except EditError as error:
            self.refused.emit(str(error))
            return False
        return self.write(block, wanted, words, merge)

    def paste(self, block: Block, values: Floats) -> Block | None:
        """Write a table over a block, from its first entry on if it is one; return what was written.

        One number fills the whole block. Says so and returns None if sizes differ.
        """
        rows, columns = values.shape
        whole = self.whole(block.symbol)
        if values.size == 1:
            target = block
        elif block.size == 1:
            target = Block(block.symbol, block.row, block.column, (rows, columns))
            if not self.holds(target):
                room = whole.shape[0] - block.row, whole.shape[1] - block.column
                self.refused.emit(
                    f"{sized(values.shape)} numbers do not fit at {block.named((0, 0))}, "
                    f"where there is room for {sized(room)}."
                )
                return None
        elif block.shape == (rows, columns):
            target = block
        else:
            self.refused.emit(
                f"{sized(values.shape)} numbers do not fit the {sized(block.shape)} that are selected; "
                "select as many, or only the first."
            )
            return None
        return target if self.write(target, values, f"Paste into {self.named(target)}") else None

    def replace(self, symbol: str, values: Floats, words: str) -> bool:
        """Write a table over a whole matrix; say so and return False if sizes differ."""
        whole = self.whole(symbol)
        if values.shape != whole.shape:
            self.refused.emit(
                f"{spelled(symbol)} has {sized(whole.shape)} entries, and the file has {sized(values.shape)}."
            )
            return False
        return self.write(whole, values, words)

    def is_frozen(self, block: Block) -> bool:
        """Whether training leaves all of a block as it is."""
        held = self.shown[block.symbol].held(self.session.document.state.frozen)
        return held is not None and bool(held[block.place].all())

    def freeze(self, block: Block, on: bool) -> None:
        """Let training leave a block as it is, or change it again."""
        shown, document = self.shown[block.symbol], self.session.document
        rows, columns = block.place
        stored = slice(shown.first + rows.start, shown.first + rows.stop)
        places = [Place(name, stored, columns) for name in shown.names]
        words = f"{'Freeze' if on else 'Let training change'} {self.named(block)}"
        document.edit(with_frozen(document.state, places, on), words)

    def gradient(self, entry: Entry) -> float | None:
        """Return the gradient of the loss by an entry, None if it is not known."""
        part = self.shown[entry.symbol].part(self.session.moment.analysis.gradients.parameters)
        return None if part is None else float(part[entry.row, entry.column])
