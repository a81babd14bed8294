"""What becomes of the weights when the network is another one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.session import edits, presets
from rnnviz.session.document import Document
from rnnviz.session.errors import EditError
from rnnviz.session.state import DocumentState, equal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

RECURRENT = [name for name, cell in e.CELLS.items() if cell.recurrent]
CANDIDATE = {"rnn": "h", "feedforward": "h", "lstm": "g", "gru": "n"}

# Every edit of a network that a user can make, with the values that it takes.
EDITS: dict[str, tuple[Callable[[DocumentState, Any], DocumentState], st.SearchStrategy[Any]]] = {
    "cell": (edits.with_cell, st.sampled_from(list(e.CELLS))),
    "units": (edits.with_units, st.integers(1, 4)),
    "layers": (edits.with_layers, st.integers(1, 3)),
    "directions": (edits.with_directions, st.booleans()),
    "activation": (edits.with_activation, st.sampled_from(["tanh", "relu", "sigmoid", "identity"])),
    "reset": (edits.with_gru_reset, st.sampled_from(["after", "before"])),
    "embedding": (edits.with_embedding, st.none() | st.integers(1, 3)),
    "bias": (edits.with_bias, st.booleans()),
    "text": (edits.with_text, st.text("dogs ca", max_size=6)),
    "vocabulary": (edits.with_vocabulary, st.permutations("dogsca ")),
}
CHAINS = st.lists(
    st.sampled_from(list(EDITS)).flatmap(lambda name: st.tuples(st.just(name), EDITS[name][1])), max_size=8
)


def edited(state: DocumentState, chain: list[tuple[str, Any]]) -> DocumentState:
    """Edit as the chain says, but for what is refused."""
    for name, value in chain:
        with suppress(EditError):
            state = EDITS[name][0](state, value)
    return state


def weights(state: DocumentState) -> Iterator[tuple[Hashable, float]]:
    """Yield every weight under what it belongs to: its layer and direction, and what it joins."""
    spec = state.spec
    for name, array in state.parameters.items():
        kind, _, place = name.partition("_l")
        for where, value in np.ndenumerate(array):
            row, *column = where
            if name == "embedding.weight":
                yield (name, state.vocabulary.tokens[row], *column), value
            elif name.startswith("head"):
                yield (
                    (name, state.vocabulary.tokens[row], *(divmod(n, spec.hidden_size) for n in column)),
                    value,
                )
            else:
                gate, unit = divmod(row, spec.hidden_size)
                joined = [source(state, kind, place, n) for n in column]
                yield (kind, place, role(spec.cell, gate), unit, *joined), value


def role(cell: str, gate: int) -> str:
    name = e.CELLS[cell].gates[gate]
    return "candidate" if name == CANDIDATE[cell] else name


def source(state: DocumentState, kind: str, place: str, column: int) -> Hashable:
    """Return what a column of a layer's weights stands for."""
    if kind == "weight_hh":
        return column
    if place.startswith("0"):
        one_hot = state.spec.embedding_size is None
        return ("token", state.vocabulary.tokens[column]) if one_hot else ("feature", column)
    return divmod(column, state.spec.hidden_size)


def assert_kept(before: DocumentState, after: DocumentState) -> None:
    """What has a place in both networks is the same number in both, to the last bit."""
    old, new = dict(weights(before)), dict(weights(after))
    assert all(new[key] == value for key, value in old.items() if key in new)
    assert np.isfinite(after.parameters.flat).all()
    assert dict(after.parameters.shapes) == dict(e.parameter_shapes(after.spec))


@given(chain=CHAINS)
def test_whatever_is_done_to_a_network_what_can_be_kept_is_kept(chain: list[tuple[str, Any]]) -> None:
    start = presets.load("dogs")
    document = Document(start)
    for name, value in chain:
        before = document.state
        after = edited(before, [(name, value)])
        assert_kept(before, after)
        document.edit(after, name)
    while document.undo_stack.canUndo():
        document.undo()
    assert document.state is start


@settings(max_examples=30)
@given(chain=CHAINS)
def test_the_same_edits_give_the_same_network(chain: list[tuple[str, Any]]) -> None:
    assert equal(edited(presets.load("dogs"), chain), edited(presets.load("dogs"), chain))


@settings(max_examples=30)
@given(chain=CHAINS)
def test_every_network_can_be_run_and_learnt_with(chain: list[tuple[str, Any]]) -> None:
    state = edited(presets.load("dogs"), chain)
    analysis = e.analyse(state.spec, state.parameters, state.input_ids, state.target_ids)
    assert analysis.trouble is None
    assert set(analysis.gradients.parameters) == set(state.parameters)


@pytest.mark.parametrize(("one", "other"), list(permutations(RECURRENT, 2)))
@pytest.mark.parametrize("bias", [False, True])
def test_the_candidate_is_carried_from_cell_to_cell(
    dogs: DocumentState, one: str, other: str, bias: bool
) -> None:
    before = edits.with_cell(edits.with_bias(dogs, bias), one)
    after = edits.with_cell(before, other)

    def candidate(state: DocumentState, name: str) -> np.ndarray:
        cell = state.spec.cell
        start = 3 * e.CELLS[cell].gates.index(CANDIDATE[cell])
        return state.parameters[name][start : start + 3]

    for name in ("weight_ih_l0", "weight_hh_l0", *(("bias_ih_l0", "bias_hh_l0") if bias else ())):
        assert np.array_equal(candidate(after, name), candidate(before, name))
    assert np.array_equal(after.parameters["head.weight"], before.parameters["head.weight"])
    assert_kept(before, after)


def test_there_and_back_is_one_undo(dogs: DocumentState) -> None:
    document = Document(edits.with_cell(dogs, "lstm"))
    before = document.state
    document.edit(edits.with_cell(before, "rnn"), "Use Plain RNN cells")
    assert np.array_equal(document.state.parameters["weight_hh_l0"], dogs.parameters["weight_hh_l0"])
    document.undo()
    assert document.state is before


def test_a_second_layer_stands_on_the_first(dogs: DocumentState) -> None:
    state = edits.with_layers(dogs, 2)
    for name, array in dogs.parameters.items():
        assert np.array_equal(state.parameters[name], array)
    assert state.parameters["weight_ih_l1"].shape == (3, 3)
    assert equal(edits.with_layers(state, 1), dogs)


def test_both_directions_keep_the_forward_one_and_its_half_of_the_readout(dogs: DocumentState) -> None:
    state = edits.with_directions(dogs, True)
    for name in ("weight_ih_l0", "weight_hh_l0"):
        assert np.array_equal(state.parameters[name], dogs.parameters[name])
        assert state.parameters[name + "_reverse"].any()
    assert np.array_equal(state.parameters["head.weight"][:, :3], dogs.parameters["head.weight"])
    assert state.parameters["head.weight"][:, 3:].all()
    assert equal(edits.with_directions(state, False), dogs)


def test_more_units_keep_both_halves_of_what_reads_both_directions(dogs: DocumentState) -> None:
    before = edits.with_layers(edits.with_directions(dogs, True), 2)
    after = edits.with_units(before, 5)
    for name in ("head.weight", "weight_ih_l1", "weight_ih_l1_reverse"):
        old, new = before.parameters[name], after.parameters[name]
        rows = len(dogs.vocabulary) if name == "head.weight" else 3
        assert np.array_equal(new[:rows, :3], old[:, :3])
        assert np.array_equal(new[:rows, 5:8], old[:, 3:])


def test_an_embedding_begins_anew_and_is_kept_then(dogs: DocumentState) -> None:
    state = edits.with_embedding(dogs, 2)
    assert state.parameters["embedding.weight"].shape == (4, 2)
    assert state.parameters["weight_ih_l0"].shape == (3, 2)
    assert np.array_equal(state.parameters["weight_hh_l0"], dogs.parameters["weight_hh_l0"])
    wider = edits.with_embedding(state, 3)
    assert np.array_equal(wider.parameters["embedding.weight"][:, :2], state.parameters["embedding.weight"])
    assert np.array_equal(wider.parameters["weight_ih_l0"][:, :2], state.parameters["weight_ih_l0"])
    assert "embedding.weight" not in edits.with_embedding(state, None).parameters


@given(
    text=st.text("dogshelo wrt👍🏽é", max_size=8), embedding=st.none() | st.integers(1, 3), both=st.booleans()
)
def test_what_is_drawn_for_a_token_depends_on_the_token_alone(
    text: str, embedding: int | None, both: bool
) -> None:
    start = edits.with_directions(edits.with_embedding(presets.load("dogs"), embedding), both)
    typed = start
    for end in range(len(text) + 1):
        typed = edits.with_text(typed, text[:end])
    pasted = edits.with_text(edits.with_text(start, text[::-1]), text)
    one, other = dict(weights(typed)), dict(weights(pasted))
    assert all(other[key] == value for key, value in one.items() if key in other)


def test_the_reset_of_a_gru_changes_no_weight(dogs: DocumentState) -> None:
    gru = edits.with_cell(dogs, "gru")
    begun = edits.with_origin(gru, gru.parameters)
    state = edits.with_gru_reset(begun, "before")
    assert state.spec.gru_reset == "before"
    assert np.array_equal(state.parameters.flat, gru.parameters.flat)
    assert state.origin is gru.parameters
    assert edits.with_cell(state, "lstm").spec.gru_reset == "after"


def test_what_a_cell_refuses_is_given_up_and_the_rest_stays(dogs: DocumentState) -> None:
    state = edits.with_activation(edits.with_layers(edits.with_directions(dogs, True), 2), "relu")
    assert edits.with_cell(state, "feedforward").spec == replace(
        state.spec, cell="feedforward", bidirectional=False
    )
    assert edits.with_cell(state, "lstm").spec == replace(state.spec, cell="lstm", activation="tanh")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda s: edits.with_layers(s, 0), r"A network has 1 to 4 layers, not 0\."),
        (lambda s: edits.with_layers(s, 5), r"A network has 1 to 4 layers, not 5\."),
        (lambda s: edits.with_embedding(s, 0), r"An embedding has 1 to 256 columns, not 0\."),
        (lambda s: edits.with_embedding(s, 257), r"An embedding has 1 to 256 columns, not 257\."),
        (lambda s: edits.with_gru_reset(s, "before"), r"Plain RNN cells have no reset gate\."),
        (
            lambda s: edits.with_directions(edits.with_cell(s, "feedforward"), True),
            r"Feed-forward cells have no direction: .*\.",
        ),
    ],
)
def test_what_cannot_be_is_a_sentence(
    dogs: DocumentState, edit: Callable[[DocumentState], DocumentState], sentence: str
) -> None:
    with pytest.raises(EditError, match=f"^{sentence}$"):
        edit(dogs)
