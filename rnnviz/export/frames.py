"""Figures as the frames of an animation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.export import png

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtGui import QImage

    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure


def painted(figures: Iterable[Figure], look: Look) -> Iterator[QImage]:
    """Yield the picture of each figure, as its PNG would show it. Raises ExportError if memory lacks.

    A figure that comes again, the same object, is painted once.
    """
    last: tuple[Figure, QImage] | None = None
    for figure in figures:
        if last is None or last[0] is not figure:
            last = figure, png.painted(figure, look)
        yield last[1]
