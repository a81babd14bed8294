"""Values to colours: the maps of a theme as look-up tables.

Plain interpolation between a theme's few anchors, so nothing has to be imported before the first frame.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from rnnviz.figures.model import Map, Scale
    from rnnviz.figures.theme import Theme

    Floats: TypeAlias = NDArray[np.float64]

_FIRST, _LAST, _NAN = 1, 255, 256  # entries of a table: an odd number of shades, so that there is a middle
_TINY = float(np.finfo(np.float64).tiny)


def rgb(colour: str) -> tuple[int, int, int]:
    """Split `#rrggbb` into three whole numbers of 0 … 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colours: ArrayLike) -> Floats:
    """Compute the relative luminance, 0 … 1, of sRGB colours (..., 3) of 0 … 255 (WCAG 2.1)."""
    c = np.asarray(colours, np.float64) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), np.float64)


def contrast(first: str, second: str) -> float:
    """Measure how far two colours are apart in lightness, 1 … 21 (WCAG 2.1)."""
    low, high = sorted(luminance([rgb(first), rgb(second)]).tolist())
    return float((high + 0.05) / (low + 0.05))


@cache
def lut(name: Map, theme: Theme) -> NDArray[np.uint32]:
    """Tabulate a map as (257,) read-only 0xAARRGGBB.

    Entry 1 (and 0) is the low end, 128 the exact middle, 255 the high end; 256, for NaN, is transparent.
    """
    shades = _shades(name, theme).astype(np.uint32)
    table = np.zeros(_NAN + 1, np.uint32)
    table[:_NAN] = 0xFF000000 | shades[:, 0] << 16 | shades[:, 1] << 8 | shades[:, 2]
    table.flags.writeable = False
    return table


def _shades(name: Map, theme: Theme) -> Floats:
    """Interpolate the opaque colours of a map: (256, 3) whole numbers of 0 … 255."""
    anchors = np.array([rgb(colour) for colour in theme.maps[name]], np.float64)
    at = np.linspace(_FIRST, _LAST, len(anchors))
    return np.stack([np.interp(np.arange(_NAN), at, channel) for channel in anchors.T], axis=1).round()


def argb(values: ArrayLike, scale: Scale, theme: Theme) -> NDArray[np.uint32]:
    """Colour each value: premultiplied 0xAARRGGBB in the shape of `values`.

    NaN is transparent. What lies outside the scale, infinities included, has the colour of its end; on a
    logarithmic scale so have zero and negative values.
    """
    return lut(scale.map, theme).take(_entries(values, scale))


def _entries(values: ArrayLike, scale: Scale) -> NDArray[np.intp]:
    """Find each value's entry of a table; a scale without extent has its value in the middle."""
    v, low, high = np.asarray(values, np.float64), scale.low, scale.high
    if scale.log:
        v, low, high = np.log10(np.maximum(v, _TINY)), _log10(low), _log10(high)
    if not low / 2 < high / 2:
        v, low, high = np.sign(v / 2 - low / 2), -1.0, 1.0
    v = np.minimum(np.maximum(v, low), high)  # first, so that nothing below can overflow
    v = (v / 2 - low / 2) / (high / 2 - low / 2) * (_LAST - _FIRST) + _FIRST
    return np.rint(np.where(np.isnan(v), _NAN, v)).astype(np.intp)


def _log10(bound: float) -> float:
    return float(np.log10(max(bound, _TINY)))


def ink(values: ArrayLike, scale: Scale, theme: Theme) -> NDArray[np.bool_]:
    """Tell whether light text reads better than dark on the colour of each value; see `INKS`."""
    return _light(scale.map, theme).take(_entries(values, scale))


INKS = ("#000000", "#ffffff")
"""The dark and the light colour of text on a map: only the extremes reach 4.5:1 on every shade."""


@cache
def _light(name: Map, theme: Theme) -> NDArray[np.bool_]:
    dark, light = (luminance(rgb(colour)) for colour in INKS)
    empty = rgb(theme["panel"])  # a cell without a value shows the card under it
    shade = luminance(np.append(_shades(name, theme), [empty], axis=0))
    return np.asarray((light + 0.05) / (shade + 0.05) > (shade + 0.05) / (dark + 0.05))


def legend_values(scale: Scale, n: int) -> Floats:
    """List `n` values from the low to the high end of a scale, equally far apart as colours are."""
    if scale.log:
        return np.logspace(_log10(scale.low), _log10(scale.high), n)
    return np.linspace(scale.low, scale.high, n)
