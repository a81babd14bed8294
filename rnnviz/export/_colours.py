"""Few colours for many pictures: one palette for all frames, flat colours exactly as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from rnnviz.export._movies import Pixels

    Colours: TypeAlias = NDArray[np.uint32]

MOST = 255  # of the 256 of a GIF: one says “as before”
EXACT = 32  # of those, the most frequent colours, which stay as they are
ROUNDS = 3  # in which the others find their places (Lloyd's algorithm)
_AT_ONCE = 2048
_ALL = 1 << 24


def packed(pixels: Pixels) -> Colours:
    """Return (…, 3) bytes as one number a pixel, red highest."""
    red, green, blue = (pixels[..., n].astype(np.uint32) for n in range(3))
    return (red << 16 | green << 8 | blue).astype(np.uint32)


def unpacked(colours: Colours) -> Pixels:
    """Return one number a pixel as (…, 3) bytes."""
    return np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], -1).astype(np.uint8)


class Census:
    """Counts how often each colour occurs: in the first picture, and in what changes after it."""

    def __init__(self) -> None:
        self.counts = np.zeros(_ALL, np.uint32)
        self._last: Colours | None = None

    def add(self, picture: Colours) -> None:
        """Count the pixels of a picture, (height, width), that differ from the last one."""
        new = picture.ravel() if self._last is None else picture[picture != self._last]
        colours, counts = np.unique(new, return_counts=True)
        self.counts[colours] += counts.astype(np.uint32)
        self._last = picture

    def palette(self) -> Colours:
        """Return at most `MOST` colours that stand for all."""
        present = np.flatnonzero(self.counts).astype(np.uint32)
        if len(present) <= MOST:
            return present
        order = present[np.argsort(-self.counts[present].astype(np.int64), kind="stable")]
        rest = order[EXACT:]
        weights = np.sqrt(self.counts[rest])
        found = np.concatenate([order[:EXACT], _median_cut(rest, weights, MOST - EXACT)])
        for _ in range(ROUNDS):
            _settle(found, rest, weights)
        return found


def _median_cut(colours: Colours, weights: NDArray[np.floating], count: int) -> Colours:
    """Return `count` colours that lie among all the others, the nearer the more weight those have."""
    points = unpacked(colours).astype(np.float64)
    boxes = [np.arange(len(colours))]
    spreads = [_spread(points, weights)]
    while len(boxes) < count and max(spreads) > 0:
        widest = spreads.index(max(spreads))
        del spreads[widest]
        halves = _halves(boxes.pop(widest), points, weights)
        boxes += halves
        spreads += [_spread(points[box], weights[box]) for box in halves]
    means = [np.average(points[box], axis=0, weights=weights[box]) for box in boxes]
    return packed(np.round(means).astype(np.uint8))


def _settle(palette: Colours, colours: Colours, weights: NDArray[np.floating]) -> None:
    """Move each colour of a palette that need not be exact to the middle of those that it stands for."""
    nearest, points = _nearest(colours, palette), unpacked(colours).astype(np.float64)
    shares = np.bincount(nearest, weights, len(palette))
    sums = [np.bincount(nearest, weights * points[:, n], len(palette)) for n in range(3)]
    moved = np.flatnonzero(shares > 0)
    moved = moved[moved >= EXACT]
    means = np.stack(sums, 1)[moved] / shares[moved, None]
    palette[moved] = packed(np.round(means).astype(np.uint8))


def _spread(points: NDArray[np.floating], weights: NDArray[np.floating]) -> float:
    """Return how far colours are from their mean, along the channel in which that is farthest."""
    mean = np.average(points, axis=0, weights=weights)
    return float((weights[:, None] * (points - mean) ** 2).sum(axis=0).max())


def _halves(
    box: NDArray[np.intp], points: NDArray[np.floating], weights: NDArray[np.floating]
) -> list[NDArray[np.intp]]:
    """Split colours at the mean of the channel in which they are farthest apart."""
    inside = points[box]
    mean = np.average(inside, axis=0, weights=weights[box])
    channel = int((weights[box][:, None] * (inside - mean) ** 2).sum(axis=0).argmax())
    low = inside[:, channel] <= mean[channel]
    return [box[low], box[~low]]


def places(census: Census, palette: Colours) -> Pixels:
    """Return a table from every colour that was counted to the place of the nearest one in the palette."""
    table = np.zeros(_ALL, np.uint8)
    wanted = np.flatnonzero(census.counts).astype(np.uint32)
    table[wanted] = _nearest(wanted, palette)
    return table


def _nearest(colours: Colours, palette: Colours) -> NDArray[np.intp]:
    """Return the place in the palette that is nearest to each colour."""
    found, given = np.empty(len(colours), np.intp), unpacked(palette).astype(np.float32)
    lengths = np.square(given).sum(axis=1)
    for start in range(0, len(colours), _AT_ONCE):
        some = unpacked(colours[start : start + _AT_ONCE]).astype(np.float32)
        found[start : start + _AT_ONCE] = (lengths - 2 * some @ given.T).argmin(axis=1)
    return found
