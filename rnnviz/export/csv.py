"""The numbers of a figure as one table, a line a number, which spreadsheets and pandas read."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from rnnviz.export._data import named, series, words
from rnnviz.export._files import replace_file
from rnnviz.export._registry import register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rnnviz.export._data import Series
    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure

PLACES = ("row", "column", "x", "y", "value", "text")
HEADER = ("mark", "plot", "kind", "name", "x axis", "y axis", *PLACES)


@register(".csv", "Table of its numbers (CSV)", looks=False)
def save(figure: Figure, path: Path, _look: Look) -> None:
    """Write the numbers of a figure as CSV in UTF-8, mark after mark."""
    replace_file(path, table(figure, path).encode("utf-8"))


def table(figure: Figure, path: Path, separator: str = ",") -> str:
    """Return the numbers of a figure as CSV; ExportError if there are none, path for its words.

    Every line says to which mark it belongs, so that one filter gives one mark. Rows and columns count from
    1; what is not a number is left empty.
    """
    text = StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(HEADER)
    for name, one in named(series(figure, path)):
        about = [name, *map(words, (one.plot.name, one.kind, one.name, one.plot.x.label, one.plot.y.label))]
        writer.writerows([*about, *line] for line in _lines(one))
    return text.getvalue()


def _lines(one: Series) -> Iterator[tuple[Any, ...]]:
    """Return the columns that there may be, empty where a mark has none."""
    length = len(next(iter(one.columns.values())))
    columns = (one.columns[name].tolist() if name in one.columns else [""] * length for name in PLACES)
    for line in zip(*columns, strict=True):
        yield tuple("" if number != number else number for number in line)
