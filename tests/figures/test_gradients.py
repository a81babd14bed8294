"""The gradient map and its profile show the flow of every state; the norms of training come kind by kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose, assert_array_equal
from scenes import dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.gradient_flow import gradient_flow
from rnnviz.figures.gallery.training import training
from rnnviz.figures.model import Figure, Heatmap, Line
from rnnviz.figures.numbers import extremes
from rnnviz.figures.scene import Curves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"
ALL: dict[str, Any] = {"layers": 3, "both": True}


def lines(figure: Figure) -> dict[str, Line]:
    """The curves by their roles."""
    return {mark.role: mark for mark in figure.plots[0].marks if isinstance(mark, Line)}


@given(shown=scenes(**ALL))
@settings(max_examples=60)
def test_the_map_shows_the_flow_of_each_state_of_the_top_layer(shown: Scene) -> None:
    flow = e.gradient_flow(shown.spec, shown.parameters, shown.analysis.trace, shown.analysis.loss)
    for state in e.CELLS[shown.spec.cell].states:
        figure = gradient_flow(shown, state)
        values = next(m for m in figure.plots[0].marks if isinstance(m, Heatmap)).values
        below = np.tril_indices(shown.steps)
        heard = np.array([t not in shown.silent for t in range(shown.steps)])[below[0]]
        assert_array_equal(values[below][heard], flow.norms[state][below][heard])
        assert np.isnan(values[below][~heard]).all()
        assert np.isnan(values[np.triu_indices(shown.steps, 1)]).all()
        # The readout reads forwards: nothing is left out above the diagonal.
        assert not flow.norms[state][np.triu_indices(shown.steps, 1)].any()


@pytest.mark.parametrize(
    ("options", "state", "label"),
    [
        ({}, "h", "‖∂L_t/∂h_k‖"),
        ({"cell": "lstm"}, "c", "‖∂L_t/∂c_k‖"),
        ({"cell": "lstm", "num_layers": 2}, "c", "‖∂L_t/∂c⁽²⁾_k‖"),
        ({"cell": "gru", "bidirectional": True, "focus": (0, 1)}, "h", "‖∂L_t/∂h→_k‖"),
    ],
)
def test_the_legend_says_whose_gradient_it_is(options: dict[str, Any], state: str, label: str) -> None:
    figure = gradient_flow(scene(TEXT, **options), state)
    assert figure.legend is not None
    assert figure.legend.label == label
    assert {"h": "hidden state", "c": "cell state"}[state] in figure.description


@given(shown=scenes(**ALL))
@settings(max_examples=60)
def test_the_profile_has_a_curve_for_every_state(shown: Scene) -> None:
    found = lines(FIGURES["gradient-profile"].figure(shown))
    flow, t = shown.analysis.flow, shown.step
    assert_array_equal(found["gradient"].y, flow.hidden[t, : t + 1])
    states = e.CELLS[shown.spec.cell].states
    assert ("cell" in found) == ("c" in states)
    if "c" in states:
        assert_array_equal(found["cell"].y, flow.cell[t, : t + 1])
    all_of_them = shown.analysis.gradients.layers[-1].h[:, 0, : shown.spec.hidden_size]
    if np.isfinite(all_of_them).all() and np.abs(all_of_them).max() < 1e100:
        assert_allclose(found["loss"].y, np.linalg.norm(all_of_them, axis=1), rtol=1e-12, atol=1e-200)
    if "muted" in found:
        heard = flow.norms[e.CELLS[shown.spec.cell].memory][t, t]
        assert_array_equal(found["muted"].y, np.full(2, 1e-3 * heard))


def curves(norms: Mapping[str, np.ndarray]) -> Curves:
    total = np.sqrt(np.sum(np.square(list(norms.values())), axis=0))
    updates = np.arange(1.0, len(total) + 1)
    return Curves(updates, updates, extremes(updates), norms, total, extremes(total), None, None)


@pytest.mark.parametrize("cell", sorted(e.CELLS))
@pytest.mark.parametrize("layers", [1, 3])
def test_norms_of_training_come_kind_by_kind(cell: str, layers: int) -> None:
    shown = scene(TEXT, cell=cell, num_layers=layers, embedding_size=2)
    generator = np.random.default_rng(0)
    norms = {name: generator.uniform(0.1, 1, 5) for name in shown.parameters}
    figure = training(replace(shown, curves=curves(norms)))
    marks = {mark.label: mark for mark in figure.plots[1].marks if isinstance(mark, Line)}
    recurrent = ["W_H"] if e.CELLS[cell].recurrent else []
    assert list(marks) == ["E", "W_X", *recurrent, "b", "W_Y", "b_Y", "total"]
    for label, prefix in (("W_X", "weight_ih"), ("b", "bias_ih"), ("E", "embedding"), ("W_Y", "head.weight")):
        parts = [values for name, values in norms.items() if name.startswith(prefix)]
        assert_allclose(marks[label].y, np.sqrt(np.sum(np.square(parts), axis=0)), rtol=1e-14)
    assert len({mark.role for mark in marks.values()}) == len(marks)


def test_one_layer_has_the_curves_it_always_had() -> None:
    norms = {name: np.ones(3) for name in dogs().parameters}
    figure = training(replace(dogs(), curves=curves(norms)))
    marks = {mark.label: mark.y for mark in figure.plots[1].marks if isinstance(mark, Line)}
    assert list(marks) == ["W_X", "W_H", "W_Y", "total"]
    assert marks["W_H"] is norms["weight_hh_l0"]
