"""What the sheet of equations shows: which way, how much of it, and the gradient of which weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EquationsView:
    """How the sheet is chosen.

    way: from x to ŷ, or from the loss back. unit: one unit with all its products, counted from 0; None for
    whole vectors. parameter: the kind of weight whose gradient the backward sheet sums up (W_X, W_H, W_Y, b,
    b_Y, E).
    """

    way: Literal["forward", "backward"] = "forward"
    unit: int | None = None
    parameter: str = "W_H"
