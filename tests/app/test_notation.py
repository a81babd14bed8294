"""The notation, chosen in the real window."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz.app.preferences import Preferences
from rnnviz.app.run import Opening
from rnnviz.app.window import MainWindow
from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.notation_menu import NotationMenu
from rnnviz.session.edits import with_cell

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.engine.notation import Notation

FOREIGN = {
    "letters": re.compile("[Wb]_[XHY]|ŷ|(?<![A-Za-z'’])h_"),
    "pytorch": re.compile("[Wb]_[XHY]"),
}


def choose(window: MainWindow, notation: Notation) -> None:
    window.contents.actions[f"notation-{notation}"].trigger()


def plots(window: MainWindow, panel: str) -> list[str]:
    return [plot.name for plot in window.contents.panel(panel).view.figure.plots]


def checked(window: MainWindow) -> list[str]:
    return [name for name in NOTATIONS if window.contents.actions[f"notation-{name}"].isChecked()]


def test_every_panel_follows_the_menu_and_the_choice_is_kept(window: MainWindow) -> None:
    undoable = window.contents.session.document.undo_stack.count()
    assert checked(window) == ["weights"]
    assert plots(window, "weights") == ["W_X", "W_H", "W_Y"]
    choose(window, "letters")
    assert plots(window, "weights") == ["U", "W", "V"]
    assert [name for name in plots(window, "timeline") if name.endswith("_t")][:3] == ["x_t", "S_t", "O_t"]
    (network,) = window.contents.panel("network").view.figure.plots
    assert [label.text for label in network.gutter] == ["O_t", "S_t", "x_t"]
    assert checked(window) == ["letters"]
    assert Preferences().notation == "letters"
    choose(window, "pytorch")
    assert plots(window, "weights") == ["W_{ih}", "W_{hh}", "W_{out}"]
    assert checked(window) == ["pytorch"]
    choose(window, "pytorch")
    assert checked(window) == ["pytorch"]
    assert Preferences().notation == "pytorch"
    assert window.contents.session.document.undo_stack.count() == undoable


def test_it_is_a_choice_of_the_view_menu_and_of_the_palette(window: MainWindow) -> None:
    offered = [action.objectName() for action in window.contents.actions.menus["View"]]
    assert [name for name in offered if name.startswith("notation-")] == [f"notation-{n}" for n in NOTATIONS]


def test_the_next_window_begins_with_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    Preferences().notation = "letters"
    window = MainWindow(THEMES["light"])
    qtbot.addWidget(window)
    opening = Opening(window, Preferences(), "dogs")
    opening.fill()
    with qtbot.waitSignal(window.usable, timeout=20_000):
        window.show()
    assert plots(window, "weights") == ["U", "W", "V"]
    assert checked(window) == ["letters"]


def test_what_is_no_notation_counts_as_the_usual_one() -> None:
    preferences = Preferences()
    preferences._settings.setValue("notation", "runes")
    assert preferences.notation == "weights"


@pytest.mark.parametrize("notation", ["letters", "pytorch"])
@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_no_tooltip_speaks_another_language(notation: Notation, cell: str, window: MainWindow) -> None:
    document = window.contents.session.document
    choose(window, notation)
    document.edit(with_cell(document.state, cell), "Another cell")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    named = NotationMenu  # which says what the notations are
    tips = {w.toolTip() for w in window.findChildren(QWidget) if not isinstance(w, named)}
    actions = (a for a in window.contents.actions if not a.objectName().startswith("notation-"))
    tips |= {action.toolTip() for action in actions}
    assert [tip for tip in sorted(tips) if FOREIGN[notation].search(tip)] == []


def test_the_verdict_of_the_status_bar_follows(window: MainWindow) -> None:
    document = window.contents.session.document
    label = window.contents.status_bar.verdict
    choose(window, "letters")
    assert "S_k" in label.toolTip()
    document.edit(with_cell(document.state, "lstm"), "LSTM")
    assert "h_k" in label.toolTip()


def test_a_picture_is_drawn_in_the_notation_asked_for(tmp_path: Path) -> None:
    pictures = {}
    for notation in NOTATIONS:
        path = tmp_path / f"{notation}.png"
        words = ["render", "dogs", "--panel", "weights", "--notation", notation, "-o", str(path)]
        subprocess.run([sys.executable, "-m", "rnnviz", *words], check=True, capture_output=True)
        pictures[notation] = path.read_bytes()
    assert len(set(pictures.values())) == len(NOTATIONS)
