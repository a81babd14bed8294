"""The eigenvalues of the recurrent weights on the unit circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import spectrum as spectrum_of
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import nice_ceiling, written

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

ANGLES = np.linspace(0.0, 2.0 * np.pi, 181)
CIRCLE = Line(np.cos(ANGLES), np.sin(ANGLES), "muted")
NONE = "A feed-forward network has no recurrent weights, so nothing is carried from step to step."
NOT_FINITE = "W_H has entries that are not finite, so it has no eigenvalues."


@register("spectrum", "Spectrum of W_H")
def spectrum(scene: Scene) -> Figure:
    """Show the eigenvalues of W_H: inside the circle they shrink what is carried, outside they grow it."""
    title = "Spectrum of W_H"
    if "weight_hh_l0" not in scene.parameters:
        return Figure(title, NONE, (), message=NONE)
    weights = scene.parameters["weight_hh_l0"]
    if not np.isfinite(weights).all():
        return Figure(title, NOT_FINITE, (), message=NOT_FINITE)
    found = spectrum_of(weights)
    size = f"radius {written(found.spectral_radius)} · ‖W_H‖₂ {written(found.norm)}"
    reach = max(1.2, nice_ceiling(1.05 * found.spectral_radius))
    eigenvalues = np.stack([found.eigenvalues.real, found.eigenvalues.imag], 1)
    plot = Plot(
        "spectrum",
        Axis(-reach, reach, "real part"),
        Axis(-reach, reach, "imaginary part"),
        (CIRCLE, Points(eigenvalues, "hidden")),
        fit="square",
        clip=True,
    )
    margins = Margins(left=44, top=10, right=12, bottom=40)
    sentence = f"Eigenvalues of the recurrent weights around the unit circle; spectral {size}."
    return Figure(title, sentence, (plot,), margins=margins, note=size)
