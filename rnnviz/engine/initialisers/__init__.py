"""The schemes a network can begin with, one a file; a new file here is a new scheme everywhere.

Each module decorates one class (see `Scheme`) with `register`. Menus, files, the command line and the
parametrised tests iterate `SCHEMES`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.engine.initialisers._base import Scheme
from rnnviz.engine.initialisers._draw import initialise
from rnnviz.engine.initialisers._registry import SCHEMES, register

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["SCHEMES", "Scheme", "initialise", "register"]
