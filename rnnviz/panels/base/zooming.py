"""How a figure over time is zoomed and moved: by the wheel, by dragging its ruler, by keys and by a menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from rnnviz.session.zoom import SIZES, panned, zoomed

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget

    from rnnviz.panels.views.time_view import TimeView
    from rnnviz.session.session import Session
    from rnnviz.session.zoom import Columns

HINT = "Ctrl+wheel, + and − zoom; Shift+wheel or the ruler move the steps; 0 shows the usual ones"
KEYS = {"+": 1, "=": 1, "-": -1}
HALF = 2  # a key moves by half of what is shown


class Zooming(QObject):
    """Makes one panel's wheel, ruler and keys choose the steps that all figures over time show."""

    def __init__(self, session: Session, view: TimeView, panel: QWidget) -> None:
        super().__init__(panel)
        self._session = session
        self._turned = self._moved = 0.0  # parts of a notch and of a column that have not counted yet
        view.zoomed.connect(self._on_zoomed)
        view.panned.connect(self._on_panned)
        for key, closer in KEYS.items():
            self._on_key(panel, key, partial(self.zoom, closer))
        self._on_key(panel, "Shift+Right", partial(self.move_by_half, 1))
        self._on_key(panel, "Shift+Left", partial(self.move_by_half, -1))
        self._on_key(panel, "0", self.reset)

    def _on_key(self, panel: QWidget, key: str, do: object) -> None:
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(key), panel, context=context).activated.connect(do)

    @property
    def columns(self) -> Columns:
        """The steps that are shown."""
        moment = self._session.moment
        return moment.window if moment.columns is None else moment.columns

    def zoom(self, closer: int, around: int | None = None) -> None:
        """Show fewer steps, or more if `closer` is negative; the playhead, or `around`, keeps its place."""
        start, stop = self.columns
        if around is None:
            step = self._session.moment.step
            around = step if start <= step < stop else (start + stop) // 2
        self._show(zoomed(self.columns, self._steps, closer, min(max(around, start), max(start, stop - 1))))

    def show_steps(self, number: int) -> None:
        """Show so many steps, around the playhead if that is in sight."""
        start, stop = self.columns
        step = self._session.moment.step
        middle = step if start <= step < stop else (start + stop) // 2
        self._show(panned((0, min(number, self._steps)), self._steps, middle - number // 2))

    def move(self, by: int) -> None:
        """Show as many steps, `by` steps later."""
        self._show(panned(self.columns, self._steps, by))

    def move_by_half(self, sign: int) -> None:
        """Show what comes after, or before if `sign` is −1."""
        start, stop = self.columns
        self.move(sign * max(1, (stop - start) // HALF))

    def reset(self) -> None:
        """Show the usual steps: all of a short sequence, those around the playhead of a long one."""
        self._session.playback.show_columns(None)

    def fill(self, menu: QMenu) -> None:
        """Offer in a menu how many steps to show."""
        start, stop = self.columns
        for size in (*(size for size in SIZES if size < self._steps), self._steps):
            text = f"All {size:,}" if size == self._steps else f"{size:,}"
            action = menu.addAction(text, partial(self.show_steps, size))
            action.setCheckable(True)
            action.setChecked(size == stop - start)
        menu.addSeparator()
        menu.addAction("As usual (0)", self.reset)

    @property
    def _steps(self) -> int:
        return self._session.moment.state.steps

    def _show(self, columns: Columns) -> None:
        if columns != self.columns:
            self._session.playback.show_columns(columns)

    def _on_zoomed(self, notches: float, x: float) -> None:
        """Fine wheels and touchpads send parts of a notch."""
        self._turned += notches
        whole, self._turned = int(self._turned), self._turned - int(self._turned)
        if whole:
            self.zoom(whole, round(x) - 1)

    def _on_panned(self, by: float) -> None:
        self._moved += by
        whole, self._moved = int(self._moved), self._moved - int(self._moved)
        if whole:
            self.move(whole)
