"""The weight matrices as coloured numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.difference import as_common, comparison
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.highlight import weight_outlines
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import (
    Axis,
    CellBars,
    Dial,
    Figure,
    GutterLabel,
    Heatmap,
    Locks,
    Margins,
    Plot,
    Region,
    Scale,
)
from rnnviz.figures.notation import ShownParameter, place, shown_parameters
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, short, written
from rnnviz.figures.staleness import as_stale, spectrum_of
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.engine import Spectrum
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.notation import Booleans
    from rnnviz.figures.scene import Scene

WIDER = 64  # pixels of the gutter with names such as W_{out}
DIAL = 0.34  # of a square matrix's plot: the eigenvalues beside it
DIAL_GAP = 0.03
DIAL_ROWS = 5  # rows of cells that a plot with eigenvalues is as high as, at least


@dataclass(frozen=True, slots=True)
class Overlays:
    """What may be shown besides the weights.

    corner: (row, column) opposite the selected entry, of a selected block. gradients: which way training
    would push each entry. spectra: the eigenvalues beside each square matrix.
    """

    corner: tuple[int, int] | None = None
    gradients: bool = False
    spectra: bool = False


PLAIN = Overlays()


@register("weights", "Weights")
def weights(
    scene: Scene,
    only: str | None = None,
    selected: tuple[str, int, int] | None = None,
    overlays: Overlays = PLAIN,
) -> Figure:
    """Show every matrix, or `only` those of one kind; `selected` outlines (symbol, row, column)."""
    shown = [p for p in shown_parameters(scene) if only in {None, p.kind}]
    # One scale for all, so that equal colours are equal numbers; it rests while single entries move.
    limit = max(1.0, nice_ceiling(max(largest(p.values) for p in shown), FINE_STEPS))
    pushes = _pushes(scene, shown) if overlays.gradients else {}
    steepest = max((largest(push) for push in pushes.values()), default=0.0)
    reach = nice_ceiling(steepest, FINE_STEPS)
    plots = tuple(
        _plot(p, limit, (*_over(scene, p, pushes, reach, overlays), *outlines), overlays)
        for p, outlines in ((p, _outlines(scene, p, selected, overlays)) for p in shown)
    )
    sizes = ", ".join(f"{plain(p.symbol)} {p.values.shape[0]} by {p.values.shape[1]}" for p in shown)
    margins = Margins(
        left=WIDER if scene.notation == "pytorch" else 54, top=2, right=4, bottom=20, between_rows=26
    )
    where = place(scene)
    figure = Figure(
        "Weights",
        f"The weights as coloured numbers{where}: {sizes}.{_about_pushes(overlays)}",
        plots,
        margins=margins,
        note=f"bars {_compared(scene)}±{short(reach)}" if overlays.gradients else f"colours ±{short(limit)}",
    )
    figure = figure if overlays.gradients else as_common(scene, figure)
    return as_stale(scene, figure) if overlays.spectra else figure


def _compared(scene: Scene) -> str:
    two = comparison(scene)
    return "" if two is None else f"{two.less}, "


def _about_pushes(overlays: Overlays) -> str:
    if not overlays.gradients:
        return ""
    return " Bars show −∂L/∂w: to the right where training would raise an entry, to the left where lower it."


def _pushes(scene: Scene, shown: list[ShownParameter]) -> dict[str, Floats]:
    """Return −∂L/∂w, which way training would push, by symbol; less those of the other if one is compared."""
    found = {}
    for p in shown:
        part = p.part(scene.analysis.gradients.parameters)
        than = None if scene.baseline is None else p.part(scene.baseline.gradients.parameters)
        if part is not None:
            found[p.symbol] = (0.0 if than is None else than) - part
    return found


def _over(
    scene: Scene, shown: ShownParameter, pushes: dict[str, Floats], reach: float, overlays: Overlays
) -> list[Mark]:
    """Return what is drawn over the cells of a matrix and beside them: gradients, padlocks, eigenvalues."""
    marks: list[Mark] = []
    if overlays.spectra and shown.is_square:
        role = "hidden" if shown.role == "text" else shown.role
        marks.append(_dial(spectrum_of(scene, shown), len(shown.rows), role))
    if shown.symbol in pushes:
        marks.append(CellBars(pushes[shown.symbol], reach, "gradient"))
    held = shown.held(scene.frozen)
    if held is not None:
        marks.append(_locks(held))
    return marks


@memoised
def _locks(held: Booleans) -> Locks:
    return Locks(np.argwhere(held).astype(float))


def _outlines(
    scene: Scene, shown: ShownParameter, selected: tuple[str, int, int] | None, overlays: Overlays
) -> tuple[Region, ...]:
    """Return the outline of what is selected here, or of what is picked anywhere."""
    if selected is None:
        return weight_outlines(scene, shown)
    if selected[0] != shown.symbol:
        return ()
    row, column = selected[1:]
    outline = _outline((row, column), (row, column))
    if overlays.corner in {None, (row, column)}:
        return (outline,)
    return (outline, _outline((row, column), overlays.corner))


def _outline(one: tuple[int, int], other: tuple[int, int]) -> Region:
    (top, bottom), (left, right) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return Region(left, right + 1, "selection", bottom + 1, top)


def _plot(shown: ShownParameter, limit: float, over: tuple[Mark, ...], overlays: Overlays) -> Plot:
    rows, columns = shown.values.shape
    marks: list[Mark] = [cells(shown.values, limit), *over]
    wide, high = float(columns), max(rows, 1)
    if overlays.spectra and shown.is_square:
        wide, high = columns / (1 - DIAL), max(rows, DIAL_ROWS)
    return Plot(
        shown.symbol,
        Axis(0, wide, ticks=_centred(shown.columns)),
        Axis(0, rows, reverse=True, ticks=_centred(shown.rows)),
        tuple(marks),
        gutter=(GutterLabel(rows / 2, shown.symbol, shown.role),),
        weight=high,
    )


@memoised
def _dial(found: Spectrum, rows: int, role: str) -> Dial:
    """Return the eigenvalues of a square matrix, its spectral radius and its 2-norm."""
    points = np.stack([found.eigenvalues.real, found.eigenvalues.imag], 1)
    reach = max(1.2, nice_ceiling(1.05 * found.spectral_radius, FINE_STEPS))
    words = (f"radius {written(found.spectral_radius)}", f"norm {written(found.norm)}")
    right = rows / (1 - DIAL)
    return Dial(points, reach, rows + DIAL_GAP * right, right, 0.0, rows, role, words)


def _centred(labels: tuple[str, ...]) -> tuple[tuple[float, str], ...]:
    return tuple((n + 0.5, label) for n, label in enumerate(labels))


@memoised
def cells(values: Floats, limit: float) -> Heatmap:
    """Return a matrix whose colours reach from −limit to limit."""
    scale = Scale("signed", -limit, limit)
    return Heatmap(
        np.asarray(values, float), scale, 0.0, 0.0, values.shape[0], 0.97, rounded=True, decimals=2
    )
