"""Curves break where there is no number, and thinning them loses nothing that could be seen."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import differing, extent, figure_of, picture
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.drawing.lines import envelope, polygon, unbroken
from rnnviz.figures.model import Axis, Line

number = st.floats(-1e6, 1e6)


def curve(x: object, y: object, **options: object) -> Line:
    return Line(np.array(x, float), np.array(y, float), "hidden", **options)


@pytest.mark.parametrize("options", [{"fine": False}, {"fine": True}, {"vector": True}])
def test_a_curve_passes_through_its_points(options: dict[str, bool]) -> None:
    drawn = differing(picture(figure_of(curve([0, 5, 10], [1, 9, 1])), **options))
    for x, y in ((2, 89), (100, 11), (50, 50), (150, 50)):
        assert drawn[y - 2 : y + 3, x - 2 : x + 3].any()
    assert not drawn[80:, 60:140].any()


def test_nan_is_not_bridged() -> None:
    drawn = differing(picture(figure_of(curve([0, 4, 5, 6, 10], [5, 5, np.nan, 5, 5]))))
    assert drawn[:, 20:70].any(0).all()
    assert not drawn[:, 85:115].any()
    assert drawn[:, 130:190].any(0).all()


def test_infinity_leaves_the_picture_instead_of_vanishing() -> None:
    drawn = differing(picture(figure_of(curve([0, 4, 5, 6, 10], [5, 5, np.inf, 5, 5]))))
    assert drawn[0].any()


def test_a_dashed_curve_has_gaps_even_if_it_is_long() -> None:
    drawn = differing(picture(figure_of(curve(np.linspace(0, 10, 300), np.full(300, 5.0), dashed=True))))
    seen = drawn.any(0)
    assert np.count_nonzero(np.diff(seen.astype(int)) == 1) > 8


def test_live_curves_are_one_device_pixel() -> None:
    for ratio in (1.0, 2.0):
        drawn = differing(picture(figure_of(curve([0, 10], [5, 5])), ratio=ratio, fine=False))
        left, right, top, bottom = extent(drawn)
        assert top == bottom
        assert right - left > 195 * ratio


def test_a_spike_among_a_million_points_is_seen() -> None:
    y = np.zeros(1_000_000)
    y[654_321] = 10
    drawn = differing(
        picture(
            figure_of(
                curve(
                    np.linspace(0, 10, len(y)),
                    y,
                ),
                y=Axis(-1, 11, shown=False),
            )
        )
    )
    assert 128 <= extent(drawn[:40])[0] <= extent(drawn[:40])[1] <= 133


@given(
    points=arrays(
        float, st.tuples(st.integers(0, 30), st.just(2)), elements=st.one_of(number, st.just(np.nan))
    )
)
def test_parts_hold_every_known_point_in_order(points: np.ndarray) -> None:
    parts = unbroken(points)
    known = points[~np.isnan(points).any(1)]
    assert all(len(part) for part in parts)
    np.testing.assert_array_equal(np.concatenate([np.empty((0, 2)), *parts]), known)


@given(y=arrays(float, st.integers(1, 3000), elements=number), width=st.floats(0.5, 100))
def test_the_envelope_keeps_the_extremes_of_every_bin(y: np.ndarray, width: float) -> None:
    x = np.linspace(0, 300, len(y))
    found = envelope(np.stack([x, y], 1), width)
    assert (np.diff(found[:, 0]) >= 0).all()
    assert (found[:, 1].min(), found[:, 1].max()) == (y.min(), y.max())
    assert len(found) <= max(len(y), 4 * (300 / width + 2))
    assert (found[0, 1], found[-1, 1]) == (y[0], y[-1])


def test_a_closed_curve_is_never_thinned() -> None:
    angles = np.linspace(0, 2 * np.pi, 5000)
    circle = np.stack([np.cos(angles), np.sin(angles)], 1)
    assert envelope(circle, 1.0) is circle


@given(points=arrays(float, st.tuples(st.integers(0, 20), st.just(2)), elements=st.floats(allow_nan=False)))
def test_polygons_hold_the_points_exactly(points: np.ndarray) -> None:
    found = polygon(points)
    assert [(p.x(), p.y()) for p in found] == [tuple(row) for row in points.tolist()]
