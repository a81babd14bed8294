"""Fonts, and lines of text with subscripts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication

from rnnviz.drawing.colours import colour
from rnnviz.figures.textruns import styled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter

    from rnnviz.figures.textruns import Run
    from rnnviz.figures.theme import Theme

PREFERRED = "Inter"
MATHEMATICS = ("STIX Two Text", "STIX Two Math", "Latin Modern Math", "DejaVu Serif", "serif")
SMALLEST = 5.0  # pixels below which text is only noise
SUBSCRIPT = 0.78  # of the size
LOWERED = 0.2  # of the size, by which a subscript sinks
FIGURE_SPACE = "\u2007"  # as wide as a figure
NUMERIC = frozenset(f"0123456789.−-+·()⋮{FIGURE_SPACE}")
RAISED = 0.38  # of the size, by which a superscript rises
MIDDLE = 0.36  # of the size: from the baseline up to the middle of capitals and figures


@lru_cache(maxsize=1024)
def font(size: int, weight: int = 400, family: str = "text", italic: bool = False) -> QFont:
    """Return a font by its size in pixels, with tabular figures; shared, so it must not be changed."""
    found = QFont()
    found.setFamilies([_interface()] if family == "text" else list(MATHEMATICS))
    found.setStyleHint(QFont.StyleHint.SansSerif if family == "text" else QFont.StyleHint.Serif)
    found.setPixelSize(max(1, size))
    found.setWeight(QFont.Weight(weight))
    found.setItalic(italic)
    found.setFeature(QFont.Tag("tnum"), 1)
    # Hinted advances differ between the screen and a vector file; these are the same everywhere.
    found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return found


@lru_cache(maxsize=1)
def _interface() -> str:
    if QFontDatabase.hasFamily(PREFERRED):
        return PREFERRED
    return QGuiApplication.font().family()


@lru_cache(maxsize=16384)
def advance(text: str, size: int, weight: int = 400, family: str = "text", italic: bool = False) -> float:
    """Return the width of a piece of text in logical pixels."""
    return QFontMetricsF(font(size, weight, family, italic)).horizontalAdvance(text)


def run_size(run: Run, size: float) -> int:
    """Return the pixel size in which a run of a label of `size` is set."""
    return round(size * SUBSCRIPT if run.subscript or run.raised else size)


class Style(NamedTuple):
    """How a label is set; align: 0 for its left edge at the point given, 0.5 its centre, 1 its right edge."""

    role: str = "text"
    size: float = 12.0
    weight: int = 400
    align: float = 0.0
    family: str = "text"


def width_of(text: str, style: Style) -> float:
    """Return the width of a label in logical pixels, subscripts included."""
    return sum(_advance(run, style) for run in _parts(text, style))


def write(painter: QPainter, theme: Theme, at: tuple[float, float], text: str, style: Style) -> None:
    """Draw a label whose middle line passes through `at`; nothing below SMALLEST."""
    if style.size < SMALLEST:
        return
    x, base = at[0], at[1] + style.size * MIDDLE
    if style.align:
        x -= style.align * width_of(text, style)
    for run in _parts(text, style):
        painter.setPen(colour(theme, run.role or style.role))
        painter.setFont(font(run_size(run, style.size), style.weight, style.family, run.italic))
        lowered = LOWERED if run.subscript else -RAISED if run.raised else 0.0
        painter.drawText(QPointF(x, base + style.size * lowered), run.text)
        x += _advance(run, style)


def write_all(
    painter: QPainter, theme: Theme, labels: Iterable[tuple[float, float, str]], style: Style
) -> None:
    """Draw many labels as `write` does; numbers, of which there are many, with less effort."""
    if style.size < SMALLEST:
        return
    size, base = round(style.size), style.size * MIDDLE
    painter.setPen(colour(theme, style.role))
    painter.setFont(font(size, style.weight, style.family))
    draw = painter.drawText
    for x, y, text in labels:
        if not NUMERIC.issuperset(text):
            write(painter, theme, (x, y), text, style)
            painter.setPen(colour(theme, style.role))
            painter.setFont(font(size, style.weight, style.family))
            continue
        left = x - style.align * _number_width(text, size, style) if style.align else x
        draw(QPointF(left, y + base), text.rstrip(FIGURE_SPACE))


def _number_width(text: str, size: int, style: Style) -> float:
    """Return the width of a number: figures are as wide as one another, and are not drawn together."""
    return sum([_digit_advance(letter, size, style.weight, style.family) for letter in text])


@lru_cache(maxsize=1024)
def _digit_advance(letter: str, size: int, weight: int, family: str) -> float:
    return advance("0" if letter == FIGURE_SPACE else letter, size, weight, family)


def _parts(text: str, style: Style) -> tuple[Run, ...]:
    return styled(text, mathematics=style.family != "text")


def _advance(run: Run, style: Style) -> float:
    return advance(run.text, run_size(run, style.size), style.weight, style.family, run.italic)
