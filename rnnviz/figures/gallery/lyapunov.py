"""Lyapunov exponents: whether nearby states of this run come together or drift apart, step by step."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS, lyapunov_exponents
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, written

if TYPE_CHECKING:
    from rnnviz.engine import LyapunovExponents, NetworkSpec, Parameters, Trace
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Lyapunov exponents"
BOTH_WAYS = (
    "In a network of two directions no state follows from the one before alone, so it has no exponents."
)
TOO_MUCH = (
    "So many steps of so many units take too long to follow live; shorten the text or take fewer units."
)
MOST_WORK = 3e7  # steps times the cube of the numbers of a state: what their QR decompositions cost
SHOWN = 4  # of the largest exponents as curves


@register("lyapunov", "Lyapunov exponents")
def lyapunov(scene: Scene) -> Figure:
    """Show how the largest exponents settle over the steps, and all of them as they are after the last."""
    refusal = _refusal(scene)
    if refusal:
        return Figure(TITLE, refusal, (), message=refusal)
    found = _found(scene.spec, scene.parameters, scene.analysis.trace)
    largest_one = float(found.exponents[0])
    note = f"after {scene.steps} steps: largest {written(largest_one)}"
    return Figure(
        TITLE,
        f"The finite-time Lyapunov exponents of this run of {scene.steps} steps. {_says(largest_one)}",
        (_running(scene, found), _spectrum(found)),
        columns=2,
        margins=Margins(left=52, top=30, right=16, bottom=40),
        note=note,
        caption=f"Finite-time: of these {scene.steps} steps alone. {_says(largest_one)}",
    )


def _refusal(scene: Scene) -> str:
    if not scene.steps:
        return TOO_SHORT
    if scene.spec.bidirectional:
        return BOTH_WAYS
    size = scene.spec.num_layers * scene.spec.hidden_size * len(CELLS[scene.spec.cell].states)
    return TOO_MUCH if scene.steps * size**3 > MOST_WORK else ""


@lru_cache(maxsize=1)
def _found(spec: NetworkSpec, params: Parameters, trace: Trace) -> LyapunovExponents:
    return lyapunov_exponents(spec, params, trace)


def _says(exponent: float) -> str:
    if np.isnan(exponent):
        return "The run is not finite."
    if exponent == -np.inf:
        return "Nearby states become one."
    factor = f"×{written(float(np.exp(min(exponent, 700.0))))} a step"
    if abs(exponent) < 0.02:
        return f"Nearby states keep their distance, {factor}."
    return f"Nearby states {'drift apart' if exponent > 0 else 'come together'}, {factor}."


def _range(values: Floats) -> tuple[float, float]:
    """Return a range that holds zero and the values, and rests while they move a little."""
    low, high = (largest(part) for part in (np.minimum(values, 0.0), np.maximum(values, 0.0)))
    top = nice_ceiling(max(high, 0.1), FINE_STEPS)
    return -nice_ceiling(max(low, 0.1), FINE_STEPS), top


def _running(scene: Scene, found: LyapunovExponents) -> Plot:
    """Return the curves of the largest exponents over the steps, and where the playhead is."""
    steps = np.arange(1, scene.steps + 1, dtype=float)
    ends = np.array([0.5, scene.steps + 0.5])
    shown = found.running[:, :SHOWN]
    curves = [
        Line(
            steps,
            np.where(np.isfinite(curve), curve, np.nan),
            "hidden" if n == 0 else "muted",
            "" if n else "largest",
        )
        for n, curve in enumerate(shown.T)
    ]
    here = shown[scene.step : scene.step + 1]
    points = Points(np.stack([np.full(here.shape[1], scene.step + 1.0), here[0]], 1), "selection", size=6.0)
    marks: tuple[Mark, ...] = (Line(ends, np.zeros(2), "muted", dashed=True), *reversed(curves), points)
    x = Axis(0.5, scene.steps + 0.5, "steps so far", whole=True)
    return Plot("running", x, Axis(*_range(shown)), marks, heading="exponents so far, nats a step", clip=True)


def _spectrum(found: LyapunovExponents) -> Plot:
    """Return all exponents in their order."""
    count = len(found.exponents)
    numbers = np.arange(1, count + 1, dtype=float)
    points = Points(np.stack([numbers, found.exponents], 1)[np.isfinite(found.exponents)], "hidden", size=6.0)
    zero = Line(np.array([0.5, count + 0.5]), np.zeros(2), "muted", dashed=True)
    x = Axis(0.5, count + 0.5, "exponent, the largest first", whole=True)
    y = Axis(*_range(found.exponents))
    return Plot("spectrum", x, y, (zero, points), heading="all, after the last step", clip=True)
