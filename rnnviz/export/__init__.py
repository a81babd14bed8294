"""A figure or a network into a file; a new file here is a new format in the dialogue and on the command line.

Each module enters one exporter with `register`, or one text about the network with `register_writer`.
Modules whose names begin with an underscore hold what exporters share.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from rnnviz.export._files import ExportError, replace_file
from rnnviz.export._movies import LARGEST_FILM, MOVIES, Cancelled, Film, Movie, register_movie, save_film
from rnnviz.export._registry import (
    EXPORTERS,
    WRITERS,
    Exporter,
    Subject,
    Writer,
    register,
    register_writer,
)
from rnnviz.export.board import Board, Card
from rnnviz.export.look import Look

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.figures.model import Figure

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

# Pictures come first in every list, the one of dots before the others.
_found = sorted(EXPORTERS.values(), key=lambda one: (not one.looks, not one.dots))
EXPORTERS.clear()
EXPORTERS.update((one.suffix, one) for one in _found)

__all__ = [
    "EXPORTERS",
    "LARGEST_FILM",
    "MOVIES",
    "WRITERS",
    "Board",
    "Cancelled",
    "Card",
    "ExportError",
    "Exporter",
    "Film",
    "Look",
    "Movie",
    "Subject",
    "Writer",
    "register",
    "register_movie",
    "register_writer",
    "replace_file",
    "save",
    "save_film",
    "write",
]


def save(figure: Figure | Board, path: Path, look: Look) -> None:
    """Write a figure, or several on a board, in the format that the path's suffix names.

    A file that is there is replaced as a whole. Raises ExportError, one sentence, if the suffix has no
    exporter, or none of boards, or the file cannot be written.
    """
    exporter = EXPORTERS.get(path.suffix.lower())
    if exporter is None:
        raise ExportError(f"{path} must end in {' or '.join(EXPORTERS)}, which says the format.")
    if isinstance(figure, Board) and not exporter.boards:
        able = " or ".join(suffix for suffix, one in EXPORTERS.items() if one.boards)
        raise ExportError(f"{path} must end in {able}: a whole workspace is a picture.")
    exporter.save(figure, path, look)


def write(subject: Subject, path: Path, name: str) -> None:
    """Write a text about a network, one of WRITERS by its name. Raises ExportError."""
    replace_file(path, WRITERS[name].text(subject).encode("utf-8"))
