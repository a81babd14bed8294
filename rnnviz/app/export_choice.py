"""What is chosen in the export dialogue."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from rnnviz.export import EXPORTERS, Look
from rnnviz.export.look import USUAL_POINTS
from rnnviz.figures.formats import FORMATS
from rnnviz.figures.theme import THEMES

SHOWN, OTHER = "shown", "other"
"""The sizes besides those of FORMATS: as large as on the screen, and any."""
LEAST_SIDE, LARGEST_SIDE = 16, 20_000
LEAST_POINTS, LARGEST_POINTS = 3.0, 72.0
LARGEST_SCALE = 8.0


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """A format, and a look that does not yet know how large the panel is.

    size: SHOWN, OTHER (then width and height say it, in pixels of 1/96 inch) or a name of FORMATS. points:
    None for those of the size.
    """

    suffix: str = ".png"
    size: str = SHOWN
    width: int = 1280
    height: int = 720
    theme: str = "light"
    transparent: bool = False
    scale: float = 2.0
    points: float | None = None

    def look(self, shown: tuple[int, int], zoom: float) -> Look:
        """Return the look; shown: the size of the panel in the window; zoom: of its contents there."""
        size: tuple[float, float] = shown
        points = USUAL_POINTS * zoom
        if self.size in FORMATS:
            size, points = FORMATS[self.size].pixels, FORMATS[self.size].points
        elif self.size == OTHER:
            size = self.width, self.height
        chosen = points if self.points is None else self.points
        return Look(size, THEMES[self.theme], self.scale, chosen, self.transparent)

    def to_text(self) -> str:
        """Return the choice as settings keep it."""
        return msgspec.json.encode(self).decode("utf-8")

    @classmethod
    def from_text(cls, text: str) -> ExportChoice:
        """Read what `to_text` wrote; what cannot be read, or be chosen any more, is as at first."""
        try:
            found = msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            return cls()
        return found if found.can_be else cls()

    @property
    def can_be(self) -> bool:
        """Whether there is all that is chosen."""
        sides = self.width, self.height
        return (
            self.suffix in EXPORTERS
            and self.size in {SHOWN, OTHER, *FORMATS}
            and self.theme in THEMES
            and all(LEAST_SIDE <= side <= LARGEST_SIDE for side in sides)
            and 1 <= self.scale <= LARGEST_SCALE
            and (self.points is None or LEAST_POINTS <= self.points <= LARGEST_POINTS)
        )
