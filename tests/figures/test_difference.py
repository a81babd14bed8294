"""Of two sequences the timeline can show how far one is from the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import LETTERS, scene

from rnnviz import engine as e
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.model import Bars, Heatmap
from rnnviz.figures.tracks import USUAL_VIEW

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

TEXTS = st.text("abcd", min_size=2, max_size=12)


def analysis(shown: Scene, text: str) -> e.Analysis:
    ids = [LETTERS.index(letter) for letter in text]
    return e.analyse(shown.spec, shown.parameters, ids[:-1], ids[1:], steps=(0, 0))


def compared(text: str, other: str, **options: object) -> Scene:
    shown = scene(text, **options)
    return replace(shown, baseline=analysis(shown, other))


def padded(values: np.ndarray, than: np.ndarray) -> np.ndarray:
    n = min(len(values), len(than))
    found = np.full(values.shape, np.nan)
    found[:n] = values[:n] - than[:n]
    return found


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@given(text=TEXTS, other=TEXTS, layers=st.integers(1, 2))
def test_every_track_is_this_less_that(cell: str, text: str, other: str, layers: int) -> None:
    shown = compared(text, other, cell=cell, num_layers=layers)
    figure = FIGURES["timeline"].figure(shown)
    assert shown.baseline is not None
    one, than = shown.analysis, shown.baseline
    plots = {plot.name: plot.marks[0] for plot in figure.plots}
    heats = {name: mark.values for name, mark in plots.items() if isinstance(mark, Heatmap)}
    assert_array_equal(heats["ŷ_t"], padded(one.trace.probabilities[:, 0], than.trace.probabilities[:, 0]).T)
    layer = f"⁽{'¹²'[layers - 1]}⁾" if layers > 1 else ""
    for name in (*e.CELLS[cell].states, *e.CELLS[cell].gates):
        if cell == "rnn" and name not in one.trace.layers[-1].states:
            continue
        values, others = (
            (trace.layers[-1].states | trace.layers[-1].gates)[name][:, 0]
            for trace in (one.trace, than.trace)
        )
        found = heats[f"{name}{layer}_t"]
        assert_array_equal(found[:, found.shape[1] - len(values) :], padded(values, others).T)
    bars = {name: mark.heights for name, mark in plots.items() if isinstance(mark, Bars)}
    assert_array_equal(bars["L_t"], padded(one.loss.step[:, 0], than.loss.step[:, 0]))
    assert all(plot.gutter[0].text.startswith("Δ") for plot in figure.plots)
    assert figure.note.startswith("B − A")


def test_the_same_sequence_differs_in_nothing() -> None:
    figure = FIGURES["timeline"].figure(compared("abcd", "abcd"))
    for plot in figure.plots:
        (mark,) = plot.marks
        values = mark.values if isinstance(mark, Heatmap) else mark.heights
        assert not values.any()


def test_past_the_end_of_the_other_there_is_nothing_to_compare() -> None:
    long = compared("ab" * 100, "abab", step=150)
    figure = FIGURES["timeline"].figure(long)
    assert all(
        np.isnan(mark.values if isinstance(mark, Heatmap) else mark.heights).all()
        for plot in figure.plots
        for mark in plot.marks
    )


@pytest.mark.parametrize("text", ["ab", "abababab"])
def test_every_track_can_be_compared_in_both_directions_and_as_lines(text: str) -> None:
    shown = compared(text, "abcd", cell="lstm", num_layers=2, bidirectional=True, embedding_size=3)
    from rnnviz.figures.tracks import available, is_usual

    keys = available(shown)
    view = replace(USUAL_VIEW, toggled=frozenset(key for key in keys if not is_usual(key)))
    for chosen in (view, replace(view, lines=frozenset(keys)), replace(view, collapsed=frozenset(keys))):
        assert timeline(shown, chosen, 1).plots
