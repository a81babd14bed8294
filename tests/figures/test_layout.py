"""Plots keep to their room, columns line up, and every number becomes a finite pixel."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.layout import (
    FARTHEST,
    Rect,
    caption_height,
    content_scale,
    limits,
    plot_rects,
    position,
    span_x,
    text_room,
    to_data,
    to_pixels_x,
    to_pixels_y,
)
from rnnviz.figures.model import Axis, Figure, Margins, Plot, Text

NONE = Margins(0, 0, 0, 0, 0, 0)
anything = st.floats(allow_nan=True, allow_infinity=True)
sizes = st.floats(-50, 3000)
fits = st.sampled_from(["stretch", "square", "natural"])


UNIT = Axis()


def plot(x: Axis = UNIT, y: Axis = UNIT, **options: object) -> Plot:
    return Plot("p", x, y, (), **options)


def figure(*plots: Plot, **options: object) -> Figure:
    return Figure("f", "A figure.", plots, **options)


def only(shown: Figure, width: float, height: float, zoom: float = 1.0) -> Rect:
    (rect,) = plot_rects(shown, width, height, zoom)
    return rect


def test_margins_are_kept_and_scale_with_zoom() -> None:
    shown = figure(plot(), margins=Margins(70, 10, 20, 30))
    assert only(shown, 400, 200) == Rect(70, 10, 310, 160)
    assert only(shown, 400, 200, zoom=2) == Rect(140, 20, 220, 120)


def test_rows_share_the_height_by_weight() -> None:
    shown = figure(plot(weight=1), plot(weight=3), margins=Margins(0, 0, 0, 0, between_rows=20))
    first, second = plot_rects(shown, 100, 220)
    assert (first.y, first.h) == (0, 50)
    assert (second.y, second.h) == (70, 150)


def test_columns_are_equally_wide_and_a_short_last_row_keeps_them() -> None:
    shown = figure(plot(), plot(), plot(), columns=2, margins=Margins(10, 0, 10, 0, 0, between_columns=40))
    first, second, third = plot_rects(shown, 360, 100)
    assert (first.x, first.w) == (10, 150)
    assert (second.x, second.w) == (200, 150)
    assert (third.x, third.y, third.w) == (10, 50, 150)


def test_rows_without_weight_are_equally_high() -> None:
    heights = [rect.h for rect in plot_rects(figure(plot(weight=0), plot(weight=0), margins=NONE), 10, 100)]
    assert heights == [50, 50]


def test_figures_with_the_same_gutter_share_their_columns() -> None:
    axis = Axis(-0.5, 40.5)
    tall, flat = figure(*[plot(axis)] * 5), figure(plot(axis), margins=Margins(top=20, bottom=0))
    steps = np.arange(41)
    for zoom in (1.0, 1.7):
        above = to_pixels_x(tall.plots[0], plot_rects(tall, 830, 330, zoom)[0], steps)
        below = to_pixels_x(flat.plots[0], only(flat, 830, 215, zoom), steps)
        np.testing.assert_allclose(above, below)


def test_square_plots_keep_their_shape_at_the_top_left() -> None:
    rect = only(figure(plot(Axis(0, 20), Axis(0, 10), fit="square"), margins=NONE), 500, 100)
    assert rect == Rect(0, 0, 200, 100)


@given(width=st.floats(0, 2000), height=st.floats(0, 2000), columns=st.integers(1, 200))
def test_a_square_unit_is_as_wide_as_high_and_whole_where_it_is_seen(
    width: float, height: float, columns: int
) -> None:
    rect = only(figure(plot(Axis(0, columns), Axis(0, 7), fit="square"), margins=NONE), width, height)
    assert rect.w / columns == pytest.approx(rect.h / 7)
    if rect.h / 7 >= 7:
        assert rect.h / 7 == pytest.approx(round(rect.h / 7))


def test_natural_plots_grow_to_twice_their_size_and_shrink_if_they_must() -> None:
    natural = plot(fit="natural", natural=(300, 100))
    shown = figure(natural, margins=NONE)
    assert only(shown, 900, 900) == Rect(0, 0, 600, 200)
    assert only(shown, 450, 900) == Rect(0, 0, 450, 150)
    assert only(shown, 150, 900) == Rect(0, 0, 150, 50)
    assert only(shown, 1900, 900, zoom=2) == Rect(0, 0, 1200, 400)
    assert content_scale(natural, only(shown, 150, 900)) == 0.5
    centred = figure(plot(fit="natural", natural=(300, 100), centred=True), margins=NONE)
    assert only(centred, 1900, 900) == Rect(650, 350, 600, 200)
    assert content_scale(natural, only(shown, 1900, 900, zoom=2), zoom=2) == 4
    assert content_scale(plot(), Rect(0, 0, 10, 10), zoom=2) == 2


@given(
    count=st.integers(0, 7), columns=st.integers(-1, 3), width=sizes, height=sizes,
    zoom=st.floats(0.1, 5), fit=fits, natural=st.tuples(st.floats(-5, 500), st.floats(-5, 500)),
    caption=st.sampled_from(["", "A sentence. " * 20]),
)  # fmt: skip
def test_whatever_the_room_areas_are_finite_and_never_negative(
    count: int, columns: int, width: float, height: float, zoom: float, fit: str,
    natural: tuple[float, float], caption: str,
) -> None:  # fmt: skip
    shown = figure(*[plot(fit=fit, natural=natural)] * count, columns=columns, caption=caption)
    rects = plot_rects(shown, width, height, zoom)
    assert len(rects) == count
    for rect in rects:
        assert all(map(math.isfinite, rect))
        assert rect.w >= 0
        assert rect.h >= 0
        assert math.isfinite(content_scale(shown.plots[0], rect, zoom))


def test_a_caption_takes_room_from_the_plots_only_if_there_is_one() -> None:
    bare = figure(plot(), margins=NONE)
    told = replace(bare, caption="The loss at step 20 can no longer hear what the network read at step 1.")
    assert only(bare, 300, 200).h == 200
    assert only(told, 300, 200).h == 200 - caption_height(told, 300)
    assert caption_height(told, 200) > caption_height(told, 2000) > 0


def test_y_grows_upwards_unless_reversed() -> None:
    rect = Rect(10, 20, 100, 50)
    assert to_pixels_y(plot(), rect, [0, 1]).tolist() == [70, 20]
    assert to_pixels_y(plot(y=Axis(reverse=True)), rect, [0, 1]).tolist() == [20, 70]
    assert to_pixels_x(plot(Axis(reverse=True)), rect, [0, 1]).tolist() == [110, 10]


def test_decades_are_equally_far_apart() -> None:
    shown = plot(Axis(1e-4, 1, log=True))
    found = to_pixels_x(shown, Rect(0, 0, 400, 10), [1e-4, 1e-3, 1e-2, 1e-1, 1])
    np.testing.assert_allclose(found, [0, 100, 200, 300, 400], atol=1e-9)
    assert to_pixels_x(shown, Rect(0, 0, 400, 10), [0.0, -1.0]).max() < -1000


@given(
    value=anything, low=anything, high=anything, log=st.booleans(), reverse=st.booleans(),
    extent=st.floats(0, 3000),
)  # fmt: skip
def test_pixels_are_finite_but_for_nan_and_one_value_goes_where_many_go(
    value: float, low: float, high: float, log: bool, reverse: bool, extent: float
) -> None:
    shown, rect = plot(Axis(low, high, log=log, reverse=reverse)), Rect(5, 5, extent, 10)
    pixel = float(to_pixels_x(shown, rect, [value])[0])
    alone = position(shown.x, span_x(shown, rect), value)
    assert math.isnan(pixel) == math.isnan(alone) == math.isnan(value)
    if not math.isnan(value):
        assert abs(pixel) <= FARTHEST + extent + 5
        assert alone == pytest.approx(pixel, abs=1e-6)


@given(low=anything, high=anything, log=st.booleans())
def test_the_ends_of_an_axis_are_finite_and_apart(low: float, high: float, log: bool) -> None:
    first, last = limits(Axis(low, high, log=log))
    assert math.isfinite(first)
    assert math.isfinite(last)
    assert first != last


@given(part=st.floats(0, 1), reverse=st.booleans(), log=st.booleans())
def test_a_pixel_leads_back_to_its_value(part: float, reverse: bool, log: bool) -> None:
    axis = Axis(0.01, 50, log=log, reverse=reverse)
    shown, rect = plot(axis, axis), Rect(30, 40, 300, 200)
    x, y = to_data(shown, rect, 30 + 300 * part, 40 + 200 * part)
    assert float(to_pixels_x(shown, rect, x)) == pytest.approx(30 + 300 * part)
    assert float(to_pixels_y(shown, rect, y)) == pytest.approx(40 + 200 * part)


@given(px=st.floats(-1e9, 1e9), extent=st.sampled_from([0.0, 1e-9, 100.0]), log=st.booleans())
def test_any_pixel_is_some_finite_value(px: float, extent: float, log: bool) -> None:
    x, y = to_data(plot(Axis(1, 10, log=log), Axis(1, 1)), Rect(0, 0, extent, extent), px, px)
    assert math.isfinite(x)
    assert math.isfinite(y)


@given(pitch=st.floats(0, 60))
def test_framed_tokens_never_touch_their_neighbours(pitch: float) -> None:
    shown = plot(Axis(0, 10))
    mark = Text(np.zeros((1, 2)), ("a",), "text", "circle", pitch=1.0)
    size, radius = text_room(mark, shown, Rect(0, 0, 10 * pitch, 10))
    assert 2 * radius <= pitch
    assert size <= 12
    assert size <= 2 * radius


def test_tokens_with_room_have_their_own_size() -> None:
    mark = Text(np.zeros((1, 2)), ("a",), "text", "circle", pitch=1.0)
    assert text_room(mark, plot(Axis(0, 10)), Rect(0, 0, 900, 10)).size == 12
    assert text_room(mark, plot(Axis(0, 10)), Rect(0, 0, 900, 10), zoom=2).size == 24
