"""Formulas are set as in a book, kept, coloured by role, and written plainly if that cannot be."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from rnnviz.drawing import formula
from rnnviz.drawing.painter import paint
from rnnviz.figures.model import Axis, Figure, Margins, Plot, Text
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = (200, 60)
RUNS = "⟦forget_gate|f_t⟧ = σ(⟦input|x_t⟧)"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    formula.picture.cache_clear()
    formula._renderer.cache_clear()
    yield
    formula.keep_in(None)
    formula.picture.cache_clear()
    formula._renderer.cache_clear()


def figure(runs: str, role: str = "text") -> Figure:
    text = Text(np.array([[4.0, 30.0]]), (runs,), role, size=20.0, align=0.0, family="formula")
    x, y = Axis(0, SIZE[0], shown=False), Axis(0, SIZE[1], shown=False, reverse=True)
    plot = Plot("p", x, y, (text,), fit="natural", natural=(float(SIZE[0]), float(SIZE[1])))
    return Figure("", "", (plot,), margins=Margins(0, 0, 0, 0))


def drawn(runs: str, theme: str = "light", ratio: int = 1, role: str = "text") -> QImage:
    image = QImage(SIZE[0] * ratio, SIZE[1] * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(THEMES[theme]["background"]))
    with QPainter(image) as painter:
        paint(painter, figure(runs, role), SIZE, THEMES[theme])
    return image


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_parts_have_the_colours_of_their_roles(theme: str) -> None:
    found = colours(drawn(RUNS, theme, ratio=4))
    assert {THEMES[theme][role] for role in ("forget_gate", "input", "text")} <= found


def test_what_is_muted_is_muted_as_a_whole() -> None:
    found = colours(drawn(RUNS, ratio=4, role="muted"))
    assert THEMES["light"]["muted"] in found
    assert not {THEMES["light"]["forget_gate"], THEMES["light"]["text"]} & found


def test_a_fraction_has_a_line_and_is_taller() -> None:
    def rows(runs: str) -> int:
        image, ground = drawn(runs), THEMES["light"]["background"]
        return sum(
            any(image.pixelColor(x, y).name() != ground for x in range(SIZE[0])) for y in range(SIZE[1])
        )

    assert rows("∂L/∂h_t") > 1.5 * rows("L h_t")


def test_formulas_are_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "formulas"
    formula.keep_in(folder)
    before = drawn(RUNS)
    assert len(list(folder.glob("*.svg"))) == 1
    formula.picture.cache_clear()
    formula._renderer.cache_clear()
    monkeypatch.setattr(formula, "_made", lambda _runs: pytest.fail("it was made again"))
    assert drawn(RUNS) == before


def test_a_folder_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    formula.keep_in(tmp_path / "file" / "formulas")
    assert THEMES["light"]["input"] in colours(drawn(RUNS, ratio=4))


@pytest.mark.parametrize("content", ["", "no picture", '<svg viewBox="0 0 1 1"', '<svg viewBox="0 0 0 0"/>'])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: str) -> None:
    formula.keep_in(tmp_path)
    good = drawn(RUNS)
    (kept,) = tmp_path.glob("*.svg")
    kept.write_text(content, encoding="utf-8")
    formula.picture.cache_clear()
    formula._renderer.cache_clear()
    assert drawn(RUNS) == good


def test_what_cannot_be_set_is_written_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula, "_made", lambda _runs: "")
    assert THEMES["light"]["forget_gate"] in colours(drawn(RUNS, ratio=4))


def test_kept_formulas_need_no_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rnnviz.drawing import formula;"
        f"formula.keep_in(Path({str(tmp_path)!r}));"
        f"assert formula.picture({RUNS!r}).startswith('<svg'); print('ziamath' in sys.modules)"
    )
    for loaded in ("True", "False"):
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == loaded
