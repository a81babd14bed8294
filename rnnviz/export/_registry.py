"""The register of exporters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rnnviz.figures.model import Figure
    from rnnviz.figures.theme import Theme


class Save(Protocol):
    """Writes a figure; see `rnnviz.export.save`."""

    def __call__(
        self, figure: Figure, path: Path, size: tuple[int, int], theme: Theme, scale: float, /
    ) -> None:
        """Write the figure to the path."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: `suffix` as in ".png", `title` as in a dialogue's list of formats."""

    suffix: str
    title: str
    save: Save


EXPORTERS: dict[str, Exporter] = {}


def register(suffix: str, title: str) -> Callable[[Save], Save]:
    """Enter a function that saves figures under a suffix in lower case, such as ".png"."""

    def enter(save: Save) -> Save:
        EXPORTERS[suffix] = Exporter(suffix, title, save)
        return save

    return enter
