from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weighing import with_matrix, with_weight

from rnnviz import engine as e
from rnnviz.session import edits, presets
from rnnviz.session.corpus import tokenised
from rnnviz.session.errors import EditError
from rnnviz.session.settings import TrainingSettings
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.textfiles import TextFile

NAMES = ("weight_ih_l0", "weight_hh_l0", "head.weight")


def text_file(name: str, text: str) -> TextFile:
    return TextFile(name, text.partition("\n")[0], *tokenised(text))


def corpus_text(state: DocumentState) -> str:
    """Return what the tokens of the corpus spell in the vocabulary of the state."""
    assert state.corpus is not None
    return "".join(state.vocabulary.tokens[row] for row in state.corpus.ids)


def test_typing_known_letters_changes_the_text_only(dogs: DocumentState) -> None:
    state = edits.with_text(dogs, "good")
    assert state.text == "good"
    assert state.parameters is dogs.parameters
    assert state.vocabulary is dogs.vocabulary


def test_an_unknown_letter_gets_a_column_and_a_row_of_its_own(dogs: DocumentState) -> None:
    state = edits.with_text(dogs, "dogma")
    assert state.vocabulary.tokens == tuple("dogsma")
    assert (state.spec.input_size, state.spec.output_size) == (6, 6)
    old, new = dogs.parameters, state.parameters
    assert np.array_equal(new["weight_ih_l0"][:, :4], old["weight_ih_l0"])
    assert np.array_equal(new["weight_hh_l0"], old["weight_hh_l0"])
    assert np.array_equal(new["head.weight"][:4], old["head.weight"])
    drawn = np.concatenate([new["weight_ih_l0"][:, 4:].ravel(), new["head.weight"][4:].ravel()])
    assert np.abs(drawn).max() <= 3**-0.5
    assert len(set(drawn)) == 12


@given(text=st.text("dogshelo wrt👍🏽é", max_size=12), data=st.data())
def test_letter_by_letter_gives_the_same_weights_as_all_at_once(text: str, data: st.DataObject) -> None:
    start = presets.load("dogs")
    typed = start
    for end in range(len(text) + 1):
        typed = edits.with_text(typed, text[:end])
    order = data.draw(st.permutations(text)) if data.draw(st.booleans()) else list(text)
    pasted = edits.with_text(edits.with_text(start, "".join(order)), text)
    rows = dict(zip(typed.vocabulary.tokens, typed.parameters["head.weight"].tolist(), strict=True))
    for token, row in zip(pasted.vocabulary.tokens, pasted.parameters["head.weight"].tolist(), strict=True):
        assert rows.get(token, row) == row


def test_a_shorter_text_forgets_the_silent_steps_that_are_gone(dogs: DocumentState) -> None:
    silent = edits.toggle_silent(edits.toggle_silent(dogs, 0), 2)
    assert edits.with_text(silent, "dog").silent == {0}
    assert edits.with_text(silent, "").silent == frozenset()


def test_too_much_text_is_refused_with_a_sentence(dogs: DocumentState) -> None:
    assert edits.with_text(dogs, "dogs" * 2_500).steps == 9_999
    with pytest.raises(EditError, match="10,004 characters; shorten it"):
        edits.with_text(dogs, "dogs" * 2_501)
    with pytest.raises(EditError, match="2,004 different tokens are too many"):
        edits.with_text(dogs, "".join(map(chr, range(0x4E00, 0x4E00 + 2_000))))


def test_a_file_brings_its_text_and_its_vocabulary(dogs: DocumentState) -> None:
    silent = edits.toggle_silent(dogs, 0)
    state = edits.with_file(silent, text_file("pets.txt", "gods\nc at"))
    assert (state.title, state.text, state.silent) == ("pets.txt", "gods", frozenset())
    assert state.vocabulary.tokens == tuple("gods\nc at")
    for row, token in enumerate("gods"):
        before = dogs.vocabulary.tokens.index(token)
        assert np.array_equal(
            state.parameters["weight_ih_l0"][:, row], dogs.parameters["weight_ih_l0"][:, before]
        )
        assert np.array_equal(state.parameters["head.weight"][row], dogs.parameters["head.weight"][before])
    assert np.array_equal(state.parameters["weight_hh_l0"], dogs.parameters["weight_hh_l0"])


def test_another_order_of_the_vocabulary_moves_the_weights_along(dogs: DocumentState) -> None:
    there = edits.with_vocabulary(dogs, "sgod")
    assert there.target_ids.tolist() == [2, 1, 0]
    assert equal(edits.with_vocabulary(there, "dogs"), dogs)


def test_the_vocabulary_must_cover_the_text(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="“s”, which is not in the vocabulary"):
        edits.with_vocabulary(dogs, "dog")
    with pytest.raises(EditError, match="at least one"):
        edits.with_vocabulary(dogs, "")
    with pytest.raises(EditError, match="each token once"):
        edits.with_vocabulary(dogs, "dogss")


@given(
    name=st.sampled_from(NAMES),
    place=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    value=st.floats(allow_nan=False, allow_infinity=False),
)
def test_one_weight_changes_and_no_other(name: str, place: tuple[int, int], value: float) -> None:
    dogs = presets.load("dogs")
    state = with_weight(dogs, name, *place, value)
    assert state.parameters[name][place] == value
    changed = state.parameters.flat != dogs.parameters.flat
    assert changed.sum() == (value != dogs.parameters[name][place])


def test_a_bias_has_one_column(dogs: DocumentState) -> None:
    state = with_weight(edits.with_bias(dogs, True), "head.bias", 2, 0, -1.5)
    assert state.parameters["head.bias"].tolist() == [0, 0, -1.5, 0]
    with pytest.raises(EditError, match=r"head.bias has 4 × 1 entries; the block would reach beyond"):
        with_weight(state, "head.bias", 0, 1, 1.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_weight_must_be_finite(dogs: DocumentState, value: float) -> None:
    with pytest.raises(EditError, match=rf"must be a finite float64 number, not {value:g}\."):
        with_weight(dogs, "weight_hh_l0", 0, 0, value)


def test_a_weight_must_fit_the_number_type(dogs: DocumentState) -> None:
    spec = replace(dogs.spec, dtype="float32")
    state = replace(dogs, spec=spec, parameters=e.parameters(spec, dogs.parameters))
    with pytest.raises(EditError, match=r"finite float32 number, not 1e\+300"):
        with_weight(state, "weight_hh_l0", 0, 0, 1e300)
    assert with_weight(dogs, "weight_hh_l0", 0, 0, 1e300).parameters["weight_hh_l0"][0, 0] == 1e300


def test_a_weight_that_is_not_there_is_refused(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="no weights called bias_ih_l0"):
        with_weight(dogs, "bias_ih_l0", 0, 0, 1.0)
    with pytest.raises(EditError, match="the block would reach beyond"):
        with_weight(dogs, "weight_hh_l0", 3, 0, 1.0)
    with pytest.raises(EditError, match="the block would reach beyond"):
        with_weight(dogs, "weight_hh_l0", -1, 0, 1.0)


def test_a_weight_that_is_not_a_number_can_be_mended(dogs: DocumentState) -> None:
    weights = dogs.parameters["weight_hh_l0"].copy()
    weights[1, 1] = np.nan
    broken = replace(dogs, parameters=dogs.parameters.replaced({"weight_hh_l0": weights}))
    assert equal(with_weight(broken, "weight_hh_l0", 1, 1, 0.9), dogs)


def test_a_loss_is_left_out_and_taken_in_again(dogs: DocumentState) -> None:
    there = edits.toggle_silent(dogs, 1)
    assert there.silent == {1}
    assert edits.toggle_silent(there, 1).silent == frozenset()
    for step in (-1, 3):
        with pytest.raises(EditError, match=f"no step {step + 1}: the text has 3"):
            edits.toggle_silent(dogs, step)


def test_predict_only_s_from_d_o_g(dogs: DocumentState) -> None:
    last = edits.predict_only_last(edits.toggle_silent(dogs, 2))
    assert last.target_ids.tolist() == [-1, -1, 3]
    assert edits.predict_all(last).target_ids.tolist() == [1, 2, 3]


def test_the_activation_changes_no_weight(dogs: DocumentState) -> None:
    state = edits.with_activation(dogs, "relu")
    assert state.spec.activation == "relu"
    assert np.array_equal(state.parameters.flat, dogs.parameters.flat)
    with pytest.raises(EditError, match="activation must be one of"):
        edits.with_activation(dogs, "softsign")


def test_a_feedforward_layer_keeps_what_it_has_in_common(dogs: DocumentState) -> None:
    state = edits.with_cell(edits.with_activation(dogs, "relu"), "feedforward")
    assert (state.spec.cell, state.spec.activation) == ("feedforward", "relu")
    assert "weight_hh_l0" not in state.parameters
    for name in state.parameters:
        assert np.array_equal(state.parameters[name], dogs.parameters[name])
    with pytest.raises(EditError, match="no cell “elman”"):
        edits.with_cell(dogs, "elman")


@pytest.mark.parametrize("units", [1, 2, 5, 256])
def test_units_are_added_and_taken_away_at_the_end(dogs: DocumentState, units: int) -> None:
    state = edits.with_units(dogs, units)
    kept = min(units, 3)
    assert state.spec.hidden_size == units
    for name, part in (
        ("weight_ih_l0", np.s_[:kept]),
        ("weight_hh_l0", np.s_[:kept, :kept]),
        ("head.weight", np.s_[:, :kept]),
    ):
        assert np.array_equal(state.parameters[name][part], dogs.parameters[name][part])
    assert np.abs(state.parameters["weight_hh_l0"][kept:]).max(initial=0) <= units**-0.5


@pytest.mark.parametrize("units", [0, -1, 257])
def test_the_number_of_units_is_limited(dogs: DocumentState, units: int) -> None:
    with pytest.raises(EditError, match=f"1 to 256 units, not {units}"):
        edits.with_units(dogs, units)


def test_a_bias_starts_at_zero_and_so_changes_nothing(dogs: DocumentState) -> None:
    state = edits.with_bias(dogs, True)
    assert all(not state.parameters[name].any() for name in ("bias_ih_l0", "bias_hh_l0", "head.bias"))
    assert all(np.array_equal(state.parameters[name], dogs.parameters[name]) for name in NAMES)
    assert equal(edits.with_bias(state, False), dogs)


def test_a_bias_that_is_there_is_kept(dogs: DocumentState) -> None:
    state = with_weight(edits.with_bias(dogs, True), "head.bias", 1, 0, 0.25)
    grown = edits.with_text(edits.with_units(state, 5), "dogma")
    assert grown.parameters["head.bias"][:4].tolist() == [0, 0.25, 0, 0]
    assert grown.parameters["head.bias"][4:].all()


@pytest.mark.parametrize(
    "edit",
    [
        lambda state: edits.with_text(state, "dogs"),
        lambda state: edits.with_vocabulary(state, "dogs"),
        lambda state: with_weight(state, "weight_hh_l0", 0, 0, 0.1),
        lambda state: with_matrix(state, "weight_hh_l0", state.parameters["weight_hh_l0"]),
        lambda state: edits.predict_all(state),
        lambda state: edits.with_cell(state, "rnn"),
        lambda state: edits.with_activation(state, "tanh"),
        lambda state: edits.with_units(state, 3),
        lambda state: edits.with_bias(state, False),
        lambda state: edits.with_layers(state, 1),
        lambda state: edits.with_directions(state, False),
        lambda state: edits.with_embedding(state, None),
        lambda state: edits.with_settings(state, rate=0.1, clip=None),
        lambda state: edits.with_settings(state, optimizer="sgd"),
        lambda state: edits.with_origin(state, None),
    ],
)
def test_an_edit_that_changes_nothing_gives_the_state_back(dogs: DocumentState, edit: object) -> None:
    assert callable(edit)
    assert edit(dogs) is dogs


def test_a_text_without_steps_has_no_loss_to_leave_out(dogs: DocumentState) -> None:
    short = edits.with_text(dogs, "d")
    assert edits.predict_only_last(short) is short


@given(cell=st.sampled_from(tuple(e.CELLS)), units=st.integers(1, 9), bias=st.booleans())
def test_every_edit_gives_the_same_state_each_time(cell: str, units: int, bias: bool) -> None:
    def edited() -> DocumentState:
        state = edits.with_bias(edits.with_cell(presets.load("dogs"), cell), bias)
        return edits.with_text(edits.with_units(state, units), "hello, dogs")

    assert equal(edited(), edited())


def test_a_file_is_there_to_learn_from(dogs: DocumentState) -> None:
    state = edits.with_file(edits.with_settings(dogs, rate=0.5), text_file("pets.txt", "gods\nc at"))
    assert state.corpus is not None
    assert (state.corpus.name, corpus_text(state)) == ("pets.txt", "gods\nc at")
    assert (state.settings.source, state.settings.rate) == ("text", 0.5)
    assert edits.with_file(state, text_file("pets.txt", "gods\nc at")) is state


def test_a_file_of_one_line_is_learnt_as_the_sequence(dogs: DocumentState) -> None:
    learnt_text = edits.with_settings(dogs, source="text")
    assert edits.with_file(learnt_text, text_file("dogs", "dogs")).settings.source == "sequence"


def test_a_line_that_is_cut_is_learnt_whole(dogs: DocumentState) -> None:
    cut = TextFile("long.txt", "ab", *tokenised("abab"))
    assert edits.with_file(dogs, cut).settings.source == "text"


def test_another_file_takes_the_place_of_the_first(dogs: DocumentState) -> None:
    trained = edits.with_origin(edits.with_file(dogs, text_file("a", "abc\nd")), None)
    trained = edits.with_origin(trained, trained.parameters)
    state = edits.with_file(trained, text_file("b", "xyz"))
    assert corpus_text(state) == "xyz"
    assert state.vocabulary.tokens == tuple("xyz")
    assert state.origin is None


def test_typing_keeps_the_corpus_as_the_same_object(dogs: DocumentState) -> None:
    state = edits.with_file(dogs, text_file("pets.txt", "gods\nc at"))
    assert edits.with_text(state, "cat, dog!").corpus is state.corpus
    assert edits.with_text(state, "").corpus is state.corpus


@given(order=st.permutations("gods\nc atx"))
def test_another_order_of_the_vocabulary_leaves_the_corpus_what_it_says(order: list[str]) -> None:
    state = edits.with_file(presets.load("dogs"), text_file("pets.txt", "gods\nc at"))
    moved = edits.with_vocabulary(state, order)
    assert corpus_text(moved) == "gods\nc at"
    assert moved.corpus is not None
    assert not moved.corpus.ids.flags.writeable


def test_the_vocabulary_must_cover_the_corpus(dogs: DocumentState) -> None:
    state = edits.with_file(dogs, text_file("pets.txt", "gods\ncat"))
    with pytest.raises(EditError, match=r"“pets\.txt” uses “c”, which is not in the vocabulary"):
        edits.with_vocabulary(state, "sdog\nat")


def test_settings_are_changed_one_by_one(dogs: DocumentState) -> None:
    state = edits.with_settings(edits.with_settings(dogs, rate=1e6), clip=2.0, batch=8)
    assert state.settings == TrainingSettings(rate=1e6, clip=2.0, batch=8)
    assert state.parameters is dogs.parameters
    with pytest.raises(EditError, match="learning rate"):
        edits.with_settings(state, rate=0)


@pytest.mark.parametrize("name", list(e.OPTIMIZERS))
def test_another_optimiser_brings_its_own_rate(dogs: DocumentState, name: str) -> None:
    fast = edits.with_settings(dogs, optimizer="sgd", rate=0.7)
    state = edits.with_settings(fast, optimizer=name)
    assert state.settings.optimizer == name
    assert state.settings.rate == (0.7 if name == "sgd" else e.OPTIMIZERS[name]().lr)
    assert edits.with_settings(fast, optimizer=name, rate=0.3).settings.rate == 0.3


def trained(state: DocumentState) -> DocumentState:
    begun = edits.with_origin(state, state.parameters)
    return with_matrix(begun, "weight_hh_l0", np.eye(3))


def test_reset_returns_to_where_training_began(dogs: DocumentState) -> None:
    back = edits.reset(trained(dogs))
    assert back.parameters is dogs.parameters
    assert edits.reset(back) is back
    assert equal(edits.with_origin(back, None), dogs)


def test_a_network_that_was_not_trained_cannot_be_reset(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="nothing to return to"):
        edits.reset(dogs)


def test_reset_mends_weights_that_are_not_finite(dogs: DocumentState) -> None:
    exploded = dogs.parameters.replaced({"weight_hh_l0": np.full((3, 3), np.nan)})
    assert edits.reset(replace(trained(dogs), parameters=exploded)).parameters is dogs.parameters


def test_where_training_began_grows_with_the_vocabulary(dogs: DocumentState) -> None:
    typed = edits.with_text(trained(dogs), "dogma")
    assert equal(edits.with_origin(edits.reset(typed), None), edits.with_text(dogs, "dogma"))


@pytest.mark.parametrize(
    "edit",
    [
        lambda state: edits.with_units(state, 4),
        lambda state: edits.with_cell(state, "feedforward"),
        lambda state: edits.with_bias(state, True),
        lambda state: edits.with_layers(state, 2),
        lambda state: edits.with_directions(state, True),
        lambda state: edits.with_embedding(state, 3),
    ],
)
def test_a_network_of_another_shape_has_not_been_trained(dogs: DocumentState, edit: object) -> None:
    assert callable(edit)
    assert edit(trained(dogs)).origin is None


def test_another_activation_keeps_where_training_began(dogs: DocumentState) -> None:
    assert edits.with_activation(trained(dogs), "relu").origin is dogs.parameters


def test_training_cannot_have_begun_with_another_network(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="do not have the shapes"):
        edits.with_origin(dogs, edits.with_units(dogs, 4).parameters)
