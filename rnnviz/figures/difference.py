"""How far values are from others at the same steps: of two sequences, or of what is held and what is not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import gradient_flow
from rnnviz.figures.columns import shown_columns
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Bars, Heatmap, Scale
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, short

if TYPE_CHECKING:
    from rnnviz.engine import Analysis, GradientFlow, NetworkSpec, Parameters
    from rnnviz.figures.folding import Cells
    from rnnviz.figures.model import Figure, Floats, Mark, Plot
    from rnnviz.figures.scene import Scene

DELTA = "Δ"
MOST_UNITS, MOST_STEPS = 64, 100  # beyond which a second gradient flow would take longer than a frame


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, in a word each: `this` less the `other`."""

    this: str
    other: str

    @property
    def less(self) -> str:
        """Both as a difference."""
        return f"{self.this} − {self.other}"

    @property
    def ratio(self) -> str:
        """Both as the difference of their logarithms."""
        return f"log₁₀ ({self.this} / {self.other})"


SEQUENCES = Comparison("B", "A")
EFFECT = Comparison("held", "untouched")
_PHRASES = {
    SEQUENCES: ("B alone", "the same for A and B"),
    EFFECT: ("as held", "the same, held or not"),
}


def comparison(scene: Scene) -> Comparison | None:
    """Return what a scene compares, None if it shows one thing only."""
    if scene.baseline is None:
        return None
    return EFFECT if scene.baseline is scene.untouched else SEQUENCES


def as_difference(scene: Scene, figure: Figure) -> Figure:
    """Return a figure whose heading says what it compares, if it does."""
    compared = comparison(scene)
    return figure if compared is None else _headed(figure, compared.less)


def as_ratio(scene: Scene, figure: Figure) -> Figure:
    """Return a figure whose heading says that it shows how many times larger one is than the other."""
    compared = comparison(scene)
    return figure if compared is None else _headed(figure, compared.ratio)


def as_alone(scene: Scene, figure: Figure) -> Figure:
    """Return a figure that shows one of what is compared and says which."""
    compared = comparison(scene)
    return figure if compared is None else _headed(figure, _PHRASES[compared][0])


def as_common(scene: Scene, figure: Figure) -> Figure:
    """Return a figure that shows what is the same in both that are compared, and says so."""
    compared = comparison(scene)
    return figure if compared is None else _headed(figure, _PHRASES[compared][1])


def says(scene: Scene, figure: Figure) -> bool:
    """Return whether the heading of a figure says what it shows of what is compared, if anything is."""
    compared = comparison(scene)
    if compared is None or not figure.plots:
        return True
    return any(words in figure.note for words in (compared.less, compared.ratio, *_PHRASES[compared]))


def _headed(figure: Figure, words: str) -> Figure:
    note = f"{words} · {figure.note}" if figure.note else words
    return replace(figure, note=note, description=f"{figure.description} Shown: {words}.")


def other_scene(scene: Scene, *, flow: bool = False) -> Scene | None:
    """Return the scene of the other, cut to the same columns; None if they share no step.

    flow: with its gradient flow, which there has to be at the playhead, too.
    """
    if flow:
        return _with_flow(scene)
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
        interventions=() if scene.baseline is scene.untouched else scene.interventions,
        untouched=None,
    )


def _with_flow(scene: Scene) -> Scene | None:
    found, other = other_flow(scene), other_scene(scene)
    if found is None or other is None or scene.step >= other.analysis.trace.steps:
        return None
    return replace(other, analysis=replace(other.analysis, flow=found))


def other_flow(scene: Scene) -> GradientFlow | None:
    """Return the gradient flow of the other in this one's window, up to its own end.

    It is found when a figure asks for it and kept for the others. None if it has no step there, or so many
    units and steps that it would take too long.
    """
    if scene.baseline is None or scene.spec.hidden_size > MOST_UNITS:
        return None
    start, stop = scene.analysis.flow.start, min(scene.analysis.flow.stop, scene.baseline.trace.steps)
    if not 0 < stop - start <= MOST_STEPS:
        return None
    return _flow(_Asked(scene.baseline, start, stop, scene.spec, scene.parameters))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The flow of a window of an analysis, which itself stands for its network."""

    analysis: Analysis
    start: int
    stop: int
    spec: NetworkSpec = field(compare=False)
    parameters: Parameters = field(compare=False)


@lru_cache(maxsize=2)
def _flow(asked: _Asked) -> GradientFlow:
    analysis = asked.analysis
    window = asked.start, asked.stop
    return gradient_flow(asked.spec, asked.parameters, analysis.trace, analysis.loss, steps=window)


def log_ratio(sizes: Floats, others: Floats) -> Floats:
    """Return log₁₀ of sizes over others, infinite where one of them is zero, NaN where both are.

    others: as many dimensions; NaN is returned past their ends.
    """
    found = np.full(sizes.shape, np.nan)
    part = tuple(slice(0, min(n, m)) for n, m in zip(sizes.shape, others.shape, strict=True))
    with np.errstate(all="ignore"):
        found[part] = np.log10(sizes[part]) - np.log10(others[part])
    return found


def differing_cells(cells: list[Cells], others: list[Cells] | None) -> list[Cells]:
    """Return strips of a diagram less those of the other; a quantity has one scale in all of them."""
    shown = [
        _difference(mine.values.T, None if others is None else others[n].values.T).T
        for n, mine in enumerate(cells)
    ]
    limits: dict[str, float] = {}
    for mine, values in zip(cells, shown, strict=True):
        limits[mine.name] = max(limits.get(mine.name, 0.0), largest(values))
    return [
        replace(mine, values=values, scale=signed_delta(limits[mine.name], mine.scale.label))
        for mine, values in zip(cells, shown, strict=True)
    ]


def signed_delta(limit: float, label: str) -> Scale:
    """Return the scale of differences up to a limit; label: of what they are the differences."""
    limit = nice_ceiling(limit, FINE_STEPS)
    return Scale("signed", -limit, limit, label=f"{DELTA}{label}")


def differing(plot: Plot, other: Plot | None) -> Plot:
    """Return a track with this less that; there is nothing at steps that the other has not."""
    marks = tuple(_less(mark, None if other is None else other.marks[n]) for n, mark in enumerate(plot.marks))
    if all(new is old for new, old in zip(marks, plot.marks, strict=True)):
        return plot
    gutter = tuple(replace(label, text=f"{DELTA}{label.text}") for label in plot.gutter)
    if not isinstance(marks[0], Bars):
        return replace(plot, marks=marks, gutter=gutter)
    high = nice_ceiling(largest(marks[0].heights), FINE_STEPS)
    y = Axis(-high, high, ticks=((high, f"±{short(high)}"),))  # for both ends there may be no room
    return replace(plot, marks=marks, y=y, gutter=tuple(replace(g, at=0.0) for g in gutter))


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
    return Heatmap(shown, signed_delta(largest(shown), label), left, 1.0, 0.0, fill)


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
