"""PowerPoint slides: curves and bars as charts that can be edited, all else as sharp pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from rnnviz.export._files import ExportError, replace_file
from rnnviz.export._office import timeless
from rnnviz.export._registry import register
from rnnviz.export._series import name_of
from rnnviz.export._slide import HEIGHT, WIDTH, fill_slide

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure
    from rnnviz.figures.theme import Theme

MISSING = "PowerPoint slides need python-pptx, which is not installed: pip install rnnviz[slides]"
LONGEST = 255  # letters that the format allows in a title
TITLE_ONLY = 5  # the layout of that name in python-pptx's template


@dataclass(frozen=True, eq=False, slots=True)
class Slide:
    """A figure to be shown on a slide of its own. source: where its numbers come from, for the notes."""

    figure: Figure
    source: str = ""


@register(".pptx", "PowerPoint slide")
def save(figure: Figure, path: Path, look: Look) -> None:
    """Write a figure as a deck of one slide, which is 16:9 whatever the look's size."""
    save_deck([Slide(figure)], path, look.theme)


def save_deck(slides: Iterable[Slide], path: Path, theme: Theme) -> None:
    """Write a slide for each figure, 16:9, and replace the file as a whole.

    slides: taken one after the other, each when the one before it is made; what they raise leaves the file
    as it was. Raises ExportError, one sentence.
    """
    deck = Deck(theme)
    for slide in slides:
        deck.add(slide)
    deck.write(path)


class Deck:
    """Slides that become more, and then a file. Raises ExportError if the extra is missing."""

    def __init__(self, theme: Theme) -> None:
        try:
            from pptx import Presentation
        except ImportError as error:
            raise ExportError(MISSING) from error
        self._theme, self._titles = theme, list[str]()
        make: Any = Presentation  # its types know lengths only
        self._deck = make()
        self._deck.slide_width, self._deck.slide_height = WIDTH, HEIGHT

    def add(self, slide: Slide) -> None:
        """Add a slide at the end. Raises ExportError if memory lacks."""
        made = self._deck.slides.add_slide(self._deck.slide_layouts[TITLE_ONLY])
        fill_slide(made, slide.figure, slide.source, self._theme)
        self._titles.append(name_of(slide.figure.title))

    def write(self, path: Path) -> None:
        """Replace a file with the deck. Raises ExportError, one sentence."""
        properties = self._deck.core_properties
        properties.title = shorten(", ".join(self._titles), LONGEST, placeholder=" …")
        properties.author = properties.last_modified_by = "RNNViz"
        properties.revision = 1
        content = io.BytesIO()
        self._deck.save(content)
        replace_file(path, timeless(content.getvalue()))
