"""Picking in the real window: every panel marks it, the keyboard reaches it, Escape clears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from rnnviz.engine.selection import Selection
from rnnviz.figures.model import Region
from rnnviz.panels.base.why_popover import WhyPopover

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow


def outlines(window: MainWindow, name: str) -> int:
    figure = window.contents.panel(name).view.figure
    inside = [m for p in figure.plots for m in p.marks if isinstance(m, Region) and m.role == "selection"]
    return len(inside) + len(figure.across)


def test_down_marks_a_unit_everywhere_and_escape_clears_it(window: MainWindow, qtbot: QtBot) -> None:
    names = [panel.name for panel in window.contents.visible_panels()]
    before = {name: outlines(window, name) for name in names}
    assert not window.contents.actions["deselect"].isEnabled()
    view = window.contents.panel("network").view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    playback = window.contents.session.playback
    assert playback.selection == Selection("h", 0)
    marked = {name for name in names if outlines(window, name) > before[name]}
    assert marked == {"network", "timeline", "weights", "equations"}
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert (playback.step, playback.selection) == (1, Selection("h", 0))
    assert window.contents.actions["deselect"].isEnabled()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert playback.selection is None
    assert {name: outlines(window, name) for name in names} == before


def test_tab_goes_from_figure_to_figure(window: MainWindow, qtbot: QtBot) -> None:
    panels = window.contents.visible_panels()
    wanted = {
        panel.view for panel in panels if panel.name in {"network", "timeline", "gradient-flow", "weights"}
    }
    window.contents.panel("network").view.setFocus()
    reached = set()
    for _ in range(80):
        here = window.focusWidget()
        reached.add(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    assert wanted <= reached


def test_w_explains_what_is_picked(window: MainWindow, qtbot: QtBot) -> None:
    view = window.contents.panel("network").view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    qtbot.keyClick(view, Qt.Key.Key_W)
    assert "Pick a unit" in window.contents.notice.text()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_W)
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, WhyPopover) and w.isVisible()]
    assert len(found) == 1
    assert "h1[1] is 0.5370" in found[0].view.accessibleDescription()
    qtbot.keyClick(found[0], Qt.Key.Key_Escape)
    assert not found[0].isVisible()
    assert window.contents.session.playback.selection == Selection("h", 0)
