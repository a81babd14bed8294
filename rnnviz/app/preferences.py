"""What the window remembers between starts: theme, size and arrangement. The document is not among it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.theme import THEMES, Theme

if TYPE_CHECKING:
    from rnnviz.engine.notation import Notation

MOST_RECENT = 8
ZOOMS = (0.8, 1.0, 1.25, 1.5, 2.0)
ARRANGEMENT = 1  # raise when the panels of a workspace change, so that an old arrangement is not forced on it


class Preferences:
    """Typed access to the user's settings file."""

    def __init__(self) -> None:
        self._settings = QSettings("RNNViz", "RNNViz")

    @property
    def theme(self) -> Theme:
        """The theme last chosen, light at first."""
        return THEMES.get(str(self._settings.value("theme", "light")), THEMES["light"])

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._settings.setValue("theme", theme.name)

    @property
    def notation(self) -> Notation:
        """The notation last chosen, that of W_X, W_H and W_Y at first."""
        kept = str(self._settings.value("notation", ""))
        return next((notation for notation in NOTATIONS if notation == kept), "weights")

    @notation.setter
    def notation(self, notation: Notation) -> None:
        self._settings.setValue("notation", notation)

    @property
    def zoom(self) -> float:
        """By what the panels' contents are scaled, one of ZOOMS."""
        kept = float(str(self._settings.value("zoom", 1.0)))
        return kept if kept in ZOOMS else 1.0

    @zoom.setter
    def zoom(self, zoom: float) -> None:
        self._settings.setValue("zoom", zoom)

    def choices(self, panel: str) -> str:
        """Return what was chosen in a panel, such as the timeline's tracks, as the panel writes it."""
        return str(self._settings.value(f"panels/{panel}", ""))

    def remember_choices(self, panel: str, choices: str) -> None:
        """Keep what was chosen in a panel for the next start."""
        self._settings.setValue(f"panels/{panel}", choices)

    @property
    def export_choice(self) -> str:
        """What was chosen in the export dialogue, as the dialogue writes it."""
        return str(self._settings.value("export", ""))

    @export_choice.setter
    def export_choice(self, choice: str) -> None:
        self._settings.setValue("export", choice)

    @property
    def recent(self) -> tuple[str, ...]:
        """The files opened or saved last, the latest first."""
        try:
            found = json.loads(str(self._settings.value("recent", "[]")))
        except ValueError:
            return ()
        return tuple(map(str, found))[:MOST_RECENT] if isinstance(found, list) else ()

    @recent.setter
    def recent(self, paths: tuple[str, ...]) -> None:
        self._settings.setValue("recent", json.dumps(paths))

    @property
    def folder(self) -> Path:
        """Where documents are kept for the case of a crash: beside the settings file, if they are a file."""
        if self._settings.format() == QSettings.Format.NativeFormat and sys.platform in {"win32", "darwin"}:
            data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
            return Path(data) / "RNNViz" / "unsaved"
        return Path(self._settings.fileName()).parent / "unsaved"

    @property
    def geometry(self) -> tuple[QByteArray, QByteArray] | None:
        """The window's size and place and its arrangement of panels, if one of this kind was kept."""
        if int(str(self._settings.value("arrangement", 0))) != ARRANGEMENT:
            return None
        kept = self._settings.value("geometry"), self._settings.value("state")
        return kept if all(isinstance(part, QByteArray) for part in kept) else None

    @geometry.setter
    def geometry(self, kept: tuple[QByteArray, QByteArray]) -> None:
        for name, value in zip(("geometry", "state", "arrangement"), (*kept, ARRANGEMENT), strict=True):
            self._settings.setValue(name, value)
