"""Wires have round corners, heads where they end, dots where they join, and gaps where they only cross."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import LIGHT, differing, extent, figure_of, picture, rgb

from rnnviz.figures.model import Pipes

LEVEL = np.array([[1.0, 5.0], [9.0, 5.0]])
UPRIGHT = np.array([[5.0, 1.0], [5.0, 9.0]])


def has(found: np.ndarray, role: str) -> np.ndarray:
    return (found == rgb(LIGHT[role])).all(2)


def test_a_level_line_is_sharp_and_as_wide_as_it_says() -> None:
    found = picture(figure_of(Pipes((LEVEL,), "input", 2.0)))
    left, right, top, bottom = extent(differing(found))
    assert (left, right, bottom - top) == (20, 179, 1)
    assert has(found, "input")[top : bottom + 1, left : right + 1].all()


def test_a_corner_is_round() -> None:
    corner = np.array([[1.0, 5.0], [5.0, 5.0], [5.0, 9.0]])
    found = differing(picture(figure_of(Pipes((corner,), "input", 2.0))))
    assert not found[50, 100]
    assert found[50, 60]
    assert found[20, 100]


def test_only_the_lines_that_are_named_have_heads() -> None:
    lines = (LEVEL, LEVEL + np.array([0.0, 2.0]))
    found = has(picture(figure_of(Pipes(lines, "input", 2.0, frozenset({1})))), "input")
    assert found[45:56, 173].sum() == 2
    assert found[25:36, 173].sum() >= 4


def test_a_line_over_another_leaves_a_gap_and_one_that_joins_does_not() -> None:
    across = Pipes((LEVEL,), "input", 2.0)
    crossing = has(picture(figure_of(across, Pipes((UPRIGHT,), "hidden", 2.0, over=True))), "input")
    joining = has(picture(figure_of(across, Pipes((UPRIGHT,), "hidden", 2.0))), "input")
    assert not crossing[50, 95:105].all()
    assert not crossing[50, 97]
    assert joining[50, 97]


def test_joins_are_dots() -> None:
    dots = np.array([[5.0, 5.0], [np.nan, 1.0]])
    left, right, top, bottom = extent(differing(picture(figure_of(Pipes((), "input", 4.0, joins=dots)))))
    assert (right - left, bottom - top) == (pytest.approx(14, abs=2), pytest.approx(14, abs=2))


def test_lines_without_two_places_are_left_out() -> None:
    lines = (np.zeros((0, 2)), np.array([[1.0, 1.0]]), np.array([[1.0, np.nan], [2.0, 3.0]]))
    assert not differing(picture(figure_of(Pipes(lines, "input")))).any()
