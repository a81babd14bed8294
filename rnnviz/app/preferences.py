"""What the window remembers between starts: theme, size and arrangement. The document is not among it."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from rnnviz.figures.theme import THEMES, Theme

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
    def zoom(self) -> float:
        """By what the panels' contents are scaled, one of ZOOMS."""
        kept = float(str(self._settings.value("zoom", 1.0)))
        return kept if kept in ZOOMS else 1.0

    @zoom.setter
    def zoom(self, zoom: float) -> None:
        self._settings.setValue("zoom", zoom)

    @property
    def tracks(self) -> str:
        """Which tracks the timeline shows, and how, as `TrackView.to_text` writes it."""
        return str(self._settings.value("tracks", ""))

    @tracks.setter
    def tracks(self, tracks: str) -> None:
        self._settings.setValue("tracks", tracks)

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
