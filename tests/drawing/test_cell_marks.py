"""Bars, padlocks and eigenvalues over the cells of a matrix."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import LIGHT, differing, extent, figure_of, picture, rgb

from rnnviz.figures.model import Axis, CellBars, Dial, Heatmap, Locks, Scale

TEN = Heatmap(np.ones((10, 10)), Scale("signed", -1, 1), 0, 0, 10)


def across(columns: int) -> Axis:
    return Axis(0, columns, shown=False)


def down(rows: int) -> Axis:
    return Axis(0, rows, shown=False, reverse=True)


def has(found: np.ndarray, role: str) -> np.ndarray:
    return (found == rgb(LIGHT[role])).all(2)


def test_a_bar_goes_from_the_middle_of_its_cell() -> None:
    values = np.zeros((1, 2))
    values[0] = 0.5, -2.0
    found = has(picture(figure_of(CellBars(values, 2.0, "gradient"), x=across(2), y=down(1))), "gradient")
    width = found.shape[1]
    right, left = found[:, : width // 2], found[:, width // 2 :]
    first, last, top, bottom = extent(right)
    assert first == pytest.approx(width / 4, abs=2)
    assert last - first == pytest.approx(width / 4 * 0.25, abs=3)
    assert bottom - top == 3
    first, last, *_ = extent(left)
    assert last == pytest.approx(width / 4, abs=2)
    assert first < 5


def test_what_is_tiny_shows_and_what_is_nothing_does_not() -> None:
    values = np.array([[1e-9, 0.0, np.nan]])
    found = has(picture(figure_of(CellBars(values, 1.0, "gradient"), x=across(3), y=down(1))), "gradient")
    assert found[:, : found.shape[1] // 3].any()
    assert not found[:, found.shape[1] // 3 :].any()
    assert not has(picture(figure_of(CellBars(values, 0.0, "gradient"))), "gradient").any()


def test_padlocks_stand_in_the_corner_of_their_cells() -> None:
    locks = Locks(np.array([[0.0, 1.0], [np.nan, 0.0]]), "input")
    found = has(picture(figure_of(locks, x=across(2), y=down(1))), "input")
    left, right, _, _ = extent(found)
    assert left > found.shape[1] * 0.9
    assert right < found.shape[1]
    small = has(picture(figure_of(TEN, Locks(np.array([[3.0, 4.0]]), "input"), y=down(10))), "input")
    assert small.any()


def test_eigenvalues_lie_around_the_circle() -> None:
    points = np.array([[1.0, 0.0], [0.0, 0.5], [-9.0, 0.0], [np.nan, 0.0]])
    dial = Dial(points, 1.25, 0.0, 10.0, 0.0, 10.0, "hidden")
    found = has(picture(figure_of(dial)), "hidden")
    rows, columns = found.shape
    half = min(rows, columns) / 2
    for x, y in ((1.0 / 1.25, 0.0), (0.0, 0.5 / 1.25), (-0.98, 0.0)):
        at = round(rows / 2 - y * half), round(columns / 2 + x * half)
        assert found[at[0] - 1 : at[0] + 2, at[1] - 1 : at[1] + 2].any(), (x, y)


def test_words_stay_where_there_is_no_room_for_a_circle() -> None:
    low = Dial(np.zeros((1, 2)), 1.2, 0.0, 10.0, 0.0, 2.0, "hidden", ("radius 1",))
    assert differing(picture(figure_of(low))).any()
    assert not has(picture(figure_of(low)), "hidden").any()
    tiny = Dial(np.zeros((1, 2)), 1.2, 0.0, 0.3, 0.0, 0.3, "hidden", ("radius 1",))
    assert not differing(picture(figure_of(tiny))).any()
