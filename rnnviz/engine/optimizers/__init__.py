"""The optimisers a network can learn with, one a file; a new file here is a new optimiser everywhere.

Each module decorates one frozen dataclass (see `Optimizer`) with `register`. Menus, files, the command line
and the parametrised tests iterate `OPTIMIZERS`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.engine.optimizers._base import Optimizer, OptimizerState
from rnnviz.engine.optimizers._registry import OPTIMIZERS, register
from rnnviz.engine.optimizers.adagrad import Adagrad
from rnnviz.engine.optimizers.adam import Adam
from rnnviz.engine.optimizers.momentum import Momentum
from rnnviz.engine.optimizers.rmsprop import RMSprop
from rnnviz.engine.optimizers.sgd import SGD

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = [
    "OPTIMIZERS",
    "SGD",
    "Adagrad",
    "Adam",
    "Momentum",
    "Optimizer",
    "OptimizerState",
    "RMSprop",
    "register",
]
