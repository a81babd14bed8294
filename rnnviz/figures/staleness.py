"""What a figure shows while its numbers are still those of an earlier moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import Spectrum, spectrum
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Region, Text

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure, Floats, Plot
    from rnnviz.figures.notation import ShownParameter
    from rnnviz.figures.scene import Scene

COMPUTING = "computing…"


def dimmed(scene: Scene, low: float, high: float) -> tuple[Region, ...]:
    """Return the veil over a plot, from low to high in x, whose values are stale."""
    return (Region(low, high, "stale"),) if scene.stale else ()


def saying_so(scene: Scene, plot: Plot, right: float, y: float) -> Plot:
    """Return a plot that says at an empty place of its own if it is stale: a heading may have no room."""
    if not scene.stale:
        return plot
    words = Text(np.array([[right, y]]), (COMPUTING,), "muted", align=1.0)
    return replace(plot, marks=(*plot.marks, words))


def as_stale(scene: Scene, figure: Figure) -> Figure:
    """Return a figure that says so if what it shows is stale."""
    if not scene.stale:
        return figure
    note = f"{COMPUTING} · {figure.note}" if figure.note else COMPUTING
    return replace(figure, note=note, description=f"{figure.description} It is being computed anew.")


def spectrum_of(scene: Scene, shown: ShownParameter) -> Spectrum:
    """Return the spectrum of a matrix; of a large network it is found elsewhere and may be stale."""
    known = None if scene.spectra is None else scene.spectra.found.get((shown.parameter, shown.first))
    return _found(shown.values) if known is None else known


@memoised
def _found(matrix: Floats) -> Spectrum:
    return spectrum(matrix)
