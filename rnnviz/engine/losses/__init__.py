"""The losses a network can learn from, one a file; a new file here is a new loss everywhere.

Each module decorates one class (see `LossKind`) with `register`. Menus, files, the command line and the
parametrised tests iterate `LOSSES`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from rnnviz.engine.losses._base import Loss, LossKind, LossRun, Targets
from rnnviz.engine.losses._registry import LOSSES, check_readout, loss_for, measure, register
from rnnviz.engine.losses.binary_cross_entropy import binary_cross_entropy
from rnnviz.engine.losses.cross_entropy import cross_entropy
from rnnviz.engine.losses.mean_squared_error import mean_squared_error

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = [
    "LOSSES",
    "Loss",
    "LossKind",
    "LossRun",
    "Targets",
    "binary_cross_entropy",
    "check_readout",
    "cross_entropy",
    "loss_for",
    "mean_squared_error",
    "measure",
    "register",
]
