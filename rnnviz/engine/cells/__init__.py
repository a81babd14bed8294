"""The cells a network can be made of, one a file; a new file here is a new cell everywhere.

Each module decorates one class (see `Cell`) with `register`. The specification, menus, the command line and
the parametrised tests iterate `CELLS`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.engine.cells._protocol import (
    Adjoint,
    Block,
    Cell,
    Course,
    Parts,
    Runner,
    Source,
    Stage,
    Weights,
    backwards,
)
from rnnviz.engine.cells._registry import CELLS, register

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = [
    "CELLS",
    "Adjoint",
    "Block",
    "Cell",
    "Course",
    "Parts",
    "Runner",
    "Source",
    "Stage",
    "Weights",
    "backwards",
    "register",
]
