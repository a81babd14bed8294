"""Slides as python-pptx reads them."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE

from rnnviz import export
from rnnviz.export._series import MOST, bars_of, curves_of, finite
from rnnviz.export.pptx import Slide, save_deck
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.model import (
    Axis,
    Bars,
    Figure,
    GutterLabel,
    Heatmap,
    Line,
    Plot,
    Points,
    Region,
    Scale,
)
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("qapp")

LIGHT = THEMES["light"]
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

X = np.arange(1.0, 6.0)
FALLING = Line(X, np.array([1.0, 0.1, np.nan, 1e-3, 1e-4]), "gradient", "‖∂L/∂h_{t}‖")
LIMIT = Line(np.array([0.5, 5.5]), np.array([0.01, 0.01]), "muted", "limit", dashed=True)
DOTS = Points(np.stack([FALLING.x, FALLING.y], 1), "gradient", size=6.0)
CURVES = Figure(
    "Gradient of h_{t}",
    "The gradient falls.",
    (Plot("norm", Axis(0.5, 5.5, "k"), Axis(1e-5, 1.0, log=True), (LIMIT, FALLING, DOTS), "norm (log)"),),
    note="five steps · click to look",
    caption="It vanishes.",
)
TRACKS = Figure(
    "Tracks",
    "Cells and bars.",
    (
        Plot("cells", Axis(-0.5, 3.5), Axis(), (Heatmap(np.eye(4), Scale("gate", 0, 1)),)),
        Plot(
            "loss",
            Axis(-0.5, 3.5),
            Axis(0, 2),
            (Bars(np.array([1.0, np.nan, 2.0]), "loss", start=1.0, width=0.8),),
            gutter=(GutterLabel(1.0, "loss L_t", "loss"),),
        ),
    ),
    across=(Region(0.5, 1.5, "selection"),),
)


def deck(path: Path, *figures: Figure, theme: str = "light", source: str = "") -> Any:
    save_deck([Slide(figure, source) for figure in figures], path, THEMES[theme])
    return Presentation(str(path))


def charts(slide: Any) -> list[Any]:
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def description(shape: Any) -> str:
    return str(shape._element.xpath("./*/p:cNvPr")[0].get("descr"))


def test_curves_are_a_chart_with_the_numbers_of_the_figure(tmp_path: Path) -> None:
    (slide,) = deck(tmp_path / "a.pptx", CURVES).slides
    (chart,) = charts(slide)
    assert chart.chart_type == XL_CHART_TYPE.XY_SCATTER_LINES
    falling, limit = chart.plots[0].series
    assert falling.name == "‖∂L/∂h_t‖"
    assert limit.name == "limit"
    assert list(falling.iter_values()) == [1.0, 0.1, None, 1e-3, 1e-4]
    assert [float(v.text) for v in falling._element.findall(f".//{C}xVal//{C}v")] == X.tolist()
    assert str(falling.format.line.color.rgb) == LIGHT["gradient"].removeprefix("#").upper()
    assert falling.marker.size > 0
    assert limit.format.line.dash_style is not None
    assert [str(paragraph.text) for paragraph in chart.value_axis.axis_title.text_frame.paragraphs] == [
        "norm (log)"
    ]
    assert chart.category_axis.axis_title.text_frame.text == "k"


def test_a_logarithmic_axis_says_so_before_all_else(tmp_path: Path) -> None:
    (slide,) = deck(tmp_path / "a.pptx", CURVES).slides
    (chart,) = charts(slide)
    x, y = (axis.find(f"{C}scaling") for axis in chart._chartSpace.findall(f".//{C}valAx"))
    assert [child.tag.removeprefix(C) for child in y] == ["logBase", "max", "min"]
    assert y[0].get("val") == "10"
    assert x.find(f"{C}logBase") is None
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (1e-5, 1.0)
    assert chart.category_axis.minimum_scale <= 0.5
    assert chart.category_axis.maximum_scale >= 5.5
    assert chart.category_axis.minimum_scale % chart.category_axis.major_unit == 0


def test_bars_are_a_chart_exactly_where_they_are_in_the_picture(tmp_path: Path) -> None:
    (slide,) = deck(tmp_path / "a.pptx", TRACKS).slides
    (chart,) = charts(slide)
    (series,) = chart.plots[0].series
    assert chart.chart_type == XL_CHART_TYPE.COLUMN_CLUSTERED
    assert list(chart.plots[0].categories) == ["0", "1", "2", "3"]
    assert list(series.values) == [None, 1.0, None, 2.0]
    assert series.name == "loss L_t"
    assert chart.plots[0].gap_width == 25
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (0.0, 2.0)
    shapes = {shape.has_chart: shape for shape in slide.shapes if not shape.is_placeholder}
    drawn, picture = shapes[True], shapes[False]
    assert picture.left < drawn.left < drawn.left + drawn.width <= picture.left + picture.width
    assert picture.top < drawn.top < drawn.top + drawn.height <= picture.top + picture.height
    sides = {
        name: float(chart._chartSpace.find(f".//{C}manualLayout/{C}{name}").get("val")) for name in "xywh"
    }
    assert sides == {"x": 0.0, "y": 0.0, "w": 1.0, "h": 1.0}


def test_pictures_are_twice_as_fine_as_the_slide(tmp_path: Path) -> None:
    cells = replace(TRACKS, plots=TRACKS.plots[:1])
    (slide,) = deck(tmp_path / "a.pptx", cells).slides
    (picture,) = [shape for shape in slide.shapes if not shape.is_placeholder]
    with Image.open(io.BytesIO(picture.image.blob)) as image:
        assert image.width == pytest.approx(2 * picture.width / 9525, abs=1)
        assert image.height == pytest.approx(2 * picture.height / 9525, abs=1)


def test_title_words_for_the_blind_and_notes(tmp_path: Path) -> None:
    curves, tracks = deck(tmp_path / "a.pptx", CURVES, TRACKS, source="From a test.").slides
    assert curves.shapes.title.text == "Gradient of ht"  # the t is lowered
    assert curves.shapes.title.text_frame.paragraphs[0].runs[1].font._element.get("baseline") == "-25000"
    words = [description(shape) for shape in curves.shapes if shape.has_chart]
    assert words == ["The gradient falls."]
    assert sorted(description(shape) for shape in tracks.shapes if not shape.is_placeholder) == [
        "Cells and bars.",
        "Cells and bars. (loss L_t)",
    ]
    assert curves.notes_slide.notes_text_frame.text.split("\n") == [
        "The gradient falls.",
        "five steps",
        "It vanishes.",
        "From a test.",
    ]
    assert any(shape.has_text_frame and shape.text == "five steps" for shape in curves.shapes)


def test_every_registered_figure_is_a_slide(tmp_path: Path) -> None:
    scene = scene_of(Session(presets.load("dogs")).moment)
    figures = [entry.figure(scene) for entry in FIGURES.values()]
    made = deck(tmp_path / "a.pptx", *figures, theme="dark")
    assert len(made.slides) == len(FIGURES)
    for slide, figure in zip(made.slides, figures, strict=True):
        shown = [shape for shape in slide.shapes if shape.has_chart or hasattr(shape, "image")]
        assert shown
        assert all(description(shape).startswith(figure.description) for shape in shown)
        bars = [plot for plot in figure.plots if any(isinstance(mark, Bars) for mark in plot.marks)]
        assert len(charts(slide)) >= len(bars)
    assert sum(len(charts(slide)) for slide in made.slides) >= 6
    assert (made.slide_width, made.slide_height) == (12192000, 6858000)  # 16:9, as PowerPoint makes it


@pytest.mark.parametrize("theme", THEMES)
def test_the_same_deck_is_the_same_bytes(theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.pptx", tmp_path / "two.pptx"
    deck(one, CURVES, TRACKS, theme=theme)
    monkeypatch.setattr("time.time", lambda: 2e9)
    deck(two, CURVES, TRACKS, theme=theme)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
        book = zipfile.ZipFile(io.BytesIO(archive.read("ppt/embeddings/Microsoft_Excel_Sheet1.xlsx")))
        assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")


def test_a_figure_is_saved_by_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    export.save(CURVES, path, export.Look(theme=LIGHT))
    assert len(Presentation(str(path)).slides) == 1


def test_without_its_extra_slides_are_refused_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(export.ExportError, match=r"pip install rnnviz\[slides\]"):
        deck(tmp_path / "a.pptx", CURVES)
    assert not list(tmp_path.iterdir())


def test_what_ends_the_making_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    path.write_bytes(b"old")

    def slides() -> Any:
        yield Slide(CURVES)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_deck(slides(), path, LIGHT)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.pptx"]


def test_a_long_curve_is_thinned_and_keeps_its_peak() -> None:
    y = np.zeros(50_000)
    y[31_337] = 7.0
    plot = Plot("long", Axis(0, 50_000), Axis(0, 8), (Line(np.arange(50_000.0), y, "loss", "loss"),))
    (series,) = curves_of(plot)
    assert len(series.y) <= MOST + 4
    assert series.y.max() == 7.0
    assert series.x[series.y.argmax()] == 31_337


def test_names_in_a_table_differ() -> None:
    lines = tuple(Line(X, X * n, "muted") for n in (1, 2))
    first, second = curves_of(Plot("both", Axis(0, 5), Axis(0, 10), lines))
    assert first.name != second.name


def test_numbers_that_no_program_holds_are_gaps() -> None:
    found = finite(np.array([1.0, np.inf, -np.inf, np.nan, 0.0, -1.0]), log=True)
    assert np.isnan(found[1:]).all()
    assert found[0] == 1.0
    columns, _ = bars_of(TRACKS.plots[1])
    assert columns == ["0", "1", "2", "3"]
