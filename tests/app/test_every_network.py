"""Every cell, deep or not, one way or both, and sequences of any length: each panel draws, and draws this."""

from __future__ import annotations

import string
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from freshness import panels_not_fresh
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.figures.tracks import TrackView, available, is_usual
from rnnviz.panels import PANELS
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.views.figure_view import FigureView

LENGTHS = (0, 1, 40, 1000)
LETTERS = tuple(string.ascii_lowercase[:6])
NETWORKS = [
    (cell, layers, both)
    for cell, layers, both in product(e.CELLS, (1, 3), (False, True))
    if e.CELLS[cell].recurrent or not both
]


def document(cell: str, layers: int, both: bool, steps: int, units: int = 5, seed: int = 0) -> DocumentState:
    spec = e.NetworkSpec(cell, len(LETTERS), units, len(LETTERS), num_layers=layers, bidirectional=both)
    text = "".join(LETTERS[(n * n + n // 3) % len(LETTERS)] for n in range(steps + 1))
    return DocumentState(cell, spec, e.initialise(spec, seed=seed), Vocabulary(LETTERS), text)


@pytest.fixture
def everything(window: MainWindow) -> Iterator[MainWindow]:
    """A window in which every panel is in sight."""
    window.resize(2560, 1440)
    for dock in window.contents.docks.values():
        dock.show()
    QApplication.processEvents()
    assert {panel.name for panel in window.contents.visible_panels()} == set(PANELS)
    return window


def show(window: MainWindow, state: DocumentState) -> None:
    """Show a document with all tracks there are, and wait for the pictures."""
    window.contents.session.document.edit(state, "Show")
    timeline = window.contents.panel("timeline")
    hidden = frozenset(key for key in available(timeline.scene) if not is_usual(key))
    timeline.tracks.choose(TrackView(toggled=hidden))


def assert_all_drawn(window: MainWindow, caplog: pytest.LogCaptureFixture) -> None:
    panels = [panel for panel in window.contents.visible_panels() if panel.follows_edits]
    for panel in panels:
        panel.view.repaint()
    QApplication.processEvents()
    assert [record.getMessage() for record in caplog.records] == []
    assert panels_not_fresh(window) == []


@pytest.mark.parametrize(("cell", "layers", "both"), NETWORKS)
def test_every_network_is_drawn_at_every_length(
    everything: MainWindow, caplog: pytest.LogCaptureFixture, cell: str, layers: int, both: bool
) -> None:
    playback = everything.contents.session.playback
    for steps in LENGTHS:
        show(everything, document(cell, layers, both, steps))
        assert_all_drawn(everything, caplog)
        playback.look_at(0, int(both))
        playback.last()
        assert_all_drawn(everything, caplog)
        playback.show_columns((0, steps))
        assert_all_drawn(everything, caplog)
        playback.look_at(-1, 0)
        playback.first()


@pytest.mark.parametrize(("cell", "layers", "both"), NETWORKS)
def test_every_network_is_drawn_at_every_stage(
    everything: MainWindow, caplog: pytest.LogCaptureFixture, cell: str, layers: int, both: bool
) -> None:
    playback = everything.contents.session.playback
    show(everything, document(cell, layers, both, 3))
    playback.seek(1)
    playback.set_slow(True)
    for stage in range(playback.stages):
        playback.seek_stage(stage)
        assert_all_drawn(everything, caplog)
    show(everything, document(cell, layers, both, 0))
    assert_all_drawn(everything, caplog)
    playback.set_slow(False)


documents = st.builds(
    lambda network, text, units, seed, silent: replace(
        document(*network, 0, units, seed),
        text=text,
        silent=frozenset(step for step in silent if step < len(text) - 1),
    ),
    st.sampled_from(NETWORKS),
    st.text(st.sampled_from(LETTERS), max_size=12),
    st.integers(1, 6),
    st.integers(0, 99),
    st.sets(st.integers(0, 12)),
)


def send(view: FigureView, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(kind, at, view.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


@settings(max_examples=40)
@given(data=st.data())
def test_every_frame_of_a_drag_shows_what_a_fresh_run_gives(
    everything: MainWindow, data: st.DataObject
) -> None:
    session, panel = everything.contents.session, everything.contents.panel("weights")
    session.document.edit(data.draw(documents), "Show")
    state = session.document.state
    session.playback.seek(data.draw(st.integers(0, max(0, state.steps - 1))))
    layer = data.draw(st.integers(0, state.spec.num_layers - 1))
    session.playback.look_at(layer, data.draw(st.integers(0, state.spec.directions - 1)))
    view = panel.view
    plot = data.draw(st.sampled_from(view.figure.plots))
    rows, columns = plot.marks[0].values.shape
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    cell = view.cell_rect(plot.name, 0, row, column)
    start = QPointF(cell.x + cell.w / 2, cell.y + cell.h / 2)
    send(view, QEvent.Type.MouseButtonPress, start)
    for moved in data.draw(st.lists(st.integers(-300, 300), min_size=1, max_size=3)):
        send(view, QEvent.Type.MouseMove, start + QPointF(0.0, moved))
        assert panels_not_fresh(everything) == []
    send(view, QEvent.Type.MouseButtonRelease, start)
    if session.document.state is not state:
        session.document.undo()
    assert session.document.state is state
    assert panels_not_fresh(everything) == []
