"""The eigenvalues of the recurrent weights on the unit circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.difference import as_common
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import PICKED
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.notation import place, shown_parameters, spelled
from rnnviz.figures.numbers import FINE_STEPS, nice_ceiling, written
from rnnviz.figures.spots import BEFORE, gate_of_row, spots
from rnnviz.figures.staleness import as_stale, spectrum_of
from rnnviz.figures.states import lane_looked_at
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.engine import Spectrum
    from rnnviz.figures.model import Floats
    from rnnviz.figures.notation import ShownParameter
    from rnnviz.figures.scene import Scene

ANGLES = np.linspace(0.0, 2.0 * np.pi, 181)
CIRCLE = Line(np.cos(ANGLES), np.sin(ANGLES), "muted")
NONE = "A feed-forward network has no recurrent weights, so nothing is carried from step to step."
NOT_FINITE = "{} has entries that are not finite, so it has no eigenvalues."


@register("spectrum", "Spectrum of recurrent weights")
def spectrum(scene: Scene) -> Figure:
    """Show the eigenvalues of W_H: inside the circle they shrink what is carried, outside they grow it.

    Of a cell with gates these are the eigenvalues of each gate's block, which describe it but bound nothing.
    """
    name = spelled(parameter_symbol(scene.notation, "W_H"))
    title = f"Spectrum of {name}"
    blocks = [shown for shown in shown_parameters(scene) if shown.kind == "W_H"]
    if not blocks:
        return Figure(title, NONE, (), message=NONE)
    if not all(np.isfinite(block.values).all() for block in blocks):
        return Figure(title, NOT_FINITE.format(name), (), message=NOT_FINITE.format(name))
    found = [spectrum_of(scene, block) for block in blocks]
    single = len(blocks) == 1
    largest = max(block.norm if single else block.spectral_radius for block in found)
    reach = max(1.2, nice_ceiling(1.05 * largest, FINE_STEPS))
    plot = Plot(
        "spectrum",
        Axis(-reach, reach, "real part"),
        Axis(-reach, reach, "imaginary part"),
        (
            CIRCLE,
            *_picked(scene, blocks, found),
            *(_singular(found[0]) if single else ()),
            *_all_points(scene, blocks, found),
        ),
        fit="square",
        clip=True,
    )
    wide = 16 if reach >= 100 else 4  # ticks are as wide as their numbers
    margins = Margins(left=44 + wide, top=28, right=12, bottom=40)
    size = _size(scene, blocks, found)
    whose = (
        "each gate's block, which describe it but bound nothing," if not single else "the recurrent weights"
    )
    sentence = f"Eigenvalues of {whose} around the unit circle; spectral {size}."
    figure = Figure(title, sentence, (plot,), margins=margins, note=size + place(scene))
    return as_stale(scene, as_common(scene, figure))


def _all_points(scene: Scene, blocks: list[ShownParameter], found: list[Spectrum]) -> Iterator[Points]:
    """Yield the eigenvalues of each block in its gate's colour."""
    for block, spectrum in zip(blocks, found, strict=True):
        role = "hidden" if block.role == "text" else block.role
        yield Points(_positions(spectrum), role, _gate(scene, block) or "eigenvalues")


def _singular(found: Spectrum) -> tuple[Points, ...]:
    """Return the singular values on the real axis: the largest one bounds what a step can do."""
    places = np.stack([found.singular_values, np.zeros(len(found.singular_values))], 1)
    return (Points(places, "gradient", "singular values", size=5.0),)


def _positions(found: Spectrum) -> Floats:
    return np.stack([found.eigenvalues.real, found.eigenvalues.imag], 1)


def _picked(scene: Scene, blocks: list[ShownParameter], found: list[Spectrum]) -> tuple[Points, ...]:
    """Return a larger point behind each eigenvalue of the block that a picked gate or weight belongs to."""
    picked = [spot for spot in spots(scene)[:1] if spot.lane == lane_looked_at(scene)]
    weight = None if scene.selection is None else scene.selection.weight
    if not picked or (weight is not None and not weight.parameter.startswith("weight_hh")):
        return ()
    name = picked[0].quantity.removeprefix(BEFORE)
    gates = [gate_of_row(scene.spec, block.first) for block in blocks]
    return tuple(
        Points(_positions(spectrum), PICKED, size=11.0)
        for spectrum, gate in zip(found, gates, strict=True)
        if gate == name and (weight is not None or len(blocks) > 1)
    )


def _size(scene: Scene, blocks: list[ShownParameter], found: list[Spectrum]) -> str:
    if len(blocks) == 1:
        norm = f"‖{spelled(blocks[0].symbol)}‖₂ {written(found[0].norm)}"
        return f"radius {written(found[0].spectral_radius)} · {norm}"
    radii = (f"{_gate(scene, b)} {written(f.spectral_radius)}" for b, f in zip(blocks, found, strict=True))
    return f"radius {' · '.join(radii)}"


def _gate(scene: Scene, block: ShownParameter) -> str:
    """Return the letter of a block's gate, nothing of a cell without gates."""
    return gate_of_row(scene.spec, block.first) if len(CELLS[scene.spec.cell].gates) > 1 else ""
