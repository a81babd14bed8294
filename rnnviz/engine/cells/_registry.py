"""The register of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rnnviz.engine.cells._protocol import Cell

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS: dict[str, Cell] = {}

_Class = TypeVar("_Class", bound=type[Cell])


def register(name: str) -> Callable[[_Class], _Class]:
    """Enter a class of cells, which takes no arguments, under `name`."""

    def enter(cell: _Class) -> _Class:
        CELLS[name] = cell()
        return cell

    return enter
