"""How wide equations are laid out, so that they fill a panel at the largest size that it has room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SCALES = (1.75, 1.5, 1.25, 1.0)
NARROW, SMALLEST = 400.0, 0.8  # pixels below which letters become smaller, and how small they may be


def fitted_room(width: float, height: float, laid_out: Callable[[float], float]) -> float:
    """Return the room in which lines are broken in a panel of width × height pixels.

    laid_out: the height that equations have in a room. They scroll where no size makes them fit.
    """
    for scale in SCALES:
        if laid_out(width / scale) * scale <= height:
            return width / scale
    return width / min(1.0, max(SMALLEST, width / NARROW))
