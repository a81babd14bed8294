"""The sequence shows tokens with what stands for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import scene

from rnnviz import engine as e
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.sequence import SHOWN, first_shown
from rnnviz.figures.model import Figure, Heatmap, Line, Text
from rnnviz.figures.scene import Scene
from rnnviz.figures.signal import channel_at

WORDS = ("the", "dog", "international", " ", ",")


def marks(figure: Figure, name: str) -> tuple:
    return next(plot for plot in figure.plots if plot.name == name).marks


@given(text=st.text("abcd", min_size=2, max_size=30), size=st.integers(1, 5), data=st.data())
def test_an_embedding_shows_the_rows_of_the_tokens(text: str, size: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, len(text) - 2))
    shown = scene(text, embedding_size=size, step=step)
    figure = FIGURES["sequence"].figure(shown)
    (heat,), (inputs,) = marks(figure, "embedding"), marks(figure, "inputs")
    table = shown.parameters["embedding.weight"]
    first = round(float(inputs.positions[0, 0])) - 1
    rows = [shown.vocabulary.index(token) for token in text[first : first + len(inputs.strings)]]
    assert_array_equal(heat.values, table[rows].T)
    assert heat.scale.low == -heat.scale.high <= heat.values.min()
    assert figure.note == f"k = 9, d = {size}"
    assert f"k = 9 characters, d = {size} numbers each." in figure.description
    assert {plot.name for plot in figure.plots} == {"inputs", "embedding", "targets"}


def test_one_hot_vectors_have_a_row_a_token() -> None:
    figure = FIGURES["sequence"].figure(scene("abba"))
    assert figure.note == "k = 9"
    assert figure.description.endswith("k = 9 characters, one-hot.")
    (heat,) = marks(figure, "one-hot")
    assert isinstance(heat, Heatmap)
    assert heat.values.argmax(0).tolist() == [0, 1, 1]


def words() -> Figure:
    tokens = ("the", "dog", "international", "dog", ",", "the", "dog", "the")
    ids = [WORDS.index(token) for token in tokens]
    letters = scene("".join("abcde"[n] for n in ids), vocabulary=tuple("abcde"), step=3)
    shown = replace(letters, vocabulary=WORDS, inputs=tokens[:-1], targets=tokens[1:], reads="words")
    return FIGURES["sequence"].figure(shown)


def test_of_words_fewer_stand_side_by_side() -> None:
    figure = words()
    (inputs,), (targets,) = marks(figure, "inputs"), marks(figure, "targets")
    assert isinstance(inputs, Text)
    assert len(inputs.strings) == len(targets.strings) == SHOWN["words"]
    assert figure.description == ("7 inputs and the words that follow them as targets; k = 5 words, one-hot.")
    labels = next(plot for plot in figure.plots if plot.name == "one-hot").y.ticks
    assert labels is not None
    assert [label for _, label in labels] == ["the", "dog", "interna…", "␣", ","]
    assert figure.margins.left > FIGURES["sequence"].figure(scene("abba")).margins.left


@pytest.mark.parametrize("shown", set(SHOWN.values()))
@given(steps=st.integers(1, 400), data=st.data())
def test_the_playhead_is_always_among_the_steps_shown(shown: int, steps: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, steps - 1))
    first = first_shown(steps, step, shown)
    assert first <= step < first + shown
    assert 0 <= first <= max(0, steps - shown)
    assert np.isfinite(first)


def waves(count: int, step: int = 0, width: int = 1) -> Scene:
    values = np.sin(np.arange(count * width).reshape(count, width)) * 3
    spec = e.NetworkSpec("rnn", width, 4, width, readout="linear")
    parameters = e.initialise(spec)
    steps = e.visible_steps(count - 1, step)
    analysis = e.analyse(spec, parameters, values[:-1], values[1:], steps=steps)
    names = tuple(f"x{n}" for n in range(width))
    shown = tuple(f"{row[0]:.2g}" for row in values)
    return Scene(
        spec,
        parameters,
        names,
        shown[:-1],
        shown[1:],
        frozenset(),
        analysis,
        step,
        reads="numbers",
        signal=values,
    )


@pytest.mark.parametrize("width", [1, 3])
@given(count=st.integers(2, 900), data=st.data())
@settings(max_examples=20)
def test_numbers_are_curves_with_what_is_predicted(width: int, count: int, data: st.DataObject) -> None:
    step = data.draw(st.integers(0, count - 2))
    shown = waves(count, step, width)
    (plot,) = FIGURES["sequence"].figure(shown).plots
    curves = [mark for mark in plot.marks if isinstance(mark, Line)]
    signal = [line for line in curves if line.role == "input"]
    guesses = [line for line in curves if line.role == "readout"]
    assert len(signal) == len(guesses) == width
    for n in range(width):
        places = signal[n].x.astype(int) - 1
        assert shown.signal is not None
        assert_array_equal(signal[n].y, shown.signal[places, n])
        assert places[0] <= step <= places[-1]
        predicted = guesses[n].x.astype(int) - 2
        assert_array_equal(guesses[n].y, shown.analysis.trace.probabilities[predicted, 0, n])
        assert set(predicted + 1) <= set(places)
    assert plot.y.low <= -np.abs(np.concatenate([line.y for line in signal])).max()


@pytest.mark.parametrize("name", sorted(FIGURES))
@pytest.mark.parametrize("width", [1, 3])
def test_every_figure_shows_numbers(name: str, width: int) -> None:
    figure = FIGURES[name].figure(waves(30, 5, width))
    assert figure.plots or figure.message
    assert "nats" not in figure.description


def test_the_nearest_curve_is_the_one_that_is_drawn() -> None:
    shown = waves(20, width=3)
    assert shown.signal is not None
    for channel in range(3):
        assert channel_at(shown, 7.2, float(shown.signal[6, channel])) == channel
