"""The register of optimisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rnnviz.engine.optimizers._base import Optimizer

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIMIZERS: dict[str, type[Optimizer]] = {}

_Class = TypeVar("_Class", bound=type[Optimizer])


def register(name: str) -> Callable[[_Class], _Class]:
    """Enter a class of optimisers under `name`, which becomes its own."""

    def enter(optimizer: _Class) -> _Class:
        optimizer.name = name
        OPTIMIZERS[name] = optimizer
        return optimizer

    return enter
