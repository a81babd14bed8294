from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.session import edits
from rnnviz.session.corpus import Corpus
from rnnviz.session.errors import EditError
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.vocabulary import Vocabulary


def corpus(name: str = "a", *ids: int) -> Corpus:
    return Corpus(name, np.array(ids, np.int32))


def test_dogs_reads_d_o_g_and_predicts_o_g_s(dogs: DocumentState) -> None:
    assert dogs.tokens == ("d", "o", "g", "s")
    assert dogs.steps == 3
    assert dogs.inputs == ("d", "o", "g")
    assert dogs.targets == ("o", "g", "s")
    assert dogs.input_ids.tolist() == [0, 1, 2]
    assert dogs.target_ids.tolist() == [1, 2, 3]


def test_a_silent_step_has_no_target(dogs: DocumentState) -> None:
    assert edits.toggle_silent(dogs, 1).target_ids.tolist() == [1, -1, 3]


@pytest.mark.parametrize("text", ["", "d", "👨‍👩‍👧‍👦"])
def test_fewer_than_two_characters_have_no_step(dogs: DocumentState, text: str) -> None:
    state = edits.with_text(dogs, text)
    assert state.steps == len(state.inputs) == len(state.targets) == 0
    assert state.input_ids.shape == state.target_ids.shape == (0,)


def test_nothing_of_a_state_can_be_changed(dogs: DocumentState) -> None:
    for array in (*dogs.parameters.values(), dogs.input_ids, dogs.target_ids):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    for name in ("text", "parameters", "silent"):
        with pytest.raises(FrozenInstanceError):
            setattr(dogs, name, getattr(dogs, name))


def test_an_edit_of_the_weights_keeps_the_tokens_as_the_same_objects(dogs: DocumentState) -> None:
    other = with_weight(dogs, "weight_hh_l0", 0, 0, 0.7)
    assert other.inputs is dogs.inputs
    assert other.targets is dogs.targets
    assert other.target_ids is dogs.target_ids


def test_states_compare_by_identity_and_equal_by_what_they_hold(dogs: DocumentState) -> None:
    twin = replace(dogs, parameters=dogs.parameters.replaced({}))
    assert twin != dogs
    assert equal(twin, dogs)
    nan = dogs.parameters.replaced({"weight_hh_l0": np.full((3, 3), np.nan)})
    assert equal(replace(dogs, parameters=nan), replace(dogs, parameters=nan.replaced({})))


@pytest.mark.parametrize(
    "changed",
    [
        lambda state: replace(state, title="cats"),
        lambda state: edits.with_text(state, "dog"),
        lambda state: edits.with_text(state, "dogsx"),
        lambda state: edits.toggle_silent(state, 0),
        lambda state: edits.with_activation(state, "relu"),
        lambda state: edits.with_units(state, 4),
        lambda state: with_weight(state, "weight_hh_l0", 0, 0, 0.11),
        lambda state: edits.with_vocabulary(state, "sgod"),
        lambda state: edits.with_settings(state, seed=1),
        lambda state: edits.with_origin(state, state.parameters),
        lambda state: replace(state, corpus=corpus()),
    ],
)
def test_states_that_differ_in_anything_are_not_equal(dogs: DocumentState, changed: object) -> None:
    assert callable(changed)
    assert not equal(dogs, changed(dogs))


def test_states_that_differ_in_an_unused_token_only_are_not_equal(dogs: DocumentState) -> None:
    dog = edits.with_text(dogs, "dog")
    assert not equal(dog, replace(dog, vocabulary=Vocabulary(tuple("dogx"))))


@pytest.mark.parametrize("other", [corpus("b", 0, 1), corpus("a", 0, 2), corpus("a", 0)])
def test_states_are_equal_if_their_corpora_hold_the_same(dogs: DocumentState, other: Corpus) -> None:
    state = replace(dogs, corpus=corpus("a", 0, 1))
    assert equal(state, replace(dogs, corpus=corpus("a", 0, 1)))
    assert not equal(state, replace(dogs, corpus=other))


def test_states_are_equal_if_training_began_with_the_same_weights(dogs: DocumentState) -> None:
    state = edits.with_origin(dogs, dogs.parameters)
    assert equal(state, replace(state, origin=dogs.parameters.replaced({})))
    other = with_weight(dogs, "weight_hh_l0", 0, 0, 0.7)
    assert not equal(state, edits.with_origin(dogs, other.parameters))


def test_parts_that_do_not_fit_are_refused(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="one input and one output for each of the 2 characters"):
        replace(dogs, vocabulary=Vocabulary(("d", "o")))
    with pytest.raises(EditError, match="do not have the shapes"):
        replace(dogs, parameters=e.initialise(replace(dogs.spec, hidden_size=4)))
    with pytest.raises(EditError, match="uses “x”, which is not in the vocabulary"):
        replace(dogs, text="dox")
    with pytest.raises(EditError, match="at steps 1 to 3 only"):
        replace(dogs, silent=frozenset({3}))
    with pytest.raises(EditError, match="“a” uses characters that are not in the vocabulary"):
        replace(dogs, corpus=corpus("a", 0, 4))
    with pytest.raises(EditError, match="10,001 characters; shorten it to at most 10,000"):
        replace(dogs, text="d" * 10_001)
