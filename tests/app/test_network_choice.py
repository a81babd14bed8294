"""Switching the network in the real window: by its buttons, its settings, the keyboard and the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.app.network_control import activations, cells_in_order
from rnnviz.session import presets
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from rnnviz.app.network_choice import NetworkChoice
    from rnnviz.app.window import MainWindow
    from rnnviz.engine import NetworkSpec

LEFT = Qt.MouseButton.LeftButton


def spec(window: MainWindow) -> NetworkSpec:
    return window.contents.session.document.state.spec


@pytest.fixture
def choice(window: MainWindow, qtbot: QtBot) -> NetworkChoice:
    """The top bar's choice, its settings open."""
    choice = window.contents.top_bar.network
    qtbot.mouseClick(choice.more, LEFT)
    qtbot.waitUntil(choice.settings.isVisible)
    return choice


def undo_all(window: MainWindow) -> None:
    while window.contents.session.document.undo_stack.canUndo():
        window.contents.actions["undo"].trigger()


def test_the_plainest_cell_comes_first_and_those_without_memory_last() -> None:
    names = cells_in_order()
    assert sorted(names) == sorted(e.CELLS)
    assert (names[0], names[-1]) == ("rnn", "feedforward")


def test_layers_directions_biases_and_an_embedding_are_chosen_and_undone(
    window: MainWindow, choice: NetworkChoice, qtbot: QtBot
) -> None:
    panel = choice.settings
    panel.layers.setValue(2)
    qtbot.mouseClick(panel.directions.button(1), LEFT)
    panel.bias.click()
    panel.embedding.setValue(3)
    now = spec(window)
    assert (now.num_layers, now.bidirectional, now.bias, now.embedding_size) == (2, True, True, 3)
    assert choice.more.text() == "2 layers ⇄"
    words = window.contents.status_bar.network.text()
    assert words.startswith("Plain RNN · tanh · 2 layers · both directions · 3 units · ")
    assert window.contents.session.moment.analysis.trouble is None
    undo_all(window)
    assert equal(window.contents.session.document.state, presets.load("dogs"))
    assert (panel.layers.value(), panel.embedding.value(), panel.bias.isChecked()) == (1, 0, False)
    assert panel.directions.button(0).isChecked()
    assert choice.more.text() == "1 layer →"


def test_what_a_cell_refuses_is_greyed_out_with_the_reason(window: MainWindow, choice: NetworkChoice) -> None:
    panel, both = choice.settings, choice.settings.directions.button(1)
    assert panel.activation.isEnabled()
    assert "φ" in panel.activation.toolTip()
    assert not panel.reset.isEnabled()
    assert panel.reset.toolTip() == "Plain RNN cells have no reset gate."
    window.contents.actions["cell-feedforward"].trigger()
    assert not both.isEnabled()
    assert "no direction" in both.toolTip()
    window.contents.actions["cell-gru"].trigger()
    assert panel.reset.isEnabled()
    assert "r_t" in panel.reset.toolTip()
    assert not panel.activation.isEnabled()
    assert panel.activation.toolTip() == "The activations of a layer of GRU cells are fixed."
    panel.reset.setCurrentIndex(1)
    panel.reset.activated.emit(1)
    assert spec(window).gru_reset == "before"


def test_every_setting_says_what_it_changes(choice: NetworkChoice) -> None:
    panel = choice.settings
    controls: list[QWidget] = [choice.units, choice.cell, choice.more, panel.layers, panel.bias]
    controls += [panel.embedding, *choice.cells.buttons(), *panel.directions.buttons()]
    assert all(control.toolTip() for control in controls)


def test_the_settings_open_close_and_obey_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.contents.top_bar.network.settings
    qtbot.keyClick(
        window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(panel.isVisible)
    qtbot.keyClick(panel.layers, Qt.Key.Key_Up)
    assert spec(window).num_layers == 2
    QTest.keyClick(panel.bias, Qt.Key.Key_Space)
    assert spec(window).bias
    assert not window.contents.session.playback.playing
    for box in (panel.bias, panel.layers):
        qtbot.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert equal(window.contents.session.document.state, presets.load("dogs"))
    assert panel.isVisible()
    qtbot.keyClick(panel.layers, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.isVisible())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_settings_lie_within_the_window(window: MainWindow, theme: str) -> None:
    window.contents.actions[f"theme-{theme}"].trigger()
    window.resize(window.minimumSize())
    QApplication.processEvents()
    choice = window.contents.top_bar.network
    choice.open_settings()
    inside = window.frameGeometry()
    assert inside.contains(choice.settings.frameGeometry())
    assert choice.settings.geometry().top() > choice.more.mapToGlobal(choice.more.rect().bottomLeft()).y()


def test_every_choice_is_a_command(window: MainWindow) -> None:
    actions = window.contents.actions
    for cell in e.CELLS:
        actions[f"cell-{cell}"].trigger()
        assert spec(window).cell == cell
        checked = [name for name in e.CELLS if actions[f"cell-{name}"].isChecked()]
        assert checked == [cell]
    actions["cell-rnn"].trigger()
    actions["cell-rnn"].trigger()
    assert actions["cell-rnn"].isChecked()
    for name in activations():
        actions[f"activation-{name}"].trigger()
        assert spec(window).activation == name
    assert not actions["remove-layer"].isEnabled()
    for count in (2, 3, 4):
        actions["add-layer"].trigger()
        assert spec(window).num_layers == count
    assert not actions["add-layer"].isEnabled()
    assert actions["add-layer"].toolTip() == "4 layers are the most."
    for name, field in (
        ("bidirectional", "bidirectional"),
        ("bias", "bias"),
        ("embedding", "embedding_size"),
    ):
        actions[name].trigger()
        assert getattr(spec(window), field)
        assert actions[name].isChecked()
        actions[name].trigger()
        assert not getattr(spec(window), field)
        assert not actions[name].isChecked()


def test_the_palette_finds_the_cells(window: MainWindow, qtbot: QtBot) -> None:
    window.contents.actions["palette"].trigger()
    palette = window.contents.palette
    qtbot.keyClicks(palette.line, "feed-forward")
    assert palette.list.item(0).text() == "Network: Use Feed-forward cells"
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert spec(window).cell == "feedforward"


@pytest.mark.parametrize("name", list(e.OPTIMIZERS))
def test_an_optimiser_is_chosen_with_its_rate(window: MainWindow, name: str) -> None:
    panel = window.contents.panel("training")
    panel.rate.setValue(0.5)
    panel.optimizer.setCurrentIndex(panel.optimizer.findData(name))
    panel.optimizer.activated.emit(panel.optimizer.currentIndex())
    settings = window.contents.session.document.state.settings
    assert settings.optimizer == name
    assert panel.rate.value() == settings.rate == (0.5 if name == "sgd" else e.OPTIMIZERS[name]().lr)
    assert window.contents.actions[f"optimizer-{name}"].isChecked()
    undo_all(window)
    assert panel.optimizer.currentData() == "sgd"
    window.contents.actions[f"optimizer-{name}"].trigger()
    assert panel.optimizer.currentData() == name


@pytest.mark.parametrize("name", list(e.OPTIMIZERS))
def test_the_optimiser_can_be_changed_while_it_learns(window: MainWindow, qtbot: QtBot, name: str) -> None:
    session = window.contents.session
    session.training.start()
    qtbot.waitUntil(lambda: session.document.state.updates > 3, timeout=20_000)
    window.contents.actions[f"optimizer-{name}"].trigger()
    assert session.training.run.job is not None
    assert session.training.run.job.optimizer == e.OPTIMIZERS[name](lr=session.document.state.settings.rate)
    seen = session.document.state.updates
    qtbot.waitUntil(lambda: session.document.state.updates > seen, timeout=20_000)
    assert session.training.is_active
    session.training.stop()
