from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from rnnviz import export
from rnnviz.export import Look, png
from rnnviz.figures.model import Axis, Figure, Heatmap, Plot, Scale
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("qapp")

LIGHT = THEMES["light"]
SIZE = (120, 80)


@pytest.fixture
def figure() -> Figure:
    cells = Heatmap(np.array([[-1.0, 0.0, 1.0]]), Scale("signed", -1, 1), left=0)
    return Figure(
        "Three cells", "Three cells: −1, 0 and 1.", (Plot("cells", Axis(0, 3), Axis(0, 1), (cells,)),)
    )


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5, 2.0])
def test_the_scale_adds_dots_not_inches(figure: Figure, tmp_path: Path, scale: float) -> None:
    path = tmp_path / "a.png"
    export.save(figure, path, Look(SIZE, LIGHT, scale))
    image = QImage(str(path))
    assert (image.width(), image.height()) == (SIZE[0] * scale, SIZE[1] * scale)
    assert image.width() / image.dotsPerMeterX() == pytest.approx(SIZE[0] / 96 * 0.0254, rel=1e-3)
    assert image.height() / image.dotsPerMeterY() == pytest.approx(SIZE[1] / 96 * 0.0254, rel=1e-3)


@pytest.mark.parametrize("theme", THEMES)
def test_the_figure_is_on_the_themes_ground_and_opaque(figure: Figure, tmp_path: Path, theme: str) -> None:
    path = tmp_path / "a.png"
    export.save(figure, path, Look(SIZE, THEMES[theme]))
    image = QImage(str(path))
    assert image.pixelColor(119, 1) == QColor(THEMES[theme]["background"])
    assert not image.hasAlphaChannel()
    row = {image.pixelColor(x, 30).name() for x in range(120)}
    assert len(row) > 3  # the ground and three cells


def test_the_same_figure_gives_the_same_bytes(figure: Figure, tmp_path: Path) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    export.save(figure, one, Look(SIZE, LIGHT, 2.0))
    export.save(replace(figure), two, Look(SIZE, LIGHT, 2.0))
    assert one.read_bytes() == two.read_bytes()


def test_the_file_says_what_it_shows(figure: Figure, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    export.save(figure, path, Look(SIZE, LIGHT))
    image = QImage(str(path))
    assert image.text("Title") == figure.title
    assert image.text("Description") == figure.description


def test_a_picture_that_cannot_be_held_is_refused() -> None:
    with pytest.raises(export.ExportError, match="too large"):
        png.canvas((10**6, 10**6), "#ffffff", 1.0)
