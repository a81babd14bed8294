"""Text marks: framed tokens and free labels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from rnnviz.drawing.canvas import saved
from rnnviz.drawing.colours import ink_on
from rnnviz.drawing.formula import draw_formula
from rnnviz.drawing.sprites import FILLED, Token, draw_token, token_sprite
from rnnviz.drawing.text import SMALLEST, Style, advance, width_of, write, write_all
from rnnviz.drawing.whole import whole
from rnnviz.figures.layout import frame_width, limits, text_room

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.model import Text

    Place = tuple[int, float, float, str]

WORD_EDGE = 0.6  # of its size that a word has to the left and to the right of it
OUTLINE, APART = 2.0, 1.0  # logical pixels: the outline of what is picked, and how far from the frame it is
ROUND = 0.35  # of half the height: the corners of the outline of a box


def draw_text(c: Canvas, mark: Text) -> None:
    """Draw the strings at their positions, framed if the mark says so."""
    xs, ys = c.x(mark.positions[:, 0]).tolist(), c.y(mark.positions[:, 1]).tolist()
    numbered = range(len(mark.strings))
    near = c.bounds.grown(mark.size * c.scale * 4)
    top, bottom = _clip(c, mark.size * c.scale * 4)
    places = [
        (n, x, y, text)
        for n, x, y, text in zip(numbered, xs, ys, mark.strings, strict=True)
        if top <= y <= bottom and x == x and near.holds(x, y)
    ]
    if mark.family == "formula":
        _draw_formulas(c, mark, places)
    else:
        (_draw_free if mark.frame == "none" else _draw_framed)(c, mark, places)


def _clip(c: Canvas, more: float) -> tuple[float, float]:
    """Return between which pixels anything is to be drawn at all: of a long sheet only what is in sight."""
    if not c.painter.hasClipping():
        return -math.inf, math.inf
    clip = c.painter.clipBoundingRect()
    return clip.top() - more, clip.bottom() + more


def _draw_formulas(c: Canvas, mark: Text, places: Sequence[Place]) -> None:
    """Set formulas as in a book, or write them plainly if that cannot be."""
    size = mark.size * c.scale
    for _, x, y, string in places:
        if not draw_formula(c, (x, y), string, mark.role, size):
            write(c.painter, c.theme, (x, y), string, Style(mark.role, size, mark.weight, family=mark.family))


def _draw_framed(c: Canvas, mark: Text, places: Sequence[Place]) -> None:
    size, radius = text_room(mark, c.plot, c.rect, c.scale)
    radius = c.even(2 * radius) / 2
    line, text, ground = (c.theme.roles[role] for role in (mark.frame_role, mark.role, "background"))
    on_solid = ink_on(c.theme.roles["text"], ground, line)
    pen, most = c.thickness(1.0), frame_width(mark, c.plot, c.rect, c.scale) / 2
    tokens = []
    for n, x, y, string in places:
        ink, fill = (on_solid, line) if n in mark.solid else (text, ground)
        struck = n in mark.struck
        wide = advance(string, round(size), mark.weight)
        half = radius
        if wide > 2 * radius * FILLED:  # a word: its frame is wider, as far as there is room
            half = max(radius, min(most, c.even(wide + 2 * WORD_EDGE * size) / 2))
        frame = radius - pen / 2, half - pen / 2
        token = Token(string, mark.frame, size, mark.weight, *frame, ink, line, fill, struck, pen)
        tokens.append((x, y, token))
    (_draw_shapes if c.vector else _stamp)(c, tokens)
    for (n, *_), (x, y, token) in zip(places, tokens, strict=True):
        if n in mark.outlined:
            _outline(c, c.snapped(x), c.snapped(y), token)


def _outline(c: Canvas, x: float, y: float, token: Token) -> None:
    """Draw the outline of what is picked around a token, a little apart from its frame."""
    line = c.thickness(OUTLINE)
    apart = token.pen / 2 + APART * c.scale + line / 2
    radius, half = token.radius + apart, token.half + apart
    corner = radius if token.frame == "circle" else ROUND * radius
    c.smooth(True)
    c.painter.setBrush(Qt.BrushStyle.NoBrush)
    c.painter.setPen(QPen(c.colour("selection"), line))
    c.painter.drawRoundedRect(QRectF(x - half, y - radius, 2 * half, 2 * radius), corner, corner)


def _draw_shapes(c: Canvas, tokens: list[tuple[float, float, Token]]) -> None:
    for x, y, token in tokens:
        draw_token(c.painter, QPointF(x, y), token)


def _stamp(c: Canvas, tokens: list[tuple[float, float, Token]]) -> None:
    """Copy images of the tokens to whole device pixels."""
    ratio = c.ratio
    with saved(c.painter):
        c.painter.scale(1 / ratio, 1 / ratio)
        for x, y, token in tokens:
            image, half = token_sprite(token, ratio)
            c.painter.drawImage(whole(x * ratio) - half[0], whole(y * ratio) - half[1], image)


def _draw_free(c: Canvas, mark: Text, places: Iterable[Place]) -> None:
    style = Style(mark.role, mark.size * c.scale, mark.weight, mark.align, mark.family)
    style = style._replace(size=_fitted(c, mark, style))
    if mark.family == "text" and not mark.struck and mark.pitch is None:
        write_all(c.painter, c.theme, ((x, y, string) for _, x, y, string in places), style)
        return
    for n, x, y, string in places:
        write(c.painter, c.theme, (x, y), string, style)
        if n in mark.struck and style.size >= SMALLEST:
            width = width_of(string, style)
            left = x - mark.align * width
            c.smooth(True)
            c.painter.setPen(QPen(c.colour(mark.role), c.thickness(1.0)))
            c.painter.drawLine(QPointF(left - 2, y), QPointF(left + width + 2, y))


def _fitted(c: Canvas, mark: Text, style: Style) -> float:
    """Return the size at which the longest string stays inside the pitch."""
    if mark.pitch is None or not mark.strings:
        return style.size
    low, high = limits(c.plot.x)
    room = mark.pitch * c.rect.w / abs(high - low)
    width = max(width_of(string, style) for string in mark.strings)
    return style.size if width <= room else float(np.floor(style.size * room / width))
