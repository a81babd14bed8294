"""What is shown over the weights and beside them is what the engine says, whatever the network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import dogs, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery.weights import Overlays, weights
from rnnviz.figures.model import CellBars, Dial, Heatmap, Locks, Region
from rnnviz.figures.notation import ShownParameter, shown_parameters
from rnnviz.figures.numbers import largest

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene

EVERY: dict[str, Any] = {"layers": 3, "both": True}
ALL = Overlays(gradients=True, spectra=True)


def found(figure: Figure, symbol: str, kind: type) -> list[Any]:
    plot = next(plot for plot in figure.plots if plot.name == symbol)
    return [mark for mark in plot.marks if isinstance(mark, kind)]


@given(shown=scenes(**EVERY))
@settings(max_examples=60)
def test_bars_are_the_gradients_turned_round(shown: Scene) -> None:
    figure, gradients = weights(shown, overlays=ALL), shown.analysis.gradients.parameters
    limits = set()
    for parameter in shown_parameters(shown):
        (bars,) = found(figure, parameter.symbol, CellBars)
        rows = slice(parameter.first, parameter.first + len(parameter.rows))
        gradient = gradients[parameter.parameter].reshape(len(gradients[parameter.parameter]), -1)[rows]
        assert_array_equal(bars.values, -gradient)
        limits.add(bars.limit)
        assert bars.limit >= largest(gradient)
    assert len(limits) == 1
    assert isinstance(figure.plots[0].marks[0], Heatmap)


@given(shown=scenes(**EVERY))
@settings(max_examples=60)
def test_square_matrices_have_their_eigenvalues_beside_them(shown: Scene) -> None:
    figure = weights(shown, overlays=ALL)
    for parameter in shown_parameters(shown):
        dials = found(figure, parameter.symbol, Dial)
        rows, columns = parameter.values.shape
        assert len(dials) == (rows == columns and not parameter.kind.startswith("b"))
        for dial in dials:
            spectrum = e.spectrum(parameter.values)
            assert_array_equal(dial.points @ [1, 1j], spectrum.eigenvalues)
            assert columns < dial.left < dial.right
            plot = next(plot for plot in figure.plots if plot.name == parameter.symbol)
            assert plot.x.high == dial.right


@given(shown=scenes(**EVERY), data=st.data())
@settings(max_examples=60)
def test_locks_are_where_the_stored_masks_are(shown: Scene, data: st.DataObject) -> None:
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    masks = {name: draw.random(array.shape) < 0.5 for name, array in shown.parameters.items()}
    figure = weights(replace(shown, frozen=masks))
    for parameter in shown_parameters(shown):
        wanted = _held(parameter, masks)
        locks = found(figure, parameter.symbol, Locks)
        cells = np.argwhere(wanted).tolist()
        assert (locks[0].cells.tolist() if locks else []) == cells
    assert not any(found(weights(shown), plot.name, Locks) for plot in figure.plots)


def _held(parameter: ShownParameter, masks: dict[str, np.ndarray]) -> np.ndarray:
    rows = slice(parameter.first, parameter.first + len(parameter.rows))
    parts = [masks[name].reshape(len(masks[name]), -1)[rows] for name in parameter.names]
    return np.logical_and.reduce(parts)


def test_nothing_is_shown_unasked() -> None:
    figure = weights(dogs())
    assert all(len(plot.marks) == 1 for plot in figure.plots)


def test_a_block_is_outlined_from_whichever_corner() -> None:
    for entry, corner in (((0, 1), (2, 2)), ((2, 2), (0, 1)), ((2, 1), (0, 2))):
        figure = weights(dogs(), selected=("W_H", *entry), overlays=Overlays(corner=corner))
        outlines = {(r.top, r.bottom, r.low, r.high) for r in found(figure, "W_H", Region)}
        row, column = entry
        assert outlines == {(0, 3, 1, 3), (row, row + 1, column, column + 1)}
