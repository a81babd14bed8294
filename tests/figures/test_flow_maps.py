"""The map of the gradient, to the last digit, in what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from networks import reference, reference_network, references, relative_error
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.health import first_nonfinite
from rnnviz.figures.columns import columns_of
from rnnviz.figures.flow_maps import WEIGHTS, flow_map, offered, stored
from rnnviz.figures.gallery.gradient_flow import gradient_flow
from rnnviz.figures.model import Heatmap
from rnnviz.figures.scene import Scene

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats

FLOWS = references("flow")


def heats(shown: Scene, what: str) -> list[Heatmap]:
    return [mark for mark in gradient_flow(shown, what).plots[0].marks if isinstance(mark, Heatmap)]


def reference_scene(name: str) -> tuple[Scene, dict[str, Floats]]:
    wanted = reference(name)
    spec, params = reference_network(wanted, "float64")
    trace = e.forward(spec, params, wanted["x"])
    loss = e.cross_entropy(trace, wanted["targets"][:, None])
    gradients = e.backward(spec, params, trace, loss)
    flow = e.gradient_flow(spec, params, trace, loss)
    analysis = e.Analysis(
        trace,
        loss,
        gradients,
        flow,
        e.verdict(spec, params, trace, flow),
        first_nonfinite(trace, loss, gradients),
    )
    tokens = tuple("abcde"[n] for n in wanted["targets"].tolist())
    return Scene(spec, params, tuple("abcde"), tokens, tokens, frozenset(), analysis, 0), wanted


@pytest.mark.parametrize("name", FLOWS)
def test_what_is_drawn_are_the_reference_values_of_states(name: str) -> None:
    shown, wanted = reference_scene(name)
    for state in e.CELLS[shown.spec.cell].states:
        drawn = heats(shown, state)[0].values
        below = np.tril_indices(len(drawn))
        norms = np.linalg.norm(wanted[f"grad_{state}"], axis=-1)
        assert relative_error(drawn[below], norms[below]) <= 1e-10
        assert np.isnan(drawn[np.triu_indices(len(drawn), 1)]).all()


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize(("kind", "parameter"), [("W_X", "weight_ih"), ("W_H", "weight_hh")])
def test_what_is_drawn_are_the_reference_values_of_terms_and_of_their_sums(
    name: str, kind: str, parameter: str
) -> None:
    shown, wanted = reference_scene(name)
    terms = wanted[f"term_{parameter}"]
    terms = terms.reshape(*terms.shape[:2], -1)
    values, by_loss, by_step = (heat.values for heat in heats(shown, kind))
    below, norms = np.tril_indices(len(values)), np.linalg.norm(terms, axis=-1)
    assert relative_error(values[below], norms[below]) <= 1e-10
    assert (
        relative_error(by_loss, np.stack([norms.sum(1), np.linalg.norm(terms.sum(1), axis=-1)], 1)) <= 1e-10
    )
    assert relative_error(by_step, np.stack([norms.sum(0), np.linalg.norm(terms.sum(0), axis=-1)])) <= 1e-10


@given(shown=scenes(layers=2, both=True))
def test_the_norm_of_a_sum_is_never_more_than_the_sum_of_norms(shown: Scene) -> None:
    if shown.analysis.trouble:
        return
    columns = columns_of(shown)
    for what in (*e.CELLS[shown.spec.cell].states, *offered(shown)):
        found = flow_map(shown, columns, what)
        sums = [found.by_step, *([] if found.by_loss is None else [found.by_loss])]
        for of_norms, of_sum in sums:
            known = ~np.isnan(of_norms)
            slack = 1e-9 * (1 + np.abs(of_norms[known]))
            one_way = not shown.spec.bidirectional  # of two directions the map leaves half of the pairs out
            assert not one_way or (of_sum[known] <= of_norms[known] + slack).all()


@given(shown=scenes())
def test_the_sums_over_all_losses_are_the_gradients_of_the_whole(shown: Scene) -> None:
    if shown.analysis.trouble or shown.analysis.flow.direction:
        return
    columns, gradients = columns_of(shown), shown.analysis.gradients
    for state, values in gradients.layers[0].states.items():
        found = flow_map(shown, columns, state).by_step[1]
        with np.errstate(all="ignore"):
            wanted = np.linalg.norm(values[:, 0], axis=-1)
        usual = wanted < 1e100  # squares of larger ones overflow here, though not in the map
        np.testing.assert_allclose(found[usual], wanted[usual], atol=1e-9)
    for kind in offered(shown):
        assert stored(shown, kind) in gradients.parameters


def test_the_initial_state_stands_left_of_the_first_step() -> None:
    shown = scene("abcdef", cell="lstm")
    drawn = heats(shown, "c")
    np.testing.assert_array_equal(drawn[1].values[:, 0], shown.analysis.flow.initials["c"])
    assert drawn[1].left == drawn[0].left - 1
    ticks = gradient_flow(shown, "c").plots[0].x.ticks or ()
    assert (0.0, "0") in ticks


def test_every_kind_of_weight_has_a_map_where_the_network_has_it() -> None:
    assert offered(scene("abc", cell="lstm")) == ("W_X", "W_H", "W_Y", "b")
    assert offered(scene("abc", cell="feedforward", bias=False)) == ("W_X", "W_Y")
    assert offered(scene("abc", embedding_size=3)) == tuple(WEIGHTS)


def test_norms_from_1e_minus_300_to_1e300_have_their_colours() -> None:
    """A thousand steps of a linear chain: 10^±0.3 a step."""
    for factor in (10**-0.3, 10**0.3):
        steps = 1000
        spec = e.NetworkSpec("rnn", 2, 1, 2, activation="identity", bias=False)
        params = e.parameters(
            spec, {"weight_ih_l0": [[0.0, 0.0]], "weight_hh_l0": [[factor]], "head.weight": [[1.0], [-1.0]]}
        )
        ids = np.zeros(steps, int)
        analysis = e.analyse(spec, params, ids, ids)
        tokens = ("a",) * steps
        shown = Scene(spec, params, ("a", "b"), tokens, tokens, frozenset(), analysis, steps - 1)
        heat = heats(shown, "h")[0]
        row = heat.values[-1]
        exact = np.log10(row[-1]) + np.arange(steps - 1, -1, -1) * np.log10(factor)
        within = np.abs(exact) < 299
        np.testing.assert_allclose(np.log10(row[within]), exact[within], rtol=1e-9)
        assert heat.scale.log
        assert (heat.scale.low, heat.scale.high) != (0.0, 0.0)
        low, high = np.log10([heat.scale.low, heat.scale.high])
        assert high >= min(300, exact.max()) - 1e-9
        assert low < high
