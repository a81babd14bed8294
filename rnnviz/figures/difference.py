"""How far the values of one sequence are from those of another at the same steps, on the same network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import shown_columns
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Bars, Heatmap, Scale
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, short

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Mark, Plot
    from rnnviz.figures.scene import Scene

DELTA = "Δ"


def other_scene(scene: Scene) -> Scene | None:
    """Return the scene of the other sequence, cut to the same columns; None if they share no step."""
    columns = shown_columns(scene)
    if scene.baseline is None or columns.start >= scene.baseline.trace.steps:
        return None
    steps = min(columns.stop, scene.baseline.trace.steps)
    return replace(
        scene,
        analysis=scene.baseline,
        inputs=scene.inputs[:steps],
        targets=scene.targets[:steps],
        step=min(scene.step, steps - 1),
        columns=(columns.start, steps),
        silent=frozenset(),
        baseline=None,
    )


def differing(plot: Plot, other: Plot | None) -> Plot:
    """Return a track with this less that; there is nothing at steps that the other has not."""
    marks = tuple(_less(mark, None if other is None else other.marks[n]) for n, mark in enumerate(plot.marks))
    if all(new is old for new, old in zip(marks, plot.marks, strict=True)):
        return plot
    gutter = tuple(replace(label, text=f"{DELTA}{label.text}") for label in plot.gutter)
    if not isinstance(marks[0], Bars):
        return replace(plot, marks=marks, gutter=gutter)
    high = nice_ceiling(largest(marks[0].heights), FINE_STEPS)
    ends = tuple((end, short(end).replace("-", "−")) for end in (-high, high))
    return replace(
        plot, marks=marks, y=Axis(-high, high, ticks=ends), gutter=tuple(replace(g, at=0.0) for g in gutter)
    )


def _less(mark: Mark, other: Mark | None) -> Mark:
    if isinstance(mark, Heatmap) and mark.texts is None:
        values = None if not isinstance(other, Heatmap) else other.values
        return _cells(mark.values, values, mark.left, mark.fill, mark.scale.label)
    if isinstance(mark, Bars):
        heights = None if not isinstance(other, Bars) else other.heights
        return _bars(mark.heights, heights, mark.role, mark.start)
    return mark


@memoised
def _cells(values: Floats, others: Floats | None, left: float, fill: float, label: str) -> Heatmap:
    shown = _difference(values, others)
    limit = nice_ceiling(largest(shown), FINE_STEPS)
    return Heatmap(shown, Scale("signed", -limit, limit, label=f"{DELTA}{label}"), left, 1.0, 0.0, fill)


@memoised
def _bars(heights: Floats, others: Floats | None, role: str, start: float) -> Bars:
    return Bars(_difference(heights, others), role, start)


@np.errstate(all="ignore")
def _difference(values: Floats, others: Floats | None) -> Floats:
    """Return values less others along the last axis, NaN past the end of the others."""
    found = np.full(values.shape, np.nan)
    if others is not None:
        n = min(values.shape[-1], others.shape[-1])
        found[..., :n] = values[..., :n] - others[..., :n]
    return found
