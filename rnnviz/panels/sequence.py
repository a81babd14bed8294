"""The sequence panel: type a text, read it as characters or words, compare it with another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit

from rnnviz.engine.selection import Selection
from rnnviz.figures.signal import channel_at
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.canvas_view import CanvasView
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.selecting import Selecting
from rnnviz.panels.base.sequence_settings import SequenceSettings
from rnnviz.panels.base.tips import Tips
from rnnviz.session import edits, sequence_edits
from rnnviz.session.errors import EditError
from rnnviz.session.sight import edited, in_sight, seen
from rnnviz.session.signals import values_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.picking import Pick
    from rnnviz.figures.theme import Theme
    from rnnviz.session.reading import Reading
    from rnnviz.session.session import Moment, Session
    from rnnviz.session.sight import Sight
    from rnnviz.session.state import DocumentState

LONGEST = 200_000  # code units: well beyond what a document takes, so that it is the document that refuses

LAST_ONLY = (
    "Count the loss L_t of the last step only: predict the last token from all before it. "
    "A click on a single target leaves that step's loss out."
)
LINE = (
    "The sequence: each token but the last is an input x_t, the one after it the target y_t. "
    "New tokens extend the vocabulary."
)
MORE = "Read characters or words, shuffle them, choose the state h_0 that the first step starts from"
HINTS = {
    "inputs": "Click: go to this step, and pick the number of x_t that this token is.",
    "targets": "Click: leave this step's loss L_t out, or count it again.",
    "signal": "Drag: draw the signal. Dashed: what is predicted.",
}
SHORT = {"characters": "abc", "words": "words", "numbers": "0.1"}
SIGHT = (
    "Which sequence every panel shows and this one edits. A is learnt; B is read by the same network, from "
    "the same h_0. B − A shows in every panel how far the values of B are from those of A"
)
SIGHTS: dict[Sight, str] = {"a": "A", "b": "B", "difference": "B − A"}
REMOVE = "Have no second sequence"


@register("sequence")
class SequencePanel(FigurePanel[CanvasView]):
    """The text, its tokens, their vectors and targets; a click on a target leaves that step's loss out."""

    shows_flow = False
    view_type = CanvasView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self._shuffles = 0
        self._pen: tuple[float, float] | None = None  # where the stroke that is being drawn has come
        self._channel: int | None = None  # the curve that it draws
        self.selecting = Selecting(session, self)
        self._make_controls()
        self._lay_out()
        self.line.textEdited.connect(self._on_text_edited)
        self.line.returnPressed.connect(self.line.clearFocus)
        self.line.editingFinished.connect(self._on_editing_finished)
        self.last_only.clicked.connect(self._on_last_only_clicked)
        self.sights.activated.connect(self._on_sight_activated)
        self.remove.clicked.connect(self._on_remove_clicked)
        self.more.clicked.connect(self._on_more_clicked)
        self.settings.reads_chosen.connect(self._on_reads_chosen)
        self.settings.shuffle_asked.connect(self._on_shuffle_asked)
        self.settings.canvas_asked.connect(self._on_canvas_asked)
        self.settings.start.refused.connect(self.refused)
        self.view.pressed.connect(self._on_pressed)
        self.view.dragged.connect(self._on_dragged)
        self.view.released.connect(self._on_released)
        self.view.double_clicked.connect(self._on_double_clicked)
        self.view.hovered.connect(self._on_hovered)
        self._read_back()

    def _make_controls(self) -> None:
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText("Type a word or a sentence")
        self.line.setAccessibleName("Text of the sequence")
        self.line.setToolTip(LINE)
        self.last_only = tool_button("last loss", "small", LAST_ONLY, checked=False)
        self.sights = QComboBox()
        self.sights.setProperty("class", "small")
        self.sights.setAccessibleName("Sequence")
        self.sights.addItems(list(SIGHTS.values()))
        self.remove = tool_button("×", "quiet", REMOVE)
        self.remove.setAccessibleName(REMOVE)
        self.more = tool_button("", "small", "")
        tips = Tips(self.session, self)
        tips.set(self.sights, SIGHT)
        tips.set(self.more, MORE)
        self.settings = SequenceSettings(self.session, self)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.sights)
        row.addWidget(self.remove)
        row.addWidget(self.line, 1)
        row.addWidget(self.more)
        self.box.insertLayout(0, row)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the button that counts the last loss only."""
        return (self.last_only,)

    @property
    def sight(self) -> Sight:
        """Which sequence is shown and edited."""
        sight = in_sight(self.session.document.state, self.session.playback.sight)
        return "a" if sight == "effect" else sight

    @property
    def state(self) -> DocumentState:
        """The document with that sequence as its text."""
        return seen(self.session.document.state, self.sight)

    def _edit(
        self, edit: Callable[[DocumentState], DocumentState], words: str, merge: str | None = None
    ) -> bool:
        """Edit the sequence shown; if that cannot be, say why and return False."""
        document = self.session.document
        try:
            state = edited(document.state, self.sight, edit)
        except EditError as error:
            self._read_back()
            self.refused.emit(str(error))
            return False
        document.edit(state, words, merge=merge)
        return True

    def _on_text_edited(self, text: str) -> None:
        if self.state.reads == "numbers" and not _reads_as_numbers(text):
            return  # such as "0,5 -", on its way to become a number
        self._edit(partial(edits.with_text, text=text), "Type text", merge=f"text {self.sight}")

    def _on_editing_finished(self) -> None:
        """Say what is no number now that no more of it is to come."""
        if self.line.text() != self.state.text:
            self._edit(partial(edits.with_text, text=self.line.text()), "Type text", f"text {self.sight}")
        self.session.document.end_merge()

    def _on_last_only_clicked(self, checked: bool) -> None:
        if checked:
            self._edit(edits.predict_only_last, "Predict only the last")
        else:
            self._edit(edits.predict_all, "Predict every step")

    def _on_reads_chosen(self, reads: Reading) -> None:
        self._edit(partial(sequence_edits.with_reads, reads=reads), f"Read {reads}")

    def _on_shuffle_asked(self) -> None:
        self._shuffles += 1
        self._edit(partial(sequence_edits.shuffled, seed=self._shuffles), "Shuffle")

    def _on_canvas_asked(self) -> None:
        self._edit(sequence_edits.with_canvas, "Clear the signal")

    def _on_more_clicked(self) -> None:
        self.settings.open_below(self.more)

    def _on_sight_activated(self, index: int) -> None:
        """Look at a sequence; the second one begins as a copy of the first."""
        sight, document = tuple(SIGHTS)[index], self.session.document
        is_new = sight != "a" and document.state.other is None
        if is_new:
            copy = sequence_edits.with_other(document.state, document.state.text)
            document.edit(copy, "Add a second sequence")
        self.session.playback.look_at_sequence(sight)
        self._read_back()
        if is_new:
            self.line.setFocus()
            self.line.selectAll()

    def _on_remove_clicked(self) -> None:
        document = self.session.document
        self.session.playback.look_at_sequence("a")
        document.edit(sequence_edits.with_other(document.state, None), "Remove the second sequence")

    def _on_pressed(self, pick: Pick) -> None:
        step, state = round(pick.x) - 1, self.state
        if state.reads == "numbers":
            self._pen = pick.x, pick.y
        if not 0 <= step < state.steps:
            return
        if pick.plot == "targets":
            text = "Count" if step in state.silent else "Leave out"
            self._edit(partial(edits.toggle_silent, step=step), f"{text} the loss of step {step + 1}")
        else:
            self.session.playback.seek(step)
            self.selecting.choose(self._picked_at(pick))

    def _picked_at(self, pick: Pick) -> Selection | None:
        """Return what can be picked at a place: a token's number, or the curve that is nearest."""
        if pick.plot == "signal":
            return Selection("x", channel_at(self.scene, pick.x, pick.y))
        return self.selecting.at(pick)

    def _on_double_clicked(self, pick: Pick) -> None:
        if pick.plot != "targets":
            self.selecting.explain_at(pick)

    def _on_dragged(self, start: Pick, dx: float, dy: float) -> None:
        """Draw with the mouse: the stroke goes from where it has come to where the mouse is."""
        if self._pen is None or start.plot != "signal":
            return
        here, before = self.view.dragged_to(start, dx, dy), self._pen
        channel = channel_at(self.scene, start.x, start.y) if self._channel is None else self._channel
        self._pen, self._channel = here, channel
        stroke = partial(sequence_edits.with_stroke, channel=channel, start=before, stop=here)
        self._edit(stroke, "Draw the signal", merge="draw")

    def _on_released(self) -> None:
        if self._pen is not None:
            self._pen = self._channel = None
            self.session.document.end_merge()

    def _on_hovered(self, pick: Pick | None) -> None:
        self.view.setToolTip("" if pick is None else HINTS.get(pick.plot, ""))

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state is not new.state or old.baseline is not new.baseline:
            self._read_back()
        super()._on_moment_changed(old, new)

    def _read_back(self) -> None:
        """Show the document's text, without losing the place of the cursor while it is being typed."""
        state, sight = self.state, self.sight
        if self.line.text() != state.text:
            with QSignalBlocker(self.line):
                self.line.setText(state.text)
                self.line.setCursorPosition(0)
        self.last_only.setChecked(state.steps > 1 and state.silent == frozenset(range(state.steps - 1)))
        self.last_only.setEnabled(state.steps > 1)
        self.sights.setCurrentIndex(tuple(SIGHTS).index(sight))
        self.remove.setVisible(sight != "a")
        self.more.setText(SHORT[state.reads])


def _reads_as_numbers(text: str) -> bool:
    try:
        values_of(text)
    except EditError:
        return False
    return True
