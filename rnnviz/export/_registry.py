"""The registers of exporters: of figures, and of what a figure does not hold, such as the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rnnviz.export.look import Look
    from rnnviz.figures.scene import Scene
    from rnnviz.session.state import DocumentState


class Save(Protocol):
    """Writes a figure; see `rnnviz.export.save`."""

    def __call__(self, figure: Any, path: Path, look: Look, /) -> None:
        """Write the figure, or the board if the format has them, to the path."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format of figures: `suffix` as in ".png", `title` as in a dialogue's list of formats.

    looks: whether the file is a picture, so that its look matters. boards: whether it can hold several
    figures on a board. dots: whether its scale matters.
    """

    suffix: str
    title: str
    save: Save
    looks: bool = True
    boards: bool = False
    dots: bool = False


EXPORTERS: dict[str, Exporter] = {}

SomeSave = TypeVar("SomeSave", bound=Save)


def register(
    suffix: str, title: str, *, looks: bool = True, boards: bool = False, dots: bool = False
) -> Callable[[SomeSave], SomeSave]:
    """Enter a function that saves figures under a suffix in lower case, such as ".png"."""

    def enter(save: SomeSave) -> SomeSave:
        EXPORTERS[suffix] = Exporter(suffix, title, save, looks, boards, dots)
        return save

    return enter


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """What is written of a whole network: the document, and the scene that figures show of it."""

    state: DocumentState
    scene: Scene


@dataclass(frozen=True, slots=True)
class Writer:
    """A text about the network: `name` as on the command line, `suffix` of its file, `text` makes it.

    `text` raises ExportError, one sentence, for a network of which there is no such text.
    """

    name: str
    suffix: str
    title: str
    text: Callable[[Subject], str]


WRITERS: dict[str, Writer] = {}


def register_writer(
    name: str, suffix: str, title: str
) -> Callable[[Callable[[Subject], str]], Callable[[Subject], str]]:
    """Enter a function that writes about a network, such as code that computes what it computes."""

    def enter(text: Callable[[Subject], str]) -> Callable[[Subject], str]:
        WRITERS[name] = Writer(name, suffix, title, text)
        return text

    return enter
