"""The weights panel: matrices as numbers to type, drag, turn by the wheel or step by the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from rnnviz.figures.gallery.weights import weights as draw_weights
from rnnviz.figures.notation import ShownParameter, shown_parameters
from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import join, tool_button
from rnnviz.panels.base.cell_editor import CellEditor
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.live_label import LiveLabel
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.session import edits
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

PER_PIXEL = 0.01
STEP = 0.1
HINT = "Drag a number, or click it and type."


class Entry(NamedTuple):
    """One number: the symbol of its matrix, its row and its column."""

    symbol: str
    row: int
    column: int


@register("weights")
class WeightsPanel(FigurePanel[KeyedView]):
    """W_X, W_H, W_Y and the biases, every entry editable; everything else follows in the same frame."""

    view_type = KeyedView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        self.only: str | None = None
        self.selected: Entry | None = None
        self._told: Entry | None = None  # what the readout speaks of
        self._grabbed = 0.0  # the value a drag started from
        super().__init__(session, theme, parent)
        self.choices = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self.box.insertLayout(0, self._row)
        self.readout = LiveLabel()
        self.readout.setText(HINT)
        self.readout.setProperty("class", "note")
        self.box.addWidget(self.readout)
        self.editor = CellEditor(self.view)
        self.view.setCursor(Qt.CursorShape.SizeVerCursor)
        self.view.pressed.connect(self._on_pressed)
        self.view.dragged.connect(self._on_dragged)
        self.view.released.connect(session.document.end_merge)
        self.view.double_clicked.connect(self._on_double_clicked)
        self.view.wheel.connect(self._on_wheel)
        self.view.hovered.connect(self._on_hovered)
        self.view.moved.connect(self._on_moved)
        self.view.stepped.connect(self._on_stepped)
        self.view.opened.connect(self._on_opened)
        self.view.left.connect(self._on_left)
        self.editor.committed.connect(self._on_typed)
        self.choices.idClicked.connect(self._on_choice)
        self._offer_choices()

    def draw(self, scene: Scene) -> Figure:
        """Return the chosen matrices with the selected entry outlined."""
        return draw_weights(scene, self.only, self.selected)

    def _shown(self) -> dict[str, ShownParameter]:
        return {p.symbol: p for p in shown_parameters(self.scene)}

    def value(self, entry: Entry) -> float:
        """Return an entry as it is shown."""
        return float(self._shown()[entry.symbol].values[entry.row, entry.column])

    def set_value(self, entry: Entry, value: float, merge: str | None = None) -> None:
        """Edit the document so that an entry shows as `value`; say so if that cannot be."""
        shown = self._shown()[entry.symbol]
        document = self.session.document
        stored = shown.stored(entry.row, entry.column, value)
        try:
            state = edits.with_weight(document.state, shown.parameter, entry.row, entry.column, stored)
        except EditError as error:
            self.readout.setText(str(error))
            return
        document.edit(state, f"Change {self.named(entry)}", merge=merge)
        self._read_out(entry)

    def select(self, entry: Entry | None) -> None:
        """Outline an entry; the keys and the wheel change it."""
        self.selected = entry
        self.view.takes_keys = entry is not None
        self._read_out(entry)
        self.refresh()

    def named(self, entry: Entry) -> str:
        """Name an entry as it reads on a blackboard: W_H[2, 3], rows and columns from 1."""
        return f"{entry.symbol}[{entry.row + 1}, {entry.column + 1}]"

    def _entry(self, pick: Pick | None) -> Entry | None:
        if pick is None or pick.row is None or pick.column is None:
            return None
        return Entry(pick.plot, pick.row, pick.column)

    def _on_pressed(self, pick: Pick) -> None:
        entry = self._entry(pick)
        self.select(entry)
        if entry is not None:
            self._grabbed = self.value(entry)

    def _on_dragged(self, start: Pick, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> None:
        entry = self._entry(start)
        if entry is not None:
            moved = (dx - dy) * PER_PIXEL * _fineness(modifiers)
            self.set_value(entry, round(self._grabbed + moved, 6), merge=f"drag {self.named(entry)}")

    def _on_wheel(self, pick: Pick, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        entry = self._entry(pick)
        if entry is not None and entry == self.selected:
            self._step(entry, notches * STEP * _fineness(modifiers), "wheel")

    def _step(self, entry: Entry, by: float, how: str) -> None:
        self.set_value(entry, round(self.value(entry) + by, 6), merge=f"{how} {self.named(entry)}")

    def _on_double_clicked(self, pick: Pick) -> None:
        entry = self._entry(pick)
        if entry is not None:
            self.open_editor(entry)

    def open_editor(self, entry: Entry, typed: str = "") -> None:
        """Let the user type an entry's number in its cell, beginning with what was typed already."""
        self.select(entry)
        rect = self.view.cell_rect(entry.symbol, 0, entry.row, entry.column)
        self.editor.open(rect, typed or f"{self.value(entry):.6g}", select=not typed)

    def _on_typed(self, text: str) -> None:
        if self.selected is None:
            return
        try:
            value = parse_number(text)
        except EditError as error:
            self.readout.setText(str(error))
            return
        self.set_value(self.selected, value)

    def _on_hovered(self, pick: Pick | None) -> None:
        self._read_out(self._entry(pick) or self.selected)

    def _read_out(self, entry: Entry | None) -> None:
        self._told = entry
        if entry is None or not self._holds(entry):
            self.readout.setText(HINT)
            return
        shown = self._shown()[entry.symbol]
        row, column = shown.rows[entry.row], shown.columns[entry.column]
        where = f"from {_called(column)} to {_called(row)}" if column else f"of {_called(row)}"
        self.readout.setText(f"{self.named(entry)} = {self.value(entry):.6g}   {where}")

    def _holds(self, entry: Entry) -> bool:
        shown = self._shown().get(entry.symbol)
        return shown is not None and entry.row < len(shown.rows) and entry.column < len(shown.columns)

    def _on_moved(self, rows: int, columns: int) -> None:
        self.session.document.end_merge()
        if self.selected is not None:
            moved = Entry(self.selected.symbol, self.selected.row + rows, self.selected.column + columns)
            if min(moved.row, moved.column) >= 0 and self._holds(moved):
                self.select(moved)

    def _on_stepped(self, sign: int) -> None:
        if self.selected is not None:
            self._step(self.selected, sign * STEP, "key")

    def _on_opened(self, typed: str) -> None:
        if self.selected is not None:
            self.open_editor(self.selected, typed)

    def _on_left(self) -> None:
        self.select(None)

    def _on_choice(self, index: int) -> None:
        self.only = [None, *self._shown()][index]
        self.editor.hide()
        self.refresh()

    def _offer_choices(self) -> None:
        """Offer one button a matrix, and one for all, for the matrices this network has."""
        names = ["all", *self._shown()]
        if [button.text() for button in self.choices.buttons()] == names:
            return
        for button in self.choices.buttons():
            self.choices.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        tips = ["Show every matrix", *(f"Show {name} alone, larger" for name in names[1:])]
        buttons = join(
            [tool_button(name, "segment", tip, checked=False) for name, tip in zip(names, tips, strict=True)]
        )
        for index, button in enumerate(buttons):
            self.choices.addButton(button, index)
            self._row.addWidget(button)
        self._row.addStretch(1)
        self.only = self.only if self.only in names else None
        self.choices.button(names.index(self.only or "all")).setChecked(True)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.parameters.keys() != new.state.parameters.keys():
            self._offer_choices()
        if self.selected is not None and not self._holds(self.selected):
            self.selected, self.view.takes_keys = None, False
            self.editor.hide()
        self._read_out(self._told)
        super()._on_moment_changed(old, new)


def _called(label: str) -> str:
    return f"unit {label}" if label.isdigit() else label


def _fineness(modifiers: Qt.KeyboardModifier) -> float:
    """Shift moves ten times finer, Ctrl ten times coarser."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
