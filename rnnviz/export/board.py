"""Several figures on one picture, as the panels of a workspace stand beside one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from rnnviz.drawing import paint
from rnnviz.drawing.canvas import saved
from rnnviz.drawing.text import Style, width_of, write

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure

CORNER = 8.0  # pixels of a card's corners
TITLE, NOTE = Style("text", 13.0, 600), Style("muted", 11.0, align=1.0)
INSET = 12.0  # pixels from a card's sides to its title
APART = 16.0  # pixels between a title and a note


@dataclass(frozen=True, eq=False, slots=True)
class Card:
    """A panel: where it stands, and where its figure; (x, y, width, height) in pixels.

    seen: the part of the figure that is shown, of one that is scrolled. head: how high the row of the title
    is. note: a few words at the right of it. zoom: of the figure's letters and lines.
    """

    figure: Figure
    title: str
    note: str
    area: tuple[float, float, float, float]
    inner: tuple[float, float, float, float]
    seen: tuple[float, float, float, float]
    head: float = 32.0
    zoom: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Board:
    """Cards on a ground of `size` pixels; `title` and `description` are those of the file."""

    title: str
    description: str
    cards: tuple[Card, ...]
    size: tuple[float, float]


def ground(shown: Figure | Board) -> str:
    """Return the role of the colour on which it stands."""
    return "canvas" if isinstance(shown, Board) else "background"


def draw(painter: QPainter, shown: Figure | Board, look: Look, *, vector: bool) -> None:
    """Draw a figure or a board into `look.room`, with nothing beneath it unless the look has a ground."""
    if not look.transparent:
        painter.fillRect(QRectF(0.0, 0.0, *look.room), QColor(look.theme[ground(shown)]))
    if not isinstance(shown, Board):
        paint(painter, shown, look.room, look.theme, vector=vector, exact=True)
        return
    scale = min(room / side for room, side in zip(look.room, shown.size, strict=True))
    with saved(painter):
        painter.translate(
            *((room - side * scale) / 2 for room, side in zip(look.room, shown.size, strict=True))
        )
        painter.scale(scale, scale)
        for card in shown.cards:
            _draw_card(painter, card, look, vector=vector)


def _draw_card(painter: QPainter, card: Card, look: Look, *, vector: bool) -> None:
    painter.setRenderHint(painter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(QColor(look.theme["frame"]), 1.0))
    painter.setBrush(QColor(look.theme["panel"]))
    painter.drawRoundedRect(QRectF(*card.area).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
    x, y, width, _ = card.area
    middle = y + card.head / 2
    write(painter, look.theme, (x + INSET, middle), card.title, TITLE)
    if width_of(card.title, TITLE) + width_of(card.note, NOTE) + 2 * INSET + APART <= width:
        write(painter, look.theme, (x + width - INSET, middle), card.note, NOTE)
    left, top, wide, high = card.inner
    with saved(painter):
        painter.setClipRect(QRectF(*card.seen), Qt.ClipOperation.IntersectClip)
        painter.translate(left, top)
        paint(painter, card.figure, (wide, high), look.theme, vector=vector, zoom=card.zoom, exact=True)
