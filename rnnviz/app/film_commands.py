"""The commands that make animations and slides of what the window shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.app.actions import Command

if TYPE_CHECKING:
    from rnnviz.app.animation_dialog import AnimationDialog
    from rnnviz.app.export_commands import ExportControl
    from rnnviz.app.slides_dialog import SlidesDialog
    from rnnviz.app.window import MainWindow


class FilmControl(QObject):
    """Opens the dialogues; told(str, bool): a sentence for the user, and whether it is good news."""

    told = Signal(str, bool)

    def __init__(self, window: MainWindow, exports: ExportControl, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._exports = window, exports

    def open_animation(self, _checked: bool = False) -> AnimationDialog:
        """Show the dialogue for animations, with the panel that was used last."""
        from rnnviz.app.animation_dialog import AnimationDialog  # it is seldom needed

        dialog = AnimationDialog(self._window, self._exports.panel)
        dialog.told.connect(self.told)
        dialog.open()
        return dialog

    def open_slides(self, _checked: bool = False) -> SlidesDialog:
        """Show the dialogue for slides."""
        from rnnviz.app.slides_dialog import SlidesDialog  # it is seldom needed

        dialog = SlidesDialog(self._window)
        dialog.told.connect(self.told)
        dialog.open()
        return dialog


def film_commands(control: FilmControl) -> tuple[Command, ...]:
    """Return what can be made of several steps or panels at once."""
    film = "Write the steps of the sequence, or a run of training, as GIF, WebP, animated PNG or MP4"
    slides = "Write panels as PowerPoint slides: curves and bars as charts that can be edited, with notes"
    return (
        Command("export-animation", "File", "Export animation…", film, control.open_animation),
        Command("export-slides", "File", "Export slides…", slides, control.open_slides),
    )
