"""The part of a window that a file keeps beside the document: where the panels are and what they show."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from rnnviz.app.layouts import apply_layout, layout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow

    from rnnviz.app.dock import PanelDock
    from rnnviz.app.preferences import Preferences
    from rnnviz.session.files.kept import Kept
    from rnnviz.session.files.schema import View


class Arrangement(QObject):
    """Knows how the docks of a desk are arranged and what was chosen in their panels, and sets both."""

    def __init__(self, desk: QMainWindow, docks: Mapping[str, PanelDock], preferences: Preferences) -> None:
        super().__init__(desk)
        self._desk, self._docks = desk, docks
        self._choices = {name: preferences.choices(name) for name in docks}
        for dock in docks.values():
            dock.panel.choices_changed.connect(self._on_choices_changed)

    def added(self, kept: Kept) -> Kept:
        """Return what a file keeps with the arrangement in it."""
        layout = layout_of(self._desk, self._docks)
        chosen = {name: choices for name, choices in self._choices.items() if choices}
        return replace(kept, view=msgspec.structs.replace(kept.view, layout=layout, panels=chosen))

    def apply(self, view: View) -> None:
        """Arrange the panels as a file says, as far as it says anything that can be."""
        if view.layout is not None:
            apply_layout(self._desk, self._docks, view.layout)
        for name, choices in view.panels.items():
            if name in self._docks:
                with suppress(RecursionError):  # of a text that means to do harm
                    self._docks[name].panel.recall(choices)

    def _on_choices_changed(self, name: str, choices: str) -> None:
        self._choices[name] = choices
