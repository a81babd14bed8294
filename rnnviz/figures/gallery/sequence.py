"""The sequence: tokens, their one-hot vectors and the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Figure, GutterLabel, Heatmap, Margins, Plot, Region, Scale, Text
from rnnviz.figures.notation import visible

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

SHOWN = 12  # steps side by side: as many as can be read in a narrow panel
ONE_HOT = Scale("probability", 0.0, 1.0)


@register("sequence", "Sequence")
def sequence(scene: Scene) -> Figure:
    """Show the inputs, one-hot, and the targets near the playhead; those left out of the loss are struck."""
    if not scene.steps:
        return Figure("Sequence", "The sequence has no step yet.", (), message=TOO_SHORT)
    start = first_shown(scene.steps, scene.step)
    stop = min(scene.steps, start + SHOWN)
    axis = Axis(start + 0.5, start + 0.5 + max(stop - start, 4), shown=False)
    inputs = tuple(visible(token) for token in scene.inputs[start:stop])
    targets = tuple(visible(token) for token in scene.targets[start:stop])
    silent = frozenset(t - start for t in scene.silent if start <= t < stop)
    labels = tuple((row + 0.5, visible(token)) for row, token in enumerate(scene.vocabulary))
    size = len(scene.vocabulary)
    here = Region(scene.step + 0.5, scene.step + 1.5, "selection")
    plots = (
        Plot(
            "inputs",
            axis,
            Axis(shown=False),
            (tokens(start, inputs, "input"),),
            gutter=_gutter("x_t", "input"),
        ),
        Plot(
            "one-hot",
            axis,
            Axis(0, size, reverse=True, ticks=labels),
            (
                one_hot(
                    start, tuple(scene.vocabulary.index(token) for token in scene.inputs[start:stop]), size
                ),
            ),
            weight=min(4.0, 1.0 + 0.7 * size),
        ),
        Plot(
            "targets",
            axis,
            Axis(shown=False),
            (tokens(start, targets, "readout", silent),),
            gutter=_gutter("y_t", "readout"),
        ),
    )
    margins = Margins(left=34, top=4, right=6, bottom=4, between_rows=4)
    lost = f", {len(scene.silent)} left out of the loss" if scene.silent else ""
    sentence = f"{scene.steps} inputs and the tokens that follow them as targets{lost}."
    return Figure(
        "Sequence",
        sentence,
        plots,
        across=(here,),
        margins=margins,
        note=_shown(start, stop, scene.steps),
    )


def first_shown(steps: int, step: int) -> int:
    """Return the first of the steps shown around `step`, moving by half a window at a time."""
    if steps <= SHOWN:
        return 0
    half = SHOWN // 2
    return int(min(max(0, (step // half) * half - half // 2), steps - SHOWN))


def _shown(start: int, stop: int, steps: int) -> str:
    return "" if stop - start == steps else f"{start + 1:,}–{stop:,} of {steps:,}"


def _gutter(text: str, role: str) -> tuple[GutterLabel, ...]:
    return (GutterLabel(0.5, text, role),)


@memoised
def tokens(start: int, strings: tuple[str, ...], role: str, struck: frozenset[int] = frozenset()) -> Text:
    """Return one framed token a step."""
    t = np.arange(start + 1, start + 1 + len(strings), dtype=float)
    frame: Literal["circle", "box"] = "circle" if role == "input" else "box"
    at = np.stack([t, np.full_like(t, 0.5)], 1)
    return Text(at, strings, "text", frame, role if role == "input" else "frame", struck=struck, pitch=1.0)


@memoised
def one_hot(start: int, ids: tuple[int, ...], size: int) -> Heatmap:
    """Return the one-hot vectors as columns: a single one each."""
    values = np.eye(size)[list(ids)].T
    return Heatmap(values, ONE_HOT, start + 0.5, 0.0, size, 0.9, rounded=True, decimals=0)
