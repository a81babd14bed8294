"""A panel that is deleted goes at once: what Python collects later, it may collect while Qt paints."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS
from rnnviz.panels.base.chart_panel import ChartPanel
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.panels.base.panel import Panel

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def _uncollected() -> Iterator[None]:
    """Keep Python from collecting rings."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def shown(name: str, session: Session) -> tuple[QWidget, Panel]:
    """A panel with its controls in a window of its own."""
    window = QWidget()
    panel = PANELS[name](session, THEMES["light"])
    column = QVBoxLayout(window)
    for widget in (*panel.heading_controls(), panel):
        column.addWidget(widget)
    window.resize(640, 480)
    window.show()
    if isinstance(panel, ChartPanel):
        panel.load()
    QApplication.processEvents()
    assert panel.view.figure is not None
    return window, panel


@pytest.mark.usefixtures("_uncollected")
@pytest.mark.parametrize("name", PANELS)
def test_a_deleted_panel_is_freed_without_the_collector(name: str) -> None:
    session = Session(presets.load("shepherd-lstm"))
    window, panel = shown(name, session)
    left = ref(panel)
    session.playback.seek(3)
    QApplication.processEvents()
    window.close()
    window.deleteLater()
    del window, panel
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    assert left() is None
