"""Training as two charts: the loss of every update, and the length of every gradient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot
from rnnviz.figures.notation import SYMBOLS
from rnnviz.figures.numbers import FINE_STEPS, block_means, decades, largest, nice_ceiling, written

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Curves, Scene

EMPTY = "Press Train, and the loss and the gradients of every update appear here."
ROLES = {"W_X": "input", "W_H": "hidden", "W_Y": "readout", "b": "candidate", "b_Y": "cell"}
SMOOTH = 200  # points of the smoothed curve, each the mean of its share of the run


@register("training", "Training")
def training(scene: Scene, *, log: bool = True, raw: bool = True, smooth: bool = True) -> Figure:
    """Show the loss a token and the gradient norms, `log`arithmic or linear, `raw`, `smooth` or both."""
    curves = scene.curves
    if curves is None or not len(curves.updates):
        return Figure("Training", "Nothing has been learnt yet.", (), message=EMPTY)
    last = int(curves.updates[-1])
    x = Axis(0.0, nice_ceiling(last, FINE_STEPS), "update", whole=True)
    plots = (_losses(scene, curves, x, log=log, raw=raw, smooth=smooth), _norms(curves, x, log=log))
    loss = f"{written(float(curves.losses[-1]), 4)} nats a token"
    margins = Margins(left=52, top=30, right=30, bottom=40, between_columns=64)
    return Figure(
        "Training",
        f"The loss and the gradient norms of {last:,} updates; the latest loss is {loss}.",
        plots,
        columns=2,
        margins=margins,
        note=f"{last:,} updates · {loss}",
    )


def _losses(scene: Scene, curves: Curves, x: Axis, *, log: bool, raw: bool, smooth: bool) -> Plot:
    chance = math.log(len(scene.vocabulary))
    ends = np.array([0.0, x.high])
    marks = [Line(ends, np.full(2, chance), "muted", "chance", dashed=True)]
    if raw or not smooth:
        marks.append(Line(curves.updates, curves.losses, "faint" if smooth else "loss", ""))
    if smooth:
        size = max(1, len(curves.losses) // SMOOTH)
        means = block_means(curves.losses, size)
        middles = curves.updates[(size - 1) // 2 :: size][: len(means)]
        marks.append(Line(middles, means, "accent", "loss"))
    y = _axis(log, curves.loss_range, np.array([chance]))
    return Plot("loss", x, y, tuple(marks), heading=f"loss a token, nats{_scale(log)}", clip=True)


def _norms(curves: Curves, x: Axis, *, log: bool) -> Plot:
    marks = []
    if curves.clip is not None:
        ends = np.array([0.0, x.high])
        marks.append(Line(ends, np.full(2, curves.clip), "muted", "clip", dashed=True))
    for name, norms in curves.norms.items():
        symbol = SYMBOLS.get(name)
        if symbol is not None:
            marks.append(Line(curves.updates, norms, ROLES[symbol], symbol))
    marks.append(Line(curves.updates, curves.total_norms, "gradient", "total"))
    if curves.clipped is not None:
        marks.append(Line(curves.updates, curves.clipped, "warning", "clipped"))
    clip = np.array([] if curves.clip is None else [curves.clip])
    y = _axis(log, curves.norm_range, clip)
    return Plot("norms", x, y, tuple(marks), heading=f"gradient norm{_scale(log)}", clip=True)


def _axis(log: bool, *values: Floats) -> Axis:
    """Return a range that holds the values and rests while they move a little."""
    every = np.concatenate(values)
    if log:
        return Axis(*decades(every, least=1, most=9), log=True)
    return Axis(0.0, nice_ceiling(largest(every)))


def _scale(log: bool) -> str:
    return " (log)" if log else ""
