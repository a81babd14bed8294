"""After a crash: offer what was not saved. Before one: see to it that there is something to offer."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.app.asking import Answer, Question, Role
from rnnviz.session.errors import SessionError
from rnnviz.session.files.archive import shown
from rnnviz.session.files.journal import Journal, Lost, lost_in
from rnnviz.session.files.journaling import Journaling

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from rnnviz.app.documents import Documents
    from rnnviz.session.files.journal import Origin
    from rnnviz.session.files.kept import Kept


class Recovery(QObject):
    """Keeps a journal of a window's document in a folder, and offers what is there of others.

    told(str, bool): a sentence for the user, and whether it is good news.
    """

    told = Signal(str, bool)

    def __init__(self, documents: Documents, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._documents, self._folder, self._window = documents, folder, window
        self._lost: list[Lost] = []
        self.journaling = Journaling(Journal(folder), self._current, self)
        self.journaling.troubled.connect(self._on_troubled)

    def watch(self) -> None:
        """Keep a journal of every edit from now on."""
        self._documents.changed.connect(self._on_changed)

    def offer(self) -> bool:
        """Ask what is to become of what others have left, the latest first; return whether there is any."""
        self._release()
        self._lost = lost_in(self._folder)
        return self._ask()

    def close(self) -> None:
        """Forget the journal: the window is closed, and nobody wants what was not saved."""
        self._release()
        self.journaling.close()

    def _ask(self) -> bool:
        if not self._lost:
            return False
        lost = self._lost[0]
        Question(
            self._window,
            f"RNNViz ended without saving “{_title(lost)}”.",
            f"What was done until {_when(lost.modified)} can be recovered.",
            (
                Answer(
                    "Recover",
                    "Show the document as it was; it is not saved yet",
                    partial(self._documents.leave, partial(self._recover, lost)),
                ),
                Answer("Discard", "Forget it for good", partial(self._discard, lost), Role.DestructiveRole),
                Answer("Later", "Ask again at the next start", self._release, Role.RejectRole),
            ),
        )
        return True

    def _recover(self, lost: Lost) -> None:
        """Show a lost document; its journal becomes ours, so that another crash loses nothing."""
        try:
            kept, origin = lost.read()
        except SessionError as error:
            self.told.emit(str(error), False)
            self._release()
            return
        self._lost.remove(lost)
        self._release()
        self._documents.recover(kept, origin)
        self.journaling.adopt(lost.adopted())
        self.journaling.note()

    def _discard(self, lost: Lost) -> None:
        self._lost.remove(lost)
        lost.discard()
        self._ask()

    def _release(self) -> None:
        """Leave what was not asked for to another time."""
        for lost in self._lost:
            lost.release()
        self._lost = []

    def _current(self) -> tuple[Kept, Origin]:
        return self._documents.kept, self._documents.origin

    def _on_changed(self) -> None:
        if self._documents.is_modified:
            self.journaling.note()
        else:
            self.journaling.clear()

    def _on_troubled(self, sentence: str) -> None:
        self.told.emit(sentence, False)


def _title(lost: Lost) -> str:
    try:
        return shown(lost.origin.title)
    except SessionError:
        return "a document"


def _when(seconds: float) -> str:
    """Return a time as people write it."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M on %d %B %Y")
