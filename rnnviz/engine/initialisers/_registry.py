"""The register of initialisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rnnviz.engine.initialisers._base import Scheme

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMES: dict[str, Scheme] = {}

_Class = TypeVar("_Class", bound=type[Scheme])


def register(name: str) -> Callable[[_Class], _Class]:
    """Enter a class of schemes, which takes no arguments, under `name`, which becomes its own."""

    def enter(scheme: _Class) -> _Class:
        scheme.name = name
        SCHEMES[name] = scheme()
        return scheme

    return enter
