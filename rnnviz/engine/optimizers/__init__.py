"""The optimisers a network can learn with, one a file; a new file here is a new optimiser everywhere.

Each module decorates one frozen dataclass (see `Optimizer`) with `register`. Menus, files, the command line
and the parametrised tests iterate `OPTIMIZERS`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState
from rnnviz.engine.optimizers._registry import OPTIMIZERS, register
from rnnviz.engine.optimizers.sgd import SGD

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["OPTIMIZERS", "SGD", "Optimizer", "OptimizerState", "register"]
