"""Sizes that pictures often have: slides as presentation programs make them, and a column of a paper."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

PIXELS_PER_INCH = 96.0


class Format(NamedTuple):
    """A size: `inches` wide and high, and `points` of letters that suit it."""

    title: str
    inches: tuple[float, float]
    points: float

    @property
    def pixels(self) -> tuple[int, int]:
        """Its width and height in pixels of 1/96 inch."""
        return round(self.inches[0] * PIXELS_PER_INCH), round(self.inches[1] * PIXELS_PER_INCH)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "16:9": Format("Slide 16:9", (40 / 3, 7.5), 14.0),
        "4:3": Format("Slide 4:3", (10.0, 7.5), 14.0),
        "half": Format("Half a slide", (6.25, 5.5), 12.0),
        "column": Format("Column of a paper", (3.5, 2.625), 7.0),
    }
)
"""By the names that the command line takes."""
