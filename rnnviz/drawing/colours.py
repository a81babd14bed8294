"""Roles as Qt colours."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from rnnviz.figures.colour import contrast
from rnnviz.figures.layout import LARGEST

if TYPE_CHECKING:
    from rnnviz.figures.model import Scale
    from rnnviz.figures.theme import Theme


def colour(theme: Theme, role: str) -> QColor:
    """Return the colour of a role; KeyError if the theme has none of that name."""
    return named(theme.roles[role])


@lru_cache(maxsize=256)
def named(value: str) -> QColor:
    """Return the colour written `#rrggbb`; shared, so it must not be changed."""
    return QColor(value)


@lru_cache(maxsize=64)
def finite(scale: Scale) -> Scale:
    """Return the scale with ends that can be divided; those of an overflow become those of a unit."""
    if all(abs(end) <= LARGEST for end in (scale.low, scale.high)):
        return scale
    return replace(scale, low=0.1 if scale.log else -1.0, high=1.0)


@lru_cache(maxsize=256)
def ink_on(theme_text: str, theme_ground: str, fill: str) -> str:
    """Return which of the theme's text and ground colours reads better on `fill`."""
    return max(theme_text, theme_ground, key=lambda ink: contrast(ink, fill))
