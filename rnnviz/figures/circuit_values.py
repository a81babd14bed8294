"""What the wires of a circuit carry at the playhead's step, read from the trace by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.difference import other_scene
from rnnviz.figures.spots import BEFORE, SHARED
from rnnviz.figures.stages import is_new, known
from rnnviz.figures.states import lane_looked_at, state_names, traced

if TYPE_CHECKING:
    from rnnviz.figures.circuits import Reading, Wire
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


def read(scene: Scene, reading: Reading, steps: slice) -> Floats:
    """Return a named array of the trace at some steps: (n, rows)."""
    trace, name = scene.analysis.trace, reading.name
    if reading.below:
        return np.asarray(trace.layers[scene.layer - 1].h[steps, 0])
    if name in SHARED:
        return _shared(scene, name, steps)
    found = traced(scene, lane_looked_at(scene))
    if name.startswith(BEFORE):
        arrays, name = found.preactivations, name.removeprefix(BEFORE)
    elif name in state_names(scene.spec):
        arrays = found.previous if reading.previous else found.states
    else:
        arrays = found.gates
    return np.asarray(arrays[name][steps, 0])


def _shared(scene: Scene, name: str, steps: slice) -> Floats:
    """Return what belongs to no lane; tokens as one-hot vectors."""
    trace = scene.analysis.trace
    if name == "y":
        return np.asarray(trace.probabilities[steps, 0])
    if name == "e":
        return trace.layers[0].directions[0].inputs.vectors(steps.start, steps.stop, 0)
    if trace.x.ndim > 2:
        return np.asarray(trace.x[steps, 0], float)
    ids = trace.x[steps, 0]
    found = np.zeros((len(ids), scene.spec.input_size))
    found[np.arange(len(ids)), ids] = 1.0
    return found


@np.errstate(all="ignore")
def over_steps(scene: Scene, wire: Wire, steps: slice) -> Floats:
    """Return what a wire carries at some steps: (n, rows)."""
    return np.asarray(wire.value(*(read(scene, reading, steps) for reading in wire.reads)), float)


@np.errstate(all="ignore")
def carried(scene: Scene, wire: Wire) -> Floats:
    """Return what a wire carries at the playhead's step: (rows,), NaN as long as it is not known.

    Of a comparison it is by how much it differs from the other.
    """
    now = slice(scene.step, scene.step + 1)
    values: Floats = over_steps(scene, wire, now)[0]
    if not is_known(scene, wire):
        return np.full(values.shape, np.nan)
    if scene.baseline is None:
        return values
    other = other_scene(scene)
    if other is None or other.step != scene.step:
        return np.full(values.shape, np.nan)
    return np.asarray(values - over_steps(other, wire, now)[0])


def is_known(scene: Scene, wire: Wire) -> bool:
    """Whether a wire carries anything yet in slow motion."""
    return _is_from_before(wire) or known(scene, _stage(wire))


def is_fresh(scene: Scene, wire: Wire) -> bool:
    """Whether it is at this stage of slow motion that a wire has got its numbers."""
    return not _is_from_before(wire) and is_new(scene, _stage(wire))


def _is_from_before(wire: Wire) -> bool:
    return all(reading.previous for reading in wire.reads)


def _stage(wire: Wire) -> str:
    """Return the quantity with which a wire becomes known; a layer reads what is below it as x enters."""
    return wire.stage or ("x" if wire.reads[0].below else wire.reads[0].name)
