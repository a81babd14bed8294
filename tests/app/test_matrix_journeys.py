"""Matrices in the real window: commands of the palette, and freezing while training runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from rnnviz.panels.weights import Entry
from rnnviz.session.matrix_edits import OPERATIONS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_palette_does_what_the_menu_does(window: MainWindow, name: str) -> None:
    action = window.contents.actions[f"matrix-{name}"]
    assert action.toolTip() == OPERATIONS[name].help
    document, panel = window.contents.session.document, window.contents.panel("weights")
    before = document.state
    action.trigger()
    assert window.contents.notice.isVisible()
    assert document.state is before
    panel.select(Entry("W_H", 1, 1))
    action.trigger()
    popover = panel.actions_of.popover
    assert popover.isVisible() == bool(OPERATIONS[name].asks)
    if "factor" in OPERATIONS[name].asks:
        popover.fields["factor"].setValue(2.0)
    if "radius" in OPERATIONS[name].asks:
        popover.fields["radius"].setValue(2.0)
    popover.accept()
    assert document.undo_stack.count() == (0 if name == "transpose" and _symmetric(before) else 1)
    window.contents.actions["undo"].trigger()
    assert document.state is before


def _symmetric(state: object) -> bool:
    matrix = state.parameters["weight_hh_l0"]
    return np.array_equal(matrix, matrix.T)


def test_overlays_are_in_the_palette(window: MainWindow) -> None:
    panel, actions = window.contents.panel("weights"), window.contents.actions
    for name in ("matrix-pushes", "matrix-spectra", "matrix-nudge"):
        actions[name].trigger()
    assert panel.overlays.gradients
    assert panel.overlays.spectra
    assert panel.nudged.isVisible()


def test_entries_frozen_in_mid_run_stay_while_the_others_learn(window: MainWindow, qtbot: QtBot) -> None:
    session, panel = window.contents.session, window.contents.panel("weights")
    document, before = session.document, session.document.state
    panel.select(Entry("W_Y", 0, 0), (3, 0))
    session.training.start()
    qtbot.waitUntil(lambda: document.state.updates > 20, timeout=20_000)
    panel.freeze()
    held = document.state.parameters["head.weight"].copy()
    seen = document.state.updates
    qtbot.waitUntil(lambda: document.state.updates > seen + 100, timeout=20_000)
    now = document.state.parameters["head.weight"]
    np.testing.assert_array_equal(now[:, 0], held[:, 0])
    assert (now[:, 1:] != held[:, 1:]).all()
    panel.freeze()
    qtbot.waitUntil(
        lambda: (document.state.parameters["head.weight"][:, 0] != held[:, 0]).all(), timeout=20_000
    )
    session.training.pause()
    qtbot.waitUntil(lambda: not session.training.is_active, timeout=20_000)
    assert document.undo_stack.count() == 1
    window.contents.actions["undo"].trigger()
    assert document.state is before
