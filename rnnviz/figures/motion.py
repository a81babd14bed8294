"""What moves in a network's step in slow motion: the paths that are taken, and what has just appeared."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from rnnviz.engine import CELLS, stages
from rnnviz.figures.model import Arrows, Mark, Region, Text
from rnnviz.figures.notation import visible
from rnnviz.figures.stack import at, onwards, upwards
from rnnviz.figures.stages import is_new
from rnnviz.figures.states import quantity, state_names

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.columns import Columns
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.stack import Stack

TAKEN = "selection"  # the role of a path that is taken
PREACTIVATION = "a."


def in_slow_motion(
    scene: Scene,
    columns: Columns,
    stack: Stack,
    held: tuple[str, ...],
    predictions: tuple[str, ...],
    fold: float = 0.0,
) -> tuple[Mark, ...]:
    """Return what shows how far the playhead's step has come, nothing if steps are shown whole.

    held: what the strips of a box show. predictions: what is written as ŷ_t, one a step. fold: as in
    `gallery.network`; between its ends all moves anyway.
    """
    if scene.stage is None or not columns.holds(scene.step) or 0 < fold < 1:
        return ()
    carried = state_names(scene.spec) if CELLS[scene.spec.cell].recurrent and not fold else ()
    new = _appearing(scene, stack, held, visible(predictions[scene.step - columns.start]))
    return (*_paths(scene, stack, carried), *new)


def _appearing(scene: Scene, stack: Stack, held: tuple[str, ...], prediction: str) -> tuple[Mark, ...]:
    """Return an outline of the strips that are filled at this stage, or the new x_t or ŷ_t."""
    place = np.array([scene.step + 1.0])
    if is_new(scene, "x"):
        read = (visible(scene.inputs[scene.step]),)
        return (_token(at(place, stack.inputs), read, "circle", "input"),)
    if is_new(scene, "y"):
        return (_token(at(place, stack.outputs), (prediction,), "box", TAKEN),)
    new = [(strip, name) for strip, name in zip(stack.strips, held, strict=True) if is_new(scene, name)]
    if not new:
        return ()
    edges = [strip.aside + side * strip.width / 2 for strip, _ in new for side in (-1, 1)]
    left, right = scene.step + 1 + min(edges), scene.step + 1 + max(edges)
    role = quantity(new[0][1]).role if len(new) == 1 else TAKEN
    return tuple(Region(left, right, role, *stack.cells(lane)) for lane in stack.lanes())


def _token(place: Floats, words: tuple[str, ...], frame: Literal["circle", "box"], role: str) -> Text:
    return Text(place, words, "text", frame, role, frozenset({0}), pitch=1.0)


def _paths(scene: Scene, stack: Stack, carried: tuple[str, ...]) -> tuple[Arrows, ...]:
    """Return the arrows that numbers take at this stage. carried: the states passed on from step to step."""
    t = np.array([scene.step + 1.0])
    ends = [*_upward(scene, stack, t)]
    for number, name in enumerate(carried):
        if name in recalled(scene.spec, scene.stage):
            ends.append(onwards(stack, t, (number + 0.5) / len(carried)))
    return (Arrows(np.concatenate(ends), TAKEN),) if ends else ()


def _upward(scene: Scene, stack: Stack, t: Floats) -> list[Floats]:
    layers = [stack.layer(n) for n in range(stack.layers)]
    if is_new(scene, "x"):
        return [upwards(t, stack.inputs, layers[0].bottom)]
    if is_new(scene, "y"):
        return [upwards(t, layers[-1].top, stack.tips)]
    if is_new(scene, "h"):
        return [upwards(t, low.top, high.bottom) for low, high in pairwise(layers)]
    return []


def recalled(spec: NetworkSpec, stage: int | None) -> frozenset[str]:
    """Return the states of the step before that a stage reads; none if steps are shown whole."""
    made = () if stage is None else stages(spec)[stage].computes
    read = {"h"} if any(name.startswith(PREACTIVATION) for name in made) else set[str]()
    cell = CELLS[spec.cell]
    if cell.memory in made and len(cell.gates) > 1:
        read.add(cell.memory)  # what a gate lets through of it stays
    return frozenset(read)
