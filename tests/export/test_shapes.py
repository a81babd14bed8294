"""What vector files are made of: cells, letters and lines of the right size, at every size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from readers import ran, shown

from rnnviz import export
from rnnviz.export import Board, Card, Look, png, svg
from rnnviz.figures.formats import FORMATS
from rnnviz.figures.model import Arrows, Axis, Figure, Heatmap, Line, Margins, Plot, Scale, Text
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.figures.model import Mark

pytestmark = pytest.mark.usefixtures("qapp")

BARE = Margins(0, 0, 0, 0, 0, 0)
SIGNED = Scale("signed", -1, 1)
HIDDEN = Axis(0, 10, shown=False)


def figure_of(*marks: Mark, margins: Margins = BARE, x: Axis = HIDDEN, **plot: object) -> Figure:
    return Figure("f", "A figure.", (Plot("p", x, HIDDEN, marks, **plot),), margins=margins)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_cells_are_sharp_and_touch(suffix: str, scale: float, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    cells = Heatmap(np.array([[-1.0, 1.0, 1.0, -1.0]]), SIGNED, 0, 0, 10)
    export.save(figure_of(cells, x=Axis(0, 4, shown=False)), path, Look((120, 40), scale=scale))
    row = shown(path, scale)[round(20 * scale), :, :3].astype(int)
    blue, red = row[1], row[round(45 * scale)]
    between = (np.abs(row - blue).sum(1) > 3) & (np.abs(row - red).sum(1) > 3)
    assert between.sum() <= 2  # a pixel at each edge between two colours; no seam where they are equal
    assert abs(int((np.abs(row - red).sum(1) <= 3).sum()) - 60 * scale) <= 2


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_cells_stay_inside_their_map(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    cells = Heatmap(np.array([[1.0, 1.0], [1.0, np.nan]]), SIGNED, 2, 2, 8)
    export.save(figure_of(cells), path, Look((100, 100)))
    found = shown(path)[..., :3].astype(int)
    drawn = (found != 255).any(2)
    columns, rows = np.flatnonzero(drawn.any(0)), np.flatnonzero(drawn.any(1))
    assert [columns[0], columns[-1], rows[0], rows[-1]] == pytest.approx([20, 39, 20, 79], abs=1)
    assert not drawn[:49, 31:].any()  # nothing is drawn in the empty cell
    assert drawn[51:79, 21:39].all()


def widths(text: str) -> list[float]:
    """The widths of all strokes of an SVG, in 1/96 inch, sorted."""
    size = re.search(r'<svg width="([\d.]+)"', text)
    box = re.search(r'viewBox="0 0 ([\d.]+)', text)
    assert size
    assert box
    unit = float(size[1]) / float(box[1])
    strokes = re.findall(r'stroke-width="([\d.]+)"[^>]*>\s*<(?:path|polyline|line)', text)
    return sorted(unit * float(width) for width in strokes)


LINES = figure_of(
    Line(np.array([0.0, 10.0]), np.array([1.0, 9.0]), "loss"),
    Arrows(np.array([[1.0, 1.0, 1.0, 8.0]]), "hidden"),
    Text(np.array([[5.0, 5.0]]), ("H",), "text"),
)


def test_lines_grow_with_the_letters() -> None:
    """However large the picture is: a line belongs to letters of a size, as on the screen."""
    usual = widths(svg.drawn(LINES, Look((400, 300))))
    assert len(usual) >= 2
    for points in (7.0, 14.0, 18.0, 31.0):
        found = widths(svg.drawn(LINES, Look((400, 300), points=points)))
        assert found == pytest.approx([width * points / 9 for width in usual], rel=0.001)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("points", [9.0, 13.0, 31.0])
def test_letters_have_their_points(suffix: str, points: float, tmp_path: Path) -> None:
    """The height of an H, against that of letters four times as large, which can be measured better."""
    heights = []
    for name, times in (("a", 1), ("b", 4)):
        path = tmp_path / f"{name}{suffix}"
        mark = Text(np.array([[5.0, 5.0]]), ("H",), "text", size=12.0)
        scale = 8.0 / times
        export.save(
            figure_of(mark), path, Look((400 * times, 300 * times), points=points * times, scale=scale)
        )
        dark = shown(path, scale)[..., 0] < 128
        rows = np.flatnonzero(dark.any(1))
        heights.append(rows[-1] - rows[0] + 1)
    assert heights[0] == pytest.approx(heights[1], abs=1)
    assert heights[0] / 8 * 72 / 96 == pytest.approx(0.727 * points, rel=0.03)  # Inter's capitals, per em


@pytest.mark.parametrize("points", [9.0, 10.0, 13.0])
def test_lines_of_dots_are_as_wide_as_they_should_be(points: float) -> None:
    line = figure_of(Line(np.array([0.0, 10.0]), np.array([5.0, 5.0]), "text"))
    found = []
    for scale in (1.0, 4.0):
        image = png.painted(line, Look((60, 60), points=points, scale=scale))
        ink = [255 - image.pixelColor(image.width() // 2, y).red() for y in range(image.height())]
        found.append(sum(ink) / scale)
    assert found[0] == pytest.approx(found[1], rel=0.02)


@pytest.mark.parametrize("name", FORMATS)
def test_a_slide_has_the_size_of_a_slide(name: str, tmp_path: Path) -> None:
    form = FORMATS[name]
    path = tmp_path / "a.pdf"
    export.save(LINES, path, Look(form.pixels, points=form.points))
    page = re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", ran("pdfinfo", path))
    assert page
    assert [float(side) / 72 for side in page.groups()] == pytest.approx(form.inches, abs=0.02)


def test_fonts_are_in_the_pdf(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    export.save(LINES, path, Look())
    fonts = ran("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(" yes yes " in font or " yes no  yes" in font for font in fonts)


def test_a_map_of_very_many_cells_is_one_image_and_stays_sharp(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    values = np.indices((150, 150)).sum(0) % 2 * 2.0 - 1
    cells = Heatmap(values, SIGNED, 0, 0, 10)
    export.save(figure_of(cells, x=Axis(0, 150, shown=False)), path, Look((600, 600)))
    assert path.read_text(encoding="utf-8").count("<image") == 1
    row = shown(path)[2, :, :3].astype(int)
    assert len(np.unique(row, axis=0)) == 2


def test_bands_make_the_same_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "BAND", 3000)
    look = Look((200, 150), points=10.0, scale=1.5)
    told: list[float] = []
    assert png.painted(LINES, look) == png.painted(LINES, look, told.append)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert len(told) > 10


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_board_shows_what_is_seen_of_each_figure(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    red = figure_of(Heatmap(np.ones((1, 1)), SIGNED, 0, 0, 10), x=Axis(0, 1, shown=False), clip=True)
    card = Card(red, "Title", "note", (10, 10, 100, 80), (20, 40, 80, 200), (20, 40, 80, 30))
    board = Board("B", "A board.", (card,), (200, 100))
    export.save(board, path, Look((400, 200), THEMES["light"]))
    found = shown(path)[..., :3].astype(int)
    is_red = (found[..., 0] > found[..., 2] + 60).astype(int)
    rows, columns = np.flatnonzero(is_red.any(1)), np.flatnonzero(is_red.any(0))
    assert [rows[0], rows[-1], columns[0], columns[-1]] == pytest.approx([80, 139, 40, 199], abs=1)
    assert_array_equal(found[2, 2], [0xF6, 0xF7, 0xF9])
    assert (found[20:60, 30:120] < 100).any()  # the title


def test_a_board_is_a_picture_only(tmp_path: Path) -> None:
    with pytest.raises(export.ExportError, match=r"a whole workspace is a picture"):
        export.save(Board("B", "A board.", (), (10, 10)), tmp_path / "a.csv", Look())
