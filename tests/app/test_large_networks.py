"""A large network in the window: all but the map, the verdict and the spectra moves with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from freshness import panels_not_fresh
from PySide6.QtWidgets import QApplication
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.figures.model import Region
from rnnviz.figures.staleness import COMPUTING
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.session.session import Moment

FOLLOWING = {"gradient-column", "gradient-flow", "gradient-profile", "spectrum", "verdict"}


@pytest.fixture
def large(window: MainWindow) -> MainWindow:
    """The window with an LSTM of 96 units that reads 120 letters, every panel in sight."""
    e.limit_threads()
    spec = e.NetworkSpec("lstm", 4, 96, 4)
    state = DocumentState("large", spec, e.initialise(spec), Vocabulary(tuple("abcd")), "abcd" * 30 + "a")
    window.resize(2560, 1440)
    for dock in window.contents.docks.values():
        dock.show()
    window.contents.session.document.edit(state, "Open")
    QApplication.processEvents()
    return window


def change(window: MainWindow, value: float) -> None:
    document = window.contents.session.document
    document.edit(with_weight(document.state, "weight_hh_l0", 1, 1, value), "Change")


def has_another_flow(old: Moment, new: Moment) -> bool:
    """Whether something that was stale has been found."""
    return new.analysis.flow is not old.analysis.flow


def says_so(window: MainWindow) -> set[str]:
    """The panels that say they are being computed."""
    panels = window.contents.visible_panels()
    return {panel.name for panel in panels if panel.view.figure.note.startswith(COMPUTING)}


def is_dimmed(window: MainWindow) -> bool:
    plot = window.contents.panel("gradient-flow").view.figure.plots[0]
    return any(isinstance(mark, Region) and mark.role == "stale" for mark in plot.marks)


def test_what_follows_later_says_so_until_it_has(large: MainWindow, qtbot: QtBot) -> None:
    assert says_so(large) == set()
    for value in (0.5, 1.0, 3.0):
        with qtbot.waitSignal(large.contents.session.moment_changed, check_params_cb=has_another_flow):
            change(large, value)
            assert says_so(large) == FOLLOWING
            assert is_dimmed(large)
            assert COMPUTING in large.contents.status_bar.verdict.text()
            assert set(panels_not_fresh(large)) <= {*FOLLOWING, "timeline"}
        assert says_so(large) == FOLLOWING  # that of a moment ago has come, and may be of an earlier one
    qtbot.waitUntil(lambda: not large.contents.session.moment.stale)
    assert says_so(large) == set()
    assert not is_dimmed(large)
    assert COMPUTING not in large.contents.status_bar.verdict.text()
    assert panels_not_fresh(large) == []


def test_what_follows_later_paints_no_other_panel_again(large: MainWindow, qtbot: QtBot) -> None:
    change(large, 0.5)
    QApplication.processEvents()
    others = [large.contents.panel(name) for name in ("network", "sequence", "equations")]
    before = [panel.view.paints for panel in others]
    qtbot.waitUntil(lambda: not large.contents.session.moment.stale)
    QApplication.processEvents()
    assert [panel.view.paints for panel in others] == before


def test_a_saved_picture_is_never_stale(
    large: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "flow.png"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(file), ""))
    change(large, 0.5)
    large.contents.controller.save_panel(large.contents.panel("gradient-flow"))
    assert file.exists()
    assert says_so(large) == set()
    assert panels_not_fresh(large) == []
