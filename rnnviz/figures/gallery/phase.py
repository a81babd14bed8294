"""The phase portrait: where every state goes next, where this run went, and where a state would stay."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS, Autonomous, fixed_points
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Arrows, Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.notation import visible
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling
from rnnviz.figures.plane import Plane, plane_of

if TYPE_CHECKING:
    from rnnviz.engine import FixedPoint, NetworkSpec, Parameters
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Phase portrait"
BOTH_WAYS = (
    "In a network of two directions no state follows from the one before alone, so it has no portrait."
)
ONE_NUMBER = "One number has no plane to move in: give the network a second unit."
NOT_FINITE = "The states are not finite, so there is nothing to draw; make the weights smaller."
GRID = 15  # arrows across and up
MANY = 150  # states whose points would hide one another
STARTS = 24  # searches for fixed points
MOST_STATES = 64  # numbers of a state for which fixed points are searched for


@register("phase", "Phase portrait")
def phase(
    scene: Scene,
    found: tuple[FixedPoint, ...] | None = None,
    *,
    reading: bool = True,
    searching: bool = False,
) -> Figure:
    """Show the flow of states in a plane, the run through it, and the fixed points, stable and unstable.

    found: the fixed points, searched for by default. reading: the flow is that while the playhead's token is
    read; otherwise nothing is. searching: others may still be found.
    """
    refusal = _refusal(scene)
    if refusal:
        return Figure(TITLE, refusal, (), message=refusal)
    states, x = run_through(scene), entering(scene, reading=reading)
    if not np.isfinite(states).all():
        return Figure(TITLE, NOT_FINITE, (), message=NOT_FINITE)
    plane = plane_of(states)
    if found is None:
        found = _searched(scene.spec, scene.parameters, x.tobytes())
    path = plane.project(states)
    points = plane.project(np.array([point.state for point in found])) if found else np.empty((0, 2))
    reach = nice_ceiling(1.15 * largest(np.concatenate([path, points])), FINE_STEPS)
    plot = Plot(
        "phase",
        Axis(-reach, reach, _axis(scene, plane, 0)),
        Axis(-reach, reach, _axis(scene, plane, 1)),
        (*_flow(scene, plane, x, reach), *_run(scene, path), *_fixed(points, found)),
        fit="square",
        clip=True,
    )
    counted = _count(scene, found, searching=searching)
    read = f"while “{visible(scene.inputs[scene.step])}” is read" if reading else "while nothing is read"
    return Figure(
        TITLE,
        f"The flow of states {read}, the run of {scene.steps} steps, and {counted}.",
        (plot,),
        margins=Margins(left=48, top=30, right=12, bottom=40),
        note=f"{read} · {counted}",
    )


def _refusal(scene: Scene) -> str:
    if not scene.steps:
        return TOO_SHORT
    if scene.spec.bidirectional:
        return BOTH_WAYS
    return ONE_NUMBER if _size(scene.spec) < 2 else ""


def _size(spec: NetworkSpec) -> int:
    return spec.num_layers * spec.hidden_size * len(CELLS[spec.cell].states)


def run_through(scene: Scene) -> Floats:
    """Return the states of all layers before the first step and after each, (T + 1, n)."""
    layers = scene.analysis.trace.layers
    after = [values[:, 0] for layer in layers for values in layer.directions[0].states.values()]
    before = [values[0] for layer in layers for values in layer.directions[0].initial.values()]
    start: Floats = np.concatenate(before)[None]
    return np.concatenate([start, np.concatenate(after, axis=1)]).astype(float)


def entering(scene: Scene, *, reading: bool) -> Floats:
    """Return what the network reads at the playhead's step, (I,); zeros if it is to read nothing."""
    x = np.zeros(scene.spec.input_size)
    if reading:
        read = scene.analysis.trace.x[scene.step, 0]
        if np.ndim(read):
            x[:] = read
        else:
            x[int(read)] = 1.0
    return x


def can_search(spec: NetworkSpec) -> bool:
    """Whether fixed points can be found quickly enough to be shown."""
    return not spec.bidirectional and 2 <= _size(spec) <= MOST_STATES


@lru_cache(maxsize=2)
def _searched(spec: NetworkSpec, params: Parameters, x: bytes) -> tuple[FixedPoint, ...]:
    return fixed_points(spec, params, np.frombuffer(x), starts=STARTS) if can_search(spec) else ()


def _flow(scene: Scene, plane: Plane, x: Floats, reach: float) -> tuple[Mark, ...]:
    """Return an arrow from each place of a grid towards where the state there goes next."""
    steps = (np.arange(GRID) + 0.5) / GRID * 2 * reach - reach
    places = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    network = Autonomous(scene.spec, scene.parameters, x)
    with np.errstate(all="ignore"):
        moved = plane.project(network.after(network.run(plane.lift(places)))) - places
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        # Arrows say where to; their length says how fast only up to the next place of the grid.
        ends = places + moved * np.minimum(1.0, 1.6 * reach / GRID / lengths)
    known = np.isfinite(ends).all(1) & (lengths[:, 0] > 0)
    return (Arrows(np.concatenate([places, ends], 1)[known], "disabled"),)


def _run(scene: Scene, path: Floats) -> tuple[Mark, ...]:
    """Return the run, and on it where the playhead's step leads from and to."""
    line = Line(path[:, 0], path[:, 1], "hidden", "this run")
    here = path[scene.step : scene.step + 2]
    step = np.concatenate(here)[None]
    return (
        line,
        Points(path, "hidden", size=5.0 if len(path) <= MANY else 2.0),
        Arrows(step, "selection"),
        Points(here[1:], "selection", size=10.0),
    )


def _fixed(places: Floats, found: tuple[FixedPoint, ...]) -> tuple[Points, ...]:
    """Return the fixed points: those that draw states in, and those that let them go."""
    stable = np.array([point.stable for point in found], bool)
    marks = []
    for kind, role, label in ((stable, "text", "stable"), (~stable, "warning", "unstable")):
        if kind.any():
            marks.append(Points(places[kind], role, f"{label} fixed point", size=9.0))
    return tuple(marks)


def _axis(scene: Scene, plane: Plane, n: int) -> str:
    if plane.exact:
        names = CELLS[scene.spec.cell].states
        return f"h_{n + 1}" if len(names) == 1 and scene.spec.num_layers == 1 else _named(scene, n)
    if n:
        return "second principal direction"
    return f"first principal direction (both: {plane.share:.0%} of the variance)"


def _named(scene: Scene, n: int) -> str:
    """Name one of two numbers that belong to different states or layers."""
    names = CELLS[scene.spec.cell].states
    return names[n] if len(names) == 2 else f"h of layer {n + 1}"


def _count(scene: Scene, found: tuple[FixedPoint, ...], *, searching: bool) -> str:
    stable = sum(point.stable for point in found)
    if not found and searching:
        return "searching for fixed points"
    if not found and not can_search(scene.spec):
        return "too large to search for fixed points"
    if not found:
        return "no fixed point found"
    return f"{stable} stable and {len(found) - stable} unstable fixed points found"
