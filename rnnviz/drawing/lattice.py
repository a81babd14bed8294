"""Which cell each device pixel of a heat map belongs to, along one direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.drawing.whole import whole, wholes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.intp]

SEEN_GAP = 6  # logical pixels of pitch from which a gap that was asked for is never lost
NARROW = 3  # gaps below so many device pixels keep their width, cells of wider gaps keep theirs


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """Cells side by side in device pixels: starts and stops, (n,), of what is coloured of each.

    Compares by identity: while a picture keeps its size its lattices are the same objects, so that what is
    derived from them can be kept.
    """

    starts: Whole
    stops: Whole

    @property
    def count(self) -> int:
        """The number of cells."""
        return len(self.starts)

    @property
    def least(self) -> int:
        """The width of the narrowest cell."""
        return int((self.stops - self.starts).min())

    def within(self, low: int, high: int) -> tuple[int, int]:
        """Return the pixels from the first to the last cell, cut to low … high."""
        first = max(low, int(self.starts[0]))
        return first, max(first, min(high, int(self.stops[-1])))


@lru_cache(maxsize=128)
def owners(cells: Lattice, low: int, high: int, corner: int) -> Whole:
    """Return for each pixel of low … high its cell × (corner + 1) + its distance from the cell's edge.

    The distance is at most `corner`, the inside of the cell. Gaps have the number after the last cell's. The
    array is kept, so it is read-only.
    """
    pixels = np.arange(low, high)
    cell = np.clip(np.searchsorted(cells.starts, pixels, "right") - 1, 0, cells.count - 1)
    before, after = pixels - cells.starts[cell], cells.stops[cell] - 1 - pixels
    found: Whole = cell * (corner + 1) + np.minimum(np.minimum(before, after), corner)
    found[(before < 0) | (after < 0)] = cells.count * (corner + 1)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=128)
def lattice(first: float, last: float, count: int, fill: float, ratio: float) -> Lattice:
    """Divide the device pixels first … last into `count` cells of which the share `fill` is coloured."""
    edges = first + (last - first) * np.arange(count + 1) / count
    pitch = (last - first) / count
    gap = gap_of(pitch, fill, ratio)
    if gap < NARROW * ratio:
        bounds = wholes(edges).astype(np.intp)
        lead = gap // 2
        starts, stops = bounds[:-1] + lead, bounds[1:] - (gap - lead)
    else:
        half = max(1, whole((pitch - gap) / 2))
        centres = wholes((edges[:-1] + edges[1:]) / 2).astype(np.intp)
        starts, stops = centres - half, centres + half
    return Lattice(starts, np.maximum(stops, starts + 1))


def gap_of(pitch: float, fill: float, ratio: float) -> int:
    """Return the device pixels left free between cells."""
    if fill >= 1.0:
        return 0
    gap = whole((1.0 - max(0.0, fill)) * pitch)
    if pitch >= SEEN_GAP * ratio:
        gap = max(gap, whole(ratio))
    return max(0, min(gap, int(pitch) - 1))


def coverage(radius: float) -> NDArray[np.float64]:
    """Return how much of each pixel near a rounded corner is inside: (n + 1, n + 1), n the radius rounded up.

    Entry (i, j) is the pixel i from one edge and j from the other; the last row and column are inside.
    """
    reach = int(np.ceil(radius))
    cover = np.ones((reach + 1, reach + 1))
    at = radius - (np.arange(reach) + 0.5)
    distance = np.hypot(np.maximum(at, 0)[:, None], np.maximum(at, 0)[None, :])
    cover[:reach, :reach] = np.clip(radius - distance + 0.5, 0.0, 1.0)
    return cover
