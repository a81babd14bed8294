"""Training as two charts: the loss of every update, and the length of every gradient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot
from rnnviz.figures.notation import kind_of
from rnnviz.figures.numbers import FINE_STEPS, block_means, decades, largest, nice_ceiling, written
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.notation import Notation
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Curves, Scene

EMPTY = "Press Train, and the loss and the gradients of every update appear here."
ROLES = {
    "W_X": "input",
    "W_H": "hidden",
    "W_Y": "readout",
    "b": "candidate",
    "b_X": "candidate",
    "b_H": "forget_gate",
    "b_Y": "cell",
    "E": "output_gate",
}
SMOOTH = 200  # points of the smoothed curve, each the mean of its share of the run


@register("training", "Training", computed=False)
def training(scene: Scene, *, log: bool = True, raw: bool = True, smooth: bool = True) -> Figure:
    """Show the loss a token and the gradient norms, `log`arithmic or linear, `raw`, `smooth` or both."""
    curves = scene.curves
    if curves is None or not len(curves.updates):
        return Figure("Training", "Nothing has been learnt yet.", (), message=EMPTY)
    last = int(curves.updates[-1])
    x = Axis(0.0, nice_ceiling(last, FINE_STEPS), "update", whole=True)
    plots = (_losses(scene, curves, x, log=log, raw=raw, smooth=smooth), _norms(scene, curves, x, log=log))
    loss = f"{written(float(curves.losses[-1]), 4)} {_unit(scene)}"
    margins = Margins(left=52, top=30, right=30, bottom=40, between_columns=64)
    return Figure(
        "Training",
        f"The loss and the gradient norms of {last:,} updates; the latest loss is {loss}.",
        plots,
        columns=2,
        margins=margins,
        note=f"{last:,} updates · {loss}",
    )


def _unit(scene: Scene) -> str:
    return "nats a token" if scene.spec.readout == "softmax" else "squared error a step"


def _losses(scene: Scene, curves: Curves, x: Axis, *, log: bool, raw: bool, smooth: bool) -> Plot:
    ends, marks, chance = np.array([0.0, x.high]), [], np.array([])
    if scene.spec.readout == "softmax":
        chance = np.array([math.log(len(scene.vocabulary))])
        marks.append(Line(ends, chance.repeat(2), "muted", "chance", dashed=True))
    if raw or not smooth:
        marks.append(Line(curves.updates, curves.losses, "faint" if smooth else "loss", ""))
    if smooth:
        size = max(1, len(curves.losses) // SMOOTH)
        means = block_means(curves.losses, size)
        middles = curves.updates[(size - 1) // 2 :: size][: len(means)]
        marks.append(Line(middles, means, "accent", "loss"))
    y = _axis(log, curves.loss_range, chance)
    what = "loss a token, nats" if scene.spec.readout == "softmax" else "squared error a step"
    return Plot("loss", x, y, tuple(marks), heading=f"{what}{_scale(log)}", clip=True)


def _norms(scene: Scene, curves: Curves, x: Axis, *, log: bool) -> Plot:
    marks = []
    if curves.clip is not None:
        ends = np.array([0.0, x.high])
        marks.append(Line(ends, np.full(2, curves.clip), "muted", "clip", dashed=True))
    for kind, norms in _by_kind(curves.norms, scene.notation).items():
        name = parameter_symbol(scene.notation, kind)
        # Of most cells the gradients of b_ih and b_hh are the same: dashes let the one be seen beneath.
        marks.append(Line(curves.updates, norms, ROLES[kind], name, dashed=kind == "b_H"))
    marks.append(Line(curves.updates, curves.total_norms, "gradient", "total"))
    if curves.clipped is not None:
        marks.append(Line(curves.updates, curves.clipped, "warning", "clipped"))
    clip = np.array([] if curves.clip is None else [curves.clip])
    y = _axis(log, curves.norm_range, clip)
    return Plot("norms", x, y, tuple(marks), heading=f"gradient norm{_scale(log)}", clip=True)


def _by_kind(norms: Mapping[str, Floats], notation: Notation) -> dict[str, Floats]:
    """Return the norms of all parameters of a kind together; b_ih stands for b, as b_hh moves with it."""
    parts: dict[str, list[Floats]] = {}
    for name, values in norms.items():
        if notation == "pytorch" or not name.startswith("bias_hh"):
            parts.setdefault(kind_of(name, notation), []).append(values)
    return {kind: each[0] if len(each) == 1 else _joined(each) for kind, each in parts.items()}


def _joined(norms: list[Floats]) -> Floats:
    with np.errstate(all="ignore"):
        joined: Floats = np.sqrt(np.sum(np.square(norms), axis=0))
    return joined


def _axis(log: bool, *values: Floats) -> Axis:
    """Return a range that holds the values and rests while they move a little."""
    every = np.concatenate(values)
    if log:
        return Axis(*decades(every, least=1, most=9), log=True)
    return Axis(0.0, nice_ceiling(largest(every)))


def _scale(log: bool) -> str:
    return " (log)" if log else ""
