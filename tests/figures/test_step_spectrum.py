from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery.step_spectrum import step_spectrum
from rnnviz.figures.model import Line, Points


def of(plot, kind, label):
    return next(mark for mark in plot.marks if isinstance(mark, kind) and mark.label == label)


@given(shown=scenes(layers=2, both=True))
def test_eigenvalues_and_singular_values_are_those_of_the_engines_jacobians(shown):
    figure = step_spectrum(shown)
    if not figure.plots:
        assert "not finite" in figure.message
        return
    t, args = shown.step, (shown.spec, shown.parameters, shown.analysis.trace)
    found = e.spectrum(e.jacobian(*args, t, t - 1))
    drawn = of(figure.plots[0], Points, "eigenvalues").positions
    np.testing.assert_allclose(drawn[:, 0] + 1j * drawn[:, 1], found.eigenvalues, atol=1e-9)
    curve = of(figure.plots[1], Line, "largest σ")
    assert curve.x.tolist() == list(range(1, shown.steps + 1))
    norms = [np.linalg.norm(e.jacobian(*args, n, n - 1), 2) for n in range(shown.steps)]
    np.testing.assert_allclose(curve.y, norms, atol=1e-9)
    marked = next(mark for mark in figure.plots[1].marks if isinstance(mark, Points)).positions
    np.testing.assert_allclose(marked, [[t + 1, norms[t]]], atol=1e-9)


def test_it_moves_with_the_playhead():
    shown = scene("abcdef")
    first, second = (step_spectrum(replace(shown, step=step)) for step in (0, 3))
    assert first.note.startswith("J₁:")
    assert second.note.startswith("J₄:")
    assert not np.array_equal(first.plots[0].marks[1].positions, second.plots[0].marks[1].positions)


@pytest.mark.parametrize(
    ("shown", "says"), [(scene("a"), "Type at least"), (scene("ab" * 30, units=120), "shorten")]
)
def test_what_cannot_be_shown_says_what_to_do(shown, says):
    assert says in step_spectrum(shown).message
