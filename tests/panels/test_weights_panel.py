"""Selecting blocks of a matrix and what can be done to them, in the real panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu

from rnnviz import engine as e
from rnnviz.figures.model import CellBars, Dial, Locks, Region
from rnnviz.figures.theme import THEMES
from rnnviz.panels.weights import Entry, WeightsPanel
from rnnviz.session import edits, presets
from rnnviz.session.matrix_edits import OPERATIONS
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CONTROL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
W_H = np.array([[0.1, 0.5, 0.1], [0.5, 0.9, 0.3], [0.3, 0.2, 0.1]])


def session(cell: str = "rnn", text: str = "dogsgod", **options: Any) -> Session:
    spec = e.NetworkSpec(cell, 4, 3, 4, **options)
    return Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), text))


def shown(one: Session, qtbot: QtBot, size: tuple[int, int] = (320, 640)) -> WeightsPanel:
    panel = WeightsPanel(one, THEMES["light"])
    qtbot.addWidget(panel)
    panel.resize(*size)
    panel.show()
    panel.activateWindow()
    panel.view.setFocus()
    return panel


@pytest.fixture
def dogs(qtbot: QtBot) -> WeightsPanel:
    return shown(Session(presets.load("dogs")), qtbot)


def stored(panel: WeightsPanel, name: str = "weight_hh_l0") -> np.ndarray:
    return panel.session.document.state.parameters[name]


def place(panel: WeightsPanel, symbol: str, row: int, column: int) -> QPointF:
    cell = panel.view.cell_rect(symbol, 0, row, column)
    return QPointF(cell.x + cell.w / 2, cell.y + cell.h / 2)


def mouse(panel: WeightsPanel, kind: QEvent.Type, at: QPointF, held: Any = PLAIN) -> None:
    button = NONE if kind == QEvent.Type.MouseMove else LEFT
    buttons = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
    view = panel.view
    QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, buttons, held))


def drag(panel: WeightsPanel, begin: QPointF, end: QPointF, held: Any = PLAIN) -> None:
    mouse(panel, QEvent.Type.MouseButtonPress, begin, held)
    mouse(panel, QEvent.Type.MouseMove, (begin + end) / 2, held)
    mouse(panel, QEvent.Type.MouseMove, end, held)
    mouse(panel, QEvent.Type.MouseButtonRelease, end, held)


def click(panel: WeightsPanel, symbol: str, row: int, column: int, held: Any = PLAIN) -> None:
    at = place(panel, symbol, row, column)
    mouse(panel, QEvent.Type.MouseButtonPress, at, held)
    mouse(panel, QEvent.Type.MouseButtonRelease, at, held)


def outlines(panel: WeightsPanel, symbol: str = "W_H") -> set[tuple[float, ...]]:
    plot = next(plot for plot in panel.view.figure.plots if plot.name == symbol)
    found = (m for m in plot.marks if isinstance(m, Region))
    return {(m.top, m.bottom, m.low, m.high) for m in found}


def marks(panel: WeightsPanel, kind: type, symbol: str = "W_H") -> list[Any]:
    plot = next(plot for plot in panel.view.figure.plots if plot.name == symbol)
    return [mark for mark in plot.marks if isinstance(mark, kind)]


def undo_all(panel: WeightsPanel) -> None:
    while panel.session.document.undo_stack.canUndo():
        panel.session.document.undo()


def select_block(panel: WeightsPanel) -> None:
    """Rows 1 and 2, columns 2 and 3 of W_H."""
    click(panel, "W_H", 0, 1)
    click(panel, "W_H", 1, 2, SHIFT)


def test_shift_and_a_click_select_a_rectangle(dogs: WeightsPanel) -> None:
    select_block(dogs)
    assert outlines(dogs) == {(0, 1, 1, 2), (0, 2, 1, 3)}
    assert dogs.selected == Entry("W_H", 0, 1)
    assert dogs.readout.text() == "4 entries of W_H: 0.1 to 0.9"
    click(dogs, "W_H", 2, 0, SHIFT)
    assert outlines(dogs) == {(0, 1, 1, 2), (0, 3, 0, 2)}
    click(dogs, "W_Y", 0, 0, SHIFT)
    assert dogs.selected == Entry("W_Y", 0, 0)
    assert not outlines(dogs)
    assert outlines(dogs, "W_Y") == {(0, 1, 0, 1)}


def test_shift_and_a_drag_select_without_changing_anything(dogs: WeightsPanel) -> None:
    before = dogs.session.document.state
    drag(dogs, place(dogs, "W_H", 0, 0), place(dogs, "W_H", 1, 2), SHIFT)
    assert (0, 2, 0, 3) in outlines(dogs)
    drag(dogs, place(dogs, "W_H", 0, 0), place(dogs, "W_H", 0, 0) + QPointF(999, 999), SHIFT)
    assert (0, 3, 0, 3) in outlines(dogs)
    assert dogs.session.document.state is before


def test_keys_select_blocks(dogs: WeightsPanel, qtbot: QtBot) -> None:
    click(dogs, "W_H", 1, 1)
    qtbot.keyClick(dogs.view, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(dogs.view, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(dogs.view, Qt.Key.Key_Up, SHIFT)
    assert outlines(dogs) == {(1, 2, 1, 2), (0, 2, 1, 3)}
    qtbot.keyClick(dogs.view, Qt.Key.Key_A, CONTROL)
    assert (0, 3, 0, 3) in outlines(dogs)
    assert dogs.readout.text() == "W_H: 0.1 to 0.9"
    qtbot.keyClick(dogs.view, Qt.Key.Key_Escape)
    assert dogs.cells.block is None
    assert not outlines(dogs)


def test_a_drag_moves_the_whole_block_in_one_step(dogs: WeightsPanel) -> None:
    select_block(dogs)
    before = dogs.session.document.state
    begin = place(dogs, "W_H", 1, 1)
    drag(dogs, begin, begin - QPointF(0, 20))
    wanted = W_H.copy()
    wanted[0:2, 1:3] += 0.2
    assert_allclose(stored(dogs), wanted, atol=1e-9)
    assert (0, 2, 1, 3) in outlines(dogs)
    assert dogs.session.document.undo_stack.count() == 1
    assert dogs.session.document.undo_stack.undoText() == "Change 4 entries of W_H"
    undo_all(dogs)
    assert dogs.session.document.state is before


def test_a_click_in_a_block_selects_the_entry_alone(dogs: WeightsPanel) -> None:
    select_block(dogs)
    click(dogs, "W_H", 1, 1)
    assert outlines(dogs) == {(1, 2, 1, 2)}


def test_wheel_arrows_and_typing_change_the_block(dogs: WeightsPanel, qtbot: QtBot) -> None:
    select_block(dogs)
    at = place(dogs, "W_H", 1, 2)
    turned = QWheelEvent(
        at,
        dogs.view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        NONE,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(dogs.view, turned)
    assert_allclose(stored(dogs)[0:2, 1:3], W_H[0:2, 1:3] + 0.1)
    qtbot.keyClick(dogs.view, Qt.Key.Key_Down, ALT)
    assert_allclose(stored(dogs), W_H)
    qtbot.keyClick(dogs.view, Qt.Key.Key_Minus)
    qtbot.keyClicks(dogs.editor, "0,25")
    qtbot.keyClick(dogs.editor, Qt.Key.Key_Return)
    assert (stored(dogs)[0:2, 1:3] == -0.25).all()
    assert_array_equal(stored(dogs)[2], W_H[2])
    qtbot.keyClick(dogs.view, Qt.Key.Key_Delete)
    assert (stored(dogs)[0:2, 1:3] == 0).all()
    assert (0, 2, 1, 3) in outlines(dogs)


def test_a_picked_entry_is_picked_everywhere(dogs: WeightsPanel) -> None:
    select_block(dogs)
    playback = dogs.session.playback
    assert tuple(playback.selection.weight) == ("weight_hh_l0", 0, 1)
    playback.select(None)
    assert dogs.selected is None
    click(dogs, "W_Y", 3, 2)
    picked = playback.selection
    click(dogs, "W_H", 0, 0)
    playback.select(picked)
    assert dogs.selected == Entry("W_Y", 3, 2)


def test_keys_reach_the_first_entry(dogs: WeightsPanel, qtbot: QtBot) -> None:
    dogs.setFocus()
    dogs.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(dogs.view, Qt.Key.Key_Down)
    assert dogs.selected == Entry("W_X", 0, 0)


def actions(panel: WeightsPanel) -> dict[str, Any]:
    panel.menu.aboutToShow.emit()
    return {action.text(): action for action in panel.menu.actions()}


CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "Negate": lambda w: -w,
    "Transpose": lambda w: w.T,
    "Zero": np.zeros_like,
    "Identity": lambda w: np.eye(len(w)),
}


@pytest.mark.parametrize("words", CHANGES)
def test_the_menu_changes_the_matrix_of_the_selected_entry(dogs: WeightsPanel, words: str) -> None:
    before = dogs.session.document.state
    click(dogs, "W_H", 1, 2)
    actions(dogs)[words].trigger()
    assert_array_equal(stored(dogs), CHANGES[words](W_H))
    assert dogs.session.document.undo_stack.count() == 1
    assert "W_H" in dogs.session.document.undo_stack.undoText()
    undo_all(dogs)
    assert dogs.session.document.state is before


def test_the_menu_changes_a_block(dogs: WeightsPanel) -> None:
    select_block(dogs)
    actions(dogs)["Transpose"].trigger()
    assert_array_equal(stored(dogs)[0:2, 1:3], W_H[0:2, 1:3].T)
    assert dogs.session.document.undo_stack.undoText() == "Transpose 4 entries of W_H"
    click(dogs, "W_H", 0, 0)
    click(dogs, "W_H", 0, 2, SHIFT)
    offered = actions(dogs)
    assert not offered["Transpose"].isEnabled()
    assert offered["Transpose"].toolTip() == "Transpose needs as many rows as columns; this is 1 × 3."
    assert offered["Negate"].isEnabled()
    assert all(action.toolTip() for action in offered.values() if not action.isSeparator())


def test_without_a_selection_the_menu_offers_every_matrix(dogs: WeightsPanel) -> None:
    offered = actions(dogs)
    inner = offered["W_Y"].menu()
    next(action for action in inner.actions() if action.text() == "Zero").trigger()
    assert not stored(dogs, "head.weight").any()
    assert dogs.session.document.undo_stack.undoText() == "Zero W_Y"


def test_numbers_are_chosen_while_one_sees_what_they_do(dogs: WeightsPanel, qtbot: QtBot) -> None:
    document, popover = dogs.session.document, dogs.actions_of.popover
    before = document.state
    click(dogs, "W_H", 0, 0)
    actions(dogs)["Scale by…"].trigger()
    assert popover.isVisible()
    assert document.state is before
    for factor in (0.5, 2.0, -1.5):
        popover.fields["factor"].setValue(factor)
        assert_allclose(stored(dogs), factor * W_H)
    popover.keep.click()
    assert not popover.isVisible()
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Scale W_H"
    actions(dogs)["Scale by…"].trigger()
    popover.fields["factor"].setValue(3.0)
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    assert_allclose(stored(dogs), -1.5 * W_H)
    assert document.undo_stack.count() == 1
    undo_all(dogs)
    assert document.state is before


def test_a_spectral_radius_is_what_was_asked_for(dogs: WeightsPanel) -> None:
    click(dogs, "W_H", 0, 0)
    actions(dogs)["Spectral radius…"].trigger()
    popover = dogs.actions_of.popover
    assert popover.fields["radius"].value() == pytest.approx(e.spectrum(W_H).spectral_radius, abs=1e-3)
    popover.fields["radius"].setValue(0.95)
    popover.close()
    assert e.spectrum(stored(dogs)).spectral_radius == pytest.approx(0.95)
    actions(dogs)["Zero"].trigger()
    radius = actions(dogs)["Spectral radius…"]
    assert not radius.isEnabled()
    assert radius.toolTip() == "All eigenvalues are 0, and no factor changes that."


@pytest.mark.parametrize(
    ("name", "kind"), [("Random…", "uniform"), ("Random…", "normal"), ("Orthogonal…", "")]
)
def test_chance_has_a_seed(dogs: WeightsPanel, name: str, kind: str) -> None:
    click(dogs, "W_H", 0, 0)
    drawn = []
    for seed in (3, 4, 3):
        actions(dogs)[name].trigger()
        popover = dogs.actions_of.popover
        if kind:
            popover.fields["distribution"].setCurrentText(kind)
            popover.fields["width"].setValue(0.25)
        popover.fields["seed"].setValue(seed)
        popover.accept()
        drawn.append(stored(dogs))
    assert_array_equal(drawn[0], drawn[2])
    assert not np.array_equal(drawn[0], drawn[1])
    if kind == "uniform":
        assert np.abs(drawn[0]).max() <= 0.25
    if not kind:
        assert_allclose(drawn[0] @ drawn[0].T, np.eye(3), atol=1e-12)


@pytest.mark.parametrize("name", OPERATIONS)
def test_commands_ask_for_a_selection_and_then_do_it(dogs: WeightsPanel, qtbot: QtBot, name: str) -> None:
    with qtbot.waitSignal(dogs.refused) as said:
        dogs.operate(name)
    assert said.args[0].endswith(".")
    click(dogs, "W_H", 0, 0)
    dogs.operate(name)
    popover = dogs.actions_of.popover
    assert popover.isVisible() == bool(OPERATIONS[name].asks)
    popover.done(QDialog.DialogCode.Accepted)


def test_the_context_menu_is_for_what_is_under_the_mouse(dogs: WeightsPanel) -> None:
    def ask(symbol: str, row: int, column: int) -> QMenu:
        at = place(dogs, symbol, row, column).toPoint()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, dogs.view.mapToGlobal(at))
        QApplication.sendEvent(dogs.view, event)
        found = [menu for menu in dogs.findChildren(QMenu) if menu is not dogs.menu and menu.isVisible()]
        assert len(found) == 1
        return found[0]

    menu = ask("W_Y", 2, 1)
    assert dogs.selected == Entry("W_Y", 2, 1)
    next(action for action in menu.actions() if action.text() == "Negate").trigger()
    menu.close()
    assert (stored(dogs, "head.weight") <= 0).all()
    select_block(dogs)
    menu = ask("W_H", 1, 1)
    assert dogs.cells.block.size == 4
    menu.close()


def clipboard(text: str | None = None) -> str:
    if text is not None:
        QGuiApplication.clipboard().setText(text)
    return QGuiApplication.clipboard().text()


def test_blocks_go_to_the_clipboard_and_back(dogs: WeightsPanel, qtbot: QtBot) -> None:
    select_block(dogs)
    qtbot.keyClick(dogs.view, Qt.Key.Key_C, CONTROL)
    assert clipboard() == "0.5\t0.1\n0.9\t0.3\n"
    click(dogs, "W_Y", 2, 0)
    qtbot.keyClick(dogs.view, Qt.Key.Key_V, CONTROL)
    assert_array_equal(stored(dogs, "head.weight")[2:4, 0:2], W_H[0:2, 1:3])
    assert outlines(dogs, "W_Y") == {(2, 3, 0, 1), (2, 4, 0, 2)}
    assert dogs.session.document.undo_stack.undoText() == "Paste into 4 entries of W_Y"
    assert dogs.session.document.undo_stack.count() == 1


def test_a_decimal_comma_is_understood(dogs: WeightsPanel, qtbot: QtBot) -> None:
    click(dogs, "W_H", 0, 0)
    clipboard("0,5\t−1,25\r\n1e-3\t2\r\n")
    qtbot.keyClick(dogs.view, Qt.Key.Key_V, CONTROL)
    assert stored(dogs)[0:2, 0:2].tolist() == [[0.5, -1.25], [0.001, 2.0]]


def test_one_number_fills_a_block(dogs: WeightsPanel, qtbot: QtBot) -> None:
    select_block(dogs)
    clipboard("0,75\n")
    qtbot.keyClick(dogs.view, Qt.Key.Key_V, CONTROL)
    assert (stored(dogs)[0:2, 1:3] == 0.75).all()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There are no numbers in it; copy some cells of a spreadsheet first."),
        ("1\tx\n", "Row 1, column 2 holds “x”, which is not a number."),
        ("1\t2\n3\n", "Row 2 has 1 numbers and row 1 has 2; every row must have as many."),
        ("1\t2\t3\n", "1 × 3 numbers do not fit at W_H[1, 2], where there is room for 3 × 2."),
        ("1e999\n", "Row 1, column 1 holds “1e999”, which is not a number."),
    ],
)
def test_what_cannot_be_pasted_is_one_sentence(
    dogs: WeightsPanel, qtbot: QtBot, text: str, sentence: str
) -> None:
    before = dogs.session.document.state
    click(dogs, "W_H", 0, 1)
    clipboard(text)
    qtbot.keyClick(dogs.view, Qt.Key.Key_V, CONTROL)
    assert dogs.readout.text() == sentence
    assert dogs.session.document.state is before


def test_a_block_takes_a_table_of_its_size_only(dogs: WeightsPanel, qtbot: QtBot) -> None:
    before = dogs.session.document.state
    select_block(dogs)
    clipboard("1\t2\t3\n")
    qtbot.keyClick(dogs.view, Qt.Key.Key_V, CONTROL)
    assert dogs.readout.text().startswith("1 × 3 numbers do not fit the 2 × 2 that are selected")
    assert dogs.session.document.state is before


def test_a_matrix_is_saved_and_opened(
    dogs: WeightsPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "matrix"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(dogs, "W_H", 0, 0)
    actions(dogs)["Save as CSV…"].trigger()
    path = path.with_name("matrix.csv")
    assert path.read_bytes() == b"0.1,0.5,0.1\r\n0.5,0.9,0.3\r\n0.3,0.2,0.1\r\n"
    assert dogs.readout.text() == f"Saved {path}."
    before = dogs.session.document.state
    actions(dogs)["Negate"].trigger()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    actions(dogs)["Open CSV…"].trigger()
    assert equal(dogs.session.document.state, before)
    assert dogs.session.document.undo_stack.undoText() == "Open matrix.csv as W_H"
    click(dogs, "W_Y", 0, 0)
    actions(dogs)["Open CSV…"].trigger()
    assert dogs.readout.text() == "W_Y has 4 × 3 entries, and the file has 3 × 3."


def test_files_that_cannot_be_are_a_sentence(
    dogs: WeightsPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dogs.session.document.state
    click(dogs, "W_H", 0, 0)
    for name, content in (("gone.csv", None), ("odd.csv", b"\xff\xfe\x00"), ("words.csv", b"a,b\n")):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, p=path: (str(p), ""))
        dogs.open()
        assert name in dogs.readout.text()
        assert dogs.readout.text().endswith(".")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "a.csv"), ""))
    dogs.save()
    assert dogs.readout.text().endswith(".")
    assert dogs.session.document.state is before


def test_frozen_entries_carry_a_lock(dogs: WeightsPanel) -> None:
    select_block(dogs)
    freeze = actions(dogs)["Freeze 4 entries of W_H"]
    assert not freeze.isChecked()
    freeze.trigger()
    assert {tuple(cell) for cell in marks(dogs, Locks)[0].cells} == {(0, 1), (0, 2), (1, 1), (1, 2)}
    assert not marks(dogs, Locks, "W_Y")
    assert actions(dogs)["Freeze 4 entries of W_H"].isChecked()
    assert dogs.session.document.undo_stack.undoText() == "Freeze 4 entries of W_H"
    dogs.freeze()
    assert not marks(dogs, Locks)
    undo_all(dogs)
    assert not marks(dogs, Locks)


def test_both_parts_of_a_bias_are_frozen(qtbot: QtBot) -> None:
    panel = shown(session("lstm"), qtbot, (320, 1200))
    click(panel, "b_f", 1, 0)
    panel.freeze()
    frozen = panel.session.document.state.frozen
    assert {name: np.flatnonzero(mask).tolist() for name, mask in frozen.items()} == {
        "bias_ih_l0": [4],
        "bias_hh_l0": [4],
    }
    assert marks(panel, Locks, "b_f")[0].cells.tolist() == [[1, 0]]


def test_frozen_entries_of_a_layer_show_in_it_alone(qtbot: QtBot) -> None:
    panel = shown(session("gru", num_layers=2), qtbot, (320, 1200))
    click(panel, "W_{Hz}", 0, 2)
    panel.freeze()
    assert marks(panel, Locks, "W_{Hz}")
    panel.session.playback.look_at(0, 0)
    assert not marks(panel, Locks, "W_{Hz}")
    state = panel.session.document.state
    panel.session.document.edit(edits.with_units(state, 5), "More units")
    panel.session.playback.look_at(1, 0)
    assert marks(panel, Locks, "W_{Hz}")[0].cells.tolist() == [[0, 2]]


def test_eigenvalues_follow_the_mouse(dogs: WeightsPanel) -> None:
    assert not marks(dogs, Dial)
    actions(dogs)["Eigenvalues beside square matrices"].trigger()
    assert not marks(dogs, Dial, "W_X")
    at = place(dogs, "W_H", 1, 1)
    mouse(dogs, QEvent.Type.MouseButtonPress, at)
    for moved in (0, 7, -30):
        mouse(dogs, QEvent.Type.MouseMove, at - QPointF(0, moved))
        found, dial = e.spectrum(stored(dogs)), marks(dogs, Dial)[0]
        assert_array_equal(dial.points @ [1, 1j], found.eigenvalues)
        assert dial.words == (f"radius {found.spectral_radius:.2f}", f"norm {found.norm:.2f}")
        assert dial.reach > found.spectral_radius
    mouse(dogs, QEvent.Type.MouseButtonRelease, at)
    dogs.overlaid.toggle_spectra()
    assert not marks(dogs, Dial)


def test_the_overlay_shows_which_way_training_would_push(dogs: WeightsPanel, qtbot: QtBot) -> None:
    assert not marks(dogs, CellBars)
    qtbot.mouseClick(dogs.pushes, LEFT)
    at = place(dogs, "W_H", 1, 1)
    mouse(dogs, QEvent.Type.MouseButtonPress, at)
    for moved in (0, 12):
        mouse(dogs, QEvent.Type.MouseMove, at - QPointF(0, moved))
        gradients = dogs.session.moment.analysis.gradients.parameters
        for symbol, name in (("W_X", "weight_ih_l0"), ("W_H", "weight_hh_l0"), ("W_Y", "head.weight")):
            bars = marks(dogs, CellBars, symbol)[0]
            assert_array_equal(bars.values, -gradients[name])
        assert bars.limit >= max(np.abs(gradient).max() for gradient in gradients.values())
    mouse(dogs, QEvent.Type.MouseButtonRelease, at)
    assert f"∂L/∂w = {gradients['weight_hh_l0'][1, 1]:.3g}" in dogs.readout.text()
    assert "training would raise" in dogs.view.figure.description
    qtbot.mouseClick(dogs.pushes, LEFT)
    assert not marks(dogs, CellBars)
    assert "∂L" not in dogs.readout.text()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_nudging_gives_the_gradient(qtbot: QtBot, cell: str) -> None:
    panel = shown(session(cell, dtype="float32"), qtbot, (320, 1200))
    assert not panel.nudge.isVisible()
    panel.pushes.click()
    panel.nudge.click()
    assert panel.nudged.text() == "Click a number to nudge it."
    for symbol, row, column in (
        ("W_Y", 2, 1),
        ("W_H", 0, 1),
        ("W_{Hf}", 2, 2),
        ("W_{Xz}", 0, 0),
        ("b_i", 1, 0),
    ):
        if symbol not in panel.blocks.shown:
            continue
        click(panel, symbol, row, column)
        words = panel.nudged.text()
        gradient, found = (float(part.split()[-1]) for part in words.split(", nudging gives"))
        assert found == pytest.approx(gradient, rel=2e-2, abs=1e-6), (symbol, words)
    panel.pushes.click()
    assert not panel.nudged.isVisible()


def test_no_steps_and_many_units_are_no_trouble(qtbot: QtBot) -> None:
    panel = shown(session(text=""), qtbot)
    panel.pushes.setChecked(True)
    panel.nudge.setChecked(True)
    panel.overlaid.show_spectra(True)
    click(panel, "W_H", 0, 0)
    assert panel.nudged.text() == "gradient 0, nudging gives 0"
    panel.view.repaint()
    state = panel.session.document.state
    panel.session.document.edit(edits.with_units(state, 64), "Many units")
    panel.view.repaint()
    assert panel.view.height() > panel.area.height()


def test_return_keeps_what_is_seen(dogs: WeightsPanel, qtbot: QtBot) -> None:
    click(dogs, "W_H", 0, 0)
    actions(dogs)["Scale by…"].trigger()
    field = dogs.actions_of.popover.fields["factor"]
    field.selectAll()
    qtbot.keyClicks(field, "0.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not dogs.actions_of.popover.isVisible()
    assert_allclose(stored(dogs), 0.5 * W_H)
