"""A question with a few answers, over the window, which waits for none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QAbstractButton, QWidget

Role = QMessageBox.ButtonRole


class Answer(NamedTuple):
    """A button, what pressing it does, and its place among the others; Escape is the one that rejects."""

    text: str
    tip: str
    then: Callable[[], object]
    role: QMessageBox.ButtonRole = Role.AcceptRole


class Question(QMessageBox):
    """Asks and does what the answer says; the first answer is what Return gives."""

    def __init__(self, parent: QWidget, sentence: str, details: str, answers: Sequence[Answer]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("RNNViz")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(sentence)
        self.setInformativeText(details)
        self._then: dict[QAbstractButton, Callable[[], object]] = {}
        for answer in answers:
            button = self.addButton(answer.text, answer.role)
            button.setToolTip(answer.tip)
            self._then[button] = answer.then
            if answer.role == Role.RejectRole:
                self.setEscapeButton(button)
        self.setDefaultButton(next(iter(self._then)))  # type: ignore[call-overload]  # it is a QPushButton
        self.finished.connect(self._on_finished)
        self.open()

    def answer(self, text: str) -> None:
        """Press the button of these words; KeyError if there is none."""
        {button.text(): button for button in self._then}[text].click()

    def _on_finished(self) -> None:
        if (clicked := self.clickedButton()) in self._then:
            self._then[clicked]()


def nothing() -> None:
    """Do nothing, as Cancel does."""
