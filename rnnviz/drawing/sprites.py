"""Small images of text, drawn once and stamped many times, which costs a tenth of drawing the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from rnnviz.drawing.canvas import saved
from rnnviz.drawing.colours import named
from rnnviz.drawing.text import MIDDLE, SMALLEST, advance, font

if TYPE_CHECKING:
    from collections.abc import Callable

FILLED = 0.86  # of a frame's width that text may take
MOST_NUMBERS = 4096  # images kept of one size and colour


class Sprite(NamedTuple):
    """An image in device pixels, to be centred on a point; half: its size halved, always whole."""

    image: QImage
    half: tuple[int, int]


def drawn(width: float, height: float, ratio: float, draw: Callable[[QPainter, QPointF], None]) -> Sprite:
    """Return the image of what `draw` draws around a point, of at least that many logical pixels."""
    half = ceil(width * ratio / 2), ceil(height * ratio / 2)
    image = QImage(2 * half[0], 2 * half[1], QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.scale(ratio, ratio)
        draw(painter, QPointF(half[0] / ratio, half[1] / ratio))
    return Sprite(image, half)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Images of numbers in one size (pixels) and colour (#rrggbb), made as they are needed."""

    size: int
    ink: str
    ratio: float
    made: dict[str, Sprite] = field(default_factory=dict)

    def sprite(self, text: str) -> Sprite:
        """Return the image of a number."""
        found = self.made.get(text)
        if found is None:
            if len(self.made) >= MOST_NUMBERS:
                self.made.clear()
            found = self.made[text] = self._drawn(text)
        return found

    def _drawn(self, text: str) -> Sprite:
        width = advance(text, self.size)

        def draw(painter: QPainter, middle: QPointF) -> None:
            painter.setFont(font(self.size))
            painter.setPen(named(self.ink))
            painter.drawText(middle + QPointF(-width / 2, self.size * MIDDLE), text)

        return drawn(width + 2, self.size * 1.5, self.ratio, draw)


@lru_cache(maxsize=64)
def numbers(size: int, ink: str, ratio: float) -> Numbers:
    """Return the images of numbers of one kind."""
    return Numbers(size, ink, ratio)


class Token(NamedTuple):
    """A framed string; radius: half the frame's height, half: half its width, in logical pixels.

    Colours are #rrggbb.
    """

    text: str
    frame: str
    size: float
    weight: int
    radius: float
    half: float
    ink: str
    line: str
    fill: str
    struck: bool
    pen: float


def draw_token(painter: QPainter, at: QPointF, token: Token) -> None:
    """Draw a framed string around a point."""
    r, half = token.radius, token.half
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(named(token.line), token.pen))
        painter.setBrush(named(token.fill))
        box = QRectF(at.x() - half, at.y() - r, 2 * half, 2 * r)
        if half > r and token.frame == "circle":
            painter.drawRoundedRect(box, r, r)
        elif token.frame == "circle":
            painter.drawEllipse(box)
        else:
            painter.drawRoundedRect(box, 0.3 * r, 0.3 * r)
        _write_inside(painter, at, token)


def _write_inside(painter: QPainter, at: QPointF, token: Token) -> None:
    size = fitting(token.text, token.size, token.weight, 2 * token.half * FILLED)
    if size < SMALLEST:
        return
    width = advance(token.text, size, token.weight)
    painter.setPen(named(token.ink))
    painter.setFont(font(size, token.weight))
    painter.drawText(at + QPointF(-width / 2, size * MIDDLE), token.text)
    if token.struck:
        reach = QPointF(max(width / 2, 0.3 * size) + 2, 0)
        painter.setPen(QPen(named(token.ink), token.pen))
        painter.drawLine(at - reach, at + reach)


def fitting(text: str, size: float, weight: int, room: float) -> int:
    """Return the largest size in whole pixels, at most `size`, at which a text is no wider than `room`."""
    pixels = round(size)
    width = advance(text, pixels, weight)
    return pixels if width <= room or not width else int(pixels * max(0.0, room) / width)


@lru_cache(maxsize=4096)
def token_sprite(token: Token, ratio: float) -> Sprite:
    """Return the image of a framed string."""
    edge = token.pen + 2
    size = 2 * token.half + edge, 2 * token.radius + edge
    return drawn(*size, ratio, lambda painter, middle: draw_token(painter, middle, token))
