"""The commands of the File menu that are about documents, and the list of those opened last."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from rnnviz.app.actions import Command
from rnnviz.app.preferences import MOST_RECENT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from rnnviz.app.actions import Actions
    from rnnviz.app.commands import Controller
    from rnnviz.app.documents import Documents
    from rnnviz.app.preferences import Preferences

RECENT = "Open recent"
NO_FILE = "No file yet"


def file_commands(controller: Controller) -> tuple[Command, ...]:
    """Return what can be done with documents."""
    c, documents, menu = controller, controller.documents, "File"
    open_tip = (
        "Open a document, or a text: its first line becomes the sequence, its characters the vocabulary"
    )
    save_as_tip = "Write the document into another file"
    revert_tip = "Return to what was saved last; undo brings the edits back"
    recover_tip = "Look for documents that a crash has left unsaved"
    return (
        Command("new", menu, "New", "Begin again from the worked example", c.new_document, ("Ctrl+N",)),
        Command("open", menu, "Open…", open_tip, c.open_file, ("Ctrl+O",)),
        Command(
            "save", menu, "Save", "Write the document into its file", partial(_save, documents), ("Ctrl+S",)
        ),
        Command("save-as", menu, "Save as…", save_as_tip, partial(_save_as, documents), ("Ctrl+Shift+S",)),
        Command("revert", menu, "Revert", revert_tip, documents.revert),
        Command("recover", menu, "Recover unsaved work…", recover_tip, c.offer_recovery),
        *(
            Command(
                f"recent-{n}",
                RECENT,
                NO_FILE,
                "Open a file again that was opened or saved before",
                partial(_open_recent, c, n),
            )
            for n in range(MOST_RECENT)
        ),
    )


def _save(documents: Documents, _checked: bool = False) -> None:
    documents.save()


def _save_as(documents: Documents, _checked: bool = False) -> None:
    documents.save_as()


def _open_recent(controller: Controller, n: int, _checked: bool = False) -> None:
    recent = controller.preferences.recent
    if n < len(recent):
        controller.open_path(recent[n])


class FileActions(QObject):
    """Shows the document's name and whether it is saved in the window's title, and the files opened last."""

    def __init__(
        self, window: QMainWindow, documents: Documents, actions: Actions, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._documents = window, documents
        self._actions, self._preferences = actions, preferences
        documents.changed.connect(self._on_changed)
        documents.filed.connect(self._on_filed)
        self._shown: tuple[str, bool, bool] | None = None
        self._on_changed()
        self._show_recent()

    def _on_changed(self) -> None:
        """Say whose window it is, in the way that the system marks unsaved ones."""
        documents = self._documents
        shown = documents.name, documents.is_modified, documents.path is not None
        if shown == self._shown:
            return
        self._shown = shown
        name, is_modified, has_file = shown
        self._window.setWindowTitle(f"{name.replace('[*]', '[*][*]')}[*] – RNNViz")
        self._window.setWindowModified(is_modified)
        self._actions["revert"].setEnabled(has_file and is_modified)

    def _on_filed(self, path: str) -> None:
        others = [other for other in self._preferences.recent if other != path]
        self._preferences.recent = (path, *others)[:MOST_RECENT]
        self._show_recent()

    def _show_recent(self) -> None:
        recent = self._preferences.recent
        for n in range(MOST_RECENT):
            action = self._actions[f"recent-{n}"]
            action.setVisible(n < max(1, len(recent)))
            action.setEnabled(n < len(recent))
            if n < len(recent):
                action.setText(Path(recent[n]).name.replace("&", "&&"))
                action.setToolTip(f"Open {recent[n]} again")
