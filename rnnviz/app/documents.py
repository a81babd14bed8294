"""The window's document and its file: open, save, and ask before anything is lost."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from rnnviz.app.asking import Answer, Question, Role, nothing
from rnnviz.app.sources import SUFFIX
from rnnviz.session.errors import SessionError
from rnnviz.session.files.archive import shown
from rnnviz.session.files.errors import ChangedOnDiskError
from rnnviz.session.files.journal import Origin
from rnnviz.session.files.kept import Extras, Kept
from rnnviz.session.files.looking import from_its_start, kept_of, show
from rnnviz.session.files.stored import Stamp, open_kept, save_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from rnnviz.app.arrangement import Arrangement
    from rnnviz.session.session import Session
    from rnnviz.session.state import DocumentState

STAY = "Leave everything as it is"
FILES = f"Documents of RNNViz (*{SUFFIX})"


class Documents(QObject):
    """Which file the document is kept in, and whether it differs from that.

    changed: the file, or whether there is something to save, may be another. told(str, bool): a sentence for
    the user, and whether it is good news. filed(str): a file was opened or saved.
    """

    changed = Signal()
    told = Signal(str, bool)
    filed = Signal(str)

    def __init__(self, window: QWidget, session: Session, arrangement: Arrangement) -> None:
        super().__init__(window)
        self._window, self._session, self._arrangement = window, session, arrangement
        self._path: Path | None = None
        self._stamp: Stamp | None = None
        self._extras = Extras()
        self._is_left = False  # nothing of it is wanted any more
        # Nothing is lost with any of these. An undo brings back the very same object.
        self._saved: list[DocumentState] = [session.document.state]
        session.document.state_changed.connect(self.changed)

    @property
    def path(self) -> Path | None:
        """The file; None if the document has none yet."""
        return self._path

    @property
    def name(self) -> str:
        """What the document is called."""
        return shown(self._session.document.state.title if self._path is None else self._path.name)

    @property
    def is_modified(self) -> bool:
        """Whether there is something to save."""
        state = self._session.document.state
        return not any(state is saved for saved in self._saved)

    @property
    def kept(self) -> Kept:
        """What a file would keep now."""
        return self._arrangement.added(kept_of(self._session, self._extras))

    @property
    def origin(self) -> Origin:
        """Where the document comes from."""
        return Origin(self.name, None if self._path is None else str(self._path), self._stamp)

    def start(self, state: DocumentState, edit: str) -> None:
        """Show a document without a file; one that has no file either is an undo away, another is closed."""
        if self._path is not None:
            self.leave(partial(self._begin, Kept(state, view=from_its_start(self._session)), saved=True))
            return
        was_modified = self.is_modified
        self._session.training.stop()
        self._session.document.edit(state, edit)
        self._session.playback.first()
        if not was_modified:
            self._saved.append(self._session.document.state)
        self.changed.emit()

    def open_path(self, path: Path) -> None:
        """Show what a file keeps; what is shown now stays if that cannot be."""
        try:
            with _patience():
                kept, stamp = open_kept(path)
        except SessionError as error:
            self.told.emit(str(error), False)
            return
        self.leave(partial(self.take, kept, path, stamp))

    def take(self, kept: Kept, path: Path, stamp: Stamp) -> None:
        """Show what was read from a file."""
        self._begin(kept, path, stamp, saved=True)
        self._arrangement.apply(kept.view)
        self.filed.emit(str(path))

    def recover(self, kept: Kept, origin: Origin) -> None:
        """Show what a crash has left over; it is not saved until somebody does."""
        self._begin(kept, None if origin.path is None else Path(origin.path), origin.stamp, saved=False)
        self._arrangement.apply(kept.view)

    def save(self, then: Callable[[], object] = nothing) -> None:
        """Write the document into its file, or ask for one; do something else if that was done."""
        if self._path is None:
            self.save_as(then)
        else:
            self._write(self._path, self._stamp, then)

    def save_as(self, then: Callable[[], object] = nothing) -> None:
        """Ask for a file and write the document into it."""
        proposed = str(self._path or Path(f"{_file_name(self.name)}{SUFFIX}"))
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save document", proposed, FILES)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
            if path.exists():  # the dialog has asked about another name
                self.told.emit(
                    f"There is a file {shown(path.name)} already; choose it, or another name.", False
                )
                return
        self._write(path, None, then)

    def revert(self) -> None:
        """Show what is in the file again; the edits since are one undo away."""
        if self._path is None:
            self.told.emit("This document has not been saved yet, so there is nothing to return to.", False)
            return
        try:
            with _patience():
                kept, self._stamp = open_kept(self._path)
            self._extras = kept.extras
        except SessionError as error:
            self.told.emit(str(error), False)
            return
        self._session.training.recall(kept.record)
        self._session.document.edit(kept.state, "Revert to what was saved")
        self._saved = [self._session.document.state]
        self.changed.emit()

    def may_close(self) -> bool:
        """Return whether the window may close; if not yet, ask, and close it when that has been answered."""
        if self._is_left or not self.is_modified:
            return True
        self._session.training.stop()  # or there would be more to save after each save
        self.leave(self._close)
        return False

    def _close(self) -> None:
        self._is_left = True
        self._window.close()

    def leave(self, then: Callable[[], object]) -> None:
        """Do something that ends this document, once nothing is lost by it or somebody wants that."""
        if not self.is_modified:
            then()
            return
        if any(question.isVisible() for question in self._window.findChildren(Question)):
            return  # one question at a time
        Question(
            self._window,
            f"Save the changes to “{self.name}”?",
            "They are lost if they are not saved.",
            (
                Answer("Save", "Write the document into its file, then go on", partial(self.save, then)),
                Answer("Discard", "Go on without the changes", then, Role.DestructiveRole),
                Answer("Cancel", STAY, nothing, Role.RejectRole),
            ),
        )

    def _begin(
        self, kept: Kept, path: Path | None = None, stamp: Stamp | None = None, *, saved: bool
    ) -> None:
        """Show another document with its file; no undo leads back."""
        self._path, self._stamp, self._extras = path, stamp, kept.extras
        self._saved = [kept.state] if saved else []
        show(self._session, kept)
        self.changed.emit()

    def _write(self, path: Path, known: Stamp | None, then: Callable[[], object]) -> None:
        kept = self.kept
        try:
            with _patience():
                self._stamp = save_kept(path, kept, known)
        except ChangedOnDiskError as error:
            self._ask_what_to_overwrite(path, str(error), then)
            return
        except SessionError as error:
            self.told.emit(str(error), False)
            return
        self._path, self._saved = path, [kept.state]
        self.changed.emit()
        self.told.emit(f"Saved {shown(str(path), 300)}.", True)
        self.filed.emit(str(path))
        then()

    def _ask_what_to_overwrite(self, path: Path, sentence: str, then: Callable[[], object]) -> None:
        Question(
            self._window,
            sentence,
            "Saving would replace what is there. Reload shows it here; your edits are then one undo away.",
            (
                Answer("Save as…", "Write into another file", partial(self.save_as, then)),
                Answer(
                    "Overwrite",
                    "Replace what is in the file by this document",
                    partial(self._write, path, None, then),
                    Role.DestructiveRole,
                ),
                Answer("Reload", "Show what is in the file now", self.revert, Role.ActionRole),
                Answer("Cancel", STAY, nothing, Role.RejectRole),
            ),
        )


@contextmanager
def _patience() -> Iterator[None]:
    """Show that something is being done: a large network takes a second."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()


def _file_name(title: str) -> str:
    """Return a title as the name of a file that every system allows."""
    return "".join("_" if letter in '<>:"/\\|?*' else letter for letter in title).strip(" .") or "document"
