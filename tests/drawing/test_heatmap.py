"""Cells have exactly their colour, their place and their gaps."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import DARK, LIGHT, differing, extent, figure_of, picture, rgb
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from rnnviz.drawing import paint
from rnnviz.drawing.heatmap import VECTOR_CELLS, largest_of
from rnnviz.figures.colour import argb
from rnnviz.figures.model import Axis, Heatmap, Scale

SIGNED, PROBABILITY = Scale("signed", -1, 1), Scale("probability", 0, 1)
values = st.floats(-2, 2)


def unit(columns: int, **options: object) -> Axis:
    return Axis(0, columns, shown=False, **options)


def colours(values: np.ndarray, scale: Scale, theme: object) -> np.ndarray:
    argb_bytes = argb(values, scale, theme)[..., None] >> np.array([16, 8, 0], np.uint32)
    return (argb_bytes & 0xFF).astype(np.uint8)


@given(
    matrix=arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 9)), elements=values),
    fill=st.sampled_from([1.0, 0.96, 0.5]), rounded=st.booleans(), theme=st.sampled_from([LIGHT, DARK]),
    ratio=st.sampled_from([1.0, 1.25, 2.0]), flipped=st.booleans(), reverse=st.booleans(),
    vector=st.booleans(),
)  # fmt: skip
@settings(max_examples=80)
def test_the_middle_of_each_cell_has_its_colour(
    matrix: np.ndarray, fill: float, rounded: bool, theme: object, ratio: float, flipped: bool,
    reverse: bool, vector: bool,
) -> None:  # fmt: skip
    rows, columns = matrix.shape
    top, bottom = (0.0, 1.0) if flipped else (1.0, 0.0)
    heat = Heatmap(matrix, SIGNED, 0, top, bottom, fill, rounded)
    axis = Axis(0, 1, shown=False)
    found = picture(
        figure_of(heat, x=unit(columns, reverse=reverse), y=axis), 270, 180, theme, ratio, vector=vector
    )
    ys = ((np.arange(rows) + 0.5) * found.shape[0] / rows).astype(int)
    xs = ((np.arange(columns) + 0.5) * found.shape[1] / columns).astype(int)
    seen = found[np.ix_(ys, xs)]
    expected = colours(matrix[:: -1 if flipped else 1, :: -1 if reverse else 1], SIGNED, theme)
    np.testing.assert_array_equal(seen, expected)


def test_columns_keep_the_gap_they_ask_for() -> None:
    drawn = differing(picture(figure_of(Heatmap(np.ones((1, 4)), SIGNED, 0, 0, 10, 0.5), x=unit(4))))
    assert drawn[50].astype(int).tolist() == ([0] * 12 + [1] * 26 + [0] * 12) * 4


def test_a_small_gap_is_one_pixel_everywhere() -> None:
    drawn = differing(picture(figure_of(Heatmap(np.ones((1, 23)), SIGNED, 0, 0, 10, 0.97), x=unit(23))))
    gaps = np.flatnonzero(~drawn[50])
    assert len(gaps) == 23
    assert np.diff(gaps).min() >= 8


def test_strips_with_wide_gaps_are_equally_wide() -> None:
    drawn = differing(picture(figure_of(Heatmap(np.ones((1, 17)), SIGNED, 0, 0, 10, 0.6), x=unit(17)), 331))
    edges = np.flatnonzero(np.diff(drawn[50].astype(int), prepend=0, append=0)).reshape(-1, 2)
    assert len(edges) == 17
    assert len(set((edges[:, 1] - edges[:, 0]).tolist())) == 1


def test_cells_without_a_gap_touch() -> None:
    for vector in (False, True):
        heat = Heatmap(np.ones((7, 13)), SIGNED, 0, 0, 10)
        assert differing(picture(figure_of(heat, x=unit(13)), vector=vector)).all()


def test_rounded_cells_lose_their_corners_only() -> None:
    heat = Heatmap(np.ones((1, 1)), SIGNED, 0, 0, 10, rounded=True)
    found = picture(figure_of(heat, x=unit(1)), 60, 60)
    left, right, top, bottom = extent(differing(found))
    red = rgb(LIGHT.maps["signed"][-1])
    assert found[(top + bottom) // 2, left].tolist() == red
    assert found[top, (left + right) // 2].tolist() == red
    for y, x in ((top, left), (top, right), (bottom, left), (bottom, right)):
        assert found[y, x].tolist() != red


def test_what_is_not_a_number_stays_empty() -> None:
    matrix = np.array([[1.0, np.nan, np.inf, -np.inf]])
    drawn = picture(figure_of(Heatmap(matrix, SIGNED, 0, 0, 10), x=unit(4)))[50, 25::50].tolist()
    low, _, high = (rgb(colour) for colour in LIGHT.maps["signed"])
    assert drawn == [high, rgb(LIGHT["background"]), high, low]


def test_of_cells_smaller_than_a_pixel_the_largest_is_seen() -> None:
    matrix = np.zeros((4, 4000))
    matrix[2, 1234] = -1.0
    found = picture(figure_of(Heatmap(matrix, SIGNED, 0, 0, 4), x=unit(4000), y=Axis(0, 4, shown=False)))
    blue = (found == rgb(LIGHT.maps["signed"][0])).all(2)
    assert extent(blue)[:2] == (61, 61)


@given(
    matrix=st.tuples(st.integers(1, 9), st.integers(1, 40)).flatmap(
        lambda shape: arrays(float, shape, elements=st.one_of(values, st.just(np.nan)))
    ),
    rows=st.integers(1, 12), columns=st.integers(1, 12),
)  # fmt: skip
def test_shrinking_keeps_the_largest_magnitude_and_invents_nothing(
    matrix: np.ndarray, rows: int, columns: int
) -> None:
    found = largest_of(matrix, rows, columns)
    assert found.shape == (min(rows, matrix.shape[0]), min(columns, matrix.shape[1]))
    known = np.abs(matrix[~np.isnan(matrix)])
    if known.size:
        assert np.nanmax(np.abs(found)) == known.max()
    assert set(found[~np.isnan(found)].tolist()) <= set(matrix[~np.isnan(matrix)].tolist())


def test_a_huge_map_costs_only_what_is_seen_of_it() -> None:
    """Zoomed in a millionfold, the image would not fit into memory if it were drawn whole."""
    matrix = np.arange(10_000.0)[None] % 7 / 7
    heat = Heatmap(matrix, PROBABILITY, 0, 0, 10)
    found = picture(figure_of(heat, x=Axis(4999.99, 5000.01, shown=False)))
    seen = colours(matrix, PROBABILITY, LIGHT)[0, 4999:5001]
    np.testing.assert_array_equal(found[50], np.repeat(seen, 100, axis=0))


def test_a_map_outside_of_the_picture_is_left_out() -> None:
    heat = Heatmap(np.ones((2, 2)), SIGNED, 500, 0, 10)
    assert not differing(picture(figure_of(heat))).any()


@pytest.mark.parametrize(("side", "image"), [(20, False), (150, True)])
def test_vector_files_hold_cells_until_there_are_too_many(side: int, image: bool) -> None:
    assert (side * side > VECTOR_CELLS) == image
    buffer, svg = QBuffer(), QSvgGenerator()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    svg.setOutputDevice(buffer)
    svg.setSize(QSize(200, 200))
    with QPainter(svg) as painter:
        figure = figure_of(Heatmap(np.ones((side, side)), SIGNED, 0, 0, 10), x=unit(side))
        paint(painter, figure, (200, 200), LIGHT, vector=True)
    text = bytes(buffer.data().data()).decode()
    assert ("<image" in text) == image
    assert (text.count("<path") + text.count("<rect") >= side * side) == (not image)
