"""Cells on device pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.drawing.lattice import coverage, gap_of, lattice, owners


@given(
    first=st.floats(-500, 500), extent=st.floats(1, 2000), count=st.integers(1, 300),
    fill=st.floats(0, 1), ratio=st.sampled_from([1.0, 1.5, 2.0]), corner=st.integers(0, 4),
)  # fmt: skip
def test_each_pixel_belongs_to_the_cell_it_lies_in(
    first: float, extent: float, count: int, fill: float, ratio: float, corner: int
) -> None:
    count = min(count, int(extent))
    cells = lattice(first, first + extent, count, fill, ratio)
    assert cells.count == count
    assert (cells.stops > cells.starts).all()
    low, high = cells.within(-1000, 3000)
    found = owners(cells, low, high, corner)
    pitch = extent / count
    for pixel, owner in zip(range(low, high), found.tolist(), strict=True):
        cell, distance = divmod(owner, corner + 1)
        if cell < count:
            assert abs(pixel + 0.5 - (first + (cell + 0.5) * pitch)) <= pitch / 2 + 1
            assert distance <= corner


def test_a_window_cuts_the_cells() -> None:
    cells = lattice(0, 1000, 10, 1.0, 1.0)
    assert cells.within(250, 620) == (250, 620)
    assert cells.within(2000, 3000) == (2000, 2000)
    assert owners(cells, 250, 255, 0).tolist() == [2] * 5


@pytest.mark.parametrize(
    ("pitch", "fill", "ratio", "gap"),
    [
        (18, 1.0, 1, 0), (18, 0.96, 1, 1), (18, 0.99, 1, 1), (18, 0.99, 2, 2), (3, 0.96, 1, 0),
        (20, 0.5, 1, 10), (3, 0.0, 1, 2),
    ],
)  # fmt: skip
def test_gaps(pitch: float, fill: float, ratio: float, gap: int) -> None:
    assert gap_of(pitch, fill, ratio) == gap


@given(radius=st.floats(1, 8))
def test_a_corner_is_covered_less_the_nearer_to_its_tip(radius: float) -> None:
    cover = coverage(radius)
    assert cover[0, 0] < 0.9
    assert (cover[-1] == 1).all()
    np.testing.assert_array_equal(cover, cover.T)
    assert (np.diff(cover, axis=0) >= -1e-9).all()
    lost = (1 - cover).sum()
    assert lost == pytest.approx((1 - np.pi / 4) * radius**2, rel=0.35)
