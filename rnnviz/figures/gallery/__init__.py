"""The figures a scene can be shown as, one a file; a new file here is a new figure everywhere.

Each module decorates one function `Scene -> Figure` with `register`. Panels, the command line, exporters and
the parametrised tests iterate `FIGURES`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.figures.gallery._registry import FIGURES, Entry, register

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["FIGURES", "Entry", "register"]
