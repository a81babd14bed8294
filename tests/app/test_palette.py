"""The window's controls take the theme's colours, and show where the keyboard is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.palette import interface_font, palette, stylesheet
from rnnviz.figures.theme import THEMES, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)


@pytest.fixture
def dressed(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Theme]:
    """The application in a theme; as it was before, afterwards."""
    theme: Theme = request.param
    before = qapp.palette(), qapp.style().objectName()
    qapp.setStyle("Fusion")
    qapp.setPalette(palette(theme))
    qapp.setStyleSheet(stylesheet(theme))
    yield theme
    qapp.setStyleSheet("")
    qapp.setPalette(before[0])
    qapp.setStyle(before[1])


dressed_in_all = pytest.mark.parametrize("dressed", THEMES.values(), indirect=True, ids=list(THEMES))


def shown(qtbot: QtBot, *widgets: QWidget) -> QMainWindow:
    """A window with a card that holds the widgets."""
    window = QMainWindow()
    card = QFrame()
    card.setObjectName("card")
    box = QVBoxLayout(card)
    for widget in widgets:
        box.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    holder = QWidget()
    QVBoxLayout(holder).addWidget(card)
    window.setCentralWidget(holder)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def colour(widget: QWidget, x: int, y: int) -> str:
    window = widget.window()
    return window.grab().toImage().pixelColor(widget.mapTo(window, QPoint(x, y))).name()


@themes
def test_every_palette_role_is_the_themes(theme: Theme) -> None:
    made = palette(theme)
    assert made.color(QPalette.ColorRole.Window) == QColor(theme["panel"])
    assert made.color(QPalette.ColorRole.Text) == QColor(theme["text"])
    assert made.color(QPalette.ColorRole.Highlight) == QColor(theme["accent"])
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert disabled == QColor(theme["disabled"])
    assert disabled != made.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)


@themes
def test_the_stylesheet_is_complete_and_its_pictures_exist(theme: Theme) -> None:
    sheet = stylesheet(theme)
    assert "$" not in sheet
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) <= set(theme.roles.values())
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(Path(picture).is_file() for picture in pictures)


@dressed_in_all
def test_cards_lie_on_the_canvas(qtbot: QtBot, dressed: Theme) -> None:
    label = QLabel("Sequence")
    window = shown(qtbot, label)
    card = label.parentWidget()
    assert card is not None
    assert colour(window, 2, 2) == dressed["canvas"]
    assert colour(card, card.width() // 2, card.height() - 4) == dressed["panel"]
    assert colour(card, card.width() // 2, 0) == dressed["frame"]


@dressed_in_all
def test_a_checked_segment_is_filled_with_the_accent(qtbot: QtBot, dressed: Theme) -> None:
    button = QToolButton()
    button.setText("LSTM")
    button.setCheckable(True)
    button.setProperty("class", "segment")
    button.setProperty("place", "middle")
    _window = shown(qtbot, button)
    assert colour(button, 4, 4) == dressed["panel"]
    button.setChecked(True)
    assert colour(button, 4, 4) == dressed["accent"]


@dressed_in_all
@pytest.mark.parametrize(
    "kind", [QToolButton, QPushButton, QLineEdit, QSpinBox, QComboBox], ids=lambda kind: kind.__name__
)
def test_the_keyboard_shows_where_it_is(qtbot: QtBot, dressed: Theme, kind: type[QWidget]) -> None:
    first, widget = QLineEdit(), kind()
    window = shown(qtbot, first, widget)
    window.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    before, size = colour(widget, widget.width() // 2, 1), widget.sizeHint()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)
    assert before != dressed["accent"]
    assert colour(widget, widget.width() // 2, 1) == dressed["accent"]
    assert widget.sizeHint() == size


@dressed_in_all
def test_a_pill_is_round_and_coloured_by_what_it_says(qtbot: QtBot, dressed: Theme) -> None:
    pill = QLabel("Vanishing")
    pill.setProperty("class", "pill-gradient")
    _window = shown(qtbot, pill)
    assert colour(pill, 6, pill.height() // 2) == dressed["gradient_soft"]
    assert colour(pill, 0, 0) != dressed["gradient_soft"]


def test_controls_in_a_row_are_equally_high(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setStyleSheet(stylesheet(THEMES["light"]))
    font = interface_font()
    button = QToolButton()
    button.setText("x")
    widgets = [button, QPushButton("x"), QLineEdit("x"), QComboBox(), QSpinBox()]
    for widget in widgets:
        widget.setFont(font)
    _window = shown(qtbot, *widgets)
    heights = {widget.height() for widget in widgets}
    qapp.setStyleSheet("")
    assert max(heights) - min(heights) <= 1


@pytest.mark.usefixtures("qapp")
def test_the_interface_font_has_a_size_in_pixels() -> None:
    assert interface_font().pixelSize() == 13
