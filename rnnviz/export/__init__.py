"""A figure into a file; a new file here is a new format in every dialogue and on the command line.

Each module enters one `Exporter` with `register`. Modules whose names begin with an underscore hold what
exporters share.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from rnnviz.export._files import ExportError
from rnnviz.export._registry import EXPORTERS, Exporter, register

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.figures.model import Figure
    from rnnviz.figures.theme import Theme

for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["EXPORTERS", "ExportError", "Exporter", "register", "save"]


def save(figure: Figure, path: Path, size: tuple[int, int], theme: Theme, scale: float = 1.0) -> None:
    """Write a figure in the format that the path's suffix names; a file that is there is replaced as a whole.

    size: (width, height) in logical pixels, of which each is `scale` dots wide in formats that have dots.
    Raises ExportError, one sentence, if the suffix has no exporter or the file cannot be written.
    """
    exporter = EXPORTERS.get(path.suffix.lower())
    if exporter is None:
        raise ExportError(f"{path} must end in {' or '.join(EXPORTERS)}, which says the format.")
    exporter.save(figure, path, size, theme, scale)
