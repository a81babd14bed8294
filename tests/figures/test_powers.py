from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scenes import scene, scenes

from rnnviz.figures.gallery.powers import powers
from rnnviz.figures.model import Line
from rnnviz.figures.notation import shown_parameters


def with_weight(matrix):
    shown = scene("abcdef", units=len(matrix))
    return replace(shown, parameters=shown.parameters.replaced({"weight_hh_l0": matrix}))


@given(shown=scenes(layers=2, both=True))
def test_curves_are_the_norms_of_matrix_powers(shown):
    figure = powers(shown)
    blocks = [block for block in shown_parameters(shown) if block.kind == "W_H"]
    if not blocks:
        assert "no recurrent weights" in figure.message
        return
    curves = [mark for mark in figure.plots[0].marks if isinstance(mark, Line) and mark.label != "ρⁿ"]
    for block, curve in zip(blocks, curves, strict=True):
        for n in (0, 1, 2, 7):
            with np.errstate(all="ignore"):
                power = np.linalg.matrix_power(block.values, n)
                norm = np.linalg.norm(power, 2) if np.isfinite(power).all() else np.inf
            drawn = 0.0 if np.isnan(curve.y[n]) else curve.y[n]
            assert drawn == pytest.approx(norm, rel=1e-9) or (drawn > 1e290 and norm > 1e290)


def test_a_matrix_can_grow_things_before_its_eigenvalues_shrink_them():
    figure = powers(with_weight(np.array([[0.5, 4.0], [0.0, 0.5]])))
    curve, limit = (next(m for m in figure.plots[0].marks if m.label == label) for label in ("‖W_Hⁿ‖", "ρⁿ"))
    assert curve.y[1] > 4
    assert curve.y[-1] < 1
    np.testing.assert_allclose(limit.y, 0.5 ** np.arange(len(limit.y)))
    assert "lets it grow" in figure.caption


@pytest.mark.parametrize(("scale", "way"), [(0.5, "shrinks"), (1.0, "keeps"), (2.0, "grows")])
def test_the_caption_says_what_comes_in_the_end(scale, way):
    assert way in powers(with_weight(scale * np.eye(2))).caption


def test_powers_beyond_floats_end_at_the_edge_and_zero_breaks_off():
    assert np.isfinite(powers(with_weight(1e200 * np.eye(2))).plots[0].marks[1].y).all()
    nilpotent = powers(with_weight(np.array([[0.0, 1.0], [0.0, 0.0]]))).plots[0].marks[1]
    assert np.isnan(nilpotent.y[2:]).all()


def test_weights_that_are_not_finite_are_said_to_be_so():
    assert "not finite" in powers(with_weight(np.array([[np.inf, 0.0], [0.0, 1.0]]))).message


def test_the_known_answer_of_non_normal_growth():
    """4×4 with .8 on the diagonal and .5 above it: radius .8, and yet it grows things 4.568205-fold."""
    shown = scene("abcdefgh" * 3, units=4)
    matrix = 0.8 * np.eye(4) + 0.5 * np.eye(4, k=1)
    figure = powers(replace(shown, parameters=shown.parameters.replaced({"weight_hh_l0": matrix})))
    curve = next(mark for mark in figure.plots[0].marks if mark.label == "‖W_Hⁿ‖")
    assert int(np.argmax(curve.y)) == 13
    assert curve.y.max() == pytest.approx(4.568205, abs=1e-6)
    assert curve.y[1] == pytest.approx(1.229651, abs=1e-6)


def test_matrices_too_large_to_follow_say_what_to_do():
    assert "fewer units" in powers(scene("abc", cell="lstm", units=96)).message
