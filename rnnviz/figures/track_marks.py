"""What the tracks of a timeline show: cells, bars and lines with the engine's numbers of the shown steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import columns_of, shown_columns
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Bars, Heatmap, Line, Scale
from rnnviz.figures.notation import visible
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, norms
from rnnviz.figures.states import (
    before_symbol,
    first_column,
    gate,
    lane_looked_at,
    lanes,
    preactivation,
    scale_of,
    shared_symbol,
    state_limit,
    states,
    symbol,
)

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.states import Lane

ONE_HOT = Scale("probability", 0.0, 1.0, label="x_t")
BLANK = Scale("signed", -1.0, 1.0, label="x_t")
ROOM = 0.04  # share of a heat map's column left free between steps


def inputs(scene: Scene) -> Heatmap:
    """Return the inputs: one-hot, one row a token of the vocabulary, or numbers, one row an input."""
    columns, x = shown_columns(scene), scene.analysis.trace.x
    shown = x[columns.start : columns.stop, 0]
    if x.ndim == 2:
        return _one_hot(columns.start, tuple(shown.tolist()), scene.spec.input_size)
    return signed(columns.start + 0.5, np.asarray(shown, float), "x_t")


@memoised
def _one_hot(start: int, ids: tuple[int, ...], size: int) -> Heatmap:
    return Heatmap(np.eye(size)[list(ids)].T, ONE_HOT, start + 0.5, 1.0, 0.0, 1 - ROOM)


def embedded(scene: Scene) -> Heatmap:
    """Return the vectors that the first layer reads, one row a dimension."""
    columns = shown_columns(scene)
    read = scene.analysis.trace.layers[0].directions[0].inputs
    return signed(columns.start + 0.5, read.vectors(columns.start, columns.stop, 0), "e_t")


def tokens(scene: Scene, unit: int | None) -> Heatmap:
    """Return the tokens as words on the colour of a unit of the lane looked at; on none if it is None."""
    columns, lane = shown_columns(scene), lane_looked_at(scene)
    words = tuple(visible(token) for token in scene.inputs[columns.start : columns.stop])
    if unit is None or unit >= scene.spec.hidden_size:
        return _words(columns.start, words, np.full(columns.count, np.nan), BLANK)
    values = states(scene, lane, "h")
    shown = values[:-1] if lane.direction else values[1:]
    # One scale with the track of h, so that equal colours are equal numbers.
    limit = state_limit("h", scene.spec.activation, (values,))
    name = symbol(scene.spec, "h", lane, f"_{{{unit + 1},t}}", scene.notation)
    return _words(columns.start, words, shown[:, unit], scale_of("h", limit, name))


@memoised
def _words(start: int, words: tuple[str, ...], values: Floats, scale: Scale) -> Heatmap:
    return Heatmap(values[None], scale, start + 0.5, 1.0, 0.0, 1 - ROOM, texts=words)


def state_cells(scene: Scene, lane: Lane, name: str) -> Heatmap:
    """Return a state of a lane and what it starts from, one row a unit."""
    label = symbol(scene.spec, name, lane, notation=scene.notation)
    return _state(first_column(scene, lane), states(scene, lane, name), name, scene.spec.activation, label)


@memoised
def _state(start: int, values: Floats, name: str, activation: str, label: str) -> Heatmap:
    scale = scale_of(name, state_limit(name, activation, (values,)), label)
    return Heatmap(values.T, scale, start - 0.5, 1.0, 0.0, 1 - ROOM)


def gate_cells(scene: Scene, lane: Lane, name: str) -> Heatmap:
    """Return a gate of a lane, one row a unit."""
    start, label = shown_columns(scene).start, symbol(scene.spec, name, lane, notation=scene.notation)
    return _gate(start, gate(scene, lane, name), scale_of(name, 1.0, label))


@memoised
def _gate(start: int, values: Floats, scale: Scale) -> Heatmap:
    return Heatmap(values.T, scale, start + 0.5, 1.0, 0.0, 1 - ROOM)


def preactivation_symbol(scene: Scene, lane: Lane, name: str) -> str:
    """Write a preactivation: a_t if there is one a step, a_{f,t} if it is that of a gate."""
    return before_symbol(scene.spec, name, lane, notation=scene.notation)


def preactivation_cells(scene: Scene, lane: Lane, name: str) -> Heatmap:
    """Return a preactivation of a lane, one row a unit."""
    label = preactivation_symbol(scene, lane, name)
    return signed(shown_columns(scene).start + 0.5, preactivation(scene, lane, name), label)


@memoised
def signed(left: float, values: Floats, label: str) -> Heatmap:
    """Return numbers of any size, one row a number. values: (n, rows)."""
    limit = nice_ceiling(largest(values), FINE_STEPS)
    return Heatmap(values.T, Scale("signed", -limit, limit, label=label), left, 1.0, 0.0, 1 - ROOM)


def predictions(scene: Scene) -> Heatmap:
    """Return ŷ_t, one row a token of the vocabulary."""
    columns = shown_columns(scene)
    shown = scene.analysis.trace.probabilities[columns.start : columns.stop, 0]
    label = shared_symbol(scene.spec, "y", scene.notation)
    return _predictions(columns.start, shown, scene.spec.readout, label)


@memoised
def _predictions(start: int, values: Floats, readout: str, label: str) -> Heatmap:
    # Of many tokens none may be likely: the darkest is the likeliest of all, not certainty.
    high = nice_ceiling(largest(values), FINE_STEPS)
    if readout == "linear":
        scale = Scale("signed", -high, high, label=label)
    else:
        scale = Scale("probability", 0.0, min(1.0, high), label=label)
    return Heatmap(values.T, scale, start + 0.5, 1.0, 0.0, 1 - ROOM)


def losses(scene: Scene) -> Bars:
    """Return L_t; steps whose loss is left out have no bar."""
    columns = shown_columns(scene)
    heights = np.array(scene.analysis.loss.step[columns.start : columns.stop, 0], float)
    heights[[k - columns.start for k in scene.silent if columns.holds(k)]] = np.nan
    return Bars(heights, "loss", columns.start + 1.0)


def gradients(scene: Scene, name: str) -> Bars:
    """Return ‖∂L/∂s_t‖ of the total loss for a state of the lane looked at, the first one included."""
    columns, lane = shown_columns(scene), lane_looked_at(scene)
    found, size = scene.analysis.gradients, scene.spec.hidden_size
    rows = slice(lane.direction * size, (lane.direction + 1) * size)
    values = found.layers[lane.layer].states[name][:, 0, rows]
    outside = columns.stop if lane.direction else columns.start - 1
    if 0 <= outside < len(values):
        beyond = values[outside]
    else:
        beyond = found.initial_state[name][lanes(scene.spec).index(lane), 0]
    shown = values[columns.start : columns.stop]
    vectors = (shown, beyond[None]) if lane.direction else (beyond[None], shown)
    return Bars(norms(np.concatenate(vectors)), "gradient", float(first_column(scene, lane)))


def saliency(scene: Scene) -> Bars:
    """Return ‖∂L_t/∂x_k‖ for the playhead's t at every step k; none outside of the gradient flow's window."""
    columns, known = shown_columns(scene), columns_of(scene)
    heights = np.full(columns.count, np.nan)
    start, stop = max(columns.start, known.start), min(columns.stop, known.stop)
    if known.holds(scene.step) and start < stop:
        found = scene.analysis.flow.inputs(scene.step)
        heights[start - columns.start : stop - columns.start] = found[
            start - known.start : stop - known.start
        ]
    return Bars(heights, "gradient", columns.start + 1.0)


@memoised
def lines(heat: Heatmap, role: str) -> tuple[Line, ...]:
    """Return the rows of a heat map as lines over its columns."""
    x = heat.left + 0.5 + np.arange(heat.values.shape[1])
    return tuple(Line(x, row, role) for row in heat.values)


@memoised
def line(bars: Bars) -> Line:
    """Return bars as one line."""
    return Line(bars.start + np.arange(len(bars.heights)), bars.heights, bars.role)
