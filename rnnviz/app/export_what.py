"""What can be exported from a window: a panel, all panels in sight, the network as a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnviz import export
from rnnviz.app.board import board_of, figure_of
from rnnviz.export import EXPORTERS, WRITERS, ExportError, png
from rnnviz.panels.base.scene import scene_of

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.app.window import MainWindow
    from rnnviz.export import Board, Look, Writer
    from rnnviz.export.png import Tell
    from rnnviz.figures.model import Figure
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session


@dataclass(frozen=True, eq=False, slots=True)
class PanelPicture:
    """The figure of one panel, as it is seen."""

    panel: Panel

    @property
    def title(self) -> str:
        """What it is called in the dialogue."""
        return self.panel.title

    @property
    def file_name(self) -> str:
        """What its file may be called, without a suffix."""
        return self.panel.name

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The formats it can have."""
        return tuple(EXPORTERS)

    @property
    def shown(self) -> tuple[int, int]:
        """Its size in the window."""
        return self.panel.view.width(), self.panel.view.height()

    @property
    def zoom(self) -> float:
        """By what its contents are magnified there."""
        return self.panel.view.zoom

    def picture(self) -> Figure | Board:
        """Return what is painted; ExportError if the panel has not shown anything yet."""
        self.panel.session.catch_up()
        figure = figure_of(self.panel)
        if figure is None:
            raise ExportError(f"{self.title} has nothing to show yet; open the panel first.")
        return figure

    def save(self, path: Path, look: Look, tell: Tell) -> None:
        """Write it."""
        _save(self.picture(), path, look, tell)


@dataclass(frozen=True, eq=False, slots=True)
class WindowPicture:
    """All panels in sight."""

    window: MainWindow
    title = "All panels in sight"
    file_name = "rnnviz"
    zoom = 1.0

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The formats that can hold several figures."""
        return tuple(suffix for suffix, one in EXPORTERS.items() if one.boards)

    @property
    def shown(self) -> tuple[int, int]:
        """The size of all panels together."""
        width, height = board_of(self.window).size
        return round(width), round(height)

    def picture(self) -> Figure | Board:
        """Return what is painted."""
        self.window.contents.session.catch_up()
        return board_of(self.window)

    def save(self, path: Path, look: Look, tell: Tell) -> None:
        """Write it."""
        _save(self.picture(), path, look, tell)


@dataclass(frozen=True, eq=False, slots=True)
class NetworkText:
    """Code that computes what the network computes, or its equations."""

    session: Session
    writer: Writer
    shown = 1, 1
    zoom = 1.0

    @property
    def title(self) -> str:
        """What it is called in the dialogue."""
        return f"Network: {self.writer.title}"

    @property
    def file_name(self) -> str:
        """What its file may be called, without a suffix."""
        return f"network_{self.writer.name}"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The one format it has."""
        return (self.writer.suffix,)

    def text(self) -> str:
        """Return it; ExportError, one sentence, if there is none of this network."""
        moment = self.session.moment
        return self.writer.text(export.Subject(self.session.document.state, scene_of(moment)))

    def save(self, path: Path, _look: Look, _tell: Tell) -> None:
        """Write it."""
        export.replace_file(path, self.text().encode("utf-8"))


def _save(picture: Figure | Board, path: Path, look: Look, tell: Tell) -> None:
    """Write a picture; one of dots, which may be large, says how far it is."""
    if path.suffix.lower() == ".png":
        png.save(picture, path, look, tell)
    else:
        export.save(picture, path, look)


What = PanelPicture | WindowPicture | NetworkText


def offers(window: MainWindow) -> list[What]:
    """Return what the window can export now, panels in sight first."""
    contents = window.contents
    found: list[What] = [PanelPicture(panel) for panel in contents.visible_panels()]
    found.append(WindowPicture(window))
    return [*found, *(NetworkText(contents.session, writer) for writer in WRITERS.values())]
