"""The register of figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene

    Draw: TypeAlias = Callable[[Scene], Figure]


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure by name: `name` is what the command line takes, `title` what a panel shows."""

    name: str
    title: str
    figure: Draw


FIGURES: dict[str, Entry] = {}


SomeDraw = TypeVar("SomeDraw", bound="Draw")


def register(name: str, title: str) -> Callable[[SomeDraw], SomeDraw]:
    """Enter a function `Scene -> Figure` under `name`."""

    def enter(draw: SomeDraw) -> SomeDraw:
        FIGURES[name] = Entry(name, title, draw)
        return draw

    return enter
