"""How a picture looks, apart from what it shows: its size, its colours, its letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnviz.figures.formats import PIXELS_PER_INCH
from rnnviz.figures.theme import LIGHT

if TYPE_CHECKING:
    from rnnviz.figures.theme import Theme

POINTS_PER_INCH = 72.0
USUAL_POINTS = 9.0
"""The size of names and headings where pixels are as large as on the screen; ticks are a little smaller."""


@dataclass(frozen=True, slots=True)
class Look:
    """A picture's look; every exporter takes one.

    size: (width, height) in pixels of 1/96 inch. theme: the colours. scale: how many dots wide such a pixel
    is, in formats that have dots. points: the size of letters, 1/72 inch; lines and margins grow with them.
    transparent: whether the ground is left out.
    """

    size: tuple[float, float] = (1600.0, 1000.0)
    theme: Theme = LIGHT
    scale: float = 1.0
    points: float = USUAL_POINTS
    transparent: bool = False

    @property
    def zoom(self) -> float:
        """By what everything is magnified against the screen."""
        return self.points / USUAL_POINTS

    @property
    def room(self) -> tuple[float, float]:
        """The pixels in which a figure is laid out before it is magnified to `size`.

        What is drawn so grows as a whole: letters, lines and margins keep their proportions exactly.
        """
        return self.size[0] / self.zoom, self.size[1] / self.zoom

    @property
    def dots(self) -> tuple[int, int]:
        """The picture's width and height in dots."""
        return max(1, round(self.size[0] * self.scale)), max(1, round(self.size[1] * self.scale))

    @property
    def inches(self) -> tuple[float, float]:
        """The picture's width and height on paper."""
        return self.size[0] / PIXELS_PER_INCH, self.size[1] / PIXELS_PER_INCH
