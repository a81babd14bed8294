"""A real window on the worked example, with settings of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings

from rnnviz.app.window import MainWindow
from rnnviz.figures.theme import THEMES
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    """Keep the tests away from the user's settings."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window as a user has it when every panel has been painted."""
    shown = MainWindow(THEMES["light"])
    shown.fill(Session(presets.load("dogs")))
    qtbot.addWidget(shown)
    with qtbot.waitSignal(shown.usable, timeout=20_000):
        shown.show()
    yield shown
    shown.contents.session.playback.pause()
