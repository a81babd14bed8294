"""The list of what is held, side by side as far as there is room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from rnnviz.figures.held import held_letter, held_name, value_words
from rnnviz.panels.base.hold_chip import HoldChip
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.session import holds
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from rnnviz.engine import Intervention
    from rnnviz.session.session import Moment, Session
    from rnnviz.session.state import DocumentState

ROWS = 2  # in sight; more of them scroll
GAP = 6


class HoldList(QScrollArea):
    """A chip an intervention, then buttons; each change is a step to undo. refused(str): why it cannot be.

    buttons: the first is always there, the others concern what is held.
    """

    refused = Signal(str)

    def __init__(self, session: Session, buttons: tuple[QWidget, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._buttons = buttons
        self.chips: list[HoldChip] = []
        self.setObjectName("scrolled")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room = QWidget()
        for button in buttons:
            button.setParent(self._room)
        self.setWidget(self._room)
        session.moment_changed.connect(self._on_moment_changed)
        self.read_back()

    def read_back(self) -> None:
        """Show what the document holds; a chip stays where it is, and with it the keyboard."""
        moment = self._session.moment
        held, spec, notation = moment.state.interventions, moment.state.spec, moment.notation
        while len(self.chips) > len(held):
            chip = self.chips.pop()
            chip.hide()
            chip.deleteLater()
        while len(self.chips) < len(held):
            self.chips.append(self._made())
        for chip, one in zip(self.chips, held, strict=True):
            chip.show_held(
                one, held_name(spec, one, notation), held_letter(spec, one, notation), moment.state.steps
            )
        self.lay_out()

    def _made(self) -> HoldChip:
        chip = HoldChip(self._room)
        chip.value_typed.connect(self._on_value_typed)
        chip.start_chosen.connect(self._on_start_chosen)
        chip.let_go.connect(self._on_let_go)
        return chip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many in a row as there is room for."""
        super().resizeEvent(event)
        self.lay_out()

    def lay_out(self) -> None:
        """Put chips and buttons one after the other, as words in a text, with fewer words if need be."""
        room, shown = max(1, self.viewport().width()), self._buttons if self.chips else self._buttons[:1]
        for button in self._buttons:
            button.setVisible(button in shown)
        for brief in (False, True):
            for chip in self.chips:
                chip.set_brief(brief)
            places, high = flowing([thing.sizeHint() for thing in (*self.chips, *shown)], room)
            if places[-1].bottom() < ROWS * (high + GAP):
                break
        for thing, place in zip((*self.chips, *shown), places, strict=True):
            thing.setGeometry(place)
            thing.show()
        bottom = places[-1].top() // (high + GAP) * (high + GAP) + high
        self._room.resize(room, bottom)
        if (height := min(bottom, ROWS * (high + GAP) - GAP)) != self.height():
            self.setFixedHeight(height)

    def _on_value_typed(self, held: Intervention, text: str) -> None:
        try:
            value = parse_number(text, "that can be held")
        except EditError as error:
            self._refuse(error)
            return
        words = f"Hold {self._name(held)} at {value_words(value)}"
        self._edit(partial(holds.with_value, held=held, value=value), words)

    def _on_start_chosen(self, held: Intervention, start: int) -> None:
        words = f"Hold {self._name(held)} from step {start + 1}"
        merge = f"start {held.target} {held.unit} {held.layer} {held.direction}"
        self._edit(partial(holds.with_start, held=held, start=start), words, merge)

    def _on_let_go(self, held: Intervention) -> None:
        self._edit(partial(holds.without_hold, held=held), f"Let go of {self._name(held)}")

    def _name(self, held: Intervention) -> str:
        return held_name(self._session.moment.state.spec, held, self._session.moment.notation)

    def _edit(
        self, edit: Callable[[DocumentState], DocumentState], words: str, merge: str | None = None
    ) -> None:
        document = self._session.document
        try:
            document.edit(edit(document.state), words, merge)
        except EditError as error:
            self._refuse(error)

    def _refuse(self, error: EditError) -> None:
        self.refused.emit(str(error))
        self.read_back()

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        changed = old.state.interventions != new.state.interventions or old.state.steps != new.state.steps
        if changed or old.notation != new.notation or old.state.spec != new.state.spec:
            self.read_back()


def flowing(sizes: list[QSize], room: int) -> tuple[list[QRect], int]:
    """Return where things are in rows `room` wide, each in the middle of its row, and a row's height."""
    high, x, y, places = max(size.height() for size in sizes), 0, 0, []
    for size in sizes:
        if x and x + size.width() > room:
            x, y = 0, y + high + GAP
        places.append(QRect(x, y + (high - size.height()) // 2, min(size.width(), room), size.height()))
        x += size.width() + GAP
    return places, high
