"""What the window can be told to do, and the table of all commands."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QMainWindow

from rnnviz.app.actions import Command
from rnnviz.app.preferences import Preferences
from rnnviz.export import EXPORTERS, ExportError, png, save
from rnnviz.figures.theme import THEMES
from rnnviz.session import edits, presets, textfiles
from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from rnnviz.app.actions import Actions
    from rnnviz.app.window import MainWindow
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

TEXT_FILES = "Text files (*.txt *.md *.csv *.tsv *.log);;All files (*)"
PICTURE_SCALE = 2.0


class Controller(QObject):
    """Carries out the window's commands; errors become the window's notice."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self.window = window
        self.session = session
        self.preferences = Preferences()

    def open_preset(self, name: str) -> None:
        """Show a preset; the document before it is one undo away."""
        try:
            state = presets.load(name)
        except SessionError as error:
            self._say(str(error))
            return
        self.session.document.edit(state, f"Open {state.title}")
        self.session.playback.first()

    def open_file(self) -> None:
        """Ask for a text file and show it."""
        path, _ = QFileDialog.getOpenFileName(self.window, "Open a text", "", TEXT_FILES)
        if path:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Show a text file: its first line as the sequence, its characters as the vocabulary."""
        document = self.session.document
        try:
            read = textfiles.read_sequence(Path(path))
            state = edits.with_file(document.state, read)
        except SessionError as error:
            self._say(str(error))
            return
        document.edit(state, f"Open {state.title}")
        self.session.playback.first()
        if read.note:
            self._say(read.note)

    def dropped_file(self, data: QMimeData) -> str:
        """Return the path of the one local file in a drop, else nothing."""
        urls = data.urls()
        return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""

    def save_panel(self, panel: Panel) -> None:
        """Ask where to and save a panel's picture as it is on the screen."""
        path = self._picture_path(panel.name)
        if path is None or panel.view.figure is None:
            return
        size = panel.view.width(), panel.view.height()
        try:
            save(panel.view.figure, path, size, self.window.theme, PICTURE_SCALE)
        except ExportError as error:
            self._say(str(error))
            return
        self._say(f"Saved {path}.")

    def save_window(self) -> None:
        """Ask where to and save the whole window as a picture."""
        path = self._picture_path("rnnviz")
        if path is None:
            return
        image = png.canvas(self.window.size().toTuple(), self.window.theme["canvas"], PICTURE_SCALE)
        with QPainter(image) as painter:
            self.window.render(painter, QPoint())
        try:
            png.write(image, path)
        except ExportError as error:
            self._say(str(error))
            return
        self._say(f"Saved {path}.")

    def _picture_path(self, name: str) -> Path | None:
        kinds = ";;".join(f"{e.title} (*{suffix})" for suffix, e in EXPORTERS.items())
        chosen, _ = QFileDialog.getSaveFileName(self.window, "Save picture", f"{name}.png", kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix.lower() in EXPORTERS else path.with_name(path.name + ".png")

    def use_theme(self, name: str) -> None:
        """Change the theme and remember it."""
        self.preferences.theme = THEMES[name]
        self.window.set_theme(THEMES[name])

    def open_palette(self) -> None:
        """Show the command palette."""
        self.window.contents.palette.open_over(self.window)

    def connect_states(self, actions: Actions) -> None:
        """Let actions show whether they can be used, and what they would undo."""
        stack = self.session.document.undo_stack
        stack.canUndoChanged.connect(actions["undo"].setEnabled)
        stack.canRedoChanged.connect(actions["redo"].setEnabled)
        stack.undoTextChanged.connect(self._on_undo_text_changed)
        stack.redoTextChanged.connect(self._on_redo_text_changed)
        self.session.playback.loop_changed.connect(actions["loop"].setChecked)
        actions["undo"].setEnabled(stack.canUndo())
        actions["redo"].setEnabled(stack.canRedo())
        actions["loop"].setChecked(self.session.playback.loop)

    def _on_undo_text_changed(self, text: str) -> None:
        self.window.contents.actions["undo"].setToolTip(f"Undo: {text} (Ctrl+Z)" if text else "Undo (Ctrl+Z)")

    def _on_redo_text_changed(self, text: str) -> None:
        self.window.contents.actions["redo"].setToolTip(f"Redo: {text} (Ctrl+Y)" if text else "Redo (Ctrl+Y)")

    def remember(self, desk: QMainWindow) -> None:
        """Keep the window's size and arrangement for the next start."""
        self.preferences.geometry = (self.window.saveGeometry(), desk.saveState())

    def _say(self, sentence: str) -> None:
        self.window.contents.notice.say(sentence)


def commands(controller: Controller) -> tuple[Command, ...]:
    """Return every command of the window, in the order of its menus."""
    return (*_files(controller), *_edits(controller), *_playback(controller), *_view(controller))


def _files(c: Controller) -> tuple[Command, ...]:
    opened = [
        Command(
            f"preset-{preset.name}",
            "Presets",
            f"Preset: {preset.title}",
            preset.description,
            partial(_ignoring_checked, c.open_preset, preset.name),
        )
        for preset in presets.available()
    ]
    text_tip = "Open a text file: its first line becomes the sequence, its characters the vocabulary"
    return (
        *opened,
        Command("open", "File", "Open text file…", text_tip, c.open_file, ("Ctrl+O",)),
        Command(
            "save-window",
            "File",
            "Save picture of the window…",
            "Save all panels as PNG",
            c.save_window,
            ("Ctrl+E",),
        ),
        Command("quit", "File", "Quit", "Close the window", c.window.close, ("Ctrl+Q",)),
    )


def _edits(c: Controller) -> tuple[Command, ...]:
    stack = c.session.document.undo_stack
    return (
        Command("undo", "Edit", "Undo", "Undo", stack.undo, ("Ctrl+Z",)),
        Command("redo", "Edit", "Redo", "Redo", stack.redo, ("Ctrl+Y", "Ctrl+Shift+Z")),
        Command("palette", "Edit", "Commands…", "Find a command by its name", c.open_palette, ("Ctrl+K",)),
    )


def _playback(c: Controller) -> tuple[Command, ...]:
    p = c.session.playback
    menu = "Playback"
    return (
        Command(
            "play", menu, "Play", "Play the steps t = 1 … T, or pause", p.toggle, ("Space",), checkable=True
        ),
        Command("next", menu, "Next step", "Go to step t + 1", p.next, ("Right",)),
        Command("previous", menu, "Previous step", "Go to step t − 1", p.previous, ("Left",)),
        Command("first", menu, "First step", "Go to step 1", p.first, ("Home",)),
        Command("last", menu, "Last step", "Go to step T", p.last, ("End",)),
        Command("loop", menu, "Loop", "Begin again after the last step", p.set_loop, ("L",), checkable=True),
    )


def _view(c: Controller) -> tuple[Command, ...]:
    return tuple(
        Command(
            f"theme-{name}",
            "View",
            f"Theme: {theme.title}",
            f"Show everything in the {theme.title.lower()} theme",
            partial(_ignoring_checked, c.use_theme, name),
            checkable=True,
        )
        for name, theme in THEMES.items()
    )


def _ignoring_checked(run: object, name: str, _checked: bool = False) -> None:
    """Call with the name alone: QAction.triggered also says whether it is checked."""
    assert callable(run)
    run(name)
