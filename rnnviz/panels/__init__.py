"""The panels of the window, one a file; a new file here is a new panel in every menu.

Each module decorates one `Panel` with `register`. `base` holds what panels share, `views` what shows figures.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.panels._registry import PANELS, register

for _module in iter_modules(__path__):
    if not _module.ispkg and not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["PANELS", "register"]
