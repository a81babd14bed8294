"""What users do, in the real window: every panel must show what a fresh run of the engine gives."""

from __future__ import annotations

import gc
import sys
from operator import gt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figuredata import same
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from rnnviz import engine as e
from rnnviz.app.guide import Guide
from rnnviz.app.workspaces import EXPLORE
from rnnviz.figures.model import Heatmap, Text
from rnnviz.figures.picking import pick
from rnnviz.panels.weights import Entry
from rnnviz.session import presets
from rnnviz.session.session import Session
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.base.panel import Panel
    from rnnviz.panels.views.figure_view import FigureView
    from rnnviz.panels.weights import WeightsPanel

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton


def panel(window: MainWindow, name: str) -> Panel:
    return window.contents.docks[name].panel


def weights(window: MainWindow) -> WeightsPanel:
    return panel(window, "weights")


def mouse(view: FigureView, kind: QEvent.Type, x: float, y: float) -> None:
    point = QPointF(x, y)
    button = NONE if kind == QEvent.Type.MouseMove else LEFT
    held = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
    event = QMouseEvent(kind, point, view.mapToGlobal(point), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def centre(view: FigureView, plot: str, mark: int, row: int, column: int) -> tuple[float, float]:
    cell = view.cell_rect(plot, mark, row, column)
    return cell.x + cell.w / 2, cell.y + cell.h / 2


def assert_every_panel_is_fresh(window: MainWindow) -> None:
    """Each visible panel shows exactly what a new session on the same document would show."""
    now = window.contents.session.moment
    fresh = Session(now.state)
    fresh.playback.seek(now.step)
    fresh.playback.select(now.selection)
    assert fresh.moment.analysis is not now.analysis
    assert fresh.moment.window == now.window
    for dock in window.contents.docks.values():
        shown = dock.panel
        if not shown.isVisible():
            continue
        other = type(shown)(fresh, window.theme)
        other.resize(shown.size())
        other.box.activate()  # some break their lines where they end
        if hasattr(shown, "selected"):
            other.selected, other.only = shown.selected, shown.only
        assert same(shown.view.figure, other.draw(other.scene)), shown.name
        other.deleteLater()


def type_text(window: MainWindow, qtbot: QtBot, text: str) -> None:
    line = panel(window, "sequence").line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_the_window_opens_on_the_worked_example(window: MainWindow) -> None:
    assert window.contents.session.document.state.text == "dogs"
    shown = {panel.name for panel in window.contents.visible_panels()}
    assert shown == set(EXPLORE.panels())
    assert shown >= {"sequence", "network", "timeline", "weights", "equations", "gradient-flow"}
    words = window.contents.status_bar.network.text()
    assert words == "Plain RNN · tanh · 3 units · 33 parameters · float64"
    assert "Too short to judge" in window.contents.status_bar.verdict.text()
    loss = window.contents.status_bar.loss
    assert loss.text() == "loss 4.8037 nats over 3 steps"
    assert 0 < loss.geometry().left() < loss.geometry().right() < window.width()
    assert_every_panel_is_fresh(window)


def test_dragging_a_weight_moves_every_panel_with_the_mouse(window: MainWindow, qtbot: QtBot) -> None:
    document, view = window.contents.session.document, weights(window).view
    before = document.state
    x, y = centre(view, "W_H", 0, 1, 1)
    mouse(view, QEvent.Type.MouseButtonPress, x, y)
    for moved in (1, 4, 9, -3, 20):
        panels = [panel for panel in window.contents.visible_panels() if panel.follows_edits]
        paints = [panel.view.paints for panel in panels]
        mouse(view, QEvent.Type.MouseMove, x, y - moved)
        assert document.state.parameters["weight_hh_l0"][1, 1] == pytest.approx(0.9 + 0.01 * moved, abs=1e-9)
        assert_every_panel_is_fresh(window)
        qtbot.waitUntil(lambda p=panels, n=paints: all(map(gt, [panel.view.paints for panel in p], n)))
    mouse(view, QEvent.Type.MouseButtonRelease, x, y - 20)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change W_H[2, 2]"
    window.contents.actions["undo"].trigger()
    assert document.state is before
    assert_every_panel_is_fresh(window)


@pytest.mark.parametrize(("cell", "symbol", "row"), [("lstm", "W_{Hf}", 4), ("gru", "W_{Hn}", 7)])
def test_dragging_a_gates_weight_moves_every_panel(
    window: MainWindow, cell: str, symbol: str, row: int
) -> None:
    document, shown = window.contents.session.document, weights(window)
    window.contents.top_bar.network.cell_button(cell).click()
    before = document.state
    shown.choices.buttons()[2].click()
    x, y = centre(shown.view, symbol, 0, 1, 2)
    mouse(shown.view, QEvent.Type.MouseButtonPress, x, y)
    for moved in (3, -12):
        mouse(shown.view, QEvent.Type.MouseMove, x, y - moved)
        stored = document.state.parameters["weight_hh_l0"]
        began = before.parameters["weight_hh_l0"]
        assert np.argwhere(stored != began).tolist() == [[row, 2]]
        assert stored[row, 2] == pytest.approx(began[row, 2] + 0.01 * moved, abs=1e-6)
        assert_every_panel_is_fresh(window)
    mouse(shown.view, QEvent.Type.MouseButtonRelease, x, y + 12)
    window.contents.actions["undo"].trigger()
    assert document.state is before
    assert_every_panel_is_fresh(window)


def test_a_drag_back_to_where_it_began_leaves_nothing_to_undo(window: MainWindow) -> None:
    document, view = window.contents.session.document, weights(window).view
    before = document.state
    x, y = centre(view, "W_Y", 0, 0, 0)
    mouse(view, QEvent.Type.MouseButtonPress, x, y)
    mouse(view, QEvent.Type.MouseMove, x, y - 7)
    assert document.state is not before
    mouse(view, QEvent.Type.MouseMove, x, y)
    mouse(view, QEvent.Type.MouseButtonRelease, x, y)
    assert document.state is before
    assert not document.undo_stack.canUndo()


def test_a_weight_is_typed_into_its_cell(window: MainWindow, qtbot: QtBot) -> None:
    shown = weights(window)
    view = shown.view
    x, y = centre(view, "W_X", 0, 2, 0)
    mouse(view, QEvent.Type.MouseButtonPress, x, y)
    mouse(view, QEvent.Type.MouseButtonRelease, x, y)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert shown.editor.isVisible()
    qtbot.keyClicks(shown.editor, "0,25")
    qtbot.keyClick(shown.editor, Qt.Key.Key_Return)
    assert window.contents.session.document.state.parameters["weight_ih_l0"][2, 0] == -0.25
    assert not shown.editor.isVisible()
    assert_every_panel_is_fresh(window)


@pytest.mark.parametrize("typed", ["hello", "nan", "", "1e999", "--1"])
def test_what_is_no_number_is_refused_in_a_sentence(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    shown = weights(window)
    before = window.contents.session.document.state
    x, y = centre(shown.view, "W_X", 0, 0, 0)
    mouse(shown.view, QEvent.Type.MouseButtonDblClick, x, y)
    mouse(shown.view, QEvent.Type.MouseButtonRelease, x, y)
    shown.editor.setText(typed)
    qtbot.keyClick(shown.editor, Qt.Key.Key_Return)
    assert window.contents.session.document.state is before
    assert "not a number" in shown.readout.text()
    assert shown.readout.text().endswith(".")


def test_huge_weights_get_a_badge_and_nothing_is_lost(window: MainWindow, qtbot: QtBot) -> None:
    shown = weights(window)
    window.contents.top_bar.network.settings.activation.textActivated.emit("identity")
    before = window.contents.session.document.state
    for symbol in ("W_H", "W_Y"):
        x, y = centre(shown.view, symbol, 0, 1, 1)
        mouse(shown.view, QEvent.Type.MouseButtonDblClick, x, y)
        mouse(shown.view, QEvent.Type.MouseButtonRelease, x, y)
        shown.editor.setText("1e300")
        qtbot.keyClick(shown.editor, Qt.Key.Key_Return)
    assert window.contents.session.moment.analysis.trouble is not None
    badge = window.contents.status_bar.trouble
    assert badge.isVisible()
    assert badge.text() == window.contents.session.moment.analysis.trouble.sentence
    assert_every_panel_is_fresh(window)
    for _ in range(2):
        window.contents.actions["undo"].trigger()
    assert window.contents.session.document.state is before
    assert not badge.isVisible()


def test_the_keyboard_alone_can_change_a_weight(window: MainWindow, qtbot: QtBot) -> None:
    shown = weights(window)
    x, y = centre(shown.view, "W_H", 0, 0, 0)
    mouse(shown.view, QEvent.Type.MouseButtonPress, x, y)
    mouse(shown.view, QEvent.Type.MouseButtonRelease, x, y)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(shown.view, key)
    assert tuple(shown.selected) == ("W_H", 1, 2)
    qtbot.keyClick(shown.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.contents.session.document.state.parameters["weight_hh_l0"][1, 2] == pytest.approx(0.4)
    assert window.contents.session.playback.step == 0


def test_typing_another_text_works_at_once_and_is_one_step_to_undo(window: MainWindow, qtbot: QtBot) -> None:
    document = window.contents.session.document
    before = document.state
    type_text(window, qtbot, "hello")
    state = document.state
    assert state.text == "hello"
    assert state.vocabulary.tokens[:4] == tuple("dogs")
    assert set("hel") <= set(state.vocabulary.tokens)
    assert state.parameters["weight_ih_l0"].shape == (3, len(state.vocabulary.tokens))
    assert_every_panel_is_fresh(window)
    tokens = [
        m.strings
        for p in panel(window, "network").view.figure.plots
        for m in p.marks
        if isinstance(m, Text) and m.frame == "circle"
    ]
    assert tokens[0] == tuple("hell")
    window.contents.actions["undo"].trigger()
    assert document.state is before
    assert panel(window, "sequence").line.text() == "dogs"
    window.contents.actions["redo"].trigger()
    assert document.state.text == "hello"


def test_a_click_on_a_target_leaves_its_loss_out(window: MainWindow) -> None:
    view = panel(window, "sequence").view
    targets = next(p for p in view.figure.plots if p.name == "targets").marks[0]
    inputs = view.cell_rect("one-hot", 0, 3, 1)
    y = inputs.y + inputs.h + 14
    mouse(view, QEvent.Type.MouseButtonPress, inputs.x + inputs.w / 2, y)
    mouse(view, QEvent.Type.MouseButtonRelease, inputs.x + inputs.w / 2, y)
    assert targets.strings == ("o", "g", "s")
    assert window.contents.session.document.state.silent == {1}
    assert window.contents.session.moment.analysis.loss.step[1, 0] == 0
    assert_every_panel_is_fresh(window)
    assert "2 of 3 steps" in window.contents.status_bar.loss.text()
    mouse(view, QEvent.Type.MouseButtonPress, inputs.x + inputs.w / 2, y)
    assert window.contents.session.document.state.silent == frozenset()


def test_one_click_predicts_only_s_from_dog(window: MainWindow, qtbot: QtBot) -> None:
    button = panel(window, "sequence").last_only
    qtbot.mouseClick(button, LEFT)
    assert window.contents.session.document.state.silent == {0, 1}
    assert button.isChecked()
    qtbot.mouseClick(button, LEFT)
    assert window.contents.session.document.state.silent == frozenset()


@pytest.mark.parametrize("name", ["network", "timeline"])
def test_a_drag_over_the_columns_scrubs(window: MainWindow, name: str) -> None:
    view = panel(window, name).view
    if name == "network":
        places = [centre(view, "network", _heat(view), 0, column)[0] for column in range(4)]
    else:
        places = [centre(view, "h_t", 0, 0, column)[0] for column in range(4)]
    y = view.height() / 2
    mouse(view, QEvent.Type.MouseButtonPress, places[1], y)
    assert window.contents.session.playback.step == 0
    for step in (1, 2):
        mouse(view, QEvent.Type.MouseMove, places[step + 1], y)
        assert window.contents.session.playback.step == step
        assert_every_panel_is_fresh(window)
    mouse(view, QEvent.Type.MouseMove, 5000, y)
    assert window.contents.session.playback.step == 2
    mouse(view, QEvent.Type.MouseButtonRelease, 5000, y)
    assert not window.contents.session.document.undo_stack.canUndo()


def _heat(view: FigureView) -> int:
    return next(n for n, m in enumerate(view.figure.plots[0].marks) if isinstance(m, Heatmap))


def test_keys_step_play_and_loop(window: MainWindow, qtbot: QtBot) -> None:
    playback = window.contents.session.playback
    for key, step in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_End, 2), (Qt.Key.Key_Left, 1), (Qt.Key.Key_Home, 0)):
        qtbot.keyClick(window, key)
        assert playback.step == step
    playback.set_speed(60)
    with qtbot.waitSignal(playback.playing_changed):
        qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: playback.step == 2 and not playback.playing)
    assert_every_panel_is_fresh(window)
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert playback.loop
    qtbot.keyClick(window, Qt.Key.Key_Space)
    seen: list[int] = []
    playback.step_changed.connect(seen.append)
    qtbot.waitUntil(lambda: seen.count(0) >= 2)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not playback.playing


def test_a_text_file_is_opened_from_disk(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "greeting.txt"
    file.write_text("guten Tag\nund auf Wiedersehen\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    before = window.contents.session.document.state
    window.contents.actions["open"].trigger()
    state = window.contents.session.document.state
    assert state.text == "guten Tag"
    assert set(state.vocabulary.tokens) >= set("guten Tagundauf Wiedersehen")
    assert "d" in state.vocabulary.tokens
    assert_every_panel_is_fresh(window)
    window.contents.actions["undo"].trigger()
    assert window.contents.session.document.state is before


def test_a_text_file_can_be_dropped(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "שלום.txt"
    file.write_text("שלום 👩‍👩‍👧 dogs", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    actions, at = Qt.DropAction.CopyAction, QPoint(400, 400)
    modifiers = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, actions, data, LEFT, modifiers)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(at), actions, data, LEFT, modifiers))
    assert window.contents.session.document.state.text == "שלום 👩‍👩‍👧 dogs"
    assert "👩‍👩‍👧" in window.contents.session.document.state.inputs
    assert_every_panel_is_fresh(window)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x00", b"", None])
def test_a_file_that_is_no_text_is_refused_in_a_sentence(
    window: MainWindow, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "strange.txt"
    if content is not None:
        file.write_bytes(content)
    before = window.contents.session.document.state
    window.contents.controller.open_path(str(file))
    assert window.contents.session.document.state is before
    assert window.contents.notice.isVisible()
    assert "strange.txt" in window.contents.notice.text()
    assert window.contents.notice.text().endswith(".")


@pytest.mark.parametrize("text", ["", "a", "ab" * 2000, "😀👍🏽🇩🇪é", "مرحبا بالعالم"])
def test_any_text_can_be_typed(window: MainWindow, text: str) -> None:
    line = panel(window, "sequence").line
    line.setText(text)
    line.textEdited.emit(text)
    assert window.contents.session.document.state.text == text
    assert line.text() == text
    assert_every_panel_is_fresh(window)
    QApplication.processEvents()


def test_ten_thousand_characters_can_be_shown_and_more_are_refused(window: MainWindow) -> None:
    line = panel(window, "sequence").line
    text = "the quick brown fox " * 500
    line.setText(text)
    line.textEdited.emit(text)
    assert window.contents.session.document.state.steps == 9_999
    window.contents.session.playback.last()
    assert_every_panel_is_fresh(window)
    line.setText(text + "!")
    line.textEdited.emit(text + "!")
    assert window.contents.session.document.state.text == text
    assert line.text() == text
    assert "10,000" in window.contents.notice.text()


def test_the_picture_of_a_panel_is_saved(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "flow"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    shown = panel(window, "gradient-flow")
    window.contents.controller.save_panel(shown)
    picture = QImage(str(file) + ".png")
    assert picture.width() == 2 * shown.view.width()
    assert picture.height() == 2 * shown.view.height()
    colours = {
        picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
    }
    assert len(colours) > 5
    assert "Saved" in window.contents.notice.text()


def test_the_picture_of_the_window_is_saved(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "window.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    window.contents.actions["save-window"].trigger()
    assert QImage(str(file)).size() == 2 * window.size()


def test_a_picture_that_cannot_be_written_is_a_sentence(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "x.png"), ""))
    window.contents.controller.save_panel(panel(window, "timeline"))
    assert window.contents.notice.isVisible()
    assert window.contents.notice.text().endswith(".")


@pytest.mark.parametrize("preset", [preset.name for preset in presets.available()])
def test_every_preset_opens_from_the_menu(window: MainWindow, preset: str) -> None:
    window.contents.actions[f"preset-{preset}"].trigger()
    assert equal(window.contents.session.document.state, presets.load(preset))
    assert_every_panel_is_fresh(window)


def test_the_presets_vanish_and_explode(window: MainWindow) -> None:
    for preset, kind in (("vanish", "vanishing"), ("explode", "exploding")):
        window.contents.actions[f"preset-{preset}"].trigger()
        assert window.contents.session.moment.analysis.verdict.kind == kind
        assert window.contents.status_bar.verdict.text().lower().startswith(kind)
        assert panel(window, "gradient-flow").view.figure.caption.lower().startswith(kind)
        hidden = window.contents.session.moment.analysis.flow.hidden
        assert np.isfinite(hidden).all()


@pytest.mark.parametrize("cell", sorted(e.CELLS))
def test_another_cell_activation_or_size_can_be_chosen(window: MainWindow, qtbot: QtBot, cell: str) -> None:
    choice = window.contents.top_bar.network
    qtbot.mouseClick(choice.cell_button(cell), LEFT)
    assert window.contents.session.document.state.spec.cell == cell
    assert choice.cell_button(cell).isChecked()
    last = e.CELLS[cell].activations[-1]
    choice.settings.activation.textActivated.emit(last)
    choice.units.setValue(5)
    spec = window.contents.session.document.state.spec
    assert (spec.activation, spec.hidden_size) == (last, 5)
    assert_every_panel_is_fresh(window)
    while window.contents.session.document.undo_stack.canUndo():
        window.contents.actions["undo"].trigger()
    assert equal(window.contents.session.document.state, presets.load("dogs"))
    assert choice.units.value() == 3


@pytest.mark.parametrize("theme", ["dark", "projector"])
def test_the_theme_changes_every_picture(window: MainWindow, theme: str) -> None:
    pictures = {panel.name: panel.view.grab().toImage() for panel in window.contents.visible_panels()}
    window.contents.actions[f"theme-{theme}"].trigger()
    assert window.theme.name == theme
    assert window.contents.controller.preferences.theme.name == theme
    assert window.contents.actions[f"theme-{theme}"].isChecked()
    for panel in window.contents.visible_panels():
        assert panel.view.grab().toImage() != pictures[panel.name], panel.name
    window.contents.actions["theme-light"].trigger()
    assert not window.contents.actions[f"theme-{theme}"].isChecked()


def test_a_hidden_panel_catches_up_when_it_is_shown(window: MainWindow) -> None:
    window.contents.docks["timeline"].hide()
    window.contents.actions["preset-vanish"].trigger()
    stale = panel(window, "timeline").view.figure
    assert stale.plots[0].x.high < 10
    window.contents.docks["timeline"].show()
    assert_every_panel_is_fresh(window)


def test_the_palette_finds_and_runs_a_command(window: MainWindow, qtbot: QtBot) -> None:
    window.contents.actions["palette"].trigger()
    palette = window.contents.palette
    assert palette.isVisible()
    qtbot.keyClicks(palette.line, "explod preset")
    assert palette.list.count() == 1
    QApplication.sendEvent(
        palette.line,
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
    )
    assert not palette.isVisible()
    assert window.contents.session.document.state.title == presets.load("explode").title


def test_every_action_has_words_and_a_tip(window: MainWindow) -> None:
    for action in window.contents.actions:
        assert action.text()
        assert len(action.toolTip()) > 3


def test_repainting_loses_no_reference_to_none(window: MainWindow) -> None:
    """PySide6 6.12.0 on Python 3.11 loses one with every call that returns nothing, and aborts at zero."""
    window.repaint()
    gc.collect()
    before = sys.getrefcount(None)
    for n in range(100):
        window.contents.session.playback.seek(n % 3)
        for dock in window.contents.docks.values():
            dock.panel.view.repaint()
        QApplication.processEvents()
    gc.collect()
    assert sys.getrefcount(None) > before - 100  # 800 paints, so a loss would be far greater


def test_typing_ends_with_a_click_elsewhere_or_return(window: MainWindow, qtbot: QtBot) -> None:
    line = panel(window, "sequence").line
    for leave in ("click", "return"):
        line.setFocus()
        assert line.hasFocus()
        if leave == "click":
            view = panel(window, "timeline").view
            qtbot.mouseClick(view, LEFT, pos=QPoint(view.width() // 2, 20))
        else:
            qtbot.keyClick(line, Qt.Key.Key_Return)
        assert not line.hasFocus()
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_End)
        assert window.contents.session.playback.step == 2
        window.contents.session.playback.first()
    assert window.contents.session.document.state.text == "dogs"


def test_undo_in_the_line_of_text_is_the_documents(window: MainWindow, qtbot: QtBot) -> None:
    before = window.contents.session.document.state
    type_text(window, qtbot, "xyz")
    qtbot.keyClick(panel(window, "sequence").line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.contents.session.document.state is before
    units = window.contents.top_bar.network.units
    units.setValue(5)
    qtbot.keyClick(units, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.contents.session.document.state is before


def test_the_readout_of_a_weight_follows_undo_and_presets(window: MainWindow) -> None:
    shown = weights(window)
    shown.select(Entry("W_H", 2, 1))
    shown.set_value(Entry("W_H", 2, 1), 0.75)
    assert shown.readout.text().startswith("W_H[3, 2] = 0.75")
    window.contents.actions["undo"].trigger()
    assert shown.readout.text().startswith("W_H[3, 2] = 0.2 ")
    window.contents.top_bar.network.cell_button("feedforward").click()
    assert shown.selected is None
    assert "W_H" not in shown.readout.text()


@pytest.mark.parametrize(
    ("name", "plot", "row", "column", "says"),
    [
        ("timeline", "h_t", 0, 1, "h₁ at step 1 = 0.53705"),
        ("timeline", "ŷ_t", 2, 0, "ŷ of g at step 1 = 0.241935"),
        ("network", "network", 1, 1, "h₂ at step 1 = 0.197375"),
    ],
)
def test_pointing_at_a_cell_reads_it(
    window: MainWindow, name: str, plot: str, row: int, column: int, says: str
) -> None:
    view = panel(window, name).view
    mark = _heat(view) if name == "network" else 0
    x, y = centre(view, plot, mark, row, column)
    view.hovered.emit(pick(view.figure, view.width(), view.height(), x, y))
    assert view.toolTip() == says


def test_unused_characters_can_be_forgotten(window: MainWindow, qtbot: QtBot) -> None:
    before = window.contents.session.document.state
    type_text(window, qtbot, "hello")
    window.contents.actions["forget-unused"].trigger()
    assert set(window.contents.session.document.state.vocabulary.tokens) == set("hello")
    assert_every_panel_is_fresh(window)
    while window.contents.session.document.undo_stack.canUndo():
        window.contents.actions["undo"].trigger()
    assert window.contents.session.document.state is before


def test_contents_can_be_drawn_larger(window: MainWindow) -> None:
    before = panel(window, "timeline").view.grab().toImage()
    window.contents.actions["larger"].trigger()
    assert window.contents.controller.preferences.zoom == 1.25
    assert panel(window, "timeline").view.grab().toImage() != before
    window.contents.actions["smaller"].trigger()
    assert panel(window, "timeline").view.grab().toImage() == before


def test_the_guide_opens_and_fetches_nothing(window: MainWindow) -> None:
    window.contents.actions["guide"].trigger()
    guide = window.findChild(Guide)
    assert guide is not None
    assert "RNNViz" in guide.page.toPlainText()
    assert guide.page.loadResource(2, "file:///etc/hostname") is None
    guide.close()


def test_a_narrow_window_keeps_every_control(window: MainWindow, qtbot: QtBot) -> None:
    for preset in ("dogs", "explode"):
        window.contents.actions[f"preset-{preset}"].trigger()
        window.resize(window.minimumSize())
        qtbot.waitUntil(lambda: window.width() == window.minimumWidth())
        QApplication.processEvents()
        bar = window.contents.top_bar
        for widget in (bar.network.cell, bar.network.units, bar.network.more, bar.transport.place):
            right = widget.mapTo(window, widget.rect().topRight()).x()
            assert widget.isVisible()
            assert right <= window.width()
        window.resize(1280, 720)
        qtbot.waitUntil(lambda: window.width() == 1280)
        QApplication.processEvents()
        buttons = [bar.network.cell_button(name) for name in e.CELLS]
        for widget in (*buttons, bar.network.units, bar.network.more, bar.transport.place):
            assert widget.isVisible()
            assert widget.mapTo(window, widget.rect().topRight()).x() <= window.width()


@pytest.mark.parametrize("agreed", [True, False])
def test_the_encoding_of_an_old_text_can_be_chosen(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    file = tmp_path / "menu.txt"
    file.write_bytes("café au lait".encode("windows-1252"))
    asked: list[tuple[str, list[str]]] = []

    def choose(_parent: object, _title: str, words: str, items: list[str], **_: object) -> tuple[str, bool]:
        asked.append((words, items))
        return items[-1], agreed

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    before = window.contents.session.document.state
    window.contents.controller.open_path(str(file))
    assert "menu.txt" in asked[0][0]
    assert any("1252" in item for item in asked[0][1])
    assert window.contents.session.document.state.text == ("café au lait" if agreed else before.text)
