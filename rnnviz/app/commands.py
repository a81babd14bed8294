"""What the window can be told to do, and the table of all commands."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMainWindow

from rnnviz.app.actions import Command
from rnnviz.app.arrangement import Arrangement
from rnnviz.app.documents import Documents
from rnnviz.app.export_commands import ExportControl, export_commands
from rnnviz.app.files_commands import FileActions, file_commands
from rnnviz.app.film_commands import FilmControl, film_commands
from rnnviz.app.guide import Guide
from rnnviz.app.hold_commands import HoldControl, SightActions, hold_commands, sight_commands
from rnnviz.app.matrix_commands import matrix_commands
from rnnviz.app.network_commands import NetworkActions, network_commands, optimizer_commands
from rnnviz.app.network_control import NetworkControl
from rnnviz.app.notation_commands import NotationActions, notation_commands
from rnnviz.app.preferences import ZOOMS, Preferences
from rnnviz.app.recovery import Recovery
from rnnviz.app.sources import DEFAULT, is_document
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.why_popover import NOTHING, explain
from rnnviz.session import edits, presets, textfiles
from rnnviz.session.errors import SessionError, TextFileError
from rnnviz.session.sequence_edits import without_unused

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QMimeData

    from rnnviz.app.actions import Actions
    from rnnviz.app.dock import PanelDock
    from rnnviz.app.window import MainWindow
    from rnnviz.panels.base.panel import Panel
    from rnnviz.session.session import Session

OPENED_FILES = "Documents and texts (*.rnnviz *.txt *.md *.csv *.tsv *.log);;All files (*)"
BY_STAGE = "; in slow motion by a stage"
SLOW_TIP = "Play and step through the stages of step t: x_t enters, the cell computes, ŷ_t appears"


class Controller(QObject):
    """Carries out the window's commands; errors become the window's notice."""

    def __init__(
        self, window: MainWindow, session: Session, desk: QMainWindow, docks: dict[str, PanelDock]
    ) -> None:
        super().__init__(window)
        self.window = window
        self.session = session
        self.preferences = Preferences()
        self.documents = Documents(window, session, Arrangement(desk, docks, self.preferences))
        self.recovery = Recovery(self.documents, self.preferences.folder, window)
        self.documents.told.connect(self._on_told)
        self.recovery.told.connect(self._on_told)
        self.exports = ExportControl(window, self.preferences, self)
        self.exports.told.connect(self._on_told)
        self.films = FilmControl(window, self.exports, self)
        self.films.told.connect(self._on_told)
        self.network = NetworkControl(session, self)
        self.network.refused.connect(self._say)
        self.holding = HoldControl(session, self)
        self.holding.refused.connect(self._say)

    def open_preset(self, name: str) -> None:
        """Show a preset; a document before it that has no file is one undo away."""
        try:
            state = presets.load(name)
        except SessionError as error:
            self._say(str(error))
            return
        self.documents.start(state, f"Open {state.title}")

    def new_document(self) -> None:
        """Begin again from the worked example."""
        self.documents.start(presets.load(DEFAULT), "New document")

    def offer_recovery(self) -> None:
        """Offer what crashes have left unsaved."""
        if not self.recovery.offer():
            self._say("There is nothing to recover: everything was saved or discarded.", good=True)

    def open_file(self) -> None:
        """Ask for a document or a text file and show it."""
        path, _ = QFileDialog.getOpenFileName(self.window, "Open", "", OPENED_FILES)
        if path:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Show a document, or a text: its first line as the sequence, its characters as the vocabulary."""
        if is_document(Path(path)):
            self.documents.open_path(Path(path))
            return
        document = self.session.document
        try:
            read = self._read(path)
            if read is None:
                return
            state = edits.with_file(document.state, read)
        except SessionError as error:
            self._say(str(error))
            return
        self.session.training.stop()
        document.edit(state, f"Open {state.title}")
        self.session.playback.first()
        if read.note:
            self._say(read.note, good=True)

    def _read(self, path: str) -> textfiles.TextFile | None:
        """Read a text, if need be in an encoding that the user chooses; None if none is chosen."""
        try:
            return textfiles.read_sequence(Path(path), reads=self.session.document.state.reads)
        except TextFileError as error:
            if not error.may_be:
                raise
            titles = {title: name for name, title in textfiles.ENCODINGS if name in error.may_be}
            chosen, agreed = QInputDialog.getItem(
                self.window, "Choose the encoding", str(error), list(titles), editable=False
            )
        reads = self.session.document.state.reads
        return textfiles.read_sequence(Path(path), titles[chosen], reads) if agreed else None

    def forget_unused(self) -> None:
        """Reduce the vocabulary to the characters of the text."""
        document = self.session.document
        try:
            document.edit(without_unused(document.state), f"Forget unused {document.state.reads}")
        except SessionError as error:
            self._say(str(error))

    def dropped_file(self, data: QMimeData) -> str:
        """Return the path of the one local file in a drop, else nothing."""
        urls = data.urls()
        return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""

    def save_panel(self, panel: Panel) -> None:
        """Ask where to and save a panel's picture as it is on the screen."""
        from rnnviz.app.pictures import save_panel  # loads all exporters, which a start can do without

        self._save(partial(save_panel, self.window, panel))

    def save_window(self) -> None:
        """Ask where to and save the whole window as a picture."""
        from rnnviz.app.pictures import save_window

        self._save(partial(save_window, self.window))

    def _save(self, save: Callable[[], Path | None]) -> None:
        from rnnviz.export import ExportError

        try:
            path = save()
        except ExportError as error:
            self._say(str(error))
            return
        if path is not None:
            self._say(f"Saved {path}.", good=True)

    def use_theme(self, name: str) -> None:
        """Change the theme and remember it."""
        self.preferences.theme = THEMES[name]
        self.window.set_theme(THEMES[name])

    def larger(self) -> None:
        """Draw the panels' contents larger."""
        self._zoom(1)

    def smaller(self) -> None:
        """Draw the panels' contents smaller."""
        self._zoom(-1)

    def _zoom(self, by: int) -> None:
        place = ZOOMS.index(self.preferences.zoom) + by
        self.preferences.zoom = ZOOMS[min(max(place, 0), len(ZOOMS) - 1)]
        self.window.contents.set_zoom(self.preferences.zoom)

    def open_palette(self) -> None:
        """Show the command palette."""
        self.window.contents.palette.open_over(self.window)

    def open_network(self) -> None:
        """Show the settings of the network."""
        self.window.contents.top_bar.network.open_settings()

    def explain(self) -> None:
        """Say why the number that is picked is what it is."""
        if not explain(self.session, self.window.theme, self.preferences.zoom, self.window):
            self._say(NOTHING)

    def open_guide(self) -> None:
        """Show the developer guide."""
        Guide(self.window).show()

    def connect_states(self, actions: Actions) -> None:
        """Let actions show whether they can be used, and what they would undo."""
        stack = self.session.document.undo_stack
        stack.canUndoChanged.connect(actions["undo"].setEnabled)
        stack.canRedoChanged.connect(actions["redo"].setEnabled)
        stack.undoTextChanged.connect(self._on_undo_text_changed)
        stack.redoTextChanged.connect(self._on_redo_text_changed)
        self.session.playback.loop_changed.connect(actions["loop"].setChecked)
        self.session.playback.slow_changed.connect(actions["slow"].setChecked)
        self.session.playback.selection_changed.connect(self._on_selection_changed)
        actions["deselect"].setEnabled(False)
        NetworkActions(self.network, actions)
        FileActions(self.window, self.documents, actions, self.preferences)
        SightActions(self.holding, actions)
        NotationActions(self.session, actions, self.preferences, self)
        actions["undo"].setEnabled(stack.canUndo())
        actions["redo"].setEnabled(stack.canRedo())
        actions["loop"].setChecked(self.session.playback.loop)
        actions["slow"].setChecked(self.session.playback.slow)

    def _on_undo_text_changed(self, text: str) -> None:
        self.window.contents.actions["undo"].setToolTip(f"Undo: {text} (Ctrl+Z)" if text else "Undo (Ctrl+Z)")

    def _on_selection_changed(self, selection: object) -> None:
        """Leave Escape to others while nothing is picked."""
        self.window.contents.actions["deselect"].setEnabled(selection is not None)

    def _on_redo_text_changed(self, text: str) -> None:
        self.window.contents.actions["redo"].setToolTip(f"Redo: {text} (Ctrl+Y)" if text else "Redo (Ctrl+Y)")

    def remember(self, desk: QMainWindow) -> None:
        """Keep the window's size and arrangement for the next start."""
        self.preferences.geometry = (self.window.saveGeometry(), desk.saveState())

    def _on_told(self, sentence: str, good: bool) -> None:
        self._say(sentence, good=good)

    def _say(self, sentence: str, *, good: bool = False) -> None:
        self.window.contents.notice.say(sentence, good=good)


def commands(controller: Controller) -> tuple[Command, ...]:
    """Return every command of the window, in the order of its menus."""
    return (
        *_files(controller),
        *_edits(controller),
        *_network(controller),
        *matrix_commands(controller.window),
        *hold_commands(controller.holding),
        *_playback(controller),
        *_view(controller),
        *_workspaces(controller),
    )


def _files(c: Controller) -> tuple[Command, ...]:
    opened = [
        Command(
            f"preset-{preset.name}",
            "Presets",
            preset.title,
            preset.description,
            partial(_ignoring_checked, c.open_preset, preset.name),
        )
        for preset in presets.available()
    ]
    return (
        *opened,
        *file_commands(c),
        *export_commands(c.exports),
        *film_commands(c.films),
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
        Command(
            "forget-unused",
            "Edit",
            "Forget unused characters",
            "Take the characters that the text does not use out of the vocabulary, with their weights",
            c.forget_unused,
        ),
        Command(
            "why",
            "Edit",
            "Why?",
            "Show the expression that gives the number that is picked, with its numbers",
            c.explain,
            ("W",),
        ),
        Command(
            "deselect",
            "Edit",
            "Clear selection",
            "Mark no unit, weight or pair of steps (t, k) any more",
            partial(c.session.playback.select, None),
            ("Esc",),
        ),
        Command("palette", "Edit", "Commands…", "Find a command by its name", c.open_palette, ("Ctrl+K",)),
    )


def _network(c: Controller) -> tuple[Command, ...]:
    tip = "Choose the layers, their directions, the activation, the biases and the embedding"
    return (
        Command("network", "Network", "Network settings…", tip, c.open_network, ("Ctrl+Shift+N",)),
        *network_commands(c.network),
        *optimizer_commands(c.network),
    )


def _workspaces(c: Controller) -> tuple[Command, ...]:
    return tuple(
        Command(
            f"workspace-{name}",
            "Workspace",
            workspace.title,
            f"Arrange the panels of {workspace.title} as they were designed",
            partial(_ignoring_checked, c.window.show_workspace, name),
        )
        for name, workspace in WORKSPACES.items()
    )


def _playback(c: Controller) -> tuple[Command, ...]:
    p = c.session.playback
    menu = "Playback"
    return (
        Command(
            "play", menu, "Play", "Play the steps t = 1 … T, or pause", p.toggle, ("Space",), checkable=True
        ),
        Command("next", menu, "Next step", f"Go to step t + 1{BY_STAGE}", p.next, ("Right",)),
        Command("previous", menu, "Previous step", f"Go to step t − 1{BY_STAGE}", p.previous, ("Left",)),
        Command("first", menu, "First step", "Go to step 1", p.first, ("Home",)),
        Command("last", menu, "Last step", "Go to step T", p.last, ("End",)),
        Command("loop", menu, "Loop", "Begin again after the last step", p.set_loop, ("L",), checkable=True),
        Command("slow", menu, "Slow motion", SLOW_TIP, p.set_slow, ("S",), checkable=True),
    )


def _view(c: Controller) -> tuple[Command, ...]:
    themes = tuple(
        Command(
            f"theme-{name}",
            "Theme",
            theme.title,
            f"Show everything in the {theme.title.lower()} theme",
            partial(_ignoring_checked, c.use_theme, name),
            checkable=True,
        )
        for name, theme in THEMES.items()
    )
    return (
        *themes,
        Command(
            "larger", "View", "Larger contents", "Draw the panels larger", c.larger, ("Ctrl++", "Ctrl+=")
        ),
        Command("smaller", "View", "Smaller contents", "Draw the panels smaller", c.smaller, ("Ctrl+-",)),
        *notation_commands(c.session.playback),
        *sight_commands(c.holding),
        Command("guide", "Help", "Developer guide", "How RNNViz is built", c.open_guide, ("F1",)),
    )


def _ignoring_checked(run: object, name: str, _checked: bool = False) -> None:
    """Call with the name alone: QAction.triggered also says whether it is checked."""
    assert callable(run)
    run(name)
