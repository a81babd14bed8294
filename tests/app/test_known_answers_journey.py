"""Examples worked by hand are set up in the real window and read off the equations, digit for digit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from networks import known
from printedsums import MATRIX, read
from PySide6.QtCore import QPoint, Qt

from rnnviz.engine.selection import StepPair
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Region, Text
from rnnviz.figures.textruns import plain
from rnnviz.panels.weights import Entry

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.equations import EquationsPanel

LEFT = Qt.MouseButton.LeftButton
HALF = "0.7071067811865476"  # √½: with it the squared error of √½·h to 0 is ½h²


def equations(window: MainWindow) -> EquationsPanel:
    panel: EquationsPanel = window.contents.panel("equations")
    return panel


def set_up(window: MainWindow, qtbot: QtBot, numbers: str, activation: str | None = None) -> None:
    """One unit that reads numbers; only the last loss counts."""
    sequence = window.contents.panel("sequence")
    qtbot.mouseClick(sequence.more, LEFT)
    qtbot.mouseClick(next(one for one in sequence.settings.reads.buttons() if one.text() == "numbers"), LEFT)
    sequence.settings.hide()
    sequence.line.setFocus()
    sequence.line.selectAll()
    qtbot.keyClicks(sequence.line, numbers)
    network = window.contents.top_bar.network
    network.units.setValue(1)
    if activation is not None:
        settings = network.settings
        settings.activation.setCurrentText(activation)
        settings.activation.textActivated.emit(activation)
    if not sequence.last_only.isChecked():
        qtbot.mouseClick(sequence.last_only, LEFT)


def type_weight(window: MainWindow, qtbot: QtBot, symbol: str, number: str) -> None:
    """Type a number into the only cell of a weight."""
    panel = window.contents.panel("weights")
    panel.select(Entry(symbol, 0, 0))
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    panel.editor.selectAll()
    qtbot.keyClicks(panel.editor, number)
    qtbot.keyClick(panel.editor, Qt.Key.Key_Return)
    assert not panel.editor.isVisible()


def type_start(window: MainWindow, qtbot: QtBot, column: int, number: str) -> None:
    sequence = window.contents.panel("sequence")
    qtbot.mouseClick(sequence.more, LEFT)
    sequence.settings.start.table.item(0, column).setText(number)
    sequence.settings.hide()


def look_back(window: MainWindow, qtbot: QtBot, kind: str) -> None:
    """Show the way back, and the gradient of a weight."""
    choices = equations(window).choices
    qtbot.mouseClick(choices.ways.button(1), LEFT)
    box = choices.weights
    box.setCurrentIndex(box.findData(kind))
    box.activated.emit(box.currentIndex())


def texts(window: MainWindow) -> list[str]:
    plot = equations(window).view.figure.plots[0]
    return [plain(one) for mark in plot.marks if isinstance(mark, Text) for one in mark.strings]


def operands(window: MainWindow, formula: str) -> list[float]:
    """The numbers of an equation of vectors that have one number each."""
    found = next(one for one in equations(window).equations if plain(one.general).startswith(formula))
    printed = (re.sub(r"\s|\{|\}", "", number) for number in MATRIX.findall(found.numbers()))
    return [read(number.replace("\\cdot10^", "·10").replace("-", "−")) for number in printed]


def terms(window: MainWindow) -> dict[StepPair, float]:
    """The terms of the double sum, as they can be picked."""
    panel, there = equations(window), {}
    plot = panel.view.figure.plots[0]
    at = [
        (x, y, plain(string))
        for mark in plot.marks
        if isinstance(mark, Text)
        for (x, y), string in zip(mark.positions.tolist(), mark.strings, strict=True)
    ]
    for place in panel._sheet.places:
        if place.pair is not None and place.pair not in there:
            here = [text for x, y, text in at if y == place.y and place.left <= x <= place.right]
            there[place.pair] = read(here[-1])
    return there


def assert_same(shown: float, answer: float) -> None:
    """What is shown has every digit of a known answer."""
    decimals = len(repr(answer).partition(".")[2])
    assert f"{shown:.{decimals}f}" == f"{answer:.{decimals}f}"


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_bptt_through_one_unit(window: MainWindow, qtbot: QtBot, activation: str) -> None:
    example = known("scalar_bptt")
    answers = example[activation]
    set_up(window, qtbot, "-1 0 0", activation)
    type_weight(window, qtbot, "W_X", str(example["input_weight"]))
    type_weight(window, qtbot, "W_H", str(example["recurrent_weight"]))
    type_weight(window, qtbot, "W_Y", HALF)
    type_start(window, qtbot, 0, str(example["initial_state"]))
    window.contents.session.playback.last()
    look_back(window, qtbot, "W_H")

    found = terms(window)
    assert {(t + 1, k + 1) for t, k in found} == {(2, 1), (2, 2)}
    for k, answer in enumerate(answers["terms"]):
        assert_same(found[StepPair(1, k)], answer)
    (said,) = [text for text in texts(window) if text.startswith("∂L/∂WH[1, 1] = ")]
    assert_same(read(said.rpartition(" ")[2]), answers["gradient"])
    by_h, *_ = operands(window, "∂L/∂ht")
    assert_same(by_h, answers["h"][1])  # L is ½h₂², so ∂L/∂h₂ is h₂
    if activation == "tanh":
        assert_same(operands(window, "∂L/∂at")[-1], answers["h"][1])


@pytest.mark.parametrize("step", known("scalar_lstm")["steps"], ids=lambda step: step["forget_bias"])
def test_a_step_of_an_lstm_of_one_unit(window: MainWindow, qtbot: QtBot, step: dict[str, float]) -> None:
    example = known("scalar_lstm")
    window.contents.actions["cell-lstm"].trigger()
    set_up(window, qtbot, f"{example['input']} 0")
    settings = window.contents.top_bar.network.settings
    if not window.contents.session.document.state.spec.bias:
        settings.bias.click()
    for gate in "ifgo":
        type_weight(window, qtbot, f"W_{{X{gate}}}", str(example["input_weight"]))
        type_weight(window, qtbot, f"W_{{H{gate}}}", str(example["recurrent_weight"]))
        type_weight(window, qtbot, f"b_{gate}", str(step["forget_bias"] if gate == "f" else 0.0))
    type_start(window, qtbot, 0, str(example["h"]))
    type_start(window, qtbot, 1, str(example["c"]))
    look_back(window, qtbot, "W_Y")

    def gate(name: str) -> float:
        return operands(window, f"∂L/∂a{name},t")[2]

    found = {"f": gate("f"), "i": gate("i"), "o": gate("o"), "g": gate("g")}
    found["c"] = operands(window, "∂L/∂ot")[2]
    worked = next(text for text in texts(window) if text.startswith("= ") and " · " in text)
    found["h"] = read(worked.split(" · ")[1].split(" ")[0].strip("()"))
    for name in step.keys() & found.keys():
        assert_same(found[name], step[name])


def click(window: MainWindow, qtbot: QtBot, x: float, y: float) -> None:
    """Click a place of the sheet, in its own pixels."""
    panel = equations(window)
    view, figure = panel.view, panel.view.figure
    rect = plot_rects(figure, view.width(), view.height())[0]
    (across,), (down,) = to_pixels_x(figure.plots[0], rect, [x]), to_pixels_y(figure.plots[0], rect, [y])
    qtbot.mouseClick(view, LEFT, pos=QPoint(round(across), round(down)))


def outlined(window: MainWindow, name: str) -> list[tuple[float, float]]:
    """The centres of what is outlined in a panel."""
    marks = window.contents.panel(name).view.figure.plots[0].marks
    found = [mark for mark in marks if isinstance(mark, Region) and mark.role == "selection"]
    return [((one.low + one.high) / 2, (one.top + one.bottom) / 2) for one in found if one.top is not None]


def test_a_term_and_its_cell_in_the_gradient_map_are_picked_together(
    window: MainWindow, qtbot: QtBot
) -> None:
    session, panel = window.contents.session, equations(window)
    session.playback.last()
    window.contents.panel("weights").select(Entry("W_H", 1, 2))
    look_back(window, qtbot, "W_H")
    assert any(text.startswith("∂L/∂WH[2, 3] = ") for text in texts(window))
    assert (2.0, 3.0) not in outlined(window, "gradient-flow")
    place = next(one for one in panel._sheet.places if one.pair == (2, 1))
    click(window, qtbot, (place.left + place.right) / 2, place.y)
    assert session.moment.selection.pair == (2, 1)
    assert (2.0, 3.0) in outlined(window, "gradient-flow")
    window.contents.panel("gradient-flow").pick(2, 2)
    assert any(text.startswith("∂L/∂WH[2, 3] = ") for text in texts(window))
    assert "∂L3/∂a3[2] · h2[3]" in texts(window)
    other = next(one for one in panel._sheet.places if one.pair == (2, 2))
    assert any(
        other.left < x < other.right and abs(y - other.y) < 1 for x, y in outlined(window, "equations")
    )
