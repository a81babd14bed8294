from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery.lyapunov import lyapunov
from rnnviz.figures.model import Line, Points


@given(shown=scenes(layers=2, both=True))
def test_the_curves_and_points_are_the_engines_exponents(shown):
    figure = lyapunov(shown)
    if figure.message:
        assert shown.spec.bidirectional
        return
    found = e.lyapunov_exponents(shown.spec, shown.parameters, shown.analysis.trace)
    largest = next(m for m in figure.plots[0].marks if isinstance(m, Line) and m.label == "largest")
    finite = np.isfinite(found.running[:, 0])
    np.testing.assert_array_equal(largest.y[finite], found.running[finite, 0])
    points = next(m for m in figure.plots[1].marks if isinstance(m, Points))
    np.testing.assert_array_equal(points.positions[:, 1], found.exponents[np.isfinite(found.exponents)])
    assert "Finite-time" in figure.caption


@pytest.mark.parametrize(
    ("scale", "says"),
    [(0.5, "come together, ×0.50"), (1.0, "keep their distance"), (1.5, "drift apart, ×1.50")],
)
def test_the_sentence_is_that_of_the_largest_exponent(scale, says):
    shown = scene("abcabcabc", units=2, activation="identity", bias=False)
    params = shown.parameters.replaced({"weight_hh_l0": scale * np.array([[0.0, -1.0], [1.0, 0.0]])})
    ids = [shown.vocabulary.index(token) for token in "abcabcabc"]

    analysis = e.analyse(shown.spec, params, ids[:-1], ids[1:])
    assert says in lyapunov(replace(shown, parameters=params, analysis=analysis)).caption


def test_what_takes_too_long_says_what_to_do():
    assert "shorten the text" in lyapunov(scene("abcdefgh " * 6, units=120)).message
