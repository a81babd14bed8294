"""Frozen entries: kept through other edits, and left alone by training."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rnnviz import engine as e
from rnnviz.session import edits
from rnnviz.session.errors import EditError
from rnnviz.session.freezing import Place, with_frozen
from rnnviz.session.learning import job_of
from rnnviz.session.nudge import nudged
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.training import commands
from rnnviz.session.training.learner import Learner
from rnnviz.session.vocabulary import Vocabulary

ALL = slice(None)
CORNER = Place("weight_hh_l0", slice(0, 2), slice(1, 3))


def frozen(state: DocumentState) -> dict[str, list[list[int]]]:
    return {name: np.argwhere(mask).tolist() for name, mask in state.frozen.items()}


def test_entries_are_frozen_and_let_go(dogs: DocumentState) -> None:
    state = with_frozen(dogs, [CORNER], True)
    assert frozen(state) == {"weight_hh_l0": [[0, 1], [0, 2], [1, 1], [1, 2]]}
    assert not equal(state, dogs)
    assert with_frozen(state, [CORNER], True) is state
    less = with_frozen(state, [Place("weight_hh_l0", slice(0, 1), ALL)], False)
    assert frozen(less) == {"weight_hh_l0": [[1, 1], [1, 2]]}
    assert equal(with_frozen(state, [CORNER], False), dogs)
    with pytest.raises(EditError, match="no weights called b"):
        with_frozen(dogs, [Place("b", ALL, ALL)], True)


def test_masks_belong_to_the_network(dogs: DocumentState) -> None:
    state = with_frozen(dogs, [CORNER, Place("weight_ih_l0", ALL, slice(2, 3))], True)
    more = edits.with_text(edits.with_units(state, 5), "dogcat")
    assert frozen(more) == frozen(state)
    turned = edits.with_vocabulary(state, "gods")
    assert frozen(turned)["weight_ih_l0"] == [[0, 0], [1, 0], [2, 0]]
    gated = edits.with_cell(state, "lstm")
    assert frozen(gated)["weight_hh_l0"] == [[6, 1], [6, 2], [7, 1], [7, 2]]
    assert frozen(edits.with_cell(gated, "rnn")) == frozen(state)
    assert "weight_hh_l0" not in edits.with_cell(state, "feedforward").frozen
    assert frozen(edits.with_units(state, 1)) == {"weight_ih_l0": [[0, 2]]}


@pytest.mark.parametrize("optimizer", list(e.OPTIMIZERS))
def test_training_leaves_frozen_entries(dogs: DocumentState, optimizer: str) -> None:
    state = with_frozen(edits.with_settings(dogs, optimizer=optimizer), [CORNER], True)
    learner = Learner(job_of(state))
    for _ in range(5):
        learner.learn()
    before, after = dogs.parameters["weight_hh_l0"], learner.job.parameters["weight_hh_l0"]
    mask = state.frozen["weight_hh_l0"]
    assert_array_equal(after[mask], before[mask])
    assert (after[~mask] != before[~mask]).all()


def test_entries_frozen_during_training_stay_as_they_were_seen(dogs: DocumentState) -> None:
    learner = Learner(job_of(dogs))
    learner.learn()
    seen = learner.job.parameters
    learner.learn()
    state = with_frozen(dogs, [CORNER], True)
    learner.obey(commands.SetFrozen.as_in(seen, tuple(state.frozen.items())))
    for _ in range(3):
        learner.learn()
    mask, after = state.frozen["weight_hh_l0"], learner.job.parameters["weight_hh_l0"]
    assert_array_equal(after[mask], seen["weight_hh_l0"][mask])
    assert (after[~mask] != seen["weight_hh_l0"][~mask]).all()
    learner.obey(commands.SetFrozen.as_in(seen, ()))
    learner.learn()
    assert (learner.job.parameters["weight_hh_l0"][mask] != after[mask]).all()


@pytest.mark.parametrize("cell", list(e.CELLS))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_nudging_a_weight_gives_its_gradient(cell: str, dtype: str) -> None:
    spec = e.NetworkSpec(cell, 3, 2, 3, num_layers=2, dtype=dtype)
    state = DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("abc")), "abcacb")
    precise = DocumentState(
        "test",
        e.NetworkSpec(cell, 3, 2, 3, num_layers=2),
        e.parameters(e.NetworkSpec(cell, 3, 2, 3, num_layers=2), state.parameters),
        state.vocabulary,
        state.text,
    )
    found = e.analyse(precise.spec, precise.parameters, precise.input_ids, precise.target_ids)
    for name, gradient in found.gradients.parameters.items():
        cells = gradient.reshape(len(gradient), -1)
        for row, column in (*((0, n) for n in range(cells.shape[1])), (len(cells) - 1, 0)):
            assert nudged(state, name, row, column) == pytest.approx(cells[row, column], rel=1e-6, abs=1e-9)
