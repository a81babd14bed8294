"""Numbers in cells: where they fit, in ink that can be read."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import DARK, LIGHT, differing, figure_of, picture, rgb
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.figures.colour import INKS, contrast
from rnnviz.figures.model import Axis, Figure, Heatmap, Scale

SIGNED = Scale("signed", -1, 1)


def numbered(values: object, decimals: int | None = 2, scale: Scale = SIGNED) -> Figure:
    matrix = np.atleast_2d(np.array(values, float))
    rows, columns = matrix.shape
    heat = Heatmap(matrix, scale, 0, rows, 0, 1.0, decimals=decimals)
    return figure_of(heat, x=Axis(0, columns, shown=False), y=Axis(0, rows, shown=False))


def ink(values: object, width: float = 60, height: float = 30, **options: object) -> np.ndarray:
    """Which pixels the numbers change."""
    decimals = options.pop("decimals", 2)
    plain, printed = (picture(numbered(values, d), width, height, **options) for d in (None, decimals))
    return (plain != printed).any(2)


@pytest.mark.parametrize("vector", [False, True])
def test_numbers_stand_in_the_middle_of_their_cells(vector: bool) -> None:
    for n in range(3):
        printed = ink([0.88 if k == n else np.nan for k in range(3)], 180, 30, vector=vector)
        columns, rows = np.flatnonzero(printed.any(0)), np.flatnonzero(printed.any(1))
        assert columns.mean() == pytest.approx(60 * n + 29.5, abs=1.5)
        assert rows.mean() == pytest.approx(14.5, abs=1.5)


def test_there_are_no_numbers_where_they_could_not_be_read() -> None:
    assert ink([0.5], 40, 20).any()
    assert not ink([0.5], 12, 20).any()
    assert not ink([0.5], 40, 7).any()


def test_narrow_cells_have_smaller_numbers() -> None:
    wide, narrow = (np.flatnonzero(ink([0.88], width).any(1)) for width in (60, 31))
    assert 0 < len(narrow) < len(wide)


def test_one_number_too_long_does_not_rob_the_others() -> None:
    printed = ink([0.5, 1e300, 0.5], 105)
    assert printed[:, :35].any()
    assert not printed[:, 35:70].any()
    assert printed[:, 70:].any()


def test_nan_has_no_number_and_zero_no_sign() -> None:
    assert not ink([np.nan]).any()
    np.testing.assert_array_equal(ink([-0.001]), ink([0.001]))
    np.testing.assert_array_equal(ink([-0.0]), ink([0.0]))


def test_infinity_is_named() -> None:
    assert ink([np.inf]).any()


def test_the_size_does_not_depend_on_signs() -> None:
    """A number dragged below zero must not make the whole map jump."""
    left = [ink([[0.25, value]], 70)[:, :35] for value in (0.5, -0.5)]
    np.testing.assert_array_equal(*left)


@given(value=st.floats(-1, 1), theme=st.sampled_from([LIGHT, DARK]), ratio=st.sampled_from([1.0, 2.0]))
@settings(max_examples=40)
def test_ink_is_readable_on_every_colour(value: float, theme: object, ratio: float) -> None:
    found = picture(numbered([value]), 60, 30, theme, ratio).reshape(-1, 3)
    ground = "#{:02x}{:02x}{:02x}".format(*found[0].tolist())
    best = max(
        contrast(ground, "#{:02x}{:02x}{:02x}".format(*pixel)) for pixel in np.unique(found, axis=0).tolist()
    )
    possible = max(contrast(ground, colour) for colour in INKS)
    assert best > 0.85 * possible


def test_the_same_number_looks_the_same_in_every_cell() -> None:
    printed = ink([[-0.25] * 7] * 3, 7 * 41, 3 * 23)
    first = printed[:23, :41]
    assert first.any()
    for row in range(3):
        for column in range(7):
            np.testing.assert_array_equal(printed[row * 23 :, column * 41 :][:23, :41], first)


def test_only_visible_numbers_are_made() -> None:
    matrix = np.full((1, 100_000), 0.5)
    heat = Heatmap(matrix, SIGNED, 0, 10, 0, decimals=2)
    shown = figure_of(heat, x=Axis(500, 503, shown=False))
    np.testing.assert_array_equal(picture(shown, 150, 30), picture(numbered([0.5] * 3), 150, 30))


def test_numbers_have_tabular_figures() -> None:
    widths = {np.flatnonzero(ink([value]).any(0)).max() for value in (0.18, 0.88, 0.48)}
    assert max(widths) - min(widths) <= 1


def test_dark_on_light_and_light_on_dark() -> None:
    found = picture(numbered([0.0, 1.0]), 120, 30)
    assert differing(found[:, :60]).any()
    assert (found[:, 60:] == rgb(LIGHT["panel"])).all(2).any()
    assert not (found[:, 60:] == rgb(LIGHT["text"])).all(2).any()
