"""One sentence laid over the window: what went wrong, where, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

MILLISECONDS_A_CHARACTER = 90
SHORTEST = 4000
WIDEST = 640
ABOVE_BOTTOM = 48
PADDING = 30  # pixels beside the text: the stylesheet's and some to spare


class Notice(QLabel):
    """Shows a sentence above the status bar until it has been read or clicked away."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("notice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setToolTip("Click to close")
        self.hide()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._window = window
        window.installEventFilter(self)

    def say(self, sentence: str, *, good: bool = False) -> None:
        """Show a sentence for as long as it takes to read it; `good` news have another frame."""
        self.setText(sentence)
        self.setProperty("class", "good" if good else "bad")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(max(SHORTEST, MILLISECONDS_A_CHARACTER * len(sentence)))

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Close."""
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window is resized."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        window = self._window
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * PADDING
        self.setFixedWidth(min(WIDEST, window.width() - 40, max(120, width)))
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - ABOVE_BOTTOM)
