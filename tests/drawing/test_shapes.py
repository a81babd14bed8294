"""Boxes, arrows, points, bars and regions stand on whole pixels, where their data says."""

from __future__ import annotations

import numpy as np
import pytest
from drawing.pictures import LIGHT, differing, extent, figure_of, picture, rgb
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.model import Arrows, Axis, Bars, Boxes, Heatmap, Points, Region, Scale

NAN = float("nan")


def has(found: np.ndarray, role: str) -> np.ndarray:
    return (found == rgb(LIGHT[role])).all(2)


def test_a_box_is_a_frame_filled_with_the_background() -> None:
    heat = Heatmap(np.ones((1, 10)), Scale("signed", -1, 1), 0, 0, 10)
    found = picture(figure_of(heat, Boxes(np.array([[5.0, 5.0]]), (4.0, 6.0), "frame")))
    assert extent(has(found, "frame")) == (60, 139, 20, 79)
    assert (found[25:75, 65:135] == rgb(LIGHT["background"])).all()


def test_boxes_without_a_place_are_left_out() -> None:
    centres = np.array([[NAN, 5.0], [5.0, NAN], [2.0, 5.0]])
    assert extent(differing(picture(figure_of(Boxes(centres, (2.0, 2.0), "frame")))))[:2] == (20, 59)


@given(x=st.floats(1, 9))
def test_upright_arrows_are_sharp(x: float) -> None:
    found = picture(figure_of(Arrows(np.array([[x, 1.0, x, 9.0]]), "input", head=False)))
    left, right, top, bottom = extent(differing(found))
    assert right - left == 1
    assert (top, bottom) == (10, 89)
    assert has(found, "input")[10:90, left : right + 1].all()


def test_arrowheads_point_to_the_end() -> None:
    found = differing(picture(figure_of(Arrows(np.array([[1.0, 5.0, 9.0, 5.0]]), "input"))))
    left, right, _, _ = extent(found)
    assert (left, right) == (20, 179)
    widths = found.sum(0)
    assert widths[100] == 2
    assert widths[174] >= 5
    assert widths[174] > widths[178] > 0


def test_slanting_arrows_go_from_corner_to_corner() -> None:
    found = differing(
        picture(figure_of(Arrows(np.array([[1.0, 1.0, 9.0, 9.0], [NAN, 0.0, 1.0, 1.0]]), "input")))
    )
    assert found[50, 98:103].any()
    assert not found[80:, 100:].any()


def test_points_are_round_and_have_their_size() -> None:
    found = picture(figure_of(Points(np.array([[5.0, 5.0], [NAN, 1.0]]), "gradient", size=12.0)))
    left, right, top, bottom = extent(differing(found))
    assert (right - left, bottom - top) == (pytest.approx(12, abs=2), pytest.approx(12, abs=2))
    assert has(found, "gradient")[50, 100]
    assert not differing(found)[top, left]


def test_bars_stand_on_zero_and_are_as_high_as_their_value() -> None:
    bars = Bars(np.array([5.0, NAN, 10.0, 0.0]), "loss", start=1.0, width=0.5)
    found = has(picture(figure_of(bars, x=Axis(0, 5, shown=False))), "loss")
    assert found[:, 40].sum() == pytest.approx(50, abs=2)
    assert not found[:, 60:100].any()
    assert found[:, 120].sum() == pytest.approx(100, abs=2)
    assert not found[:, 140:].any()
    assert found[97].nonzero()[0].min() == 30
    assert found[97, :60].nonzero()[0].max() == 49


def test_bars_below_zero_hang_from_it() -> None:
    found = has(picture(figure_of(Bars(np.array([-4.0]), "loss", 5.0), y=Axis(-5, 5, shown=False))), "loss")
    assert extent(found)[2:] == (50, 89)


def test_the_smallest_bar_is_still_seen() -> None:
    found = differing(picture(figure_of(Bars(np.array([1e-12]), "loss", 5.0))))
    assert extent(found)[2:] == (99, 99)


def test_many_bars_are_all_equally_wide() -> None:
    bars = Bars(np.full(37, 9.0), "loss", 0.5, 0.7)
    row = differing(picture(figure_of(bars, x=Axis(0, 37, shown=False)), 523))[60]
    edges = np.flatnonzero(np.diff(row.astype(int), prepend=0, append=0)).reshape(-1, 2)
    assert len(edges) == 37
    assert len(set((edges[:, 1] - edges[:, 0]).tolist())) == 1


def test_a_thousand_bars_can_be_drawn() -> None:
    bars = Bars(np.full(1000, 5.0), "loss", 0.5, 1.0)
    assert differing(picture(figure_of(bars, x=Axis(0, 1000, shown=False))))[60].all()


def test_a_veil_dims_what_is_under_it() -> None:
    heat = Heatmap(np.ones((1, 10)), Scale("signed", -1, 1), 0, 0, 10)
    found = picture(figure_of(heat, Region(5, 10, "veil")))
    full, dimmed = found[50, 50].astype(float), found[50, 150].astype(float)
    np.testing.assert_allclose(dimmed, 0.65 * 255 + 0.35 * full, atol=1.5)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_outline_is_sharp_and_even_on_both_sides(ratio: float) -> None:
    found = has(picture(figure_of(Region(2, 8, "selection", 2, 8)), ratio=ratio), "selection")
    row, column = found[found.shape[0] // 2], found[:, found.shape[1] // 2]
    thick = {1.0: 3, 2.0: 5}[ratio]
    for line in (row, column):
        edges = np.flatnonzero(np.diff(line.astype(int), prepend=0, append=0)).reshape(-1, 2)
        assert [stop - start for start, stop in edges.tolist()] == [thick, thick]
        assert edges[0, 0] + edges[1, 1] == len(line)


def test_a_region_without_height_covers_the_plot() -> None:
    found = differing(picture(figure_of(Region(2, 8, "veil"), Region(2, 8, "selection"))))
    assert found[:, 40].all()
    assert not found[:, 50:150].any()


def test_a_region_without_a_place_is_left_out() -> None:
    for region in (
        Region(NAN, 5, "selection"),
        Region(1, 5, "veil", NAN, 3.0),
        Region(1, 5, "input", 1.0, NAN),
    ):
        assert not differing(picture(figure_of(region))).any()
