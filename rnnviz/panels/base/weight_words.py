"""What the weights panel says of its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.panels.base.matrix_block import Block
from rnnviz.session.nudge import nudged

if TYPE_CHECKING:
    from rnnviz.panels.base.block_editor import BlockEditor
    from rnnviz.panels.base.matrix_block import Entry

HINT = "Drag a number, or click it and type."
NO_CELL = "Click a number of the Weights panel first, to say which matrix is meant."
NOT_SELECTED = "Click a number to nudge it."


def of_entry(blocks: BlockEditor, entry: Entry, *, gradient: bool) -> str:
    """Say an entry's value and what it joins, and its gradient if that is looked at."""
    shown = blocks.shown[entry.symbol]
    value = float(blocks.values(Block.of(entry))[0, 0])
    row, column = shown.rows[entry.row], shown.columns[entry.column]
    where = f"from {_called(column)} to {_called(row)}" if column else f"of {_called(row)}"
    if shown.kind == "E":
        where = f"number {column} of {row}"
    push = blocks.gradient(entry) if gradient else None
    slope = "" if push is None else f"   ∂L/∂w = {push:.3g}"
    return f"{entry.name} = {value:.6g}{slope}   {where}"


def of_block(blocks: BlockEditor, block: Block) -> str:
    """Say how many entries are selected and between which numbers they lie."""
    values = blocks.values(block)
    return f"{blocks.named(block)}: {values.min():.3g} to {values.max():.3g}"


def nudge_words(blocks: BlockEditor, entry: Entry | None) -> str:
    """Compare an entry's gradient with what the loss does when the entry changes a little."""
    if entry is None:
        return NOT_SELECTED
    shown, state = blocks.shown[entry.symbol], blocks.session.moment.state
    gradient = blocks.gradient(entry)
    if gradient is None:
        return NOT_SELECTED
    found = nudged(state, shown.parameter, shown.first + entry.row, entry.column)
    return f"gradient {gradient:.3g}, nudging gives {found:.3g}"


def _called(label: str) -> str:
    return f"unit {label}" if label.lstrip("→←").isdigit() else label
