"""Exporting and copying what the window shows: the commands, and what they act upon.

Exporters are loaded when something is exported: they would make every start a tenth longer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from rnnviz.app.actions import Command
from rnnviz.panels.base.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from rnnviz.app.export_dialog import ExportDialog
    from rnnviz.app.preferences import Preferences
    from rnnviz.app.window import MainWindow

NOTHING = "No panel is in sight; open one from the menu Panels."


class ExportControl(QObject):
    """Exports and copies panels; told(str, bool): a sentence for the user, and whether it is good news."""

    told = Signal(str, bool)

    def __init__(self, window: MainWindow, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._preferences = window, preferences
        self._latest: Panel | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @property
    def panel(self) -> Panel | None:
        """The panel that had the keyboard last, or else the first in sight."""
        seen = self._window.contents.visible_panels()
        if self._latest in seen:
            return self._latest
        return seen[0] if seen else None

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        while new is not None and not isinstance(new, Panel):
            new = new.parentWidget()
        if isinstance(new, Panel):
            self._latest = new

    def open(self, panel: Panel | None = None) -> ExportDialog:
        """Show the dialogue, with a panel chosen in it: the one given, or the one used last."""
        from rnnviz.app.export_choice import ExportChoice
        from rnnviz.app.export_dialog import ExportDialog
        from rnnviz.app.export_what import PanelPicture, WindowPicture, offers

        offered = offers(self._window)
        shown = panel or self.panel
        first = WindowPicture(self._window) if shown is None else PanelPicture(shown)
        if isinstance(first, PanelPicture) and first.title not in {what.title for what in offered}:
            offered.insert(0, first)
        choice = ExportChoice.from_text(self._preferences.export_choice)
        session = self._window.contents.session
        dialog = ExportDialog(offered, first, choice, session, self._window)
        dialog.chosen.connect(self._on_chosen)
        dialog.told.connect(self.told)
        dialog.open()
        return dialog

    def _on_chosen(self, choice: str) -> None:
        self._preferences.export_choice = choice

    def copy_picture(self, panel: Panel | None = None) -> None:
        """Copy a panel's picture, in the colours and dots that were exported last."""
        self._copy(panel, self._copy_picture, "picture")

    def copy_data(self, panel: Panel | None = None) -> None:
        """Copy the numbers of a panel."""
        self._copy(panel, _copy_data, "numbers")

    def _copy(self, panel: Panel | None, copy: Callable[[Panel], None], what: str) -> None:
        from rnnviz.export import ExportError

        shown = panel or self.panel
        if shown is None:
            self.told.emit(NOTHING, False)
            return
        try:
            copy(shown)
        except ExportError as error:
            self.told.emit(str(error), False)
            return
        self.told.emit(f"Copied the {what} of {shown.title}.", True)

    def _copy_picture(self, panel: Panel) -> None:
        from rnnviz.app.clipboard import copy_picture
        from rnnviz.app.export_choice import ExportChoice
        from rnnviz.app.export_what import PanelPicture

        shown = PanelPicture(panel)
        choice = ExportChoice.from_text(self._preferences.export_choice)
        copy_picture(shown.picture(), choice.look(shown.shown, shown.zoom))


def _copy_data(panel: Panel) -> None:
    from rnnviz.app.board import figure_of
    from rnnviz.app.clipboard import copy_data
    from rnnviz.export import ExportError

    panel.session.catch_up()
    figure = figure_of(panel)
    if figure is None:
        raise ExportError(f"{panel.title} has nothing to show yet; open the panel first.")
    copy_data(figure)


def export_commands(control: ExportControl) -> tuple[Command, ...]:
    """Return what can be exported and copied."""
    exported = "Write a picture, its numbers or the network into a file: PNG, SVG, PDF, CSV, NPZ, code"
    picture = "Put the picture of the panel used last on the clipboard, as dots and as shapes"
    data = "Put the numbers of the panel used last on the clipboard, as a table"
    return (
        Command(
            "export", "File", "Export…", exported, partial(_without_checked, control.open), ("Ctrl+Shift+E",)
        ),
        Command(
            "copy-picture",
            "Edit",
            "Copy picture",
            picture,
            partial(_without_checked, control.copy_picture),
            ("Ctrl+Shift+C",),
        ),
        Command("copy-data", "Edit", "Copy data", data, partial(_without_checked, control.copy_data)),
    )


def _without_checked(run: Callable[[], object], _checked: bool = False) -> None:
    """Call without what QAction.triggered says: whether the action is checked."""
    run()
