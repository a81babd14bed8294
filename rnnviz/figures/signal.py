"""A sequence of numbers as curves, to look at and to draw upon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Line, Plot
from rnnviz.figures.numbers import largest, nice_ceiling
from rnnviz.figures.spots import spots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

SHOWN = 400  # numbers side by side


def signal_plot(scene: Scene) -> Plot:
    """Return all numbers of a short sequence, or those around the playhead, and dashed what is predicted.

    The n-th number is the input of step n and the target of the step before, so ŷ_t stands at t + 1.
    """
    values = _values(scene)
    start, stop = shown_numbers(scene)
    n = np.arange(start + 1, stop + 1, dtype=float)
    curves = _curves(n, values[start:stop], "input", dashed=False)
    predicted = scene.analysis.trace.probabilities[max(0, start - 1) : stop - 1, 0]
    guesses = _curves(n[-len(predicted) :], predicted, "readout", dashed=True)
    high = max(1.0, nice_ceiling(largest(values)))
    return Plot(
        "signal",
        Axis(start + 0.5, stop + 0.5, whole=True),
        Axis(-high, high),
        (*guesses, *curves, *_picked(scene, "x", curves), *_picked(scene, "y", guesses)),
        clip=True,
    )


def _picked(scene: Scene, quantity: str, curves: tuple[Line, ...]) -> list[Line]:
    """Return the curves of those numbers of a quantity that are picked once more."""
    rows = (spot.row for spot in spots(scene) if spot.quantity == quantity)
    return [replace(curves[row], role="selection") for row in rows if row < len(curves)]


def shown_numbers(scene: Scene) -> tuple[int, int]:
    """Return which numbers (start, stop) are shown."""
    count = len(_values(scene))
    start = 0 if count <= SHOWN else int(min(max(0, scene.step - SHOWN // 2), count - SHOWN))
    return start, min(count, start + SHOWN)


def channel_at(scene: Scene, x: float, y: float) -> int:
    """Return which of the curves is nearest to a place."""
    values = _values(scene)
    row = values[min(max(0, round(x) - 1), len(values) - 1)]
    return int(np.abs(row - y).argmin())


def in_brief(numbers: Iterable[float], digits: int) -> str:
    """Write the numbers of a step with few digits, semicolons between them."""
    return ";".join(f"{number:.{digits}g}" for number in numbers).replace("-", "−")


def _values(scene: Scene) -> Floats:
    assert scene.signal is not None
    return scene.signal


@memoised
def _curves(n: Floats, values: Floats, role: str, *, dashed: bool) -> tuple[Line, ...]:
    return tuple(Line(n, column, role, dashed=dashed) for column in values.T)
