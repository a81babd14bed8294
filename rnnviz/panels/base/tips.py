"""Tooltips that speak of h_t and W_H in the notation that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import QObject

from rnnviz.figures.wording import reworded

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from rnnviz.session.session import Moment, Session


class Tips(QObject):
    """Keeps the tooltips of widgets and actions in the notation chosen. It does not keep them alive."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._tips: list[tuple[ref[QWidget | QAction], str]] = []
        session.moment_changed.connect(self._on_moment_changed)

    def set(self, widget: QWidget | QAction, text: str) -> None:
        """Give a widget, or an action, a tooltip that is written in the first notation."""
        self._tips.append((ref(widget), text))
        widget.setToolTip(in_notation(self._session.moment, text))

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        if is_written_otherwise(old, new):
            for found, text in self._tips:
                if (widget := found()) is not None:
                    widget.setToolTip(in_notation(new, text))


def in_notation(moment: Moment, text: str) -> str:
    """Write a sentence of the first notation, without any token of the user's, in the one chosen."""
    return reworded(text, moment.state.spec, moment.notation)


def is_written_otherwise(old: Moment, new: Moment) -> bool:
    """Whether the same sentence may be written with other letters."""
    return old.notation != new.notation or old.state.spec.cell != new.state.spec.cell
