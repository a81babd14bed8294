"""The numbers that a figure shows come back from its table and from its arrays."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_array_equal
from scenes import dogs, scenes

from rnnviz import export
from rnnviz.export import Look
from rnnviz.export import csv as tables
from rnnviz.export.npz import arrays
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.model import Bars, Heatmap, Line

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

from pathlib import Path

PATH = Path("a.csv")


def lines(figure: object, separator: str = ",") -> list[dict[str, str]]:
    text = tables.table(figure, PATH, separator)
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def test_the_timeline_is_a_table_with_a_line_a_number() -> None:
    figure = FIGURES["timeline"].figure(dogs())
    found = lines(figure)
    h = {(int(row["row"]), int(row["column"])): float(row["value"]) for row in found if row["mark"] == "h_t"}
    trace = dogs().analysis.trace.layers[0].h[:, 0]
    for t, unit in np.ndindex(*trace.shape):
        assert h[unit + 1, t + 2] == trace[t, unit]  # the first column is h_0
    losses = [float(row["y"]) for row in found if row["mark"] == "L_t/bars"]
    assert losses == dogs().analysis.loss.step[:, 0].tolist()


@given(shown=scenes())
@settings(max_examples=25)
def test_arrays_are_those_of_the_marks(shown: Scene) -> None:
    figure = FIGURES["timeline"].figure(shown)
    found = arrays(figure, PATH)
    maps = [mark for plot in figure.plots for mark in plot.marks if isinstance(mark, Heatmap)]
    assert_array_equal(found["h_t"], next(m for m in maps if m.scale.label == "h_t").values)
    bars = [mark for plot in figure.plots for mark in plot.marks if isinstance(mark, Bars)]
    assert_array_equal(found["L_t/bars.y"], bars[0].heights)


@given(shown=scenes())
@settings(max_examples=25)
def test_a_table_gives_every_number_back_exactly(shown: Scene) -> None:
    figure = FIGURES["gradient-profile"].figure(shown)
    drawn = [mark for plot in figure.plots for mark in plot.marks if isinstance(mark, Line)]
    found = [row for row in lines(figure) if row["kind"] == "line"]
    wanted = [value for mark in drawn for value in np.asarray(mark.y, float).tolist()]
    assert_array_equal([float(row["y"] or "nan") for row in found], wanted)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_a_table_and_arrays_or_a_sentence(name: str, tmp_path: Path) -> None:
    figure = FIGURES[name].figure(dogs())
    for suffix in (".csv", ".npz"):
        path = tmp_path / f"a{suffix}"
        if figure.plots:
            export.save(figure, path, Look())
            assert path.stat().st_size > 100
        else:
            with pytest.raises(export.ExportError, match=r"shows no numbers.*\.$"):
                export.save(figure, path, Look())
            assert not path.exists()
    if figure.plots:
        with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
            assert str(archive["description"])
            assert len(archive.files) > 2


def test_a_spreadsheet_gets_cells() -> None:
    figure = FIGURES["weights"].figure(dogs())
    assert lines(figure, "\t") == lines(figure)


def test_what_is_not_a_number_is_left_empty() -> None:
    figure = FIGURES["gradient-flow"].figure(dogs())
    empty = [row for row in lines(figure) if row["kind"] == "heatmap" and row["value"] == ""]
    assert empty  # above the diagonal
