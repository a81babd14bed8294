"""Any figure can be painted, on any device, in any size, and the painter comes back as it was."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import BARE, DARK, LIGHT, blank, differing, extent, figure_of, picture, pixels, rgb
from drawing.random_figures import figures
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from rnnviz.drawing import paint
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Plot, Region, Scale
from rnnviz.figures.theme import THEMES

SIGNED = Scale("signed", -1, 1)
themes = st.sampled_from(list(THEMES.values()))
sizes = st.sampled_from([(0, 0), (1, 300), (300, 1), (60, 40), (320, 200)])


@given(
    figure=figures, size=sizes, theme=themes, ratio=st.sampled_from([1.0, 1.5, 2.0]),
    zoom=st.sampled_from([0.5, 1.0, 2.5]), fine=st.booleans(), vector=st.booleans(),
)  # fmt: skip
@settings(max_examples=200)
def test_any_figure_can_be_painted(
    figure: Figure, size: tuple[int, int], theme: object, ratio: float, zoom: float, fine: bool, vector: bool
) -> None:
    image = blank(400, 300, LIGHT, ratio)
    with QPainter(image) as painter:
        painter.translate(3, 4)
        painter.setClipRect(QRectF(0, 0, 350, 250))
        before = painter.pen(), painter.transform(), painter.clipBoundingRect(), painter.renderHints()
        paint(painter, figure, size, theme, zoom=zoom, fine=fine, vector=vector)
        assert (
            painter.pen(),
            painter.transform(),
            painter.clipBoundingRect(),
            painter.renderHints(),
        ) == before


@given(figure=figures, theme=themes)
@settings(max_examples=60)
def test_any_figure_becomes_a_pdf_and_an_svg(figure: Figure, theme: object) -> None:
    for suffix in ("pdf", "svg"):
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.ReadWrite)
        if suffix == "pdf":
            device = QPdfWriter(buffer)
            device.setResolution(96)
        else:
            device = QSvgGenerator()
            device.setOutputDevice(buffer)
            device.setSize(QSize(320, 200))
        with QPainter(device) as painter:
            paint(painter, figure, (320, 200), theme, vector=True)
        data = bytes(buffer.data().data())
        assert data.startswith(b"%PDF") if suffix == "pdf" else data.rstrip().endswith(b"</svg>")


@given(figure=figures, cut=st.integers(0, 4), ratio=st.sampled_from([1.0, 2.0]))
@settings(max_examples=60)
def test_the_lower_and_the_upper_layer_together_are_the_whole(figure: Figure, cut: int, ratio: float) -> None:
    """Marks of one plot may lie over another's labels, so one plot is compared."""
    figure = Figure("f", "A figure.", figure.plots[:1], legend=None)
    still = tuple(min(cut, len(plot.marks)) for plot in figure.plots)
    image = blank(200, 120, LIGHT, ratio)
    with QPainter(image) as painter:
        paint(painter, figure, (200, 120), LIGHT, layer="below", still=still)
        paint(painter, figure, (200, 120), LIGHT, layer="above", still=still)
    np.testing.assert_array_equal(pixels(image), picture(figure, 200, 120, ratio=ratio))


def test_nothing_outside_of_the_marks_is_painted() -> None:
    assert not differing(picture(figure_of())).any()


def test_a_picture_without_plots_says_its_message() -> None:
    told = Figure("f", "A figure.", (), message="Type at least two characters.")
    left, right, top, bottom = extent(differing(picture(told, 300, 100)))
    assert abs((left + right) / 2 - 150) < 3
    assert abs((top + bottom) / 2 - 50) < 5


def test_a_long_message_is_broken_into_lines() -> None:
    told = Figure("f", "A figure.", (), message="Type at least two characters. " * 4)
    left, right, top, bottom = extent(differing(picture(told, 200, 200)))
    assert left >= 16
    assert right < 184
    assert bottom - top > 40


def test_a_caption_stands_beneath_the_plots() -> None:
    heat = Heatmap(np.ones((1, 1)), SIGNED, 0, 0, 10)
    plot = Plot("p", Axis(0, 1, shown=False), Axis(0, 10, shown=False), (heat,))
    told = Figure("f", "A figure.", (plot,), margins=BARE, caption="Vanishing: ×0.61 per step.")
    drawn = differing(picture(told, 300, 100))
    assert drawn[:83].all()
    assert drawn[84:].any()
    assert not drawn[84:].all()


def test_a_region_across_reaches_from_the_first_to_the_last_track() -> None:
    plots = tuple(Plot(name, Axis(0, 10, shown=False), Axis(shown=False), ()) for name in "abc")
    margins = Margins(20, 10, 0, 10, between_rows=10)
    drawn = differing(
        picture(Figure("f", "d", plots, across=(Region(4, 6, "selection"),), margins=margins), 220, 120)
    )
    left, right, top, bottom = extent(drawn)
    assert (left, right) == (99, 140)
    assert (top, bottom) == (6, 113)
    assert not drawn[20:100, 105:135].any()


def test_a_region_across_crosses_only_the_first_column() -> None:
    plots = tuple(Plot(str(n), Axis(0, 10, shown=False), Axis(shown=False), ()) for n in range(3))
    shown = Figure(
        "f", "d", plots, 2, across=(Region(4, 6, "selection"),), margins=Margins(0, 10, 0, 10, 0, 0)
    )
    left, right, _, bottom = extent(differing(picture(shown, 200, 120)))
    assert right < 100
    assert bottom > 105
    assert left > 30


def test_clipped_plots_keep_their_marks_inside() -> None:
    heat = Heatmap(np.ones((1, 30)), SIGNED, -10, 0, 10)
    margins = Margins(50, 0, 50, 0)
    free, clipped = (picture(figure_of(heat, margins=margins, clip=clip)) for clip in (False, True))
    assert extent(differing(free))[:2] == (0, 199)
    assert extent(differing(clipped))[:2] == (49, 150)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_roles_have_the_themes_colours(theme: object) -> None:
    veiled = figure_of(Region(0, 10, "input", 0, 10))
    assert rgb(theme["input"]) in picture(veiled, theme=theme).reshape(-1, 3).tolist()


def test_zoom_scales_what_is_written() -> None:
    ticked = figure_of(x=Axis(0, 10), y=HIDE, margins=Margins(10, 0, 10, 30))
    one, two = (extent(differing(picture(ticked, 300, 120, zoom=zoom)[:, :40])) for zoom in (1.0, 2.0))
    assert two[3] - two[2] == pytest.approx(2 * (one[3] - one[2]), abs=2)


HIDE = Axis(0, 1, shown=False)


def test_a_natural_plot_without_room_is_smaller_in_every_way() -> None:
    heat = Heatmap(np.ones((1, 1)), SIGNED, 0, 0, 10)
    shown = figure_of(heat, x=Axis(0, 1, shown=False), fit="natural", natural=(200, 100))
    assert extent(differing(picture(shown, 200, 400))) == (0, 199, 0, 99)
    assert extent(differing(picture(shown, 100, 400))) == (0, 99, 0, 49)


def test_painting_goes_where_the_painter_is() -> None:
    heat = Heatmap(np.ones((1, 1)), SIGNED, 0, 0, 10)
    image = blank(100, 100, ratio=2)
    with QPainter(image) as painter:
        painter.translate(QPointF(30, 40))
        paint(painter, figure_of(heat, x=Axis(0, 1, shown=False)), (20, 10), LIGHT)
    assert extent(differing(pixels(image))) == (60, 99, 80, 99)
