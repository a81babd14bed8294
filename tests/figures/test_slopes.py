from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.columns import shown_columns
from rnnviz.figures.gallery.slopes import slopes
from rnnviz.figures.model import Bars, Heatmap
from rnnviz.figures.states import lane_looked_at, traced

STEEPEST = {"tanh": 1.0, "relu": 1.0, "sigmoid": 0.25, "identity": 1.0}


def maps(figure):
    return {plot.name: plot.marks[0].values for plot in figure.plots if isinstance(plot.marks[0], Heatmap)}


@pytest.mark.parametrize("activation", e.ACTIVATIONS)
def test_slopes_are_how_much_h_moves_when_a_does(activation):
    shown = scene("abcdefa", activation=activation, gain=2.0)
    a, found = shown.analysis.trace.layers[0].preactivations["h"][:, 0], maps(slopes(shown))["φ'(a_t)"]
    phi = {
        "tanh": np.tanh,
        "relu": lambda x: np.maximum(x, 0.0),
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "identity": lambda x: x,
    }[activation]
    quotient = (phi(a + 1e-6) - phi(a - 1e-6)) / 2e-6
    np.testing.assert_allclose(found.T, quotient / STEEPEST[activation], atol=1e-6)


@given(shown=scenes(layers=2, both=True))
def test_gates_have_a_track_each_and_flat_units_are_counted(shown):
    figure, columns = slopes(shown), shown_columns(shown)
    found = maps(figure)
    gates = traced(shown, lane_looked_at(shown)).gates
    assert len(found) == max(1, len(gates))
    bars = next(mark for mark in figure.plots[-1].marks if isinstance(mark, Bars))
    flat = np.mean([values < 0.1 for values in found.values()], axis=(0, 1))
    np.testing.assert_allclose(bars.heights, flat)
    assert bars.start == columns.start + 1


def test_saturated_units_are_flat_and_active_relu_units_are_not():
    large = scene("abcdefa", gain=50.0)
    assert slopes(large).note == "100% flat"
    identity = scene("abcdefa", gain=50.0, activation="identity")
    assert slopes(identity).note == "0% flat"
