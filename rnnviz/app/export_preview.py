"""How an export will look, small: a picture, or the beginning of a text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QSizePolicy, QStackedWidget

from rnnviz.export import png

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPaintEvent

    from rnnviz.export import Board, Look
    from rnnviz.figures.model import Figure

SIZE = QSize(460, 340)
SQUARE = 8  # pixels of the pattern beneath what is transparent
EDGE = 18  # pixels around a picture, on both sides together
LINES = 200  # of a text that are shown
LIGHT, DARK = "#ffffff", "#d9dde4"


class Sheet(QFrame):
    """A picture in the middle of a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("exportSheet")
        self.setAccessibleName("Preview")
        self.image: QImage | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, over a pattern where it is transparent."""
        super().paintEvent(event)
        if self.image is None:
            return
        with QPainter(self) as painter:
            area = QRectF(self.rect())
            shown = self.image.deviceIndependentSize()
            left, top = (area.width() - shown.width()) / 2, (area.height() - shown.height()) / 2
            place = QRectF(round(left), round(top), shown.width(), shown.height())
            if self.image.hasAlphaChannel():
                painter.drawTiledPixmap(place, _pattern())
            painter.drawImage(place.topLeft(), self.image)


class Preview(QStackedWidget):
    """Shows a picture, a text, or why there is neither."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet, self.text, self.words = Sheet(), QPlainTextEdit(), QLabel()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Preview")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self.sheet, self.text, self.words):
            self.addWidget(page)
        self.setMinimumSize(SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: Figure | Board, look: Look) -> None:
        """Show a picture as large as there is room, with all that it will have in the file."""
        width, height = look.size
        fit = min((self.width() - EDGE) / width, (self.height() - EDGE) / height)
        ratio = self.devicePixelRatioF()
        image = png.painted(picture, replace(look, scale=fit * ratio))
        image.setDevicePixelRatio(ratio)
        self.sheet.image = image
        self.sheet.update()
        self.setCurrentWidget(self.sheet)

    def show_text(self, text: str) -> None:
        """Show the beginning of a text."""
        lines = text.split("\n", LINES)
        self.text.setPlainText("\n".join(lines[:LINES]) + ("\n…" if len(lines) > LINES else ""))
        self.setCurrentWidget(self.text)

    def show_words(self, sentence: str) -> None:
        """Show why there is nothing to see."""
        self.words.setText(sentence)
        self.setCurrentWidget(self.words)


def _pattern() -> QPixmap:
    """Return a chequered square, by which one knows that a picture is transparent."""
    found = QPixmap(2 * SQUARE, 2 * SQUARE)
    found.fill(QColor(LIGHT))
    with QPainter(found) as painter:
        for n in range(2):
            painter.fillRect(n * SQUARE, n * SQUARE, SQUARE, SQUARE, QColor(DARK))
    return found
