"""What figures over time show in slow motion: nothing where a step has no number yet, and what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import shown_columns
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Bars, Heatmap, Line, Mark, Region
from rnnviz.figures.stages import is_new, known

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Plot
    from rnnviz.figures.scene import Scene


def so_far(scene: Scene, quantity: str, plot: Plot) -> Plot:
    """Return the track of a quantity as far as it is known at this stage, and what comes later behind a veil.

    quantity: as in a `Selection`. The same object if steps are shown whole.
    """
    columns, t = shown_columns(scene), scene.step + 1
    if scene.stage is None or not plot.marks or not columns.holds(scene.step):
        return plot
    marks = plot.marks if known(scene, quantity) else tuple(_without(mark, t) for mark in plot.marks)
    if is_new(scene, quantity) and not isinstance(marks[0], Bars):  # a bar that appears can be seen
        bottom, top = sorted((plot.y.low, plot.y.high))
        marks += (Region(t - 0.5, t + 0.5, plot.gutter[0].role, bottom, top, fine=True),)
    return replace(plot, marks=(*marks, Region(t + 0.5, columns.end, "veil")))


def numbers_so_far(scene: Scene, quantity: str, values: Floats, first: int) -> Floats:
    """Return numbers without those that the playhead's step has not computed yet.

    values: (n, rows), those of column `first` and the following ones; steps stand in columns from 1.
    """
    return values if known(scene, quantity) else blanked(values.T, scene.step + 1 - first).T


def words_so_far(scene: Scene, quantity: str, words: tuple[str, ...], first: int) -> tuple[str, ...]:
    """Return words, one a column from `first`, with nothing where the playhead's step has none yet."""
    place = scene.step + 1 - first
    if known(scene, quantity) or not 0 <= place < len(words):
        return words
    return (*words[:place], "", *words[place + 1 :])


@memoised
def _without(mark: Mark, t: int) -> Mark:
    """Return a mark that has nothing in column t, counted from 1."""
    if isinstance(mark, Heatmap):
        return replace(mark, values=blanked(mark.values, round(t - mark.left - 0.5)))
    if isinstance(mark, Bars):
        return replace(mark, heights=blanked(mark.heights, round(t - mark.start)))
    if isinstance(mark, Line):
        return replace(mark, y=np.where(mark.x == t, np.nan, mark.y))
    return mark


def blanked(values: Floats, index: int) -> Floats:
    """Return values without those at an index of the last axis."""
    left = np.array(values, np.result_type(values, np.float32))
    if 0 <= index < left.shape[-1]:
        left[..., index] = np.nan
    return left
