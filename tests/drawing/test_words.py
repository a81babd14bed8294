"""Words in cells fit, and can be read on their colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from rnnviz.drawing.painter import paint
from rnnviz.drawing.text import advance
from rnnviz.drawing.words import fitted
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Plot, Scale
from rnnviz.figures.theme import THEMES

pytestmark = pytest.mark.usefixtures("qapp")
WORDS = ("a", "the", "unreasonable", "␣")


@given(text=st.sampled_from(WORDS), room=st.floats(0.5, 200), most=st.floats(7, 20))
def test_a_word_fits_into_its_room_or_is_cut_short(text: str, room: float, most: float) -> None:
    shown, size = fitted(text, room, most)
    assert advance(shown, size) <= room
    assert 7 <= size <= max(7, most)
    assert shown in ("", text) or (shown.endswith("…") and text.startswith(shown[:-1]))


def drawn(values: list[float], texts: tuple[str, ...] | None, width: int, theme: str) -> np.ndarray:
    heat = Heatmap(np.array([values]), Scale("signed", -1, 1), 0.0, 1.0, 0.0, texts=texts)
    plot = Plot("p", Axis(0, len(values), shown=False), Axis(shown=False), (heat,))
    image = QImage(width, 30, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    with QPainter(image) as painter:
        figure = Figure("f", "A figure.", (plot,), margins=Margins(0, 0, 0, 0))
        paint(painter, figure, (width, 30), THEMES[theme])
    return np.frombuffer(image.constBits(), np.uint8).reshape(30, width, 4)[..., :3].astype(int)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("value", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_a_letter_is_readable_on_its_cell(theme: str, value: float) -> None:
    blank, written = (drawn([value], texts, 30, theme) for texts in (None, ("M",)))
    changed = np.abs(written - blank).sum(2)
    assert changed.max() > 250
    assert (changed > 0).mean() > 0.02


def test_words_stay_in_their_cells() -> None:
    blank = drawn([0.0, 0.0], None, 80, "light")
    written = drawn([0.0, 0.0], ("unreasonable", ""), 80, "light")
    changed = np.abs(written - blank).sum(2).any(0)
    assert changed[:40].any()
    assert not changed[40:].any()


def test_where_there_is_no_room_nothing_is_written() -> None:
    assert (drawn([0.0] * 40, ("w",) * 40, 80, "light") == drawn([0.0] * 40, None, 80, "light")).all()
