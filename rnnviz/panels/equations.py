"""The equations panel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from rnnviz.figures.copying import as_latex, equation_at
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.fitting import fitted_room
from rnnviz.figures.gallery.equations import MARGINS, figure_of, selection_at, sheet_of, weights
from rnnviz.figures.spots import SHARED
from rnnviz.panels._registry import register
from rnnviz.panels.base.equation_choices import PARTS, WAYS, Choices, EquationChoices
from rnnviz.panels.base.keyed_view import KeyedView
from rnnviz.panels.base.notation_menu import NotationMenu
from rnnviz.panels.base.scrolled_panel import ScrolledPanel
from rnnviz.panels.base.tips import Tips
from rnnviz.panels.base.why_popover import explain, offer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.model import Figure
    from rnnviz.figures.picking import Pick
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.sheet import Equation, Sheet
    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session

WITHOUT_UNITS = frozenset({*SHARED, "L", "dx", None})
LEAST_WIDTH = 160.0  # pixels in which equations are laid out at least


@register("equations")
class EquationsPanel(ScrolledPanel[KeyedView]):
    """The playhead's step as formulas with their numbers; a click picks one, a double click explains it.

    Equations can be copied as LaTeX: with Ctrl+C the one under the mouse, or all.
    """

    view_type = KeyedView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        self.notations = NotationMenu(session, self)
        self.choices = EquationChoices(self)
        tips = Tips(session, self)
        for group, words in ((self.choices.ways, WAYS), (self.choices.parts, PARTS)):
            for button, text in zip(group.buttons(), words.values(), strict=True):
                tips.set(button, text)
        self.box.insertWidget(0, self.choices)
        self.choices.changed.connect(self._on_choices_changed)
        self._unit = 0
        self._sheet: Sheet | None = None
        self._room: tuple[object, float] | None = None
        self._under: Equation | None = None
        self.view.takes_keys = True
        self.view.pressed.connect(self._on_pressed)
        self.view.double_clicked.connect(self._on_double_clicked)
        self.view.hovered.connect(self._on_hovered)
        self.view.menu_asked.connect(self._on_menu_asked)
        self.view.copied.connect(self._on_copied)

    def heading_controls(self) -> tuple[QWidget, ...]:
        """Return the menu of notations."""
        return (self.notations,)

    @property
    def shown(self) -> EquationsView:
        """What is shown: the unit is the one that is picked, or that was picked last."""
        selection, chosen = self.session.moment.selection, self.choices.choices
        if selection is not None and selection.unit is not None and selection.quantity not in WITHOUT_UNITS:
            self._unit = selection.unit
        unit = min(self._unit, self.session.moment.state.spec.hidden_size - 1)
        return EquationsView(chosen.way, unit if chosen.one_unit else None, chosen.parameter)

    def draw(self, scene: Scene) -> Figure:
        """Return the equations, broken into lines that fit into the panel."""
        view = self.shown
        self.choices.offer(weights(scene))
        self._sheet = sheet_of(scene, view, self._room_for(scene, view)) if scene.steps else None
        self._under = None
        figure = figure_of(scene, self._sheet)
        self.make_room(figure)
        return figure

    def _room_for(self, scene: Scene, view: EquationsView) -> float:
        """Return the pixels in which lines are broken, found anew only if what is shown is another sheet."""
        width, height = self._space
        what = (
            scene.spec,
            scene.notation,
            scene.focus,
            scene.reads,
            view.way,
            view.unit is None,
            view.parameter,
        )
        key = (width, height, what)
        if self._room is None or self._room[0] != key:
            self._room = key, fitted_room(width, height, lambda room: sheet_of(scene, view, room).height)
        return self._room[1]

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if self.choices.choices.way == "backward" or not new.only_caught_up(old):
            self.refresh()

    @property
    def _space(self) -> tuple[float, float]:
        """The pixels, at a zoom of 1, that equations may take without scrolling.

        The bar that scrolls has its room in any case: what is shown must not depend on whether it is there.
        """
        size, zoom = self.area.size(), self.view.zoom
        bar = self.area.verticalScrollBar().sizeHint().width()
        width = (size.width() - bar) / zoom - MARGINS.left - MARGINS.right
        return max(LEAST_WIDTH, width), size.height() / zoom - MARGINS.top - MARGINS.bottom

    def height_needed(self, figure: Figure, _width: float) -> float:
        """Return the height of the equations if they fill the width."""
        if not figure.plots:
            return 0.0
        w, h = figure.plots[0].natural
        return h * self._space[0] / w + MARGINS.top + MARGINS.bottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self.refresh()

    def set_zoom(self, zoom: float) -> None:
        """Scale what is drawn, and break the lines anew."""
        super().set_zoom(zoom)
        self.refresh()

    def recall(self, choices: str) -> None:
        """Show the equations as they were chosen."""
        self.choices.choose(Choices.from_text(choices))

    def _on_choices_changed(self, choices: Choices) -> None:
        self.refresh()
        self.choices_changed.emit(self.name, choices.to_text())

    def _on_pressed(self, pick: Pick) -> None:
        picked = None if self._sheet is None else selection_at(self._sheet, self.scene, pick.x, pick.y)
        if picked is not None:
            self.session.playback.select(picked)

    def _on_double_clicked(self, pick: Pick) -> None:
        if self._sheet is not None and selection_at(self._sheet, self.scene, pick.x, pick.y) is not None:
            self.explain()

    def explain(self) -> None:
        """Say what gives the number that is picked."""
        explain(self.session, self.theme, self.view.zoom, self)

    def _on_hovered(self, pick: Pick | None) -> None:
        self._under = None
        said = ""
        if pick is not None and self._sheet is not None:
            self._under = equation_at(self._sheet, pick.x, pick.y)
            said = next((hint.text for hint in self._sheet.hints if hint.holds(pick.x, pick.y)), "")
        self.view.setToolTip(said)

    def _on_copied(self) -> None:
        self.copy((self._under,) if self._under is not None else self.equations)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """All equations that are shown."""
        return () if self._sheet is None else tuple(self._sheet.equations)

    def copy(self, equations: Sequence[Equation], *, general: bool = True, numbers: bool = True) -> None:
        """Copy equations as LaTeX."""
        QGuiApplication.clipboard().setText(as_latex(equations, general=general, numbers=numbers))

    def menu_for(self, pick: Pick | None) -> QMenu:
        """Return a menu that offers to explain what is picked and to copy the equation at a place, or all."""
        menu = QMenu(self)
        offer(menu, self.explain, picked=self.session.moment.selection is not None)
        menu.addSeparator()
        here = None if pick is None or self._sheet is None else equation_at(self._sheet, pick.x, pick.y)
        if here is not None:
            menu.addAction("Copy as LaTeX", partial(self.copy, (here,), numbers=False))
            with_numbers = menu.addAction(
                "Copy as LaTeX with its numbers", partial(self.copy, (here,), general=False)
            )
            with_numbers.setEnabled(bool(here.numbers()))
        menu.addAction("Copy all as LaTeX", partial(self.copy, self.equations, numbers=False))
        menu.addAction("Copy all as LaTeX with their numbers", partial(self.copy, self.equations))
        return menu

    def _on_menu_asked(self, pick: Pick | None, at: QPoint) -> None:
        if pick is not None:
            self._on_pressed(pick)
        menu = self.menu_for(pick)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
