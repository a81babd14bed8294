"""The numbers of a figure, as tables have them: what its marks show, without the lines between boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.export._files import ExportError
from rnnviz.figures.model import Bars, CellBars, Dial, Heatmap, Line, Points, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from rnnviz.figures.model import Figure, Mark, Plot

    Columns = dict[str, NDArray[Any]]


MARKUP = re.compile(r"⟦[^|⟧]*\||[⟧{}]")


def words(text: str) -> str:
    """Return a label as it is typed, h_t and W_Hi, without what says how it is set."""
    return MARKUP.sub("", text)


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """One mark's numbers.

    columns: arrays of one length, by "row", "column" (from 1), "x", "y", "value" and "text" as far as the
    mark has them. matrix: the values of a heat map as they lie, (rows, columns); None of other marks.
    """

    plot: Plot
    kind: str
    name: str
    columns: Mapping[str, NDArray[Any]]
    matrix: NDArray[Any] | None = None


def series(figure: Figure, path: Path) -> list[Series]:
    """Return the numbers of every mark that shows some; ExportError if there are none, path for its words."""
    found = [one for plot in figure.plots for mark in plot.marks if (one := _series(plot, mark)) is not None]
    if not found:
        raise ExportError(
            f"{path.name} was not written: this picture shows no numbers. {figure.message}".strip()
        )
    return found


def _series(plot: Plot, mark: Mark) -> Series | None:
    read = READ.get(type(mark))
    if read is None:
        return None
    columns = read(mark)
    name = getattr(mark, "label", "")
    if isinstance(mark, Heatmap):
        name = mark.scale.label
    matrix = mark.values if isinstance(mark, Heatmap | CellBars) else None
    return Series(plot, type(mark).__name__.lower(), words(name), columns, matrix)


def _curve(mark: Line) -> Columns:
    return {"x": np.asarray(mark.x), "y": np.asarray(mark.y)}


def _bars(mark: Bars) -> Columns:
    return {"x": mark.start + np.arange(len(mark.heights)), "y": np.asarray(mark.heights)}


def _cells(mark: Heatmap) -> Columns:
    rows, columns = mark.values.shape
    step = (mark.bottom - mark.top) / rows if rows else 0.0
    row, column = (place.ravel() for place in np.indices((rows, columns)))
    found: Columns = {"row": row + 1, "column": column + 1}
    found |= {"x": mark.left + column + 0.5, "y": mark.top + step * (row + 0.5)}
    found["value"] = np.asarray(mark.values).ravel()
    if mark.texts is not None:
        found["text"] = np.array([words(text) for text in mark.texts], str)
    return found


def _cell_bars(mark: CellBars) -> Columns:
    row, column = (place.ravel() for place in np.indices(mark.values.shape))
    return {"row": row + 1, "column": column + 1, "value": np.asarray(mark.values).ravel()}


def _points(mark: Points) -> Columns:
    return {"x": mark.positions[:, 0], "y": mark.positions[:, 1]}


def _dial(mark: Dial) -> Columns:
    points = np.asarray(mark.points).reshape(-1, 2)
    return {"x": points[:, 0], "y": points[:, 1]}


def _text(mark: Text) -> Columns:
    strings = np.array([words(text) for text in mark.strings], str)
    return {"x": mark.positions[:, 0], "y": mark.positions[:, 1], "text": strings}


READ: dict[type, Callable[[Any], Columns]] = {
    Line: _curve,
    Bars: _bars,
    Heatmap: _cells,
    CellBars: _cell_bars,
    Points: _points,
    Dial: _dial,
    Text: _text,
}


def named(found: list[Series]) -> Iterator[tuple[str, Series]]:
    """Give every series a name of its own: its plot, and what it shows in it, "h_t" or "L_t/bars"."""
    taken: dict[str, int] = {}
    for one in found:
        plot, name = words(one.plot.name), one.name or one.kind
        name = name if name == plot else f"{plot}/{name}"
        taken[name] = taken.get(name, 0) + 1
        yield (name if taken[name] == 1 else f"{name} {taken[name]}"), one
