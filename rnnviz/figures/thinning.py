"""Fewer points for the same picture of a long curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.figures.model import Floats


def thinned(x: Floats, y: Floats, low: float, high: float, bins: int) -> tuple[Floats, Floats]:
    """Return the part of a curve from low to high with at most about 2·bins points, for ascending x.

    Each bin keeps its lowest and its highest point where they are, so no peak is lost, however narrow. The
    neighbours outside of the range are kept, so that the curve leaves the picture where it should. A bin
    without any number is a gap.
    """
    start = max(0, int(np.searchsorted(x, low)) - 1)
    stop = min(len(x), int(np.searchsorted(x, high, "right")) + 1)
    x, y = x[start:stop], y[start:stop]
    size = len(x) // max(1, bins)
    if size < 3:
        return x, y
    whole = len(x) // size * size
    rows = y[:whole].reshape(-1, size)
    at = np.stack(_extremes(rows), 1)
    at.sort(1)
    kept = (at + np.arange(0, whole, size)[:, None]).ravel()
    kept = np.concatenate((kept, np.arange(whole, len(x))))
    return x[kept], y[kept]


def _extremes(rows: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the lowest and the highest number of each row are."""
    with np.errstate(all="ignore"):
        if np.isfinite(rows.sum()):  # far quicker than to look at each
            return rows.argmin(1), rows.argmax(1)
    known = np.isfinite(rows)
    return np.where(known, rows, np.inf).argmin(1), np.where(known, rows, -np.inf).argmax(1)
