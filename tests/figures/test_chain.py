from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.gallery.chain import chain_of_jacobians, judged_pair
from rnnviz.figures.links import links_between
from rnnviz.figures.model import Heatmap, Line, Points
from rnnviz.figures.numbers import from_log


def curves(figure):
    return {mark.label: mark for mark in figure.plots[2].marks if isinstance(mark, Line)}


@given(shown=scenes(shortest=3, layers=2, both=True))
def test_the_chain_is_made_of_the_engines_jacobians(shown):
    pair = judged_pair(shown)
    figure = chain_of_jacobians(shown)
    if figure.message:
        assert figure.message
        return
    spec, params, trace = shown.spec, shown.parameters, shown.analysis.trace
    heat = figure.plots[0].marks[0]
    assert isinstance(heat, Heatmap)
    size = len(heat.values)
    for n, step in enumerate(range(pair.k, pair.t)):
        cells = heat.values[:, n * (size + 1) : n * (size + 1) + size]
        np.testing.assert_allclose(cells, e.jacobian(spec, params, trace, step + 1, step), atol=1e-12)
    whole = e.jacobian(spec, params, trace, pair.t, pair.k)
    left = curves(figure)["norm of the product"].y[-1]
    assert left == pytest.approx(np.linalg.norm(whole, 2), rel=1e-6) or np.isnan(left)


def test_norms_that_cannot_add_up_are_seen_beside_the_product():
    shown = scene("abcabcabc", units=2, activation="identity", bias=False)
    weight = np.array([[0.0, 2.0], [0.125, 0.0]])
    params = shown.parameters.replaced({"weight_hh_l0": weight})
    ids = [shown.vocabulary.index(token) for token in "abcabcabc"]
    analysis = e.analyse(shown.spec, params, ids[:-1], ids[1:])
    figure = chain_of_jacobians(replace(shown, parameters=params, analysis=analysis))
    found = curves(figure)
    assert found["norm of the product"].y[-2] == pytest.approx(0.25**3)
    assert found["product of norms"].y[-2] == pytest.approx(2**6)
    points = [mark for mark in figure.plots[1].marks if isinstance(mark, Points) and mark.role == "hidden"]
    np.testing.assert_allclose(points[0].positions[:, 1], 2.0)


def test_an_lstm_shows_the_way_through_the_cell_beside_the_way_through_h():
    shown = scene("abcabcabc", cell="lstm")
    found = curves(chain_of_jacobians(shown))
    links = e.chain(shown.spec, shown.parameters, shown.analysis.trace, 7, 0)
    assert np.log(found["∂c_t/∂c_i"].y[1:]) == pytest.approx(links.blocks["c"])
    assert np.log(found["∂h_t/∂h_i"].y[1:]) == pytest.approx(links.blocks["h"])
    assert np.log(found["product of f"].y[1:]) == pytest.approx(links.kept)


def test_the_picked_pair_is_followed():
    shown = replace(scene("abcabcabc"), selection=Selection("h", pair=StepPair(5, 2)))
    figure = chain_of_jacobians(shown)
    assert figure.title == "∂h₆/∂h₃, link by link"
    assert [label for _, label in figure.plots[2].x.ticks or ()] == ["3", "4", "5", "6"]


def test_links_appear_one_after_the_other_from_t_on():
    shown = scene("abcabcabc")
    size = shown.spec.hidden_size
    for count in (0, 1, 7):
        heat = chain_of_jacobians(shown, shown=count).plots[0].marks[0]
        assert isinstance(heat, Heatmap)
        known = np.isfinite(heat.values[0])
        assert known.sum() == count * size
        assert not count or known[-size:].all()


def test_a_step_that_is_no_link_away_is_said_to_be_none():
    shown = replace(scene("abcabcabc"), selection=Selection("h", pair=StepPair(3, 3)))
    assert "pick an earlier one" in chain_of_jacobians(shown).message


def test_a_chain_too_long_to_follow_says_what_to_do():
    shown = scene("abcdefgh " * 6, units=120)
    assert "nearer to t" in chain_of_jacobians(shown).message


@pytest.mark.parametrize(
    ("gain", "left"), [(0.0, "After 7 steps nothing is left."), (1e200, "10¹³⁹⁸ is left")]
)
def test_nothing_and_far_too_much_are_said(gain, left):
    figure = chain_of_jacobians(scene("abcabcabc", activation="identity", gain=gain))
    assert left in figure.caption


def test_while_it_plays_the_caption_speaks_of_the_links_that_are_shown():
    shown = scene("abcabcabc")
    found = links_between(shown, 7, 0)
    assert chain_of_jacobians(shown, 0).caption == "Before the first link, all of the gradient is left."
    for links in range(1, 8):
        caption = chain_of_jacobians(shown, links).caption
        assert f"after {links} step" in caption
        assert f": {from_log(found.product[links - 1])} is left" in caption
        assert f"it would be {from_log(found.norms[links - 1])}." in caption
