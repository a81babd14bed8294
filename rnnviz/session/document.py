"""The document and its history: every edit is one command that swaps one frozen state for another."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from rnnviz.session.state import DocumentState, equal


@dataclass
class _Current:
    """The state that commands write to; not the document itself, which would keep both alive for ever."""

    state: DocumentState
    merge: str | None = None  # the key that the next edit may merge under
    group: int = 0  # commands of one group merge; each has its own number


class ReplaceState(QUndoCommand):
    """Swap one state for another; those of the same `group` merge into one, -1 merges with none."""

    def __init__(self, current: _Current, new: DocumentState, text: str, group: int) -> None:
        super().__init__(text)
        self._current = current
        self._group = group
        self.old = current.state
        self.new = new

    def id(self) -> int:
        """Return the group; Qt offers only commands of the same to `mergeWith`."""
        return self._group

    def redo(self) -> None:
        """Show the new state; Qt calls it when the command is pushed, too."""
        self._current.state = self.new

    def undo(self) -> None:
        """Show the old state again, the very same object."""
        self._current.merge = None
        self._current.state = self.old

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over what a later command of the group did; one that leads back to the start is dropped."""
        if not isinstance(other, ReplaceState):
            return False
        self.new = other.new
        if equal(self.old, self.new):
            self._current.state = self.old
            self.setObsolete(True)
        return True


class Document(QObject):
    """The state that is shown, and the way back from it.

    state_changed(old, new) comes once an edit, undo or redo, after the history is up to date.
    """

    state_changed = Signal(object, object)

    def __init__(self, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current = _Current(state)
        self._announced = state
        self._held: str | None = None  # what the step that all edits join is called
        self._undo_stack = QUndoStack(self)
        self._undo_stack.indexChanged.connect(self._on_index_changed)

    @property
    def state(self) -> DocumentState:
        """The state that is shown."""
        return self._current.state

    @property
    def undo_stack(self) -> QUndoStack:
        """The history; its signals say what can be undone and whether the document is modified."""
        return self._undo_stack

    @property
    def is_modified(self) -> bool:
        """Whether the document differs from what was last marked clean."""
        return not self._undo_stack.isClean()

    def edit(self, new: DocumentState, text: str, merge: str | None = None) -> None:
        """Show a new state; `text` names the edit in the menu, as in "Scale W_H".

        Edits with the same `merge` key in a row are one step to undo, until `end_merge`. A state that holds
        the same as the one shown changes nothing.
        """
        if equal(self.state, new):
            return
        current = self._current
        if self._held is not None:
            text = merge = self._held
        if merge != current.merge:
            current.group += 1
        current.merge = merge
        group = -1 if merge is None else current.group
        self._undo_stack.push(ReplaceState(current, new, text, group))

    def open(self, state: DocumentState) -> None:
        """Show another document, from which no undo leads back to this one."""
        self.release()
        self._current.state = state
        self._undo_stack.clear()
        self._on_index_changed()  # it says nothing if there was nothing to clear

    def end_merge(self) -> None:
        """Let the next edit be a step of its own, as when the mouse is released."""
        if self._held is None:
            self._current.merge = None

    def hold(self, text: str) -> None:
        """Make one step of all edits from now on until `release`, whoever makes them; undo ends it, too."""
        self._held = text
        self._current.merge = None

    def release(self) -> None:
        """Let edits be steps of their own again."""
        self._held = None
        self._current.merge = None

    def undo(self) -> None:
        """Go back by one edit."""
        self._undo_stack.undo()

    def redo(self) -> None:
        """Do again what was undone."""
        self._undo_stack.redo()

    def _on_index_changed(self) -> None:
        old, new = self._announced, self.state
        if old is not new:
            self._announced = new
            self.state_changed.emit(old, new)
