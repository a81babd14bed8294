"""Letters as shapes in SVG files, so that they look the same where a font is missing.

A text in an SVG file is set by whoever reads it, in whatever font there is, and Inter seldom is; widths then
differ, and labels run into each other. So each letter is kept once as an outline and used where it stands.
Letters without outlines, such as coloured ones, stay text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QRawFont, QTextLayout

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QFont, QTextOption
    from PySide6.QtSvg import QSvgGenerator

    Glyph = tuple[str, float, float]

MARK = "letters-"  # begins what stands for a text until its outlines take its place; every font has these
TEXT = re.compile(
    rf'<text fill="([^"]*)" fill-opacity="([^"]*)"[^>]*? x="([^"]*)" y="([^"]*)"[^>]*>{MARK}(\d+)</text>',
    re.S,
)
FINER = 16.0  # times its size at which an outline is taken: its corners lie on a grid of 1/64 pixel
Element = QPainterPath.ElementType


@dataclass(slots=True)
class Letters:
    """The outlines used in a file by the names they have there, and its texts as (name, x, y) of letters."""

    outlines: dict[str, str] = field(default_factory=dict)
    texts: list[list[Glyph]] = field(default_factory=list)
    _names: dict[tuple[str, str, int, float, int], str] = field(default_factory=dict)

    def add(self, text: str, font: QFont) -> int | None:
        """Keep a text and return its number; None if it has letters without outlines."""
        layout = QTextLayout(text, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e6)
        layout.endLayout()
        glyphs: list[Glyph] = []
        for run in layout.glyphRuns():
            raw = run.rawFont()
            for index, at in zip(run.glyphIndexes(), run.positions(), strict=True):
                name = self._named(raw, index)
                if name is None:
                    return None
                glyphs.append((name, at.x(), at.y() - line.ascent()))
        self.texts.append([glyph for glyph in glyphs if self.outlines[glyph[0]]])
        return len(self.texts) - 1

    def _named(self, raw: QRawFont, index: int) -> str | None:
        key = raw.familyName(), raw.styleName(), raw.weight(), raw.pixelSize(), index
        if key in self._names:
            return self._names[key]
        large = QRawFont(raw)
        large.setPixelSize(raw.pixelSize() * FINER)
        path = large.pathForGlyph(index)
        if path.isEmpty() and not raw.boundingRect(index).isEmpty():
            return None
        name = self._names[key] = f"g{len(self._names)}"
        self.outlines[name] = outline(path, 1 / FINER)
        return name

    def put_into(self, svg: str) -> str:
        """Return a file in which outlines stand for the texts."""
        defined = "".join(f'<path id="{name}" d="{path}"/>\n' for name, path in self.outlines.items() if path)
        return TEXT.sub(self._used, svg).replace("<defs>", f"<defs>\n{defined}", 1)

    def _used(self, found: re.Match[str]) -> str:
        fill, opacity, x, y, number = found.groups()
        uses = "".join(
            f'<use xlink:href="#{name}" x="{_short(float(x) + dx)}" y="{_short(float(y) + dy)}"/>'
            for name, dx, dy in self.texts[int(number)]
        )
        shown = "" if opacity == "1" else f' fill-opacity="{opacity}"'
        return f'<g fill="{fill}"{shown} stroke="none">{uses}</g>'


class OutliningPainter(QPainter):
    """A painter onto a QSvgGenerator that leaves a mark for each text."""

    def __init__(self, generator: QSvgGenerator, letters: Letters) -> None:
        super().__init__(generator)
        self.letters = letters
        self._clipped = [False]

    def save(self) -> None:
        """Keep the state, and that nothing is clipped more than before yet."""
        self._clipped.append(False)
        super().save()

    def setClipRect(self, area: QRectF, *_operation: Any) -> None:  # type: ignore[override]  # noqa: N802
        """Clip what was not clipped before, and remember it: Qt's generator knows one clip only."""
        self._clipped[-1] = True
        super().setClipRect(area & self.clipBoundingRect() if self.hasClipping() else area)

    def restore(self) -> None:
        """Give the state back; of the clip before, Qt's generator has to be told."""
        super().restore()
        if self._clipped.pop() and self.hasClipping():
            super().setClipRect(self.clipBoundingRect())

    def drawText(self, at: Any, text: str, option: QTextOption | None = None) -> Any:  # type: ignore[override]  # noqa: N802
        """Draw a text from a point on its baseline, or into a rectangle if there is an option."""
        if option is not None:
            self._draw_lines(at, text, option)
        elif text:
            number = self.letters.add(text, self.font())
            super().drawText(QPointF(at), text if number is None else f"{MARK}{number}")

    def _draw_lines(self, area: QRectF, text: str, option: QTextOption) -> None:
        layout = QTextLayout(text.replace("\n", "\u2028"), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(area.width())
            lines.append(line)
        layout.endLayout()
        centred = option.alignment() & Qt.AlignmentFlag.AlignHCenter
        high = sum(line.height() for line in lines)
        top = area.y() + (
            (area.height() - high) / 2 if option.alignment() & Qt.AlignmentFlag.AlignVCenter else 0
        )
        for line in lines:
            free = (area.width() - line.naturalTextWidth()) / 2 if centred else 0.0
            part = layout.text()[line.textStart() : line.textStart() + line.textLength()]
            self.drawText(QPointF(area.x() + free, top + line.ascent()), part.rstrip(" \u2028"))
            top += line.height()


def outline(path: QPainterPath, scale: float) -> str:
    """Return a path as SVG has it, scaled."""
    words: list[str] = []
    letters = {Element.MoveToElement: "M", Element.LineToElement: "L", Element.CurveToElement: "C"}
    for n in range(path.elementCount()):
        element = path.elementAt(n)
        words.append(
            f"{letters.get(element.type, ' ')}{_short(element.x * scale)} {_short(element.y * scale)}"
        )
    return "".join(words)


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
