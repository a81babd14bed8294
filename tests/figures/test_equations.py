"""The equations are those of the cell, and their numbers are the engine's, in every layer and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from scenes import dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.equations import terms
from rnnviz.figures.model import Figure, Text
from rnnviz.figures.numbers import written
from rnnviz.figures.states import lane_looked_at, traced
from rnnviz.figures.textruns import plain, styled

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"
ALL: dict[str, Any] = {"layers": 3, "both": True}
NUMBERS = 3  # of each vector at least so many are shown


def drawn(shown: Scene) -> Figure:
    return FIGURES["equations"].figure(shown)


def strings(figure: Figure) -> list[str]:
    found = [mark.strings for plot in figure.plots for mark in plot.marks if isinstance(mark, Text)]
    return [plain(string) for group in found for string in group]


@given(shown=scenes(**ALL))
@settings(max_examples=100)
def test_every_vector_of_the_lane_is_there(shown: Scene) -> None:
    figure = drawn(shown)
    found, step = traced(shown, lane_looked_at(shown)), shown.step
    written_there = strings(figure)
    cell = e.CELLS[shown.spec.cell]
    vectors = [*found.states.values(), *found.gates.values()]
    vectors += [found.preactivations[name] for name in cell.gates]
    if len(cell.gates) > 1:
        vectors.append(found.previous[cell.memory])
    for vector in vectors:
        for value in vector[step, 0][:NUMBERS]:
            assert written(float(value)) in written_there
    probabilities = shown.analysis.trace.probabilities[step, 0]
    likeliest = float(np.nan_to_num(probabilities, nan=-1).max())
    assert likeliest < 0 or written(likeliest) in written_there


@given(shown=scenes(**ALL).filter(lambda shown: len(e.CELLS[shown.spec.cell].gates) == 1))
@settings(max_examples=60)
def test_the_summands_are_those_of_the_preactivation(shown: Scene) -> None:
    parts = terms(shown)
    with np.errstate(all="ignore"):
        total = np.sum([term.value for term in parts], axis=0)
    a = traced(shown, lane_looked_at(shown)).preactivations["h"][shown.step, 0]
    size = max(1.0, *(float(np.abs(term.value).max()) for term in parts))
    if np.isfinite(size):
        np.testing.assert_allclose(total, a, rtol=0, atol=1e-12 * size)
    there = strings(drawn(shown))
    for term in parts:
        assert all(written(float(value)) in there for value in term.value[:NUMBERS])


@given(shown=scenes(**ALL))
@settings(max_examples=60)
def test_the_loss_follows_from_the_prediction(shown: Scene) -> None:
    there, t = strings(drawn(shown)), shown.step + 1
    line = next(string for string in there if string.startswith(f"L{t} "))
    if shown.step in shown.silent:
        assert line == f"L{t} is left out"
        return
    loss = written(float(shown.analysis.loss.step[shown.step, 0]))
    target = shown.targets[shown.step].replace(" ", "␣")
    assert line == f"L{t} = −ln ŷ{t}[{target}] = {loss}"


@pytest.mark.parametrize(
    ("options", "formulas"),
    [
        ({}, ["at = WH ht−1 + WX xt + b", "ht = tanh(at)", "ŷt = softmax(WY ht + bY)"]),
        ({"bias": False}, ["at = WH ht−1 + WX xt", "ŷt = softmax(WY ht)"]),
        ({"cell": "feedforward"}, ["at = WX xt + b"]),
        ({"activation": "relu", "embedding_size": 3}, ["at = WH ht−1 + WX et + b", "ht = ReLU(at)"]),
        ({"bidirectional": True, "focus": (0, 1)}, ["at = WH ht+1 + WX xt + b", "ŷt = softmax(WY h↔t + bY)"]),
        (
            {"num_layers": 3, "focus": (1, 0)},
            ["at = WH ht−1 + WX h⁽¹⁾t + b", "ŷt = softmax(WY h⁽³⁾t + bY)"],
        ),
        (
            {"cell": "lstm"},
            [
                "af,t = WXf xt + WHf ht−1 + bf  (likewise i, g, o)",
                *("ft = σ(af,t)", "it = σ(ai,t)", "gt = tanh(ag,t)", "ot = σ(ao,t)"),
                *("ct = ft ⊙ ct−1 + it ⊙ gt", "ht = ot ⊙ tanh(ct)"),
            ],
        ),
        (
            {"cell": "lstm", "num_layers": 2, "bidirectional": True, "focus": (1, 1), "bias": False},
            ["af,t = WXf h⁽¹⁾↔t + WHf ht+1  (likewise i, g, o)", "ct = ft ⊙ ct+1 + it ⊙ gt"],
        ),
        (
            {"cell": "gru"},
            [
                "ar,t = WXr xt + WHr ht−1 + br  (likewise z)",
                "an,t = WXn xt + rt ⊙ (WHn ht−1 + bHn) + bXn",
                "ht = (1 − zt) ⊙ nt + zt ⊙ ht−1",
            ],
        ),
        ({"cell": "gru", "bias": False}, ["an,t = WXn xt + rt ⊙ (WHn ht−1)"]),
        ({"cell": "gru", "gru_reset": "before"}, ["an,t = WXn xt + WHn (rt ⊙ ht−1) + bn"]),
    ],
)
def test_the_formulas_of_a_network(options: dict[str, Any], formulas: list[str]) -> None:
    there = strings(drawn(scene(TEXT, units=3, **options)))
    for formula in formulas:
        assert formula in there


def test_the_title_says_which_layer_and_direction() -> None:
    options: dict[str, Any] = {"cell": "lstm", "num_layers": 2, "bidirectional": True, "step": 3}
    assert drawn(scene(TEXT, **options)).title == "Equations at t = 4 · layer 2 →"
    assert drawn(scene(TEXT, focus=(0, 1), **options)).title == "Equations at t = 4 · layer 1 ←"
    assert drawn(dogs(2)).title == "Equations at t = 3"


@given(shown=scenes(**ALL))
@settings(max_examples=60)
def test_nothing_stands_beyond_the_sheet(shown: Scene) -> None:
    (plot,) = drawn(shown).plots
    for mark in plot.marks:
        if isinstance(mark, Text):
            assert (mark.positions >= 0).all()
            assert (mark.positions <= plot.natural).all()


def test_symbols_have_the_colours_of_their_quantities() -> None:
    (plot,) = drawn(scene(TEXT, cell="lstm")).plots
    runs = [
        (run.text, run.role or mark.role)
        for mark in plot.marks
        if isinstance(mark, Text)
        for string in mark.strings
        for run in styled(string, mathematics=True)
    ]
    for letter, role in (("f", "forget_gate"), ("i", "input_gate"), ("o", "output_gate"), ("c", "cell")):
        assert (letter, role) in runs
