"""The network unrolled in time: tokens in, one strip of units a step, predictions out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT, Columns, columns_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import (
    Arrows,
    Axis,
    Boxes,
    Figure,
    GutterLabel,
    Heatmap,
    Margins,
    Mark,
    Plot,
    Region,
    Text,
)
from rnnviz.figures.notation import visible
from rnnviz.figures.states import state_scale, states

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

SHARED = "weights are shared by every step"
INPUT, HIDDEN, OUTPUT = 0.1, 0.5, 0.9  # heights of the three rows
STRIP = 0.82  # share of a frame's width that its cells take
BOX_BOTTOM, BOX_TOP = 0.25, 0.75
GUTTER = (
    GutterLabel(OUTPUT, "ŷ_t", "muted"),
    GutterLabel(HIDDEN, "h_t", "hidden"),
    GutterLabel(INPUT, "x_t", "input"),
)


@register("network", "Network, unrolled in time")
def network(scene: Scene) -> Figure:
    """Show h_0, x_t, h_t and ŷ_t as one column a step, the future behind a veil."""
    columns = columns_of(scene)
    if not columns.count:
        return Figure("Network, unrolled in time", "The sequence has no step yet.", (), message=TOO_SHORT)
    width = box_width(columns.count + 1)
    shown = slice(columns.start, columns.stop)
    tokens = tuple(visible(token) for token in scene.inputs[shown])
    recurrent = "weight_hh_l0" in scene.parameters
    h = states(scene)
    marks = (
        *skeleton(columns, width, tokens, recurrent),
        units(columns.start, width, h, scene.spec.activation),
        predictions(columns, predicted(scene, columns)),
        *at_playhead(scene, columns, width, tokens),
    )
    plot = Plot("network", columns.axis(), Axis(shown=False), marks, gutter=GUTTER)
    margins = Margins(top=10, bottom=10)
    return Figure(
        "Network, unrolled in time",
        describe(scene, columns),
        (plot,),
        margins=margins,
        note=columns.note() or SHARED,
    )


def box_width(columns: int) -> float:
    """Return a strip's width in columns: slender when there is much room, never touching its neighbour."""
    return min(0.62, 0.16 + 0.045 * columns)


def describe(scene: Scene, columns: Columns) -> str:
    """Say in one sentence what the diagram shows."""
    prediction = visible(predicted(scene, columns)[scene.step - columns.start])
    read = visible(scene.inputs[scene.step])
    return (
        f"{scene.steps} copies of one {scene.spec.cell} cell with {scene.spec.hidden_size} units; "
        f"step {scene.step + 1} reads {read} and predicts {prediction}."
    )


def predicted(scene: Scene, columns: Columns) -> tuple[str, ...]:
    """Return the likeliest token of each step; a dash where the probabilities are not numbers."""
    probabilities = scene.analysis.trace.probabilities[columns.start : columns.stop, 0]
    best, known = probabilities.argmax(1).tolist(), np.isfinite(probabilities.sum(1)).tolist()
    return tuple(scene.vocabulary[k] if ok else "–" for k, ok in zip(best, known, strict=True))


@memoised
def skeleton(
    columns: Columns, width: float, tokens: tuple[str, ...], recurrent: bool
) -> tuple[Arrows, Arrows, Arrows, Boxes, Text]:
    """Return what no weight changes: arrows, frames and input tokens."""
    t = np.arange(columns.start + 1, columns.stop + 1, dtype=float)
    before = t[:-1] if not recurrent else np.concatenate(([columns.start], t[:-1]))
    after = t if recurrent else t[:0]
    before = before if recurrent else before[:0]
    framed = np.concatenate(([columns.start], t)) if recurrent else t
    across = np.stack(
        [before + width / 2, np.full_like(before, HIDDEN), after - width / 2, np.full_like(after, HIDDEN)], 1
    )
    return (
        Arrows(_upward(t, INPUT, BOX_BOTTOM), "input"),
        Arrows(across, "hidden"),
        Arrows(_upward(t, BOX_TOP, 0.83), "readout"),
        Boxes(_at(framed, HIDDEN), (width, BOX_TOP - BOX_BOTTOM), "frame"),
        Text(_at(t, INPUT), tokens, "text", "circle", "input", pitch=1.0),
    )


def _upward(t: Floats, low: float, high: float) -> Floats:
    return np.stack([t, np.full_like(t, low), t, np.full_like(t, high)], 1)


def _at(t: Floats, height: float) -> Floats:
    return np.stack([t, np.full_like(t, height)], 1)


@memoised
def units(start: int, width: float, h: Floats, activation: str) -> Heatmap:
    """Return the strips: one heat map whose gaps leave room between the steps."""
    scale = state_scale(h, activation)
    return Heatmap(
        h.T,
        scale,
        start - 0.5,
        BOX_TOP - 0.02,
        BOX_BOTTOM + 0.02,
        STRIP * width,
        rounded=True,
        decimals=2,
    )


@memoised
def predictions(columns: Columns, tokens: tuple[str, ...]) -> Text:
    """Return the likeliest next token above each step."""
    t = np.arange(columns.start + 1, columns.stop + 1, dtype=float)
    return Text(_at(t, OUTPUT), tuple(visible(token) for token in tokens), "text", "box", "frame", pitch=1.0)


def at_playhead(scene: Scene, columns: Columns, width: float, tokens: tuple[str, ...]) -> tuple[Mark, ...]:
    """Return the marks that say where we are: the veil over the future, an outline, a solid token."""
    t = scene.step + 1
    here = Text(
        np.array([[t, INPUT]], float),
        (tokens[scene.step - columns.start],),
        "text",
        "circle",
        "input",
        solid=frozenset({0}),
        pitch=1.0,
    )
    margin = 0.04
    return (
        here,
        Region(t + 0.5, columns.stop + 0.5, "veil"),
        Region(t - width / 2, t + width / 2, "selection", BOX_BOTTOM - margin / 2, BOX_TOP + margin / 2),
    )
