"""The lines beneath the weights that say what an entry is, and what a nudge of it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from rnnviz.figures.notation import stored_as
from rnnviz.panels.base.live_label import LiveLabel
from rnnviz.panels.base.matrix_block import Block
from rnnviz.panels.base.weight_words import HINT, nudge_words, of_block, of_entry

if TYPE_CHECKING:
    from rnnviz.figures.picking import Pick
    from rnnviz.panels.base.block_editor import BlockEditor
    from rnnviz.panels.base.cell_selection import CellSelection
    from rnnviz.panels.base.keyed_view import KeyedView
    from rnnviz.panels.base.matrix_block import Entry
    from rnnviz.panels.base.weight_overlays import WeightOverlays


class WeightReadout(QObject):
    """Speaks of the entry under the mouse, or else of what is selected."""

    def __init__(
        self, blocks: BlockEditor, cells: CellSelection, overlays: WeightOverlays, view: KeyedView
    ) -> None:
        super().__init__(blocks)
        self._blocks, self._cells, self._overlays, self._view = blocks, cells, overlays, view
        self._of: Entry | None = None
        self.line, self.nudged = LiveLabel(), LiveLabel()
        for label in (self.line, self.nudged):
            label.setProperty("class", "note")
        self.line.setText(HINT)
        self.nudged.hide()
        view.hovered.connect(self._on_hovered)
        view.heading_hovered.connect(self._say_stored)
        overlays.changed.connect(self._on_overlays_changed)
        blocks.refused.connect(self.line.setText)
        blocks.edited.connect(self._on_edited)

    def say(self, sentence: str) -> None:
        """Say something else until the mouse moves."""
        self.line.setText(sentence)

    def tell(self, entry: Entry | None) -> None:
        """Speak of an entry, or say what can be done if there is none."""
        self._of = entry
        block = self._cells.block
        if entry is None or not self._blocks.holds(Block.of(entry)):
            self.line.setText(HINT)
        elif block is not None and block.size > 1 and entry == self._cells.entry:
            self.line.setText(of_block(self._blocks, block))
        else:
            self.line.setText(of_entry(self._blocks, entry, gradient=self._overlays.gradients))
        if not self.nudged.isHidden():
            self.nudged.setText(nudge_words(self._blocks, self._cells.entry))

    def tell_again(self) -> None:
        """Speak of the same entry, whose numbers may be others."""
        self.tell(self._of)

    def _on_edited(self, _block: Block) -> None:
        self.tell(self._cells.entry or self._of)

    def _on_hovered(self, pick: Pick | None) -> None:
        self.tell(self._cells.at(pick) or self._cells.entry)
        self._say_stored("" if pick is None else pick.plot)

    def _say_stored(self, symbol: str) -> None:
        """Say in a tooltip which rows of which stored array a matrix is, if it is written as in PyTorch."""
        moment, shown = self._blocks.session.moment, self._blocks.shown.get(symbol)
        told = shown is not None and moment.notation == "pytorch"
        self._view.setToolTip(stored_as(shown, moment.state.parameters) if shown is not None and told else "")

    def _on_overlays_changed(self) -> None:
        self.nudged.setVisible(self._overlays.nudged)
        self.tell_again()
