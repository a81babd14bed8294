"""The mouse finds what is under it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import (
    Axis,
    Bars,
    Figure,
    Heatmap,
    Margins,
    Mark,
    Plot,
    Points,
    Region,
    Scale,
    Text,
)
from rnnviz.figures.picking import cell_at, cell_rect, pick

SIGNED = Scale("signed", -1, 1)
WIDTH, HEIGHT = 400.0, 300.0


TEN = Axis(0, 10)


def figure(*marks: Mark, x: Axis = TEN, y: Axis = TEN, **options: object) -> Figure:
    return Figure("f", "A figure.", (Plot("p", x, y, marks, **options),))


def pixel(shown: Figure, x: float, y: float, zoom: float = 1.0) -> tuple[float, float]:
    plot, rect = shown.plots[0], plot_rects(shown, WIDTH, HEIGHT, zoom)[0]
    return float(to_pixels_x(plot, rect, x)), float(to_pixels_y(plot, rect, y))


def test_an_empty_place_still_has_coordinates() -> None:
    shown = figure()
    found = pick(shown, WIDTH, HEIGHT, *pixel(shown, 3, 7))
    assert found is not None
    assert (found.plot, found.mark, found.row, found.index) == ("p", None, None, None)
    assert (found.x, found.y) == (pytest.approx(3), pytest.approx(7))


def test_the_gutter_belongs_to_no_plot() -> None:
    assert pick(figure(), WIDTH, HEIGHT, 20, 100) is None


@given(
    rows=st.integers(1, 12), columns=st.integers(1, 12), data=st.data(), flipped=st.booleans(),
    reverse=st.booleans(), zoom=st.sampled_from([1.0, 1.5]),
)  # fmt: skip
def test_the_middle_of_every_cell_is_that_cell(
    rows: int, columns: int, data: st.DataObject, flipped: bool, reverse: bool, zoom: float
) -> None:
    top, bottom = (rows, 0.0) if flipped else (0.0, rows)
    heat = Heatmap(np.zeros((rows, columns)), SIGNED, 0.5, top, bottom, fill=0.6)
    shown = figure(heat, x=Axis(0, columns + 1, reverse=reverse), y=Axis(0, rows, reverse=reverse))
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    rect = cell_rect(shown, WIDTH, HEIGHT, "p", 0, row, column, zoom)
    found = pick(shown, WIDTH, HEIGHT, rect.x + rect.w / 2, rect.y + rect.h / 2, zoom)
    assert found is not None
    assert (found.mark, found.row, found.column) == (0, row, column)


def test_beside_a_heat_map_there_is_no_cell() -> None:
    heat = Heatmap(np.zeros((2, 2)), SIGNED, 2, 2, 4)
    assert [cell_at(heat, x, y) for x, y in ((1.9, 3), (4.1, 3), (3, 1.9), (3, 4.1))] == [None] * 4
    assert cell_at(heat, 2.1, 2.1) == (0, 0)
    assert cell_at(Heatmap(np.zeros((2, 2)), SIGNED, 2, 3, 3), 3, 3) is None
    assert cell_at(Heatmap(np.zeros((0, 5)), SIGNED), 1, 0.5) is None


def test_asking_for_a_cell_of_something_else_is_an_error() -> None:
    shown = figure(Bars(np.ones(3), "loss"))
    with pytest.raises(TypeError, match="not a heat map"):
        cell_rect(shown, WIDTH, HEIGHT, "p", 0, 0, 0)
    with pytest.raises(KeyError):
        cell_rect(shown, WIDTH, HEIGHT, "another", 0, 0, 0)


def test_framed_tokens_are_hit_inside_their_frame() -> None:
    tokens = Text(np.array([[2.0, 5.0], [8.0, 5.0]]), ("a", "b"), "text", "circle")
    shown = figure(tokens)
    x, y = pixel(shown, 8, 5)
    hits = [pick(shown, WIDTH, HEIGHT, x + dx, y) for dx in (0, 10, 14)]
    assert [hit and hit.index for hit in hits] == [1, 1, None]


def test_labels_are_hit_along_their_length() -> None:
    shown = figure(Text(np.array([[2.0, 5.0]]), ("a longer label",), "text", align=0.0))
    x, y = pixel(shown, 2, 5)
    hits = [pick(shown, WIDTH, HEIGHT, x + dx, y) for dx in (-5, 1, 60, 150)]
    assert [hit and hit.index for hit in hits] == [None, 0, 0, None]


def test_the_nearest_point_is_hit_even_if_missed_a_little() -> None:
    shown = figure(Points(np.array([[2.0, 5.0], [2.1, 5.0], [np.nan, 5.0]]), "hidden", size=8))
    x, y = pixel(shown, 2.1, 5)
    found = pick(shown, WIDTH, HEIGHT, x + 5, y + 3)
    assert found is not None
    assert found.index == 1


def test_a_bar_is_hit_anywhere_in_its_column() -> None:
    shown = figure(Bars(np.array([1.0, np.nan, 3.0]), "loss", start=4.0))
    indices = [pick(shown, WIDTH, HEIGHT, *pixel(shown, x, 9)).index for x in (3.4, 3.6, 4.9, 6.4, 6.6)]
    assert indices == [None, 0, 1, 2, None]


def test_the_topmost_mark_is_hit_and_outlines_are_not() -> None:
    heat = Heatmap(np.zeros((1, 1)), SIGNED, 0, 0, 10)
    token = Text(np.array([[0.5, 5.0]]), ("a",), "text", "box")
    shown = figure(heat, token, Region(0, 10, "selection"), Region(0, 10, "veil"))
    assert pick(shown, WIDTH, HEIGHT, *pixel(shown, 0.5, 5)).mark == 1
    assert pick(shown, WIDTH, HEIGHT, *pixel(shown, 0.5, 9)).mark == 0


def test_a_column_can_be_hit_between_two_tracks() -> None:
    plots = tuple(Plot(name, Axis(0, 10), Axis(), ()) for name in "ab")
    shown = Figure("f", "A figure.", plots, margins=Margins(between_rows=8))
    first, second = plot_rects(shown, WIDTH, HEIGHT)
    x = first.x + first.w * 0.35
    assert [pick(shown, WIDTH, HEIGHT, x, first.bottom + dy).plot for dy in (-1, 3, 5, 9)] == list("aabb")
    assert pick(shown, WIDTH, HEIGHT, x, first.bottom + 4).x == pytest.approx(3.5)
    assert pick(shown, WIDTH, HEIGHT, x, second.bottom + 30) is None


marks = st.sampled_from(
    [
        Heatmap(np.zeros((3, 4)), SIGNED),
        Heatmap(np.zeros((0, 0)), SIGNED),
        Text(np.zeros((0, 2)), (), "text"),
        Text(np.array([[1e300, np.nan]]), ("a",), "text", "circle", pitch=0.0),
        Bars(np.array([]), "loss"),
        Points(np.array([[np.inf, -np.inf]]), "loss"),
    ]
)
anything = st.floats(allow_nan=True, allow_infinity=True)


@given(
    mark=marks, px=st.floats(-100, 500), py=st.floats(-100, 500), low=anything, high=anything,
    width=st.floats(-10, 400), log=st.booleans(),
)  # fmt: skip
def test_any_place_of_any_figure_can_be_asked_for(
    mark: Mark, px: float, py: float, low: float, high: float, width: float, log: bool
) -> None:
    found = pick(figure(mark, x=Axis(low, high, log=log)), width, 300, px, py)
    assert found is None or (math.isfinite(found.x) and math.isfinite(found.y))
