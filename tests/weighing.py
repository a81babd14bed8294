"""Setting weights in tests, one at a time or a whole matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.session.matrix_edits import with_block

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.session.state import DocumentState


def with_weight(state: DocumentState, name: str, row: int, column: int, value: float) -> DocumentState:
    return with_block(state, name, row, column, [[value]])


def with_matrix(state: DocumentState, name: str, values: ArrayLike) -> DocumentState:
    return with_block(state, name, 0, 0, values)
