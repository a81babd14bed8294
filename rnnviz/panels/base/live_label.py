"""A line of text that changes with every frame and so must not lay the window out anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


PART = " · "


class LiveLabel(QLabel):
    """Shows as much of its text as fits, an ellipsis for the rest, and asks for no width of its own.

    whole: as many of the parts between dots as fit whole, instead; the tooltip then says all of them.
    """

    def __init__(self, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft, *, whole: bool = False) -> None:
        super().__init__()
        self._text = ""
        self._whole = whole
        self._align = align | Qt.AlignmentFlag.AlignVCenter
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the whole text, whether or not all of it fits."""
        return self._text

    def setText(self, text: str) -> None:  # noqa: N802 — Qt's name: it is a label like others
        """Show another text, without a new layout."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            if self._whole:
                self.setToolTip(text)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a line."""
        return QSize(0, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line; the width is left to others."""
        return self.sizeHint()

    def shown(self) -> str:
        """Return what is seen of the text."""
        return self._fitting(self.contentsRect().width())

    def _fitting(self, room: int) -> str:
        metrics = self.fontMetrics()
        if not self._whole:
            return metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        parts = self._text.split(PART)
        fitting = (PART.join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((text for text in fitting if metrics.horizontalAdvance(text) <= room), "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits, in the colour the stylesheet gives labels of this class."""
        room = self.contentsRect()
        with QPainter(self) as painter:
            painter.setPen(self.palette().windowText().color())
            painter.drawText(room, self._align, self.shown())
