"""When a journal is written: soon after an edit, not in the way of anything."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from rnnviz.session.background import Background
from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.session.files.journal import Journal, Origin
    from rnnviz.session.files.kept import Kept

SOON_MS = 200
"""How long edits are collected before they are written together."""

REST = 4
"""For how many times as long as it was worked on nothing is written: a large network is less often."""

LONGEST_MS = 60_000


class Journaling(QObject):
    """Writes a journal in a thread of its own, and removes it when there is nothing to lose.

    current: returns what there is to keep. troubled(str): it cannot be written, once until it can again.
    """

    troubled = Signal(str)

    def __init__(
        self, journal: Journal, current: Callable[[], tuple[Kept, Origin]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._journal, self._current = journal, current
        self._is_well, self._has_noted = True, False
        self._timer = QTimer(self, singleShot=True, interval=SOON_MS)
        self._timer.timeout.connect(self._on_timeout)
        self._background = Background(self)
        self._background.found.connect(self._on_found)

    def note(self) -> None:
        """Write soon: there was an edit."""
        self._has_noted = True
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Forget what was written: all is saved."""
        self._timer.stop()
        if self._has_noted:
            self._has_noted = False
            self._background.ask(partial(_removed, self._journal))

    def adopt(self, journal: Journal) -> None:
        """Go on with another journal, and forget what was written in this one."""
        self.close()
        self._journal = journal

    def close(self) -> None:
        """Forget what was written and write no more; waits for what is just being written."""
        self._timer.stop()
        self._background.cancel()
        self._journal.remove(close=True)

    def _on_timeout(self) -> None:
        self._background.ask(partial(_written, self._journal, *self._current()))

    def _on_found(self, found: tuple[float, str], _is_newest: bool) -> None:
        seconds, trouble = found
        self._timer.setInterval(min(LONGEST_MS, max(SOON_MS, round(1000 * REST * seconds))))
        if trouble and self._is_well:
            self.troubled.emit(trouble)
        self._is_well = not trouble


def _written(journal: Journal, kept: Kept, origin: Origin) -> tuple[float, str]:
    """Write, and return how many seconds of work that was, waiting left out, and what went wrong."""
    started = time.thread_time()
    trouble = ""
    try:
        journal.write(kept, origin)
    except SessionError as error:
        trouble = f"Edits cannot be kept for the case of a crash: {error} Save your work."
    return time.thread_time() - started, trouble


def _removed(journal: Journal) -> tuple[float, str]:
    journal.remove()
    return 0.0, ""
