"""What holding units and gates changes of every step: its loss and its prediction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT, gutter, playhead, shown_columns
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.gallery.timeline import tracks
from rnnviz.figures.held import held_words
from rnnviz.figures.highlight import picked_columns, with_rows
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Plot
from rnnviz.figures.notation import visible
from rnnviz.figures.numbers import short, written
from rnnviz.figures.tracks import TrackView, available, is_usual

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

TITLE = "Knock-out"
SHOWN = ("L", "y")
NOTHING = (
    "Nothing is held. Right-click a unit or a gate and hold it at a value; what that changes of the loss and "
    "the prediction appears here."
)
NAMED = 12  # rows that have room for a name each
LONGEST = 5  # characters of a name
MOST_WORDS = 4  # interventions that are spelled out
DECIMALS = 2, 7  # as few as show a change, and so that the printed numbers come out
TALL = 2.6  # the prediction, compared with the loss


@register("knock-out", TITLE)
def knock_out(scene: Scene) -> Figure:
    """Show ΔL_t and Δŷ_t, held less untouched, in the columns of the timeline, and both losses."""
    columns = shown_columns(scene)
    if not columns.count:
        return Figure(TITLE, "The sequence has no step yet.", (), message=TOO_SHORT)
    if scene.untouched is None:
        return Figure(TITLE, "Nothing is held.", (), message=NOTHING)
    compared = replace(scene, baseline=scene.untouched)
    plots = tuple(with_rows(scene, _named(scene, plot)) for _, plot in tracks(compared, _view(scene)))
    said = losses(scene)
    return Figure(
        TITLE,
        f"Held less untouched at every step, with {_spoken(scene)}: {said}.",
        plots,
        across=(*playhead(scene), *picked_columns(scene)),
        margins=Margins(left=gutter(scene.spec), top=6, bottom=22),
        note=" · ".join(filter(None, (said, "held − untouched", columns.note(), _colours(plots)))),
    )


def losses(scene: Scene) -> str:
    """Write the loss of the untouched network, that of the one in which something is held, and the change."""
    if scene.untouched is None:
        return ""
    before, after = (float(found.loss.total) for found in (scene.untouched, scene.analysis))
    change = after - before
    decimals = next((n for n in range(*DECIMALS) if _comes_out(before, after, n)), DECIMALS[1])
    sign = "+" if change > 0 else "±" if change == 0 else ""
    shown = [written(value, decimals) for value in (before, after, change)]
    return "loss {} → {} ({}{})".format(*shown[:2], sign, shown[2])


def _comes_out(before: float, after: float, decimals: int) -> bool:
    """Whether a change can be seen in the printed losses and is the difference of just these."""
    printed = round(round(after, decimals) - round(before, decimals), decimals)
    return printed == round(after - before, decimals) and (printed != 0 or after == before)


def _colours(plots: tuple[Plot, ...]) -> str:
    """Say which numbers the strongest colours of the prediction stand for."""
    scales = [mark.scale for plot in plots for mark in plot.marks if isinstance(mark, Heatmap)]
    return f"colours ±{short(scales[0].high)}" if scales else ""


def _view(scene: Scene) -> TrackView:
    """Return the view in which just the loss and the prediction are tracks."""
    toggled = frozenset(key for key in available(scene) if is_usual(key) != (key in SHOWN))
    return TrackView(toggled=toggled, order=SHOWN)


def _named(scene: Scene, plot: Plot) -> Plot:
    """Return the last track with the steps beneath it, and names beside those rows that change most."""
    heat = plot.marks[0]
    if not isinstance(heat, Heatmap):
        return plot
    rows, labels = len(heat.values), _labels(scene)
    ticks = tuple((1.0 - (row + 0.5) / rows, labels[row]) for row in _apart(heat.values))
    return replace(plot, x=replace(plot.x, shown=True), y=Axis(ticks=ticks), weight=TALL)


def _apart(values: Floats) -> list[int]:
    """Return the rows to name: all of a few, else those of the largest changes that are far enough apart."""
    rows = len(values)
    if rows <= NAMED:
        return list(range(rows))
    found: list[int] = []
    largest = np.nan_to_num(np.abs(values)).max(1)
    for row in np.argsort(-largest, kind="stable").tolist():
        if all(abs(row - other) >= rows / NAMED for other in found):
            found.append(row)
    return found


def _labels(scene: Scene) -> tuple[str, ...]:
    tokens = map(visible, scene.vocabulary)
    return tuple(token if len(token) <= LONGEST else f"{token[: LONGEST - 1]}…" for token in tokens)


def _spoken(scene: Scene) -> str:
    words = [held_words(scene.spec, held, scene.notation) for held in scene.interventions]
    more = len(words) - MOST_WORDS
    return ", ".join(words[:MOST_WORDS]) + (f" and {more} more" if more > 0 else "")
