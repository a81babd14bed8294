"""A small window to type the value at which something is held, and from which step on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel, QLineEdit, QSpinBox

from rnnviz.figures.held import value_words
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.holding import Place, hold, name_of, value_at
from rnnviz.panels.base.popover import Popover, form_of
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.session.session import Session

VALUE = "The value that it keeps, in place of what its equation gives"
START = "The first step at which it has this value, counted from 1"


class HoldPopover(Popover):
    """Asks for a value and a step; Return holds, and what cannot be is said here."""

    def __init__(self, session: Session, place: Place, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._place = place
        self._over = parent
        now = value_at(session, place)
        self.value = QLineEdit(value_words(0.0 if now is None else now))
        self.value.setAccessibleName("Value")
        self.start = QSpinBox()
        self.start.setRange(1, max(1, session.moment.state.steps))
        self.start.setValue(place.step + 1)
        self.start.setAccessibleName("First step")
        self.button = tool_button("Hold", "primary", "Hold it at this value from this step on (Return)")
        self.words = QLabel()
        self.words.setProperty("class", "pill-warning")
        self.words.setWordWrap(True)
        self.words.hide()
        rows = ((f"{name_of(session, place)} =", self.value, VALUE), ("from step", self.start, START))
        form = form_of(self, rows)
        form.addRow(self.words)
        form.addRow(self.button)
        self.value.returnPressed.connect(self._on_agreed)
        self.button.clicked.connect(self._on_agreed)

    def open_near_mouse(self) -> None:
        """Open where the mouse is, or in the middle of the panel if it is elsewhere."""
        panel = self._over
        inside = panel.rect().contains(panel.mapFromGlobal(QCursor.pos()))
        at = QCursor.pos() if inside else panel.mapToGlobal(panel.rect().center())
        self.adjustSize()
        screen = panel.screen().availableGeometry()
        size = self.sizeHint()
        x = min(max(screen.left(), at.x()), screen.right() - size.width())
        y = min(max(screen.top(), at.y()), screen.bottom() - size.height())
        self.move(QPoint(x, y))
        self.show()
        self.value.setFocus()
        self.value.selectAll()

    def _on_agreed(self) -> None:
        try:
            value = parse_number(self.value.text(), "that can be held")
            hold(self._session, self._place._replace(step=self.start.value() - 1), value)
        except EditError as error:
            self.words.setText(str(error))
            self.words.show()
            self.adjustSize()
            return
        self.close()
