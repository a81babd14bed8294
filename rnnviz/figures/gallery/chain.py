"""The chain rule as a row of Jacobians: what each step does to a gradient, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.selection import StepPair
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.links import bound_of_step, is_live, links_between, state_size
from rnnviz.figures.model import Axis, Figure, Heatmap, Line, Margins, Plot, Points, Scale
from rnnviz.figures.numbers import BEYOND, FINE_STEPS, decades, from_log, largest, nice_ceiling, written
from rnnviz.figures.staleness import as_stale
from rnnviz.figures.states import Lane, lane_title, quantity, symbol
from rnnviz.figures.symbols import quantity_letter

if TYPE_CHECKING:
    from rnnviz.engine import Chain
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Chain"
NO_LINK = "A step is no link away from itself: pick an earlier one in the map or among the words."
TOO_LONG = "So many steps of so many units cannot be followed live: pick a step k nearer to t in the map."
APART = 1  # columns of cells left free between two Jacobians
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Way:
    """A pair of steps on the axis of the figure, from 0; `step` is +1 if the layer runs forwards."""

    t: int
    k: int
    step: int
    size: int  # rows of a Jacobian

    @property
    def links(self) -> int:
        """How many Jacobians lead from s_t back to s_k."""
        return abs(self.t - self.k)

    def place(self, step: int) -> float:
        """Return where the state of a step stands: between the Jacobian that leads to it and the next."""
        return (step - min(self.t, self.k)) * (self.size + APART) - APART / 2

    @property
    def axis(self) -> Axis:
        """The x axis: a tick for every state, or for some of many."""
        first, last = sorted((self.t, self.k))
        every = max(1, -(-self.links // 14))
        ticks = tuple((self.place(n), str(n + 1)) for n in range(first, last + 1, every))
        margin = (self.size + APART) * 0.35
        return Axis(self.place(first) - margin, self.place(last) + margin, ticks=ticks)


def judged_pair(scene: Scene) -> StepPair | None:
    """Return the pair of the map that is picked, else that of the verdict: the last loss, the first step."""
    flow = scene.analysis.flow
    picked = None if scene.selection is None else scene.selection.pair
    if picked is not None and all(flow.start <= step < flow.stop for step in picked):
        return picked
    heard = np.flatnonzero(flow.heard)
    if not len(heard):
        return None
    last = flow.start + int(heard[-1])
    return StepPair(flow.stop - 1, flow.start) if flow.direction else StepPair(last, flow.start)


@register("chain", "Chain")
def chain_of_jacobians(scene: Scene, shown: int | None = None) -> Figure:
    """Show ∂s_t/∂s_{t−1} … ∂s_{k+1}/∂s_k of the picked pair, their singular values and their product.

    shown: so many links from t on, all by default; the rest is still to come.
    """
    pair = judged_pair(scene)
    if pair is None:
        return Figure(TITLE, "There is no chain.", (), message=TOO_SHORT)
    flow, spec = scene.analysis.flow, scene.spec
    way = Way(pair.t, pair.k, -1 if flow.direction else 1, state_size(spec))
    if (pair.t - pair.k) * way.step <= 0:
        return Figure(TITLE, NO_LINK, (), message=NO_LINK)
    if not is_live(spec, way.links):
        return Figure(TITLE, TOO_LONG, (), message=TOO_LONG)
    links = links_between(scene, way.t, way.k)
    figure = _figure(scene, links, way, way.links if shown is None else min(shown, way.links))
    return as_stale(scene, figure)


def _figure(scene: Scene, links: Chain, way: Way, shown: int) -> Figure:
    lane = Lane(scene.analysis.flow.layer, scene.analysis.flow.direction)
    names = CELLS[scene.spec.cell].states
    state = symbol(scene.spec, "h", lane, "", scene.notation)
    letters = [quantity_letter(scene.notation, scene.spec, name) for name in names]
    whole = ""
    if len(names) > 1:
        state = "q" if "s" in letters else "s"
        whole = f", {state} = ({', '.join(letters)})"
    to, of = (f"{state}{str(step + 1).translate(SUBSCRIPT)}" for step in (way.k, way.t))
    x = replace(way.axis, shown=False)
    neighbour = "i+1" if way.step > 0 else "i−1"
    plots = (
        Plot(
            "jacobians",
            x,
            Axis(0, 1, shown=False, reverse=True),
            (_jacobians(links, way, shown),),
            heading=f"∂{state}_{{{neighbour}}}/∂{state}_i{whole}",
            weight=1.1,
        ),
        _singular(links, way, shown, x),
        _product(scene, links, way, shown),
    )
    where = lane_title(scene.spec, lane)
    return Figure(
        f"∂{of}/∂{to}, link by link{f' · {where}' if where else ''}",
        f"The {way.links} Jacobians between {state} at step {way.k + 1} and at step {way.t + 1}. "
        f"{_caption(scene, links, way.links)}",
        plots,
        margins=Margins(left=52, top=28, right=16, bottom=40, between_rows=32),
        caption=_caption(scene, links, shown),
    )


def _middle(way: Way, reached: int) -> float:
    """Return where the Jacobian that leads back to a step has its middle."""
    return (way.place(reached) + way.place(reached + way.step)) / 2


def _jacobians(links: Chain, way: Way, shown: int) -> Heatmap:
    """Return the Jacobians side by side in the order of time, those still to come left out."""
    step = way.size + APART
    cells = np.full((way.size, way.links * step - APART), np.nan)
    for n in range(shown):
        left = round(_middle(way, int(links.reached[n])) - way.size / 2)
        cells[:, left : left + way.size] = links.jacobians[n]
    limit = nice_ceiling(largest(links.jacobians), FINE_STEPS)
    return Heatmap(cells, Scale("signed", -limit, limit, label="∂s/∂s"), left=0.0)


def _singular(links: Chain, way: Way, shown: int, x: Axis) -> Plot:
    """Return the singular values of each link as points above one another, beside the line σ = 1."""
    values, where = links.singular_values[:shown], links.reached[:shown].tolist()
    middles = np.repeat([_middle(way, reached) for reached in where], way.size)
    positions = np.stack([middles, values.ravel()], 1)
    ends = np.array([x.low, x.high])
    marks: tuple[Mark, ...] = (Line(ends, np.ones(2), "muted", "σ = 1", dashed=True),)
    if shown:
        marks += (Points(positions, "muted", size=4.0), Points(positions[:: way.size], "hidden", "largest σ"))
    low, high = decades(links.singular_values.max(1, initial=0.0), least=1, most=3)
    return Plot(
        "singular values", x, Axis(low / 10, high, log=True), marks, heading="singular values", clip=True
    )


def _product(scene: Scene, links: Chain, way: Way, shown: int) -> Plot:
    """Return what is left at each step: the product, the norms one by one, and the ways of the cell."""
    names = CELLS[scene.spec.cell].states
    curves = [
        ("muted", "product of norms", links.norms, True),
        ("gradient", "norm of the product", links.product, False),
    ]
    if len(names) > 1:
        for name in names:
            letter = quantity_letter(scene.notation, scene.spec, name)
            curves.append((quantity(name).role, f"∂{letter}_t/∂{letter}_i", links.blocks[name], False))
    gate = CELLS[scene.spec.cell].keeps
    if links.kept is not None:
        curves.append((quantity(gate).role, f"product of {gate}", links.kept, True))
    places = np.array([way.place(way.t), *(way.place(int(step)) for step in links.reached[:shown])])
    marks: list[Mark] = []
    for role, label, logs, dashed in curves:
        line = _left(logs[:shown])
        marks.append(Line(places, line, role, label, dashed=dashed))
    every = np.concatenate([_left(logs) for *_, logs, _ in curves])
    y = Axis(*decades(every, least=2, most=600), log=True)
    axis = replace(way.axis, label="i: the step that is reached")
    return Plot(
        "product",
        axis,
        y,
        tuple(marks),
        heading=f"what is left of 1 at t = {way.t + 1}",
        weight=1.4,
        clip=True,
    )


def _left(logs: Floats) -> Floats:
    """Return the sizes from 1 on; what is beyond all floats stays at their ends, zero breaks the curve."""
    with np.errstate(all="ignore"):
        sizes: Floats = np.exp(np.clip(logs, -BEYOND, BEYOND))
    return np.concatenate([[1.0], np.where(np.isneginf(logs), np.nan, sizes)])


def _caption(scene: Scene, links: Chain, shown: int) -> str:
    """Say what is left after the links shown, and what would be if all of them pulled the same way."""
    if not shown:
        return "Before the first link, all of the gradient is left."
    steps = "1 step" if shown == 1 else f"{shown} steps"
    product, norms = float(links.product[shown - 1]), float(links.norms[shown - 1])
    if not np.isfinite(product):
        return f"After {steps} nothing is left." if np.isneginf(product) else "The chain is not finite."
    sentence = (
        f"×{_factor(product / shown)} a step: {from_log(product)} is left after {steps}; "
        f"norm by norm it would be {from_log(norms)}."
    )
    if scene.spec.cell == "rnn":
        sentence += f" No step can do more than ×{written(bound_of_step(scene).factor)}."
    return sentence


def _factor(log: float) -> str:
    return f"{exp(log):.2f}" if log < 9 else from_log(log)
