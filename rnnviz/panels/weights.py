"""The weights panel: matrices as numbers to type, drag, turn by the wheel or step by the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from rnnviz.figures.gallery.weights import weights as draw_weights
from rnnviz.figures.symbols import parameter_symbol
from rnnviz.panels._registry import register
from rnnviz.panels.base.block_editor import BlockEditor
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.cell_editor import CellEditor
from rnnviz.panels.base.cell_keys import CellKeys
from rnnviz.panels.base.cell_mouse import CellMouse
from rnnviz.panels.base.cell_selection import CellSelection
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.kind_choice import KindChoice
from rnnviz.panels.base.lane_choice import LaneChoice
from rnnviz.panels.base.matrix_actions import MatrixActions
from rnnviz.panels.base.matrix_block import Block, Entry, spelled
from rnnviz.panels.base.row_heights import height_of_rows
from rnnviz.panels.base.scrolled_panel import ScrolledPanel
from rnnviz.panels.base.typed_number import parse_number
from rnnviz.panels.base.weight_overlays import WeightOverlays
from rnnviz.panels.base.weight_readout import WeightReadout
from rnnviz.panels.base.weight_words import NO_CELL
from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.gallery.weights import Overlays
    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

__all__ = ["Entry", "WeightsPanel", "spelled"]

MENU = "Scale, transpose, draw at random, copy, save and freeze the selected entries, or a whole matrix"


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
        self.overlaid = WeightOverlays(self)
        self.pushes, self.nudge = self.overlaid.pushes, self.overlaid.nudge
        self.matrix = tool_button("Matrix", "small", MENU)
        self.menu = QMenu(self)
        self.told = WeightReadout(self.blocks, self.cells, self.overlaid, self.view)
        self.readout, self.nudged = self.told.line, self.told.nudged
        self.editor = CellEditor(self.view)
        self.mouse = CellMouse(self.blocks, self.cells, self.view)
        self.keys = CellKeys(self.blocks, self.cells, self.view)
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
        self.view.setCursor(Qt.CursorShape.SizeVerCursor)

    def _connect(self) -> None:
        for signal, slot in (
            (self.mouse.selected, self.select),
            (self.mouse.opened, self.open_editor),
            (self.keys.selected, self.select),
            (self.keys.reached, self._bring_into_sight),
            (self.keys.opened, self.open_editor),
            (self.view.copied, self.copy),
            (self.view.pasted, self.paste),
            (self.view.menu_asked, self._on_menu_asked),
            (self.menu.aboutToShow, self._on_menu_about_to_show),
            (self.editor.committed, self._on_typed),
            (self.kinds.chosen, self._on_kind_chosen),
            (self.overlaid.changed, self._on_overlays_changed),
            (self.actions_of.told, self.told.say),
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
        return self.overlaid.with_corner(self.cells.corner)

    def draw(self, scene: Scene) -> Figure:
        """Return the chosen matrices with the selected entries outlined."""
        figure = draw_weights(scene, self.only, self.selected, self.overlays)
        self.make_room(figure)
        return figure

    def height_needed(self, figure: Figure, _width: float) -> float:
        """Return the height at which the rows of all matrices can be told apart."""
        return height_of_rows(figure)

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
        self.told.tell(entry)
        picked, playback = self.cells.to_pick(), self.session.playback
        if picked == playback.selection or (
            picked is None and (playback.selection is None or playback.selection.weight is None)
        ):
            self.refresh()
        else:
            playback.select(picked)  # which shows every panel anew

    def select_block(self, block: Block) -> None:
        """Outline a block."""
        self.select(*block.ends)

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

    def recall(self, choices: str) -> None:
        """Show the overlays that were chosen."""
        self.overlaid.recall(choices)

    def open_editor(self, entry: Entry, typed: str = "") -> None:
        """Let the user type a number in an entry's cell, beginning with what was typed already."""
        rect = self.view.cell_rect(entry.symbol, 0, entry.row, entry.column)
        self.editor.open(rect, typed or f"{self.value(entry):.6g}", select=not typed)

    def _needed(self) -> Block | None:
        """Return what is selected; ask for it if nothing is."""
        if self.cells.block is None:
            self.refused.emit(NO_CELL)
        return self.cells.block

    def _on_typed(self, text: str) -> None:
        block = self.cells.block
        if block is None:
            return
        try:
            value = parse_number(text)
        except EditError as error:
            self.told.say(str(error))
            return
        self.blocks.set(block, value)

    def _bring_into_sight(self, row: int, column: int) -> None:
        if self.selected is not None:
            cell = self.view.cell_rect(self.selected.symbol, 0, row, column)
            x, y = round(cell.x + cell.w / 2), round(cell.y + cell.h / 2)
            self.area.ensureVisible(x, y, 0, round(cell.h))

    def _on_kind_chosen(self) -> None:
        self.editor.hide()
        self.refresh()

    def _on_overlays_changed(self) -> None:
        self.refresh()
        self.choices_changed.emit(self.name, self.overlaid.to_text())

    def _on_menu_about_to_show(self) -> None:
        self.menu.clear()
        self._fill(self.menu, self.cells.block)

    def _fill(self, menu: QMenu, block: Block | None) -> None:
        self.actions_of.fill(menu, block)
        menu.addSeparator()
        self.overlaid.fill(menu)

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
        notation, kinds = self.session.moment.notation, (p.kind for p in self.blocks.shown.values())
        self.kinds.offer({kind: spelled(parameter_symbol(notation, kind)) for kind in kinds})

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if old.notation != new.notation:
            self._write_otherwise(new)
        if old.state.parameters.keys() != new.state.parameters.keys():
            self._offer_choices()
        self.cells.let_go()
        # An entry of another cell may be picked still, under the symbol of another gate.
        if old.selection != new.selection or old.focus != new.focus or self.selected is None:
            self.cells.follow(new.selection)
        if self.selected is None:
            self.view.takes_keys = False
            self.editor.hide()
        self.told.tell_again()
        super()._on_moment_changed(old, new)

    def _write_otherwise(self, moment: Moment) -> None:
        """Keep what is selected under its new name; what is being typed or previewed stands as it is."""
        self.actions_of.popover.close()
        self.editor.hide()
        self._offer_choices()
        self.cells.rename(moment.selection)
        self.told.tell(self.selected)
        self.mouse.forget()
