"""The weights panel: matrices as numbers to type, drag, turn by the wheel or step by the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from rnnviz.figures.gallery.weights import Overlays
from rnnviz.figures.gallery.weights import weights as draw_weights
from rnnviz.figures.model import CellBars, Dial
from rnnviz.panels._registry import register
from rnnviz.panels.base.block_editor import DIGITS, BlockEditor
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.cell_editor import CellEditor
from rnnviz.panels.base.cell_selection import CellSelection
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.kind_choice import KindChoice
from rnnviz.panels.base.lane_choice import LaneChoice
from rnnviz.panels.base.live_label import LiveLabel
from rnnviz.panels.base.matrix_actions import MatrixActions
from rnnviz.panels.base.matrix_block import Block, Entry, spelled
from rnnviz.panels.base.scrolled_panel import ScrolledPanel
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.panels.base.weight_words import HINT, NO_CELL, nudge_words, of_block, of_entry
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure, Floats, Plot
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

__all__ = ["Entry", "WeightsPanel", "spelled"]

PER_PIXEL = 0.01
STEP = 0.1
LOWEST_ROW = 9.0  # pixels
LOWEST_DIAL = 80.0
ROW_WITH_BAR = 24.0  # in which a number has room above the bar
FEW = 12  # columns, with which there is room for numbers
MENU = "Scale, transpose, draw at random, copy, save and freeze the selected entries, or a whole matrix"
PUSH = "Show in each entry which way training would push it: −∂L/∂w, to the right to raise it"
NUDGE = "Change the selected entry a little, and see beside ∂L/∂w how much the loss really changes"
SPECTRA = "Eigenvalues beside square matrices"
SPECTRA_TIP = "Show the eigenvalues λ of W on the unit circle, its spectral radius max |λ| and its 2-norm"


@register("weights")
class WeightsPanel(ScrolledPanel[KeyedView]):
    """W_X, W_H, W_Y and the biases, every entry editable; everything else follows in the same frame."""

    view_type = KeyedView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.blocks = BlockEditor(session, self)
        self.cells = CellSelection(self.blocks)
        self.actions_of = MatrixActions(self.blocks, self)
        self.lanes = LaneChoice(session, self)
        self.kinds = KindChoice()
        self.choices = self.kinds.group
        self.pushes = tool_button("∂L", "small", PUSH, checked=False)
        self.matrix = tool_button("Matrix", "small", MENU)
        self.menu = QMenu(self)
        self.nudge = tool_button("Nudge", "small", NUDGE, checked=False)
        self.readout, self.nudged = LiveLabel(), LiveLabel()
        self.editor = CellEditor(self.view)
        self._spectra = False
        self._told: Entry | None = None  # what the readout speaks of
        self._before: Floats | None = None  # what a drag started from
        self._spans = False  # the drag selects a block
        self._alone: Entry | None = None  # what a click in a block, without a drag, leaves selected
        self._lay_out()
        self._connect()
        self.cells.follow(session.moment.selection)
        self._offer_choices()

    def _lay_out(self) -> None:
        self.matrix.setMenu(self.menu)
        self.matrix.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.box.insertWidget(0, self.kinds)
        row = QHBoxLayout()
        row.addWidget(self.readout, 1)
        row.addWidget(self.nudge)
        self.box.addLayout(row)
        self.box.addWidget(self.nudged)
        self.readout.setText(HINT)
        for label in (self.readout, self.nudged):
            label.setProperty("class", "note")
        self.nudge.hide()
        self.nudged.hide()
        self.view.setCursor(Qt.CursorShape.SizeVerCursor)

    def _connect(self) -> None:
        view = self.view
        view.ask_before_wheel(self._is_selected)
        for signal, slot in (
            (view.pressed, self._on_pressed),
            (view.dragged, self._on_dragged),
            (view.released, self._on_released),
            (view.double_clicked, self._on_double_clicked),
            (view.wheel, self._on_wheel),
            (view.hovered, self._on_hovered),
            (view.moved, self._on_moved),
            (view.extended, self._on_extended),
            (view.all_chosen, self._on_all_chosen),
            (view.stepped, self._on_stepped),
            (view.opened, self._on_opened),
            (view.cleared, self._on_cleared),
            (view.copied, self.copy),
            (view.pasted, self.paste),
            (view.left, self._on_left),
            (view.menu_asked, self._on_menu_asked),
            (self.menu.aboutToShow, self._on_menu_about_to_show),
            (self.editor.committed, self._on_typed),
            (self.kinds.chosen, self._on_kind_chosen),
            (self.pushes.toggled, self._on_pushes_toggled),
            (self.nudge.toggled, self._on_nudge_toggled),
            (self.blocks.refused, self.readout.setText),
            (self.blocks.edited, self._on_edited),
            (self.actions_of.told, self.readout.setText),
            (self.actions_of.pasted, self.select_block),
        ):
            signal.connect(slot)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the layer and direction, the overlay of gradients and the menu."""
        return (self.lanes, self.pushes, self.matrix)

    @property
    def only(self) -> str | None:
        """The kind of matrix that is shown, None for all."""
        return self.kinds.only

    @only.setter
    def only(self, kind: str | None) -> None:
        self.kinds.only = kind

    @property
    def selected(self) -> Entry | None:
        """The entry that is selected, or where a selected block begins."""
        return self.cells.entry

    @selected.setter
    def selected(self, entry: Entry | None) -> None:
        self.cells.entry, self.cells.corner = entry, None

    @property
    def overlays(self) -> Overlays:
        """What is shown besides the weights."""
        return Overlays(self.cells.corner, self.pushes.isChecked(), self._spectra)

    def draw(self, scene: Scene) -> Figure:
        """Return the chosen matrices with the selected entries outlined."""
        figure = draw_weights(scene, self.only, self.selected, self.overlays)
        self.make_room(figure)
        return figure

    def height_needed(self, figure: Figure, _width: float) -> float:
        """Return the height at which the rows of all matrices can be told apart."""
        margins = figure.margins
        row = max(map(_lowest_row, figure.plots))
        between = (len(figure.plots) - 1) * margins.between_rows
        return sum(plot.weight for plot in figure.plots) * row + between + margins.top + margins.bottom

    def value(self, entry: Entry) -> float:
        """Return an entry as it is shown."""
        return float(self.blocks.values(Block.of(entry))[0, 0])

    def set_value(self, entry: Entry, value: float) -> None:
        """Edit the document so that an entry shows as `value`; say so if that cannot be."""
        self.blocks.set(Block.of(entry), value)

    def select(self, entry: Entry | None, corner: tuple[int, int] | None = None) -> None:
        """Outline an entry, or a block from it to a corner; the keys and the wheel change it."""
        self.cells.entry, self.cells.corner = entry, corner
        self.view.takes_keys = entry is not None
        self._read_out(entry)
        picked, playback = self.cells.to_pick(), self.session.playback
        if picked == playback.selection or (
            picked is None and (playback.selection is None or playback.selection.weight is None)
        ):
            self.refresh()
        else:
            playback.select(picked)  # which shows every panel anew

    def select_block(self, block: Block) -> None:
        """Outline a block."""
        rows, columns = block.shape
        corner = (block.row + rows - 1, block.column + columns - 1)
        self.select(Entry(block.symbol, block.row, block.column), corner if block.size > 1 else None)

    def copy(self) -> None:
        """Put the selected entries on the clipboard, for spreadsheets."""
        if (block := self._needed()) is not None:
            self.actions_of.copy(block)

    def paste(self) -> None:
        """Write the clipboard's table over the selected entries."""
        if (block := self._needed()) is not None:
            self.actions_of.paste(block)

    def operate(self, name: str) -> None:
        """Do an operation of `OPERATIONS` to the selected block, or to the matrix of the selected entry."""
        if (block := self._needed()) is not None:
            middle = self.view.rect().center()
            self.actions_of.operate(name, block, self.view.mapToGlobal(middle))

    def freeze(self) -> None:
        """Let training leave the selected entries as they are, or change them again."""
        if (block := self._needed()) is not None:
            self.actions_of.freeze(block, not self.blocks.is_frozen(block))

    def save(self) -> None:
        """Ask where to and save the matrix of the selected entry as CSV."""
        if (block := self._needed()) is not None:
            self.actions_of.save(block.symbol)

    def open(self) -> None:
        """Ask for a CSV file and read the matrix of the selected entry from it."""
        if (block := self._needed()) is not None:
            self.actions_of.open(block.symbol)

    def show_spectra(self, on: bool) -> None:
        """Show the eigenvalues beside each square matrix, or not."""
        self._spectra = on
        self.refresh()

    def toggle_spectra(self) -> None:
        """Show the eigenvalues beside each square matrix if they are not shown."""
        self.show_spectra(not self._spectra)

    def toggle_pushes(self) -> None:
        """Show in each entry which way training would push it, or not."""
        self.pushes.toggle()

    def toggle_nudge(self) -> None:
        """Show the finite difference beside the gradient of the selected entry, or not."""
        self.pushes.setChecked(True)
        self.nudge.toggle()

    def _needed(self) -> Block | None:
        """Return what is selected; ask for it if nothing is."""
        if self.cells.block is None:
            self.refused.emit(NO_CELL)
        return self.cells.block

    def _is_selected(self, pick: Pick) -> bool:
        """Whether the wheel turns this entry; elsewhere it scrolls."""
        entry, block = self.cells.at(pick), self.cells.block
        return entry is not None and block is not None and block.holds(entry)

    def _on_pressed(self, pick: Pick, modifiers: Qt.KeyboardModifier) -> None:
        entry, block = self.cells.at(pick), self.cells.block
        self._spans = bool(modifiers & Qt.KeyboardModifier.ShiftModifier) and entry is not None
        self._alone = None
        if entry is None:
            self.select(None)
        elif self._spans and self.selected is not None and self.selected.symbol == entry.symbol:
            self.select(self.selected, entry[1:])
        elif block is not None and block.size > 1 and block.holds(entry) and not self._spans:
            self._alone = entry
        else:
            self.select(entry)
        self._before = None if self.cells.block is None else self.blocks.values(self.cells.block)

    def _on_dragged(self, start: Pick, dx: float, dy: float, modifiers: Qt.KeyboardModifier) -> None:
        block = self.cells.block
        if block is None or self._before is None or self.cells.at(start) is None:
            return
        if self._spans:
            cell = self.view.cell_rect(start.plot, 0, 0, 0)
            corner = self.cells.extended_to(start, dx / max(cell.w, 1.0), dy / max(cell.h, 1.0))
            if corner != self.cells.corner:
                self.select(self.selected, corner)
            return
        self._alone = None
        moved = (dx - dy) * PER_PIXEL * _fineness(modifiers)
        self.blocks.shift(block, self._before, moved, "drag")

    def _on_released(self) -> None:
        self.session.document.end_merge()
        if self._alone is not None:
            self.select(self._alone)
            self._alone = None

    def _on_wheel(self, _pick: Pick, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        self._step(notches * STEP * _fineness(modifiers), "wheel")

    def _step(self, by: float, how: str) -> None:
        block = self.cells.block
        if block is not None:
            self.blocks.shift(block, self.blocks.values(block), round(by, DIGITS), how)

    def _on_double_clicked(self, pick: Pick) -> None:
        entry = self.cells.at(pick)
        if entry is not None:
            self.select(entry)
            self.open_editor(entry)

    def open_editor(self, entry: Entry, typed: str = "") -> None:
        """Let the user type a number in an entry's cell, beginning with what was typed already."""
        rect = self.view.cell_rect(entry.symbol, 0, entry.row, entry.column)
        self.editor.open(rect, typed or f"{self.value(entry):.6g}", select=not typed)

    def _on_typed(self, text: str) -> None:
        block = self.cells.block
        if block is None:
            return
        try:
            value = parse_number(text)
        except EditError as error:
            self.readout.setText(str(error))
            return
        self.blocks.set(block, value)

    def _on_cleared(self) -> None:
        if self.cells.block is not None:
            self.session.document.end_merge()
            self.blocks.set(self.cells.block, 0.0)

    def _on_edited(self, _block: Block) -> None:
        self._read_out(self.selected or self._told)

    def _on_hovered(self, pick: Pick | None) -> None:
        self._read_out(self.cells.at(pick) or self.selected)

    def _read_out(self, entry: Entry | None) -> None:
        self._told = entry
        block = self.cells.block
        if entry is None or not self.blocks.holds(Block.of(entry)):
            self.readout.setText(HINT)
        elif block is not None and block.size > 1 and entry == self.selected:
            self.readout.setText(of_block(self.blocks, block))
        else:
            self.readout.setText(of_entry(self.blocks, entry, gradient=self.pushes.isChecked()))
        if not self.nudged.isHidden():
            self.nudged.setText(nudge_words(self.blocks, self.selected))

    def _on_moved(self, rows: int, columns: int) -> None:
        self.session.document.end_merge()
        entry = self.cells.beside(rows, columns)
        if entry is not None:
            self.select(entry)
            self._bring_into_sight(entry.row, entry.column)

    def _on_extended(self, rows: int, columns: int) -> None:
        self.session.document.end_merge()
        corner = self.cells.grown(rows, columns)
        if corner is not None:
            self.select(self.selected, corner)
            self._bring_into_sight(*corner)

    def _on_all_chosen(self) -> None:
        if self.selected is not None:
            self.select_block(self.blocks.whole(self.selected.symbol))

    def _bring_into_sight(self, row: int, column: int) -> None:
        if self.selected is not None:
            cell = self.view.cell_rect(self.selected.symbol, 0, row, column)
            x, y = round(cell.x + cell.w / 2), round(cell.y + cell.h / 2)
            self.area.ensureVisible(x, y, 0, round(cell.h))

    def _on_stepped(self, sign: int) -> None:
        self._step(sign * STEP, "key")

    def _on_opened(self, typed: str) -> None:
        if self.selected is not None:
            self.open_editor(self.selected, typed)

    def _on_left(self) -> None:
        self.select(None)

    def _on_kind_chosen(self) -> None:
        self.editor.hide()
        self.refresh()

    def _on_pushes_toggled(self, on: bool) -> None:
        self.nudge.setVisible(on)
        if not on:
            self.nudge.setChecked(False)
        self._read_out(self._told)
        self.refresh()

    def _on_nudge_toggled(self, on: bool) -> None:
        self.nudged.setVisible(on)
        self._read_out(self._told)

    def _on_menu_about_to_show(self) -> None:
        self.menu.clear()
        self._fill(self.menu, self.cells.block)

    def _fill(self, menu: QMenu, block: Block | None) -> None:
        self.actions_of.fill(menu, block)
        menu.addSeparator()
        action = menu.addAction(SPECTRA, self.toggle_spectra)
        action.setToolTip(SPECTRA_TIP)
        action.setCheckable(True)
        action.setChecked(self._spectra)
        nudge = menu.addAction("Nudge", self.toggle_nudge)
        nudge.setToolTip(NUDGE)
        nudge.setCheckable(True)
        nudge.setChecked(self.nudge.isChecked())

    def _on_menu_asked(self, pick: Pick | None, at: QPoint) -> None:
        """Offer what can be done to what is under the mouse, or to the block that it is in."""
        entry, block = self.cells.at(pick), self.cells.block
        if entry is not None and not (block is not None and block.holds(entry)):
            self.select(entry)
        menu = QMenu(self)
        self._fill(menu, self.cells.block)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _offer_choices(self) -> None:
        """Offer the kinds of matrices this network has, those of all gates together."""
        self.kinds.offer(tuple(dict.fromkeys(shown.kind for shown in self.blocks.shown.values())))

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.state.parameters.keys() != new.state.parameters.keys():
            self._offer_choices()
        self.cells.let_go()
        if old.selection != new.selection or old.focus != new.focus:
            self.cells.follow(new.selection)
        if self.selected is None:
            self.view.takes_keys = False
            self.editor.hide()
        self._read_out(self._told)
        super()._on_moment_changed(old, new)


def _lowest_row(plot: Plot) -> float:
    """Return how high a row of a matrix must be for what is shown in it and beside it."""
    row = LOWEST_ROW
    for mark in plot.marks:
        if isinstance(mark, Dial):
            row = max(row, LOWEST_DIAL / plot.weight)
        elif isinstance(mark, CellBars) and mark.values.shape[1] <= FEW:
            row = max(row, ROW_WITH_BAR)
    return row


def _fineness(modifiers: Qt.KeyboardModifier) -> float:
    """Shift moves ten times finer, Ctrl ten times coarser."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
