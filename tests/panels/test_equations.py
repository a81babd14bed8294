"""The equations panel: clicking, hovering, copying, and what is chosen in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from rnnviz.engine.selection import Selection, WeightEntry
from rnnviz.figures.gallery.equations import MARGINS
from rnnviz.figures.layout import plot_rects
from rnnviz.figures.model import Text
from rnnviz.figures.textruns import plain
from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS
from rnnviz.panels.base.equation_choices import Choices
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from rnnviz.panels.equations import EquationsPanel


@pytest.fixture
def session() -> Session:
    return Session(presets.load("dogs"))


def shown(session: Session, qtbot: QtBot, size: tuple[int, int] = (420, 500)) -> EquationsPanel:
    panel = cast("EquationsPanel", PANELS["equations"](session, THEMES["light"]))
    qtbot.addWidget(panel)
    panel.resize(*size)
    with qtbot.waitExposed(panel):
        panel.show()
    qtbot.waitUntil(lambda: panel.view.figure is not None and panel.view.paints > 0)
    return panel


def texts(panel: EquationsPanel) -> list[str]:
    assert panel.view.figure is not None
    marks = [mark for plot in panel.view.figure.plots for mark in plot.marks if isinstance(mark, Text)]
    return [plain(string) for mark in marks for string in mark.strings]


def pixel(panel: EquationsPanel, x: float, y: float) -> QPoint:
    """The pixel of a place of the sheet."""
    figure = panel.view.figure
    assert figure is not None
    (rect,) = plot_rects(figure, panel.view.width(), panel.view.height(), panel.view.zoom)
    scale = rect.w / figure.plots[0].natural[0]
    return QPoint(round(rect.x + x * scale), round(rect.y + y * scale))


def number(panel: EquationsPanel, quantity: str, row: int) -> QPoint:
    """The pixel of the last number of a quantity: where it is a result."""
    assert panel._sheet is not None
    place = [one for one in panel._sheet.places if (one.quantity, one.row) == (quantity, row)][-1]
    return pixel(panel, (place.left + place.right) / 2, place.y)


def test_a_click_picks_a_number(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=number(panel, "h", 2))
    assert session.moment.selection == Selection("h", 2)
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=number(panel, "y", 1))
    assert session.moment.selection == Selection("y", 1)


def test_one_unit_is_the_one_that_is_picked(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=number(panel, "h", 2))
    panel.choices.parts.button(1).click()
    assert panel.shown.unit == 2
    assert "ht[3] = tanh(WH[3,·] ht−1 + WX[3,·] xt)" in texts(panel)
    session.playback.select(Selection("h", 0))
    assert panel.shown.unit == 0
    session.playback.select(None)
    assert panel.shown.unit == 0


def test_a_product_picks_its_weight_and_keeps_the_unit(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    session.playback.select(Selection("h", 1))
    panel.choices.choose(Choices(one_unit=True))
    assert panel._sheet is not None
    wanted = WeightEntry("weight_hh_l0", 1, 2)
    place = next(one for one in panel._sheet.places if one.weight == wanted)
    at = pixel(panel, (place.left + place.right) / 2, place.y)
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=at)
    assert session.moment.selection == Selection(weight=wanted)
    assert panel.shown.unit == 1


def test_the_mouse_reads_dimensions(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    assert panel._sheet is not None
    hint = next(hint for hint in panel._sheet.hints if hint.text.startswith("h: 3"))
    QTest.mouseMove(panel.view, pixel(panel, hint.left + 5, (hint.top + hint.bottom) / 2))
    qtbot.waitUntil(lambda: panel.view.toolTip() != "")
    lines = panel.view.toolTip().splitlines()
    assert lines[:3] == [
        "h: 3, the hidden state: what the layer remembers and hands on",
        "W_X: 3×4",
        "W_H: 3×3",
    ]
    vector = next(hint for hint in panel._sheet.hints if hint.text.startswith("W_H h_0"))
    QTest.mouseMove(panel.view, pixel(panel, vector.left + 5, vector.bottom - 5))
    qtbot.waitUntil(lambda: panel.view.toolTip() == "W_H h_0: 3 numbers; W_H is 3×3")


def test_copying_takes_the_equation_under_the_mouse(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    first = panel.equations[0]
    QTest.mouseMove(panel.view, pixel(panel, first.left + 4, first.top + 8))
    qtbot.waitUntil(lambda: panel._under is first)
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    general, numbers = QGuiApplication.clipboard().text().splitlines()
    assert general == r"\[ h_{t} = \tanh (W_{H} \, h_{t-1} + W_{X} \, x_{t}) \]"
    assert numbers.startswith(r"\[ \tanh \left( \begin{bmatrix} 0.00 \\ 0.00 \\ 0.00 \end{bmatrix} +")


def test_copying_elsewhere_takes_all(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    panel.view.hovered.emit(None)
    panel.view.copied.emit()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 2 * len(panel.equations)


def test_the_menu_copies_too(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    first = panel.equations[0]
    pick = panel.view._pick(pixel(panel, first.left + 4, first.top + 8).toPointF())
    actions = {action.text(): action for action in panel.menu_for(pick).actions()}
    actions["Copy as LaTeX"].trigger()
    assert QGuiApplication.clipboard().text().count("\n") == 0
    actions["Copy all as LaTeX"].trigger()
    assert QGuiApplication.clipboard().text().count("\n") == len(panel.equations) - 1
    assert "bmatrix" not in QGuiApplication.clipboard().text()
    actions["Copy as LaTeX with its numbers"].trigger()
    assert "bmatrix" in QGuiApplication.clipboard().text()
    assert "Copy as LaTeX" not in {action.text() for action in panel.menu_for(None).actions()}


def test_the_way_back_is_a_choice(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    assert not panel.choices.weights.isVisible()
    panel.choices.ways.button(1).click()
    assert panel.shown.way == "backward"
    assert panel.choices.weights.isVisible()
    offered = [panel.choices.weights.itemText(n) for n in range(panel.choices.weights.count())]
    assert offered == ["∂L/∂W_X", "∂L/∂W_H", "∂L/∂W_Y"]
    before = texts(panel)
    panel.choices.weights.setCurrentIndex(2)
    panel.choices.weights.activated.emit(2)
    assert panel.shown.parameter == "W_Y"
    assert texts(panel) != before


def test_choices_are_remembered(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    kept: list[tuple[str, str]] = []
    panel.choices_changed.connect(lambda name, text: kept.append((name, text)))
    panel.choices.parts.button(1).click()
    panel.choices.ways.button(1).click()
    name, text = kept[-1]
    assert name == "equations"
    other = shown(session, qtbot)
    other.recall(text)
    assert other.choices.choices == Choices("backward", True, "W_H")
    assert other.choices.ways.checkedId() == other.choices.parts.checkedId() == 1
    other.recall("nonsense")
    assert other.choices.choices == Choices()


def test_the_notation_is_chosen_in_the_heading(session: Session, qtbot: QtBot) -> None:
    panel = shown(session, qtbot)
    assert panel.heading_controls() == (panel.notations,)
    assert panel.notations.text() == "W_X W_H W_Y"
    panel.notations.offered["letters"].trigger()
    assert session.playback.notation == "letters"
    assert panel.notations.text() == "U W V b c"
    assert [action.isChecked() for action in panel.notations.offered.values()] == [False, True, False]
    assert "St = tanh(W St−1 + U xt)" in texts(panel)
    panel.notations.offered["letters"].trigger()
    assert panel.notations.offered["letters"].isChecked()


@pytest.mark.parametrize("width", [280, 400, 900])
def test_equations_fill_the_width_and_scroll(qtbot: QtBot, width: int) -> None:
    panel = shown(Session(presets.load("shepherd-lstm")), qtbot, (width, 300))
    figure = panel.view.figure
    assert figure is not None
    (rect,) = plot_rects(figure, panel.view.width(), panel.view.height(), 1.0)
    qtbot.waitUntil(lambda: panel.view.width() <= panel.area.viewport().width())
    assert rect.w >= panel.view.width() - MARGINS.left - MARGINS.right - 2
    assert panel.area.verticalScrollBar().maximum() > 0
    assert panel.area.horizontalScrollBar().maximum() == 0


def test_a_large_panel_has_large_letters(session: Session, qtbot: QtBot) -> None:
    def scale(size: tuple[int, int]) -> float:
        panel = shown(session, qtbot, size)
        figure = panel.view.figure
        assert figure is not None
        (rect,) = plot_rects(figure, panel.view.width(), panel.view.height(), 1.0)
        return rect.w / figure.plots[0].natural[0]

    assert scale((900, 900)) > 1.4 > scale((420, 400))


def test_too_short_a_sequence_is_said(session: Session, qtbot: QtBot) -> None:
    state = session.document.state
    session.document.edit(replace(state, text=state.text[:1]), "Shorten")
    panel = shown(session, qtbot)
    assert panel.view.figure is not None
    assert panel.view.figure.message
    assert panel.equations == ()
    panel.view.copied.emit()
