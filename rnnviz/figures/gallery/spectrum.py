"""The eigenvalues of the recurrent weights on the unit circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.notation import place, shown_parameters
from rnnviz.figures.numbers import nice_ceiling, written
from rnnviz.figures.spots import BEFORE, gate_of_row, spots
from rnnviz.figures.staleness import as_stale, spectrum_of
from rnnviz.figures.states import lane_looked_at

if TYPE_CHECKING:
    from rnnviz.engine import Spectrum
    from rnnviz.figures.notation import ShownParameter
    from rnnviz.figures.scene import Scene

ANGLES = np.linspace(0.0, 2.0 * np.pi, 181)
CIRCLE = Line(np.cos(ANGLES), np.sin(ANGLES), "muted")
NONE = "A feed-forward network has no recurrent weights, so nothing is carried from step to step."
NOT_FINITE = "W_H has entries that are not finite, so it has no eigenvalues."


@register("spectrum", "Spectrum of W_H")
def spectrum(scene: Scene) -> Figure:
    """Show the eigenvalues of W_H: inside the circle they shrink what is carried, outside they grow it.

    Of a cell with gates these are the eigenvalues of each gate's block, which describe it but bound nothing.
    """
    title = "Spectrum of W_H"
    blocks = [shown for shown in shown_parameters(scene) if shown.kind == "W_H"]
    if not blocks:
        return Figure(title, NONE, (), message=NONE)
    if not all(np.isfinite(block.values).all() for block in blocks):
        return Figure(title, NOT_FINITE, (), message=NOT_FINITE)
    found = [spectrum_of(scene, block) for block in blocks]
    radius = max(block.spectral_radius for block in found)
    reach = max(1.2, nice_ceiling(1.05 * radius))
    plot = Plot(
        "spectrum",
        Axis(-reach, reach, "real part"),
        Axis(-reach, reach, "imaginary part"),
        (CIRCLE, *_picked(scene, blocks, found), *map(_points, blocks, found)),
        fit="square",
        clip=True,
    )
    keys = len(blocks) > 1
    margins = Margins(left=44, top=28 if keys else 10, right=12, bottom=40)
    size = _size(blocks, found)
    whose = "each gate's block, which describe it but bound nothing," if keys else "the recurrent weights"
    sentence = f"Eigenvalues of {whose} around the unit circle; spectral {size}."
    return as_stale(scene, Figure(title, sentence, (plot,), margins=margins, note=size + place(scene)))


def _points(block: ShownParameter, found: Spectrum) -> Points:
    eigenvalues = np.stack([found.eigenvalues.real, found.eigenvalues.imag], 1)
    return Points(eigenvalues, "hidden" if block.role == "text" else block.role, _gate(block))


def _picked(scene: Scene, blocks: list[ShownParameter], found: list[Spectrum]) -> tuple[Points, ...]:
    """Return a larger point behind each eigenvalue of the block that a picked gate or weight belongs to."""
    picked = [spot for spot in spots(scene)[:1] if spot.lane == lane_looked_at(scene)]
    weight = None if scene.selection is None else scene.selection.weight
    if not picked or (weight is not None and not weight.parameter.startswith("weight_hh")):
        return ()
    name = picked[0].quantity.removeprefix(BEFORE)
    gates = [gate_of_row(scene.spec, block.first) for block in blocks]
    return tuple(
        Points(_points(block, spectrum).positions, PICKED, size=11.0)
        for block, spectrum, gate in zip(blocks, found, gates, strict=True)
        if gate == name and (weight is not None or len(blocks) > 1)
    )


def _size(blocks: list[ShownParameter], found: list[Spectrum]) -> str:
    if len(blocks) == 1:
        return f"radius {written(found[0].spectral_radius)} · ‖W_H‖₂ {written(found[0].norm)}"
    radii = (f"{_gate(b)} {written(f.spectral_radius)}" for b, f in zip(blocks, found, strict=True))
    return f"radius {' · '.join(radii)}"


def _gate(block: ShownParameter) -> str:
    """Return the letter of a block's gate, nothing of a cell without gates."""
    return block.symbol.removeprefix("W_").strip("{}").removeprefix("H")
