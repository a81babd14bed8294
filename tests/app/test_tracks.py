"""The tracks of the timeline, and what else is chosen in a panel, are as they were left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.app.window import MainWindow
from rnnviz.figures.gallery.weights import Overlays
from rnnviz.figures.theme import THEMES
from rnnviz.figures.tracks import USUAL_VIEW
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_another_window_shows_the_tracks_that_were_chosen(window: MainWindow, qtbot: QtBot) -> None:
    chosen = USUAL_VIEW.toggle("dx").toggle_lines("h")
    window.contents.panel("timeline").tracks.choose(chosen)
    other = MainWindow(THEMES["light"])
    qtbot.addWidget(other)
    other.fill(Session(presets.load("dogs")))
    assert other.contents.panel("timeline").tracks.view == chosen


def test_another_window_shows_the_overlays_and_the_state_that_were_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    weights, flow = window.contents.panel("weights"), window.contents.panel("gradient-flow")
    weights.overlaid.toggle_nudge()
    weights.overlaid.show_spectra(True)
    flow.choices.button(0).click()

    def reopened() -> MainWindow:
        other = MainWindow(THEMES["light"])
        qtbot.addWidget(other)
        other.fill(Session(presets.load("dogs")))
        return other

    panel = reopened().contents.panel("weights")
    assert panel.overlays == Overlays(gradients=True, spectra=True)
    assert panel.nudge.isChecked()
    assert reopened().contents.panel("gradient-flow").state == "h"
    weights.overlaid.toggle_pushes()
    panel = reopened().contents.panel("weights")
    assert panel.overlays == Overlays(spectra=True)
    assert not panel.nudge.isChecked()


def test_choosing_tracks_and_columns_is_not_an_edit(window: MainWindow) -> None:
    session, timeline = window.contents.session, window.contents.panel("timeline")
    state = session.document.state
    timeline.tracks.choose(USUAL_VIEW.toggle("dx"))
    timeline.units.choose(1)
    window.contents.panel("network").folded.click()
    timeline.zooming.show_steps(10)
    assert session.document.state is state
    assert not session.document.undo_stack.canUndo()
