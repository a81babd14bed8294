"""The register of figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from rnnviz.figures.difference import as_alone, says

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


def register(name: str, title: str, *, computed: bool = True) -> Callable[[SomeDraw], SomeDraw]:
    """Enter a function `Scene -> Figure` under `name`.

    Where two things are compared, a figure that does not say which of them it shows is headed as one of the
    first alone. computed: it shows what the network computes of the sequence.
    """

    def enter(draw: SomeDraw) -> SomeDraw:
        @wraps(draw)
        def headed(scene: Scene, *args: Any, **kwargs: Any) -> Figure:
            figure = draw(scene, *args, **kwargs)
            return as_alone(scene, figure) if computed and not says(scene, figure) else figure

        FIGURES[name] = Entry(name, title, cast("SomeDraw", headed))
        return cast("SomeDraw", headed)

    return enter
