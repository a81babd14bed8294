"""The numbers of a figure as NumPy arrays."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.export._data import named, series, words
from rnnviz.export._files import replace_file
from rnnviz.export._registry import register

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from rnnviz.export.look import Look
    from rnnviz.figures.model import Figure


@register(".npz", "Arrays of its numbers (NPZ)", looks=False)
def save(figure: Figure, path: Path, _look: Look) -> None:
    """Write the numbers of a figure so that `numpy.load` gives them back by the names of plots and marks."""
    stream = BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays(figure, path))
    replace_file(path, stream.getvalue())


def arrays(figure: Figure, path: Path) -> dict[str, NDArray[Any]]:
    """Return arrays by name: "h_t" or "W_H/heatmap" is a matrix as it lies, "L_t/bars.x" and ".y" are bars.

    "title", "description" and, for each plot, "W_H.axes" (the names of x and y) are words. Raises ExportError
    if the figure shows no numbers.
    """
    found: dict[str, NDArray[Any]] = {
        "title": np.array(words(figure.title)),
        "description": np.array(words(figure.description)),
    }
    for name, one in named(series(figure, path)):
        axes = [words(axis.label) for axis in (one.plot.x, one.plot.y)]
        found.setdefault(f"{words(one.plot.name)}.axes", np.array(axes))
        if one.matrix is not None:
            found[name] = np.asarray(one.matrix)
            found |= {f"{name}.{part}": one.columns[part] for part in ("text",) if part in one.columns}
        else:
            found |= {f"{name}.{part}": np.asarray(column) for part, column in one.columns.items()}
    return found
