"""Every figure shows the engine's numbers, at any step of any network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_array_equal
from scenes import LETTERS, dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.engine.parameters import suffix
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.weights import weights
from rnnviz.figures.model import Bars, Figure, Heatmap, Line, Plot, Points, Region, Text
from rnnviz.figures.numbers import written
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

NAMES = sorted(FIGURES)


def plot(figure: Figure, name: str) -> Plot:
    return next(plot for plot in figure.plots if plot.name == name)


def mark(figure: Figure, name: str, kind: type) -> object:
    return next(m for m in plot(figure, name).marks if isinstance(m, kind))


def strings(figure: Figure) -> list[str]:
    found = [m.strings for p in figure.plots for m in p.marks if isinstance(m, Text)]
    return [plain(string) for group in found for string in group]


@pytest.mark.parametrize("name", NAMES)
@given(shown=scenes(shortest=0))
@settings(max_examples=40)
def test_every_figure_has_words_and_a_picture_or_a_message(name: str, shown: Scene) -> None:
    figure = FIGURES[name].figure(shown)
    assert figure.title
    assert figure.description.endswith(".")
    assert figure.plots or figure.message.endswith(".")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", "a"])
def test_without_a_step_a_sentence_says_what_to_do(name: str, text: str) -> None:
    figure = FIGURES[name].figure(scene(text))
    if name in {"weights", "spectrum", "powers"}:
        assert figure.plots
    elif name == "training":
        assert "Press Train" in figure.message
    else:
        assert "at least two characters" in figure.message


@given(shown=scenes())
@settings(max_examples=60)
def test_the_timeline_shows_the_trace(shown: Scene) -> None:
    figure = FIGURES["timeline"].figure(shown)
    trace, analysis = shown.analysis.trace, shown.analysis
    h = mark(figure, "h_t", Heatmap)
    assert_array_equal(h.values[:, 1:], trace.layers[0].h[:, 0].T)
    x = mark(figure, "x_t", Heatmap)
    assert [shown.vocabulary[row] for row in x.values.argmax(0)] == list(shown.inputs)
    assert_array_equal(mark(figure, "ŷ_t", Heatmap).values, trace.probabilities[:, 0].T)
    loss = mark(figure, "L_t", Bars).heights
    silent = sorted(shown.silent)
    assert np.isnan(loss[silent]).all()
    counted = [t for t in range(shown.steps) if t not in shown.silent]
    assert_array_equal(loss[counted], analysis.loss.step[counted, 0])
    norms = mark(figure, "dL/dh_t", Bars).heights
    vectors = analysis.gradients.layers[0].h[:, 0]
    with np.errstate(all="ignore"):
        largest = np.abs(vectors).max(1)
        plain = np.linalg.norm(vectors, axis=1)
    ordinary = (largest > 1e-150) & (largest < 1e150)
    assert_array_equal(norms[1:][ordinary], plain[ordinary])
    assert (norms[1:][np.isfinite(largest)] >= largest[np.isfinite(largest)]).all()


@given(shown=scenes())
@settings(max_examples=60)
def test_the_network_shows_the_same_columns_as_the_timeline(shown: Scene) -> None:
    network, timeline = (FIGURES[name].figure(shown) for name in ("network", "timeline"))
    axes = {(p.x.low, p.x.high) for p in (*network.plots, *timeline.plots)}
    assert axes == {(-0.5, shown.steps + 0.5)}
    assert network.margins.left == timeline.margins.left
    assert network.margins.right == timeline.margins.right
    inputs = next(m for m in network.plots[0].marks if isinstance(m, Text) and m.frame == "circle")
    assert_array_equal(inputs.positions[:, 0], np.arange(1, shown.steps + 1))
    strips = {m.scale.label: m for m in network.plots[0].marks if isinstance(m, Heatmap)}
    assert_array_equal(strips["h_t"].values, mark(timeline, "h_t", Heatmap).values)
    assert timeline.across[0].low == shown.step + 0.5


@given(shown=scenes())
@settings(max_examples=60)
def test_the_gradient_map_shows_the_flow_below_the_diagonal(shown: Scene) -> None:
    figure = FIGURES["gradient-flow"].figure(shown)
    heat = figure.plots[0].marks[0]
    assert isinstance(heat, Heatmap)
    values, hidden = heat.values, shown.analysis.flow.norms[e.CELLS[shown.spec.cell].memory]
    for t in range(shown.steps):
        row = np.full(shown.steps, np.nan)
        if t not in shown.silent:
            row[: t + 1] = hidden[t, : t + 1]
        assert_array_equal(values[t], row)
    assert figure.caption == shown.analysis.verdict.sentence
    assert heat.scale.log
    assert figure.legend is (heat.scale if shown.steps > 1 else None)  # there is no room for it in one cell


@given(shown=scenes())
@settings(max_examples=40)
def test_the_profile_is_the_playheads_row(shown: Scene) -> None:
    figure = FIGURES["gradient-profile"].figure(shown)
    line = next(m for m in figure.plots[0].marks if isinstance(m, Line) and m.role == "gradient")
    assert_array_equal(line.y, shown.analysis.flow.hidden[shown.step, : shown.step + 1])
    assert_array_equal(line.x, np.arange(1, shown.step + 2))


@given(shown=scenes())
@settings(max_examples=40)
def test_the_weights_are_the_parameters(shown: Scene) -> None:
    figure = weights(shown)
    stored, end = shown.parameters, suffix(shown.layer, shown.direction)
    assert_array_equal(mark(figure, "W_Y", Heatmap).values, stored["head.weight"])
    if "embedding.weight" in stored:
        assert_array_equal(mark(figure, "E", Heatmap).values, stored["embedding.weight"])
    assert any(p.name.startswith("W_H") or "_{H" in p.name for p in figure.plots) == (
        "weight_hh" + end in stored
    )
    gates, size = e.CELLS[shown.spec.cell].gates, shown.spec.hidden_size
    for n, gate in enumerate(gates):
        rows = slice(n * size, (n + 1) * size)
        for letter, name in (("X", "weight_ih"), ("H", "weight_hh")):
            if name + end in stored:
                symbol = f"W_{{{letter}{gate}}}" if len(gates) > 1 else f"W_{letter}"
                assert_array_equal(mark(figure, symbol, Heatmap).values, stored[name + end][rows])
        if "bias_hh" + end not in stored:
            continue
        first, second = (stored[name + end][rows, None] for name in ("bias_ih", "bias_hh"))
        if gate == "n" and shown.spec.gru_reset == "after":
            assert_array_equal(mark(figure, "b_{Xn}", Heatmap).values, first)
            assert_array_equal(mark(figure, "b_{Hn}", Heatmap).values, second)
        else:
            symbol = f"b_{gate}" if len(gates) > 1 else "b"
            assert_array_equal(mark(figure, symbol, Heatmap).values, first + second)


def test_one_matrix_can_be_shown_alone_with_an_entry_outlined() -> None:
    figure = weights(dogs(), only="W_H", selected=("W_H", 1, 2))
    assert [p.name for p in figure.plots] == ["W_H"]
    outline = mark(figure, "W_H", Region)
    assert (outline.low, outline.high, outline.top, outline.bottom) == (2, 3, 1, 2)


@given(shown=scenes())
@settings(max_examples=40)
def test_the_spectrum_shows_the_eigenvalues(shown: Scene) -> None:
    figure = FIGURES["spectrum"].figure(shown)
    name = "weight_hh" + suffix(shown.layer, shown.direction)
    if name not in shown.parameters:
        assert "feed-forward" in figure.message
        return
    every = [m for plot in figure.plots for m in plot.marks if isinstance(m, Points)]
    dots = [m for m in every if m.label != "singular values"]
    blocks = np.split(shown.parameters[name], len(e.CELLS[shown.spec.cell].gates))
    for points, block in zip(dots, blocks, strict=True):
        found = e.spectrum(block)
        assert_array_equal(points.positions[:, 0] + 1j * points.positions[:, 1], found.eigenvalues)
        assert written(found.spectral_radius) in figure.note
    if len(blocks) == 1:
        (sizes,) = (m.positions for m in every if m.label == "singular values")
        assert_array_equal(sizes[:, 0], e.spectrum(blocks[0]).singular_values)
        assert not sizes[:, 1].any()


def test_the_equations_of_dogs_are_those_of_the_worked_example() -> None:
    shown = [text.strip("\u2007") for text in strings(FIGURES["equations"].figure(dogs()))]
    for numbers in (("0.60", "0.20", "0.90"), ("0.54", "0.20", "0.72"), ("0.32", "0.21", "0.24", "0.22")):
        places = [shown.index(number) for number in numbers]
        assert places == sorted(places) or len(set(numbers)) < len(numbers) or set(numbers) <= set(shown)
    assert "ht = tanh(WH ht−1 + WX xt)" in shown
    assert "ŷt = softmax(WY ht)" in shown


@given(shown=scenes())
@settings(max_examples=40)
def test_the_sequence_shows_inputs_one_hot_and_targets(shown: Scene) -> None:
    figure = FIGURES["sequence"].figure(shown)
    inputs, targets = mark(figure, "inputs", Text), mark(figure, "targets", Text)
    first = round(float(inputs.positions[0, 0])) - 1
    window = slice(first, first + len(inputs.strings))
    assert first <= shown.step < window.stop
    assert inputs.strings == tuple(t.replace(" ", "␣") for t in shown.inputs[window])
    assert targets.strings == tuple(t.replace(" ", "␣") for t in shown.targets[window])
    assert targets.struck == {t - first for t in shown.silent if first <= t < window.stop}
    one_hot = mark(figure, "one-hot", Heatmap).values
    assert [shown.vocabulary[row] for row in one_hot.argmax(0)] == list(shown.inputs[window])
    assert_array_equal(one_hot.sum(0), np.ones(len(inputs.strings)))


@pytest.mark.parametrize("name", ["network", "timeline", "gradient-flow"])
def test_a_long_sequence_is_shown_through_a_window_that_says_so(name: str) -> None:
    text = "abcdefgh " * 40
    figure = FIGURES[name].figure(scene(text, step=200))
    axis = figure.plots[0].x
    assert axis.low < 201 < axis.high
    assert axis.high - axis.low <= 81
    if name != "gradient-flow":
        assert "of 359" in figure.note


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_weights_that_are_not_finite_are_drawn_all_the_same(name: str, bad: float) -> None:
    shown = scene("abcabc", step=3)
    parameters = shown.parameters.replaced({n: np.full_like(a, bad) for n, a in shown.parameters.items()})
    ids = np.array([LETTERS.index(token) for token in "abcabc"])
    analysis = e.analyse(shown.spec, parameters, ids[:-1], ids[1:])
    figure = FIGURES[name].figure(replace(shown, parameters=parameters, analysis=analysis))
    assert figure.plots or figure.message


def test_marks_that_a_step_does_not_change_stay_the_same_objects() -> None:
    for name, kept in (("network", 7), ("timeline", 3)):
        one, other = (FIGURES[name].figure(dogs(step)) for step in (0, 1))
        before = [m for p in one.plots for m in p.marks]
        after = {id(m) for p in other.plots for m in p.marks}
        assert sum(id(m) in after for m in before) >= kept
