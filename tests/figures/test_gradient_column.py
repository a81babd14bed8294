from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.gallery.gradient_column import gradient_column
from rnnviz.figures.model import Line, Points


@given(shown=scenes(shortest=3), data=st.data())
def test_it_is_the_column_of_the_step_that_is_picked(shown, data):
    k = data.draw(st.integers(0, shown.steps - 1))
    picked = replace(shown, selection=Selection("h", pair=StepPair(shown.steps - 1, k)))
    figure = gradient_column(picked)
    states = e.CELLS[shown.spec.cell].states
    curves = [mark for mark in figure.plots[0].marks if isinstance(mark, Line)]
    for state, curve in zip(reversed(states), curves, strict=True):
        wanted = np.array(shown.analysis.flow.norms[state][k:, k])
        wanted[[t - k for t in shown.silent if t >= k]] = np.nan
        np.testing.assert_array_equal(curve.y, wanted)
        assert curve.x.tolist() == list(range(k + 1, shown.steps + 1))
    assert figure.note.startswith(f"k = {k + 1},")


def test_without_a_pick_it_is_the_first_step_and_the_playhead_is_marked():
    shown = scene("abcdef", step=3)
    figure = gradient_column(shown)
    (point,) = (mark for mark in figure.plots[0].marks if isinstance(mark, Points))
    np.testing.assert_allclose(point.positions, [[4.0, shown.analysis.flow.hidden[3, 0]]])
    assert figure.note.startswith("k = 1,")
