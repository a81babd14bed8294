"""The circuits of the cells, one file a cell; a new file here is a new circuit in the panel.

Each module decorates one function with `register`. It says which parts there are, where they stand, and which
arrays of the trace the wires between them read; everything else follows.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.figures.circuits._model import Circuit, Note, Part, Reading, Wire
from rnnviz.figures.circuits._registry import CIRCUITS, circuit_of, register
from rnnviz.figures.circuits._routes import around, branches, routes

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = [
    "CIRCUITS",
    "Circuit",
    "Note",
    "Part",
    "Reading",
    "Wire",
    "around",
    "branches",
    "circuit_of",
    "register",
    "routes",
]
