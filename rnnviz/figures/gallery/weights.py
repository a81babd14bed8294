"""The weight matrices as coloured numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.gallery._registry import register
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Figure, GutterLabel, Heatmap, Margins, Plot, Region, Scale
from rnnviz.figures.notation import ShownParameter, shown_parameters
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, short

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


@register("weights", "Weights")
def weights(scene: Scene, only: str | None = None, selected: tuple[str, int, int] | None = None) -> Figure:
    """Show every matrix, or `only` the one of that symbol; `selected` outlines (symbol, row, column)."""
    shown = [p for p in shown_parameters(scene) if only in {None, p.symbol}]
    # One scale for all, so that equal colours are equal numbers; it rests while single entries move.
    limit = max(1.0, nice_ceiling(max(largest(p.values) for p in shown), FINE_STEPS))
    plots = tuple(_plot(p, limit, selected) for p in shown)
    sizes = ", ".join(f"{p.symbol} {p.values.shape[0]} by {p.values.shape[1]}" for p in shown)
    margins = Margins(left=54, top=2, right=4, bottom=20, between_rows=26)
    return Figure(
        "Weights",
        f"The weights as coloured numbers: {sizes}.",
        plots,
        margins=margins,
        note=f"colours ±{short(limit)}",
    )


def _plot(shown: ShownParameter, limit: float, selected: tuple[str, int, int] | None) -> Plot:
    rows, columns = shown.values.shape
    marks: list[Heatmap | Region] = [cells(shown.values, limit)]
    if selected is not None and selected[0] == shown.symbol:
        row, column = selected[1:]
        marks.append(Region(column, column + 1, "selection", row + 1, row))
    return Plot(
        shown.symbol,
        Axis(0, columns, ticks=_centred(shown.columns)),
        Axis(0, rows, reverse=True, ticks=_centred(shown.rows)),
        tuple(marks),
        gutter=(GutterLabel(rows / 2, shown.symbol, "text"),),
        weight=max(rows, 1),
    )


def _centred(labels: tuple[str, ...]) -> tuple[tuple[float, str], ...]:
    return tuple((n + 0.5, label) for n, label in enumerate(labels))


@memoised
def cells(values: Floats, limit: float) -> Heatmap:
    """Return a matrix whose colours reach from −limit to limit."""
    scale = Scale("signed", -limit, limit)
    return Heatmap(
        np.asarray(values, float), scale, 0.0, 0.0, values.shape[0], 0.97, rounded=True, decimals=2
    )
