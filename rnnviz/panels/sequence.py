"""The sequence panel: type a text, click its targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QLineEdit

from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.views.figure_view import FigureView
from rnnviz.session import edits
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

LONGEST = 200_000  # code units: well beyond what a document takes, so that it is the document that refuses

LAST_ONLY = (
    "Count the loss L_t of the last step only: predict the last character from all before it. "
    "A click on a single target leaves that step's loss out."
)


@register("sequence")
class SequencePanel(FigurePanel[FigureView]):
    """The text with its tokens, one-hot, and its targets; a click on a target leaves that step's loss out."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText("Type a word or a sentence")
        self.line.setAccessibleName("Text of the sequence")
        self.line.setToolTip(
            "The sequence: each character but the last is an input x_t, the one after it the target y_t. "
            "New characters extend the vocabulary."
        )
        self.last_only = tool_button("last loss only", "small", LAST_ONLY, checked=False)
        self.box.insertWidget(0, self.line)
        self.line.textEdited.connect(self._on_text_edited)
        self.line.returnPressed.connect(self.line.clearFocus)
        self.line.editingFinished.connect(session.document.end_merge)
        self.last_only.clicked.connect(self._on_last_only_clicked)
        self.view.pressed.connect(self._on_pressed)
        self.view.hovered.connect(self._on_hovered)
        self._read_back()

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the button that counts the last loss only."""
        return (self.last_only,)

    def _on_text_edited(self, text: str) -> None:
        document = self.session.document
        try:
            state = edits.with_text(document.state, text)
        except EditError as error:
            self._read_back()
            self.refused.emit(str(error))
            return
        document.edit(state, "Type text", merge="text")

    def _on_last_only_clicked(self, checked: bool) -> None:
        document = self.session.document
        if checked:
            document.edit(edits.predict_only_last(document.state), "Predict only the last")
        else:
            document.edit(edits.predict_all(document.state), "Predict every step")

    def _on_pressed(self, pick: Pick) -> None:
        step = round(pick.x) - 1
        document = self.session.document
        if not 0 <= step < document.state.steps:
            return
        if pick.plot == "targets":
            silent = step in document.state.silent
            text = (
                f"Count the loss of step {step + 1}" if silent else f"Leave out the loss of step {step + 1}"
            )
            document.edit(edits.toggle_silent(document.state, step), text)
        else:
            self.session.playback.seek(step)

    def _on_hovered(self, pick: Pick | None) -> None:
        on_target = pick is not None and pick.plot == "targets"
        self.view.setToolTip("Click: leave this step's loss L_t out, or count it again." if on_target else "")

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state is not new.state:
            self._read_back()
        super()._on_moment_changed(old, new)

    def _read_back(self) -> None:
        """Show the document's text, without losing the place of the cursor while it is being typed."""
        state = self.session.document.state
        if self.line.text() != state.text:
            with QSignalBlocker(self.line):
                self.line.setText(state.text)
                self.line.setCursorPosition(0)
        self.last_only.setChecked(state.steps > 1 and state.silent == frozenset(range(state.steps - 1)))
        self.last_only.setEnabled(state.steps > 1)
