"""What is held at a value: its words, and the marks that show it wherever its numbers are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Heatmap, Locks, Mark, Region
from rnnviz.figures.spots import labels
from rnnviz.figures.states import Lane, quantity, symbol

if TYPE_CHECKING:
    from rnnviz.engine import Intervention, NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.model import Plot
    from rnnviz.figures.scene import Scene

HELD = "held"  # the role of an outline around what is held
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LOCK_ROWS = 3.0  # rows of cells that a padlock may cover in a track
NAMED = 3  # as many are named in a note


def held_name(spec: NetworkSpec, held: Intervention, notation: Notation = "weights") -> str:
    """Name what is held: h₃ of a unit, the whole forget gate f."""
    if held.unit is not None:
        return held_letter(spec, held, notation)
    return whole_name(spec, held.target, Lane(held.layer, held.direction), notation)


def whole_name(spec: NetworkSpec, name: str, lane: Lane, notation: Notation = "weights") -> str:
    """Name all units of a quantity: the whole forget gate f, all of h."""
    word, letter = quantity(name).word, symbol(spec, name, lane, "", notation)
    if not word:
        return f"all of {letter}"
    return f"the whole {word}{'' if word == 'candidate' else ' gate'} {letter}"


def held_words(spec: NetworkSpec, held: Intervention, notation: Notation = "weights") -> str:
    """Say what is held, at what and from when on: h₃ = 0 from step 5."""
    return f"{held_letter(spec, held, notation)} = {value_words(held.value)} from step {held.start + 1}"


def value_words(value: float) -> str:
    """Write a held value with as many digits as it needs, six at most."""
    return f"{value:.6g}".replace("-", "−")


def held_note(scene: Scene) -> str:
    """Say in a few words what is held at the playhead's step, nothing if nothing is."""
    now = [held for held in scene.interventions if held.start <= scene.step]
    if not now:
        return ""
    named = (held_words(scene.spec, held, scene.notation).partition(" from ")[0] for held in now[:NAMED])
    return f"held: {', '.join(named)}{', …' if len(now) > NAMED else ''}"


def held_letter(spec: NetworkSpec, held: Intervention, notation: Notation = "weights") -> str:
    """Write what is held: h₃ of a unit, f of a whole gate."""
    subscript = "" if held.unit is None else str(held.unit + 1).translate(SUBSCRIPT)
    return symbol(spec, held.target, Lane(held.layer, held.direction), subscript, notation)


class Stretch(NamedTuple):
    """The steps start … stop − 1 (from 0) in which one intervention counts, the rows from `top` on."""

    quantity: str
    lane: Lane
    start: int
    stop: int
    top: int
    rows: int


def stretches(scene: Scene) -> tuple[Stretch, ...]:
    """Return where each intervention counts, until another one on all of its rows takes over."""
    found = []
    for n, held in enumerate(scene.interventions):
        later = (o.start for o in scene.interventions[n + 1 :] if _takes_over(o, held))
        stop = min(later, default=scene.steps)
        top, rows = (0, scene.spec.hidden_size) if held.unit is None else (held.unit, 1)
        if held.start < min(stop, scene.steps):
            lane = Lane(held.layer, held.direction)
            found.append(Stretch(held.target, lane, held.start, min(stop, scene.steps), top, rows))
    return tuple(found)


def _takes_over(later: Intervention, held: Intervention) -> bool:
    place = (later.target, later.layer, later.direction)
    return place == (held.target, held.layer, held.direction) and later.unit in {None, held.unit}


def held_rows(scene: Scene, name: str, lane: Lane) -> frozenset[int]:
    """Return which units of a state or a gate are held at the playhead's step."""
    return frozenset(
        unit
        for one in stretches(scene)
        if (one.quantity, one.lane) == (name, lane) and one.start <= scene.step < one.stop
        for unit in range(one.top, one.top + one.rows)
    )


def is_held(scene: Scene, name: str, lane: Lane, unit: int) -> bool:
    """Return whether a unit of a state or a gate is held at the playhead's step."""
    return unit in held_rows(scene, name, lane)


def held_since(scene: Scene, name: str, lane: Lane, unit: int) -> int | None:
    """Return from which step on a unit is held as it is at the playhead's; None if it is not held there."""
    starts = [
        one.start
        for one in stretches(scene)
        if (one.quantity, one.lane) == (name, lane)
        and one.start <= scene.step < one.stop
        and one.top <= unit < one.top + one.rows
    ]
    return max(starts, default=None)


def with_held(scene: Scene, plot: Plot) -> Plot:
    """Return a track with an outline around the cells that are held, and a padlock where it begins."""
    found = stretches(scene)
    if not found or not plot.marks:
        return plot
    known, marks = labels(scene), list[Mark]()
    for mark in plot.marks:
        if isinstance(mark, Heatmap) and mark.texts is None and mark.scale.label in known:
            name, lane = known[mark.scale.label]
            here = [one for one in found if (one.quantity, one.lane) == (name, lane)]
            marks += [drawn for one in here for drawn in _in_track(mark, one)]
    return replace(plot, marks=(*plot.marks, *marks)) if marks else plot


def _in_track(heat: Heatmap, one: Stretch) -> tuple[Mark, ...]:
    """Return the outline of a stretch in a heat map of all steps, and its padlock if that is in sight."""
    free, columns = (1 - heat.fill) / 2, heat.values.shape[1]
    left = max(one.start + 0.5, heat.left)
    right = min(one.stop + 0.5, heat.left + columns)
    if right <= left:
        return ()
    height = (heat.bottom - heat.top) / heat.values.shape[0]
    top, bottom = heat.top + one.top * height, heat.top + (one.top + one.rows) * height
    outline = Region(left + free, right - free, HELD, bottom, top)
    if left > one.start + 0.5:
        return (outline,)
    return (outline, _lock(left + free, top, 1.0 - 2 * free, abs(height) * LOCK_ROWS))


@memoised
def _lock(left: float, top: float, width: float, height: float) -> Locks:
    return Locks(np.array([[top, left]]), size=(width, height))


def outlined_holds(scene: Scene, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Return outlines of the held cells of a diagram whose columns stand at their steps."""
    known, found = labels(scene), list[Mark]()
    for one in stretches(scene):
        for mark in marks:
            if isinstance(mark, Heatmap) and known.get(mark.scale.label) == (one.quantity, one.lane):
                found += _in_diagram(mark, one)
    return tuple(found)


def _in_diagram(heat: Heatmap, one: Stretch) -> list[Region]:
    free, height = (1 - heat.fill) / 2, (heat.bottom - heat.top) / heat.values.shape[0]
    top, bottom = heat.top + one.top * height, heat.top + (one.top + one.rows) * height
    return [
        Region(heat.left + n + free, heat.left + n + 1 - free, HELD, bottom, top)
        for n in range(heat.values.shape[1])
        if one.start < round(heat.left + n + 0.5) <= one.stop
    ]
