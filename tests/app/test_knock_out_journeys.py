"""Holding units and gates in the real window: by menus, by the keyboard, in the panel; and undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from freshness import panels_not_fresh
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz import engine as e
from rnnviz.engine.selection import Selection
from rnnviz.figures.model import Bars, Heatmap
from rnnviz.figures.picking import Pick
from rnnviz.panels.base.reading import reading
from rnnviz.session import edits, holds, sequence_edits

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.base.panel import Panel
    from rnnviz.panels.knock_out import KnockOutPanel

LEFT = Qt.MouseButton.LeftButton
MOUSE, KEYS = QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard


@pytest.fixture
def lstm(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window on an LSTM of three units, the knock-out panel in sight."""
    document = window.contents.session.document
    document.edit(edits.with_cell(document.state, "lstm"), "Use LSTM")
    document.undo_stack.clear()
    dock = window.contents.docks["knock-out"]
    dock.show()
    qtbot.waitUntil(dock.panel.isVisible)
    return window


def knock_out(window: MainWindow) -> KnockOutPanel:
    panel: KnockOutPanel = window.contents.docks["knock-out"].panel
    return panel


def menu_at(
    panel: Panel, qtbot: QtBot, plot: str, row: int, column: int, reason: QContextMenuEvent.Reason = MOUSE
) -> QMenu:
    """Open the menu of a cell as a right click does."""
    view = panel.view
    marks = next(p for p in view.figure.plots if p.name == plot).marks
    mark = next(n for n, mark in enumerate(marks) if isinstance(mark, Heatmap))
    cell = view.cell_rect(plot, mark, row, column)
    at = QPointF(cell.x + cell.w / 2, cell.y + cell.h / 2).toPoint()
    event = QContextMenuEvent(reason, at, view.mapToGlobal(at))
    QApplication.sendEvent(view, event)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, text: str) -> None:
    action = next((a for a in menu.actions() if a.text() == text), None)
    assert action is not None, [a.text() for a in menu.actions()]
    menu.close()
    action.trigger()


def held(window: MainWindow) -> list[tuple[str, float, int, int | None]]:
    found = window.contents.session.document.state.interventions
    return [(one.target, one.value, one.start, one.unit) for one in found]


def assert_fresh(window: MainWindow) -> None:
    window.contents.session.catch_up()
    assert panels_not_fresh(window) == []


def test_f_is_1_o_is_0_and_unit_3_is_0(lstm: MainWindow, qtbot: QtBot) -> None:
    """The journey: by a right click, by the picked unit's button, by a key."""
    session, timeline = lstm.contents.session, lstm.contents.panel("timeline")
    document, before = session.document, session.document.state
    choose(menu_at(timeline, qtbot, "f_t", 1, 0), "Hold the whole forget gate f at 1 from step 1")
    assert held(lstm) == [("f", 1.0, 0, None)]
    assert document.undo_stack.undoText() == "Hold the whole forget gate f at 1 from step 1"
    assert_fresh(lstm)
    choose(menu_at(timeline, qtbot, "o_t", 0, 1), "Hold o₁ at 0 from step 2")
    assert session.playback.step == 1
    assert session.playback.selection == Selection("o", 0)
    assert_fresh(lstm)
    session.playback.seek(0)
    session.playback.select(Selection("h", 2))
    panel = knock_out(lstm)
    assert panel.picked.text() == "hold h₃ at 0 from step 1"
    qtbot.mouseClick(panel.picked, LEFT)
    assert held(lstm) == [("f", 1.0, 0, None), ("h", 0.0, 0, 2), ("o", 0.0, 1, 0)]
    assert_fresh(lstm)
    state = document.state
    runs = [
        e.analyse(state.spec, state.parameters, state.x, state.y, (0, 0), those)
        for those in (state.interventions, ())
    ]
    loss, prediction = (plot.marks[0] for plot in panel.view.figure.plots)
    assert isinstance(loss, Bars)
    assert isinstance(prediction, Heatmap)
    assert np.array_equal(loss.heights, (runs[0].loss.step - runs[1].loss.step)[:, 0])
    change = runs[0].trace.probabilities - runs[1].trace.probabilities
    assert np.array_equal(prediction.values, change[:, 0].T)
    assert loss.heights.any()
    lost = tuple(float(number) for number in re.findall(r"[0-9.]+", panel.view.figure.note)[:2])
    assert lost == pytest.approx((runs[1].loss.total, runs[0].loss.total), abs=0.01)
    while document.undo_stack.canUndo():
        lstm.contents.actions["undo"].trigger()
    assert document.state is before
    assert_fresh(lstm)


def test_the_effect_is_seen_in_every_panel(lstm: MainWindow, qtbot: QtBot) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    for name in ("gradient-flow", "gradient-profile", "spectrum", "weights", "equations"):
        lstm.contents.docks[name].show()
    assert not panel.everywhere.isVisible()
    session.document.edit(holds.with_hold(session.document.state, "i", 0.0, 1), "Hold i")
    qtbot.mouseClick(panel.everywhere, LEFT)
    assert session.playback.sight == "effect"
    assert session.moment.baseline is session.moment.untouched is not None
    assert lstm.contents.panel("timeline").view.figure.note.startswith("held − untouched")
    assert lstm.contents.panel("network").view.figure.note.startswith("held − untouched")
    assert lstm.contents.actions["sight-effect"].isChecked()
    assert lstm.contents.panel("sequence").sights.currentText() == "A"
    assert_fresh(lstm)
    session.playback.next()
    assert_fresh(lstm)
    qtbot.mouseClick(panel.everywhere, LEFT)
    assert session.moment.baseline is None
    assert_fresh(lstm)


def test_of_two_sequences_every_panel_shows_a_b_or_the_difference(lstm: MainWindow) -> None:
    session, actions = lstm.contents.session, lstm.contents.actions
    actions["sight-b"].trigger()
    assert session.playback.sight == "a"
    assert not actions["sight-b"].isChecked()
    session.document.edit(sequence_edits.with_other(session.document.state, "god"), "Add")
    for sight, first in (("b", "steps"), ("difference", "B − A")):
        actions[f"sight-{sight}"].trigger()
        note = lstm.contents.panel("network").view.figure.note
        assert note.startswith(first) or sight == "b"
        assert_fresh(lstm)
    session.document.edit(holds.with_hold(session.document.state, "o", 0.0), "Hold o")
    assert_fresh(lstm)
    actions["sight-a"].trigger()
    assert session.moment.baseline is None
    assert_fresh(lstm)


def test_a_number_is_typed_into_the_menus_window(lstm: MainWindow, qtbot: QtBot) -> None:
    network = lstm.contents.panel("network")
    view = network.view
    mark = next(
        n
        for n, m in enumerate(view.figure.plots[0].marks)
        if isinstance(m, Heatmap) and m.scale.label == "h_t"
    )
    cell = view.cell_rect("network", mark, 1, 2)
    at = QPointF(cell.x + cell.w / 2, cell.y + cell.h / 2).toPoint()
    QApplication.sendEvent(view, QContextMenuEvent(MOUSE, at, view.mapToGlobal(at)))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert lstm.contents.session.playback.step == 1
    choose(menu, "Hold h₂ at…")
    popover = QApplication.activePopupWidget()
    assert popover is not None
    popover.value.setText("much")
    qtbot.keyClick(popover.value, Qt.Key.Key_Return)
    assert popover.words.text() == "“much” is not a number that can be held; type one such as 0.5 or -1e-3."
    popover.value.setText("-0,25")
    popover.start.setValue(3)
    qtbot.keyClick(popover.value, Qt.Key.Key_Return)
    assert held(lstm) == [("h", -0.25, 2, 1)]
    assert not popover.isVisible()
    assert_fresh(lstm)


def test_a_preactivation_offers_the_gate_that_it_becomes(lstm: MainWindow, qtbot: QtBot) -> None:
    timeline = lstm.contents.panel("timeline")
    timeline.tracks.choose(timeline.tracks.view.toggle("a.i"))
    texts = [action.text() for action in menu_at(timeline, qtbot, "a_{i,t}", 2, 0).actions()]
    assert "Hold i₃ at 0 from step 1" in texts
    assert "Hold the whole input gate i at 1 from step 1" in texts
    QApplication.activePopupWidget().close()
    texts = [action.text() for action in menu_at(timeline, qtbot, "ŷ_t", 2, 0).actions()]
    assert not any(text.startswith("Hold") for text in texts)
    QApplication.activePopupWidget().close()


def test_by_the_keyboard_the_menu_is_about_what_is_picked(lstm: MainWindow, qtbot: QtBot) -> None:
    session, timeline = lstm.contents.session, lstm.contents.panel("timeline")
    session.playback.seek(2)
    session.playback.select(Selection("c", 1))
    menu = menu_at(timeline, qtbot, "h_t", 0, 0, KEYS)
    assert session.playback.selection == Selection("c", 1)
    choose(menu, "Hold c₂ at 0 from step 3")
    assert held(lstm) == [("c", 0.0, 2, 1)]
    choose(menu_at(timeline, qtbot, "h_t", 0, 0, KEYS), "Let go of c₂")
    assert held(lstm) == []


def test_keys_and_commands_hold_and_let_go(lstm: MainWindow, qtbot: QtBot) -> None:
    session, actions = lstm.contents.session, lstm.contents.actions
    said: list[str] = []
    lstm.contents.controller.holding.refused.connect(said.append)
    session.playback.select(None)
    actions["hold-zero"].trigger()
    assert said[-1].startswith("Pick a unit")
    session.playback.select(Selection("g", 1))
    lstm.activateWindow()
    lstm.setFocus()
    qtbot.keyClick(lstm, Qt.Key.Key_H)
    assert held(lstm) == [("g", 0.0, 0, 1)]
    session.playback.select(Selection("h", 0))
    value = float(session.moment.analysis.trace.layers[0].h[0, 0, 0])
    actions["hold-as-is"].trigger()
    assert held(lstm)[1] == ("h", value, 0, 0)
    actions["let-go"].trigger()
    assert held(lstm) == [("g", 0.0, 0, 1)]
    actions["let-go"].trigger()
    assert said[-1] == "What is picked is not held."
    actions["let-all-go"].trigger()
    assert held(lstm) == []
    actions["sight-effect"].trigger()
    assert said[-1] == "Nothing is held; hold a unit or a gate first."


def test_chips_change_values_and_steps_and_let_go(lstm: MainWindow, qtbot: QtBot) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    document, before = session.document, session.document.state
    assert not panel.view.figure.plots
    assert not panel.holds.chips
    state = holds.with_hold(holds.with_hold(document.state, "f", 1.0), "h", 0.0, 1, 2)
    document.edit(state, "Hold")
    gate, unit = panel.holds.chips
    assert gate.name.text() in {"forget gate f =", "f ="}  # as there is room
    assert (gate.value.text(), gate.start.value()) == ("1", 1)
    assert (unit.name.text(), unit.value.text(), unit.start.value()) == ("h₃ =", "0", 2)
    unit.value.setFocus()
    unit.value.selectAll()
    qtbot.keyClicks(unit.value, "0.5")
    qtbot.keyClick(unit.value, Qt.Key.Key_Return)
    assert held(lstm)[1] == ("h", 0.5, 1, 2)
    assert document.undo_stack.undoText() == "Hold h₃ at 0.5"
    unit.start.setValue(3)
    assert held(lstm)[1] == ("h", 0.5, 2, 2)
    assert document.undo_stack.undoText() == "Hold h₃ from step 3"
    assert_fresh(lstm)
    with qtbot.waitSignal(panel.refused) as heard:
        unit.value.setText("x")
        unit.value.editingFinished.emit()
    assert heard.args == ["“x” is not a number that can be held; type one such as 0.5 or -1e-3."]
    assert unit.value.text() == "0.5"
    qtbot.mouseClick(gate.off, LEFT)
    assert held(lstm) == [("h", 0.5, 2, 2)]
    assert len(panel.holds.chips) == 1
    qtbot.mouseClick(panel.all, LEFT)
    assert held(lstm) == []
    assert_fresh(lstm)
    while document.undo_stack.canUndo():
        document.undo()
    assert document.state is before
    assert_fresh(lstm)


def test_training_is_said_to_go_on_in_the_untouched_network(lstm: MainWindow, qtbot: QtBot) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    session.document.edit(holds.with_hold(session.document.state, "o", 0.0), "Hold o")
    assert not panel.training.isVisible()
    session.training.start()
    qtbot.waitUntil(panel.training.isVisible, timeout=10_000)
    qtbot.waitUntil(lambda: session.document.state.updates > 5, timeout=20_000)
    session.training.pause()
    qtbot.waitUntil(lambda: not session.training.is_active, timeout=10_000)
    assert not panel.training.isVisible()
    assert held(lstm) == [("o", 0.0, 0, None)]
    assert_fresh(lstm)
    session.training.stop()


def test_another_cell_lets_go_of_what_it_does_not_have(lstm: MainWindow) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    document = session.document
    document.edit(holds.with_hold(holds.with_hold(document.state, "f", 1.0), "h", 0.0, 0, 2), "Hold")
    lstm.contents.controller.network.use_cell("gru")
    assert [chip.name.text() for chip in panel.holds.chips] == ["h₃ ="]
    assert_fresh(lstm)
    document.undo()
    assert len(panel.holds.chips) == 2
    assert_fresh(lstm)


def test_many_holds_scroll_and_leave_room_for_the_strip(lstm: MainWindow, qtbot: QtBot) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    document = session.document
    for gate in "ifgo":
        for unit in range(3):
            document.edit(holds.with_hold(document.state, gate, 0.5, 1, unit), "Hold")
    assert len(panel.holds.chips) == 12
    qtbot.waitUntil(lambda: panel.holds.verticalScrollBar().maximum() > 0)
    assert panel.view.height() > 60
    lstm.resize(2000, 1000)
    qtbot.waitUntil(lambda: all(chip.width() >= chip.sizeHint().width() for chip in panel.holds.chips))


def test_the_mouse_reads_differences_as_such(lstm: MainWindow) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    session.document.edit(holds.with_hold(session.document.state, "o", 0.0), "Hold o")
    figure, picks = panel.view.figure, []
    prediction, loss = figure.plots[1].marks[0].values[3, 0], figure.plots[0].marks[0].heights[1]
    for plot, place in (("ŷ_t", {"mark": 0, "row": 3, "column": 0}), ("L_t", {"mark": 0, "index": 1})):
        picks.append(reading(figure, Pick(plot, 1.0 if plot == "ŷ_t" else 2.0, 0.5, **place), session))
    assert picks == [f"Δŷ of s at step 1 = {prediction:.6g}", f"Δloss L at step 2 = {loss:.6g}"]


def test_away_from_the_effect_what_was_looked_at_is_seen_again(lstm: MainWindow, qtbot: QtBot) -> None:
    session, panel = lstm.contents.session, knock_out(lstm)
    state = sequence_edits.with_other(session.document.state, "god")
    session.document.edit(holds.with_hold(state, "o", 0.0), "Hold o")
    session.playback.look_at_sequence("b")
    assert_fresh(lstm)
    qtbot.mouseClick(panel.everywhere, LEFT)
    assert session.moment.state.text == "dogs"
    qtbot.mouseClick(panel.everywhere, LEFT)
    assert session.playback.sight == "b"
