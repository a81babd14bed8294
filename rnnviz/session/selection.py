"""What is picked, as far as a document still has it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.session.carry import carried_entry

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.selection import Selection, WeightEntry
    from rnnviz.session.state import DocumentState

NOT_OF_A_CELL = frozenset({"x", "e", "y", "L", "dx"})
OF_TOKENS = frozenset({"x", "y"})  # what has a row a token
BEFORE = "a."


def fitted(
    selection: Selection | None, state: DocumentState, before: DocumentState | None = None
) -> Selection | None:
    """Return a selection if the document has what it names, None if not.

    A unit stays when its cell becomes another one: in a cell without its gate, its hidden state is picked.
    before: the document in which it was picked; weights and tokens are then found where they are now.
    """
    if selection is None:
        return None
    if before is not None and (before.spec != state.spec or before.vocabulary != state.vocabulary):
        selection = _followed(selection, before, state)
        if selection is None:
            return None
    spec = state.spec
    weight = selection.weight
    if weight is not None and (selection.pair is None or not _holds(state, weight)):
        return selection if _holds(state, weight) else None
    if selection.layer >= spec.num_layers or selection.direction >= spec.directions:
        return None
    if selection.pair is not None and max(selection.pair) >= state.steps:
        return None
    selection = replace(selection, quantity=_quantity(spec, selection.quantity))
    size = _size(spec, selection.quantity)
    return None if size is None or (selection.unit or 0) >= size else selection


def _followed(selection: Selection, before: DocumentState, state: DocumentState) -> Selection | None:
    """Return the same weight, or the same token, in another network; None if that has not got it."""
    if selection.weight is not None:
        places = before.spec, before.vocabulary, state.spec, state.vocabulary
        entry = carried_entry(selection.weight, *places)
        return None if entry is None else replace(selection, weight=entry)
    if selection.quantity in OF_TOKENS and selection.unit is not None:
        token, tokens = before.vocabulary.tokens[selection.unit], state.vocabulary.tokens
        return replace(selection, unit=tokens.index(token)) if token in tokens else None
    return selection


def _holds(state: DocumentState, entry: WeightEntry) -> bool:
    shape = state.parameters.shapes.get(entry.parameter)
    return shape is not None and entry.row < shape[0] and entry.column < (*shape, 1)[1]


def _quantity(spec: NetworkSpec, name: str | None) -> str:
    """Return a quantity if the network has it, else the hidden state."""
    cell = CELLS[spec.cell]
    own = (*cell.states, *cell.gates)
    known = {*own, *(f"d{state}" for state in cell.states), *(BEFORE + gate for gate in cell.gates)}
    if spec.cell == "gru" and spec.gru_reset == "after":
        known.add(BEFORE + "hn")
    return name if name is not None and (name in known or name in NOT_OF_A_CELL) else "h"


def _size(spec: NetworkSpec, name: str | None) -> int | None:
    """Return how many numbers a quantity has at a step; None if the network does not have it."""
    sizes = {"x": spec.input_size, "e": spec.embedding_size, "y": spec.output_size, "L": 1, "dx": 1}
    return sizes.get(name or "h", spec.hidden_size)
