"""The stages of a step hold all that a network computes in it, each number once, causes first."""

from __future__ import annotations

import pytest
from networks import KINDS, any_case

from rnnviz import engine as e

TITLES = {
    "rnn": ["x enters", "a is summed", "h is written", "ŷ appears"],
    "feedforward": ["x enters", "a is summed", "h is written", "ŷ appears"],
    "lstm": ["x enters", "gates open", "the cell is written", "h is read", "ŷ appears"],
    "gru": ["x enters", "gates open", "the candidate forms", "h is written", "ŷ appears"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_traced_is_computed_once(kind: str) -> None:
    drawn = any_case(1, kind)
    computed = [name for stage in e.stages(drawn.spec) for name in stage.computes]
    assert len(computed) == len(set(computed))
    lane = drawn.trace().layers[0].directions[0]
    found = {*lane.states, *lane.gates, *(f"a.{name}" for name in lane.preactivations)}
    assert found <= set(computed)
    assert set(computed) - found <= {"x", "e", "y", "L", "a.hn", "hn"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_preactivation_is_never_later_than_what_it_becomes(kind: str) -> None:
    order = {name: n for n, stage in enumerate(e.stages(any_case(1, kind).spec)) for name in stage.computes}
    for name, stage in order.items():
        assert order.get(f"a.{name}", 0) <= stage


@pytest.mark.parametrize("kind", KINDS)
def test_stages_have_titles(kind: str) -> None:
    spec = any_case(1, kind).spec
    assert [stage.title for stage in e.stages(spec)] == TITLES[spec.cell]
