"""Fewer points for the same picture of a curve that grows, without looking at all of it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from rnnviz.figures.thinning import thinned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.figures.model import Floats

    Points: TypeAlias = tuple[Floats, Floats]

ALWAYS = 2400
"""Points from which nobody asks whether x ascends: only such a curve is ever so long."""

_NONE: Points = (np.empty(0), np.empty(0))
_LEAST = 4  # points a block from which its lowest and its highest are fewer


class Part(NamedTuple):
    """The range of x that is seen, and on how many pixels of the device."""

    low: float
    high: float
    pixels: int


def is_long(x: Floats, pixels: int) -> bool:
    """Whether a curve has so many points that a few a pixel make the same picture."""
    return len(x) > ALWAYS or (len(x) >= _LEAST * pixels and bool((np.diff(x) >= 0).all()))


def continues(old: NDArray[Any], new: NDArray[Any]) -> bool:
    """Whether an array is another one that is still there, grown longer along its last axis.

    Arrays in figures never change, so it is if both begin at one place in memory.
    """
    return (
        new.__array_interface__["data"][0] == old.__array_interface__["data"][0]
        and new.strides == old.strides
        and new.dtype == old.dtype
        and new.shape[:-1] == old.shape[:-1]
        and new.shape[-1] >= old.shape[-1]
    )


class Thinner:
    """Thins one curve, figure after figure.

    Blocks of points are as long as a power of two, so that they last while a curve grows: those that were
    whole the last time are kept, and only what is new is looked at.
    """

    def __init__(self) -> None:
        self._size = 0  # of a block
        self._cut: Points = _NONE  # the curve as far as it was cut into blocks
        self._kept: Points = _NONE  # what is left of them

    def thinned(self, x: Floats, y: Floats, part: Part) -> Points:
        """Return at most about two points a pixel; see `figures.thinning.thinned`."""
        if not (part.low <= x[0] and x[-1] <= part.high):
            return thinned(x, y, part.low, part.high, part.pixels)
        size = _block(len(x), part.pixels)
        if size < _LEAST:
            return x, y
        if size != self._size or not all(map(continues, self._cut, (x, y))):
            self._cut = self._kept = _NONE
        done, whole = len(self._cut[0]), len(x) // size * size
        if whole > done:
            blocks = _extremes(x[done:whole], y[done:whole], (whole - done) // size)
            self._size, self._cut, self._kept = size, (x[:whole], y[:whole]), _joined(self._kept, blocks)
        return _joined(self._kept, _extremes(x[whole:], y[whole:], 1))


def _block(count: int, blocks: int) -> int:
    """Return the smallest power of two of which `blocks` hold so many points."""
    return 1 << (-(-count // max(1, blocks)) - 1).bit_length()


def _extremes(x: Floats, y: Floats, blocks: int) -> Points:
    return thinned(x, y, -np.inf, np.inf, blocks)


def _joined(one: Points, other: Points) -> Points:
    return np.concatenate((one[0], other[0])), np.concatenate((one[1], other[1]))
