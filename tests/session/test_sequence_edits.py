from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.session import edits, initial, presets
from rnnviz.session import sequence_edits as sequences
from rnnviz.session.document import Document
from rnnviz.session.errors import EditError
from rnnviz.session.sight import edited, in_sight, seen, swapped
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.textfiles import RARE, text_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.session.sight import Sight

SENTENCE = "the dog saw a dog, the end"
LETTERS = st.text("dogs a.", max_size=12)


def reading(text: str, reads: str = "words") -> DocumentState:
    return sequences.with_reads(edits.with_text(presets.load("dogs"), text), reads)


def corpus_tokens(state: DocumentState) -> list[str]:
    assert state.corpus is not None
    return [state.vocabulary.tokens[row] for row in state.corpus.ids]


def test_words_are_the_tokens(dogs: DocumentState) -> None:
    state = reading(SENTENCE)
    assert state.text == SENTENCE
    assert state.tokens == ("the", "dog", "saw", "a", "dog", ",", "the", "end")
    assert state.vocabulary.tokens == ("the", "dog", "saw", "a", ",", "end")
    assert state.spec.input_size == state.spec.output_size == 6
    assert state.target_ids.tolist() == [1, 2, 3, 1, 4, 0, 5]
    assert np.array_equal(state.parameters["weight_hh_l0"], dogs.parameters["weight_hh_l0"])


def test_a_word_of_one_letter_keeps_the_letters_weights() -> None:
    letters = edits.with_text(presets.load("dogs"), SENTENCE)
    words = sequences.with_reads(letters, "words")
    for name, axis in (("weight_ih_l0", 1), ("head.weight", 0)):
        of_a, as_word = (
            state.parameters[name].take(state.vocabulary.tokens.index("a"), axis)
            for state in (letters, words)
        )
        assert np.array_equal(of_a, as_word)


@given(text=st.text("dogs ,.x", max_size=20))
def test_there_and_back_reads_the_same_text(text: str) -> None:
    start = edits.with_text(presets.load("dogs"), text)
    back = sequences.with_reads(sequences.with_reads(start, "words"), "characters")
    assert (back.text, back.tokens, back.silent) == (start.text, start.tokens, start.silent)
    assert sequences.with_reads(back, "characters") is back


def test_nothing_but_blanks_keeps_the_vocabulary() -> None:
    state = reading("  ")
    assert state.steps == 0
    assert state.vocabulary.tokens == (*"dogs", " ")


def test_the_last_loss_alone_stays_the_last(dogs: DocumentState) -> None:
    last = edits.predict_only_last(edits.with_text(dogs, SENTENCE))
    state = sequences.with_reads(last, "words")
    assert state.silent == frozenset(range(6))
    some = edits.toggle_silent(edits.with_text(dogs, SENTENCE), 3)
    assert sequences.with_reads(some, "words").silent == frozenset()


def test_a_whole_text_becomes_words_and_characters_again(dogs: DocumentState) -> None:
    whole = "A dog.\nThe  dog saw\na dog."
    letters = edits.with_file(dogs, text_file("pets.txt", whole))
    words = sequences.with_reads(letters, "words")
    assert corpus_tokens(words) == ["A", "dog", ".", "\n", "The", "dog", "saw", "\n", "a", "dog", "."]
    assert words.settings.source == "text"
    back = sequences.with_reads(words, "characters")
    assert "".join(corpus_tokens(back)) == whole
    assert back.corpus is not None
    assert back.corpus.text is not None


def test_a_file_is_opened_as_what_the_document_reads(dogs: DocumentState) -> None:
    state = edits.with_file(dogs, text_file("pets.txt", "A dog saw\na dog.", "words"))
    assert (state.reads, state.tokens) == ("words", ("A", "dog", "saw"))
    assert corpus_tokens(state) == ["A", "dog", "saw", "\n", "a", "dog", "."]
    assert edits.with_text(state, "a cat").corpus is state.corpus


def test_rare_words_of_a_long_text_stand_for_one_another(dogs: DocumentState) -> None:
    names = [f"n{number}" for number in range(2_500)]
    letters = edits.with_file(dogs, text_file("names", " ".join([*names, *names[:1_999]])))
    words = sequences.with_reads(edits.with_text(letters, "n1 n2400 n2"), "words")
    assert len(words.vocabulary) == 2_000
    assert words.tokens == ("n1", RARE, "n2")
    assert corpus_tokens(words).count(RARE) == 501
    back = sequences.with_reads(words, "characters")
    assert "".join(corpus_tokens(back)).startswith("n0 n1 n2 ")


@given(
    text=st.text("dogs ab,", max_size=15),
    seed=st.integers(0, 99),
    reads=st.sampled_from(["characters", "words"]),
)
def test_another_order_has_the_same_tokens(text: str, seed: int, reads: str) -> None:
    state = reading(text, reads)
    if len(set(state.tokens)) < 2:
        with pytest.raises(EditError, match=f"no other order of these {reads}"):
            sequences.shuffled(state, seed)
        return
    there = sequences.shuffled(state, seed)
    assert Counter(there.tokens) == Counter(state.tokens)
    assert there.tokens != state.tokens
    assert there.vocabulary is state.vocabulary
    assert there.parameters is state.parameters
    assert equal(there, sequences.shuffled(state, seed))


def test_losses_that_are_left_out_stay_where_they_are(dogs: DocumentState) -> None:
    last = edits.predict_only_last(dogs)
    assert sequences.shuffled(last, 1).silent == last.silent


def test_order_matters_to_a_recurrent_network_only(dogs: DocumentState) -> None:
    from rnnviz.session.session import Session

    state = edits.with_text(dogs, "gods")
    there = sequences.swapped(sequences.with_other(state, "dogs"))
    finals = [Session(s).moment.analysis.trace.output[-1] for s in (state, there)]
    assert not np.array_equal(*finals)


def test_a_second_sequence_shares_vocabulary_and_weights(dogs: DocumentState) -> None:
    there = sequences.with_other(dogs, "cats")
    assert (there.text, there.other) == ("dogs", "cats")
    assert there.vocabulary.tokens == (*"dogs", *"cat")
    assert sequences.with_other(there, "cats") is there
    assert equal(sequences.without_unused(sequences.with_other(there, None)), dogs)
    with pytest.raises(EditError, match="“c”, which is not in the vocabulary"):
        edits.with_vocabulary(there, "dogs")
    assert sequences.without_unused(there) is there


def test_there_is_nothing_to_swap_without_a_second_sequence(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="no second sequence"):
        swapped(dogs)
    assert in_sight(dogs, "b") == "a"
    assert seen(dogs, "difference") is dogs
    assert sequences.with_other(dogs, None) is dogs


def test_a_second_sequence_that_is_too_long_is_refused(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="10,001 characters; shorten it"):
        sequences.with_other(dogs, "d" * 10_001)


@given(first=LETTERS, second=LETTERS, typed=LETTERS)
def test_the_sequence_that_is_seen_is_the_one_that_is_edited(first: str, second: str, typed: str) -> None:
    state = sequences.with_other(edits.with_text(presets.load("dogs"), first), second)
    assert seen(state, "b") is seen(state, "b")
    assert seen(state, "b").text == second
    assert equal(swapped(swapped(state)), state)
    there = edited(state, "b", lambda shown: edits.with_text(shown, typed))
    assert (there.text, there.other) == (first, typed)
    here = edited(state, "a", lambda shown: edits.with_text(shown, typed))
    assert (here.text, here.other) == (typed, second)
    assert edited(state, "b", lambda shown: edits.with_text(shown, second)) is state


def test_each_sequence_leaves_out_losses_of_its_own(dogs: DocumentState) -> None:
    state = edits.toggle_silent(sequences.with_other(dogs, "doggo"), 1)
    there = edited(state, "b", edits.predict_only_last)
    assert (there.silent, there.other_silent) == ({1}, {0, 1, 2})
    short = edited(there, "b", lambda shown: edits.with_text(shown, "do"))
    assert short.other_silent == {0}
    words = sequences.with_reads(edited(there, "b", lambda s: edits.with_text(s, "a b c d e")), "words")
    assert words.other_silent == frozenset()
    only = edited(words, "b", edits.predict_only_last)
    assert sequences.with_reads(only, "characters").other_silent == frozenset(range(7))


def test_a_file_takes_the_place_of_both(dogs: DocumentState) -> None:
    state = edits.with_file(sequences.with_other(dogs, "cats"), text_file("a", "xyz"))
    assert state.other is None
    assert state.vocabulary.tokens == tuple("xyz")


@pytest.mark.parametrize(
    "changed",
    [
        lambda state: sequences.with_other(state, "dogs"),
        lambda state: sequences.with_reads(edits.with_text(state, "d"), "words"),
        lambda state: initial.with_random_initial(state, 0),
        lambda state: edited(sequences.with_other(state, "dogs"), "b", edits.predict_only_last),
    ],
)
def test_states_that_differ_in_what_is_read_are_not_equal(
    dogs: DocumentState, changed: Callable[[DocumentState], DocumentState]
) -> None:
    assert not equal(dogs, changed(dogs))


SIGHTS: tuple[Sight, ...] = ("a", "b", "difference")

EDITS = st.one_of(
    st.tuples(st.just("text"), LETTERS, st.sampled_from(SIGHTS)),
    st.tuples(st.just("reads"), st.sampled_from(["characters", "words"])),
    st.tuples(st.just("shuffle"), st.integers(0, 9), st.sampled_from(SIGHTS)),
    st.tuples(st.just("other"), st.none() | LETTERS),
    st.tuples(st.just("start"), st.none() | st.integers(0, 9)),
    st.tuples(st.just("units"), st.integers(1, 4)),
    st.tuples(st.just("cell"), st.sampled_from(["rnn", "lstm", "feedforward"])),
)


def applied(state: DocumentState, kind: str, value: object, sight: Sight = "a") -> DocumentState:
    made: dict[str, Callable[[DocumentState], DocumentState]] = {
        "text": lambda s: edited(s, sight, lambda there: edits.with_text(there, str(value))),
        "reads": lambda s: sequences.with_reads(s, value),
        "shuffle": lambda s: edited(s, sight, lambda there: sequences.shuffled(there, value)),
        "other": lambda s: sequences.with_other(s, value),
        "start": lambda s: (
            initial.with_initial(s, None) if value is None else initial.with_random_initial(s, value)
        ),
        "units": lambda s: edits.with_units(s, value),
        "cell": lambda s: edits.with_cell(s, str(value)),
    }
    return made[kind](state)


@given(steps=st.lists(EDITS, max_size=12))
@settings(max_examples=60)
def test_any_edits_can_be_undone_to_the_very_same_documents(steps: list[tuple]) -> None:
    document = Document(presets.load("dogs"))
    seen_states = [document.state]
    for step in steps:
        with suppress(EditError):
            document.edit(applied(document.state, *step), str(step))
        if document.state is not seen_states[-1]:
            seen_states.append(document.state)
    for state in reversed(seen_states):
        assert document.state is state
        document.undo()
    for state in seen_states[1:]:
        document.redo()
        assert document.state is state
