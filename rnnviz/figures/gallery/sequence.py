"""The sequence: tokens, what stands for them, and the targets."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.difference import SEQUENCES, comparison
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import picked_columns, with_rows
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Figure, GutterLabel, Heatmap, Margins, Plot, Region, Scale, Text
from rnnviz.figures.notation import visible
from rnnviz.figures.numbers import largest, nice_ceiling
from rnnviz.figures.signal import shown_numbers, signal_plot
from rnnviz.figures.tokens import token_outlines

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

SHOWN = {"characters": 12, "words": 4}  # steps side by side: as many as can be read in a narrow panel
TOKEN = 24.0  # pixels: the height of a row of tokens
LONGEST = 8  # characters of a word beside its row
NARROW, LETTER = (
    34.0,
    6.5,
)  # pixels: the least left of the rows, and about one character of a name
ONE_HOT = Scale("probability", 0.0, 1.0, label="x_t")


@register("sequence", "Sequence", computed=False)
def sequence(scene: Scene) -> Figure:
    """Show inputs and targets near the playhead; those left out of the loss are struck.

    Between them stands what the network reads for each input: a one-hot vector, or its row of the embedding.
    """
    if not scene.steps:
        return Figure("Sequence", "The sequence has no step yet.", (), message=_too_short(scene))
    if scene.signal is not None:
        return _signal(scene)
    start, stop = shown_steps(scene)
    axis = Axis(start + 0.5, start + 0.5 + max(stop - start, 4), shown=False)
    read, wanted = (
        tuple(visible(token) for token in tokens[start:stop]) for tokens in (scene.inputs, scene.targets)
    )
    silent = frozenset(t - start for t in scene.silent if start <= t < stop)
    here = Region(scene.step + 0.5, scene.step + 1.5, "selection")
    plots = (
        _inputs(scene, _row("inputs", "x_t", axis, tokens(start, read, "input"))),
        with_rows(scene, _vectors(scene, axis, start, stop)),
        _row("targets", "y_t", axis, tokens(start, wanted, "readout", silent)),
    )
    lost = f", {len(scene.silent)} left out of the loss" if scene.silent else ""
    return Figure(
        "Sequence",
        f"{scene.steps} inputs and the {scene.reads} that follow them as targets{lost}; {dimensions(scene)}.",
        plots,
        across=(here, *picked_columns(scene, start, stop)),
        margins=Margins(left=_gutter(scene), top=4, right=6, bottom=4, between_rows=4),
        note=_note(scene),
    )


def _too_short(scene: Scene) -> str:
    return TOO_SHORT if scene.reads == "characters" else TOO_SHORT.replace("characters", scene.reads)


def _signal(scene: Scene) -> Figure:
    """Show numbers as curves; to draw on one is to change it."""
    here = Region(scene.step + 0.5, scene.step + 1.5, "selection")
    picked = picked_columns(scene, *shown_numbers(scene))
    return Figure(
        "Sequence",
        f"{scene.steps + 1} numbers as a curve, and dashed what is predicted of each; {dimensions(scene)}.",
        (signal_plot(scene),),
        across=(here, *picked),
        margins=Margins(left=34, top=6, right=8, bottom=22),
        note=_note(scene),
    )


def dimensions(scene: Scene) -> str:
    """Say how large the vocabulary is, and what stands for a token."""
    if scene.reads == "numbers":
        size = scene.spec.input_size
        return f"d = {size:,} number{'s' * (size != 1)} a step"
    k, d = scene.spec.input_size, scene.spec.embedding_size
    return f"k = {k:,} {scene.reads}, " + ("one-hot" if d is None else f"d = {d:,} numbers each")


def shown_steps(scene: Scene) -> tuple[int, int]:
    """Return the steps (start, stop) that are shown around the playhead."""
    shown = SHOWN.get(scene.reads, 12)
    start = first_shown(scene.steps, scene.step, shown)
    return start, min(scene.steps, start + shown)


def first_shown(steps: int, step: int, shown: int = 12) -> int:
    """Return the first of the steps shown around `step`, moving by half a window at a time."""
    if steps <= shown:
        return 0
    half = shown // 2
    return int(min(max(0, (step // half) * half - half // 2), steps - shown))


def _gutter(scene: Scene) -> float:
    """Return the pixels that the names of the rows need."""
    longest = max(map(len, _labels(scene)))
    return max(NARROW, 16 + LETTER * min(longest, LONGEST))


def _labels(scene: Scene) -> tuple[str, ...]:
    """Name the rows of the vectors: by tokens, or by numbers of the embedding."""
    if scene.spec.embedding_size is not None:
        return tuple(str(n + 1) for n in range(scene.spec.embedding_size))
    return _brief(scene.vocabulary)


@lru_cache(maxsize=8)
def _brief(vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """Write tokens so that spaces can be seen, and long ones cut."""
    return tuple(
        token if len(token) <= LONGEST else f"{token[: LONGEST - 1]}…" for token in map(visible, vocabulary)
    )


def _note(scene: Scene) -> str:
    """Return what stands for a token, and of which of two sequences this is."""
    return f"{'B · ' * (comparison(scene) is SEQUENCES)}{_sizes(scene)}"


def _sizes(scene: Scene) -> str:
    k, d = scene.spec.input_size, scene.spec.embedding_size
    if scene.reads == "numbers":
        return f"d = {k:,}"
    return f"k = {k:,}" if d is None else f"k = {k:,}, d = {d:,}"


def _row(name: str, symbol: str, axis: Axis, mark: Text) -> Plot:
    role = "input" if name == "inputs" else "readout"
    label = (GutterLabel(0.5, symbol, role),)
    return Plot(name, axis, Axis(shown=False), (mark,), gutter=label, height=TOKEN)


def _inputs(scene: Scene, plot: Plot) -> Plot:
    """Return the row of inputs with the playhead's outlined if a number of it is picked."""
    outlined = token_outlines(scene, plot.name, plot.marks, scene.step + 1)
    return replace(plot, marks=(*plot.marks, *outlined)) if outlined else plot


def _vectors(scene: Scene, axis: Axis, start: int, stop: int) -> Plot:
    """Return what stands for the inputs, a column each: one-hot vectors or rows of the embedding."""
    ids = scene.analysis.trace.x[start:stop, 0]
    if "embedding.weight" in scene.parameters:
        name, heat = "embedding", embedded(start, scene.parameters["embedding.weight"][ids])
    else:
        name, heat = "one-hot", one_hot(start, tuple(ids.tolist()), len(scene.vocabulary))
    ticks = tuple((row + 0.5, label) for row, label in enumerate(_labels(scene)))
    rows = len(ticks)
    return Plot(
        name, axis, Axis(0, rows, reverse=True, ticks=ticks), (heat,), weight=min(4.0, 1.0 + 0.7 * rows)
    )


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


@memoised
def embedded(start: int, rows: Floats) -> Heatmap:
    """Return the rows of the embedding as columns. rows: (n, d)."""
    high = nice_ceiling(largest(rows))
    scale = Scale("signed", -high, high, label="e_t")
    return Heatmap(rows.T, scale, start + 0.5, 0.0, rows.shape[1], 0.9, rounded=True, decimals=2)
