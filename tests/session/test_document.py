from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.session import edits, presets
from rnnviz.session.document import Document
from rnnviz.session.state import DocumentState, equal

pytestmark = pytest.mark.usefixtures("qapp")

Changes: TypeAlias = list[tuple[DocumentState, DocumentState]]


@pytest.fixture
def document(dogs: DocumentState) -> Document:
    return Document(dogs)


@pytest.fixture
def changes(document: Document) -> Changes:
    return heard(document)


def heard(document: Document) -> Changes:
    changes: Changes = []
    document.state_changed.connect(lambda old, new: changes.append((old, new)))
    return changes


def dragged(state: DocumentState, value: float) -> DocumentState:
    return with_weight(state, "weight_hh_l0", 0, 0, value)


def test_an_edit_is_announced_once_with_both_states(
    document: Document, changes: Changes, dogs: DocumentState
) -> None:
    new = dragged(dogs, 0.5)
    document.edit(new, "Set W_H")
    assert document.state is new
    assert changes == [(dogs, new)]
    assert document.undo_stack.undoText() == "Set W_H"
    assert document.is_modified


def test_undo_and_redo_bring_back_the_very_same_objects(
    document: Document, changes: Changes, dogs: DocumentState
) -> None:
    new = edits.with_text(dogs, "hello")
    document.edit(new, "Type")
    document.undo()
    assert document.state is dogs
    assert not document.is_modified
    document.redo()
    assert document.state is new
    assert changes == [(dogs, new), (new, dogs), (dogs, new)]


def test_the_history_is_up_to_date_when_a_change_is_announced(
    document: Document, dogs: DocumentState
) -> None:
    seen: list[tuple[bool, bool]] = []
    stack = document.undo_stack
    document.state_changed.connect(lambda *_: seen.append((stack.index() > 0, stack.index() < stack.count())))
    document.edit(dragged(dogs, 0.5), "Set W_H")
    document.undo()
    assert seen == [(True, False), (False, True)]


def test_a_jump_in_the_history_is_one_change(
    document: Document, changes: Changes, dogs: DocumentState
) -> None:
    for value in (0.2, 0.3, 0.4):
        document.edit(dragged(document.state, value), "Set W_H")
    last = document.state
    changes.clear()
    document.undo_stack.setIndex(0)
    assert changes == [(last, dogs)]


def test_nothing_changed_is_nothing_to_undo(
    document: Document, changes: Changes, dogs: DocumentState
) -> None:
    document.edit(dogs, "Nothing")
    document.edit(replace(dogs, parameters=dogs.parameters.replaced({})), "Nothing new")
    assert changes == []
    assert document.undo_stack.count() == 0


def test_forgetting_the_history_changes_nothing(document: Document, changes: Changes) -> None:
    document.edit(dragged(document.state, 0.2), "Set W_H")
    changes.clear()
    shown = document.state
    document.undo_stack.clear()
    assert document.state is shown
    assert changes == []


def test_a_drag_is_one_step_to_undo(document: Document, changes: Changes, dogs: DocumentState) -> None:
    for value in (0.2, 0.3, 0.4):
        document.edit(dragged(document.state, value), "Drag W_H", merge="drag")
    assert len(changes) == 3
    assert document.undo_stack.count() == 1
    last = document.state
    document.undo()
    assert document.state is dogs
    document.redo()
    assert document.state is last


def test_typing_letter_by_letter_is_one_step_to_undo(document: Document, dogs: DocumentState) -> None:
    for end in range(6):
        document.edit(edits.with_text(document.state, "hello"[:end]), "Type", merge="text")
    assert document.state.text == "hello"
    document.undo()
    assert document.state is dogs


@pytest.mark.parametrize("interrupt", ["end_merge", "other key", "no key", "undo and redo", "clean"])
def test_what_ends_a_merge(document: Document, interrupt: str) -> None:
    document.edit(dragged(document.state, 0.2), "Drag", merge="drag")
    if interrupt == "end_merge":
        document.end_merge()
    elif interrupt == "undo and redo":
        document.undo()
        document.redo()
    elif interrupt == "clean":
        document.undo_stack.setClean()
    else:
        key = "mask" if interrupt == "other key" else None
        document.edit(edits.toggle_silent(document.state, 0), "Mask", merge=key)
    before = document.state
    document.edit(dragged(document.state, 0.3), "Drag", merge="drag")
    document.undo()
    assert document.state is before


def test_an_edit_after_undo_merges_with_nothing_that_is_older(document: Document) -> None:
    document.edit(dragged(document.state, 0.2), "Drag", merge="drag")
    older = document.state
    document.edit(edits.toggle_silent(older, 0), "Mask")
    document.undo()
    document.edit(dragged(document.state, 0.3), "Drag", merge="drag")
    document.undo()
    assert document.state is older


def test_a_drag_back_to_where_it_began_leaves_no_trace(
    document: Document, changes: Changes, dogs: DocumentState
) -> None:
    for value in (0.2, 0.3, 0.1):
        document.edit(dragged(document.state, value), "Drag W_H", merge="drag")
    assert document.state is dogs
    assert document.undo_stack.count() == 0
    assert not document.is_modified
    assert changes[-1][1] is dogs
    document.edit(dragged(document.state, 0.7), "Drag W_H", merge="drag")
    document.undo()
    assert document.state is dogs


def test_a_document_is_not_kept_alive_by_its_history(dogs: DocumentState) -> None:
    document = Document(dogs)
    document.edit(dragged(dogs, 0.5), "Set W_H")
    gone = weakref.ref(document)
    del document
    gc.collect()
    assert gone() is None


# What to do, and with what.
EDITS = st.one_of(
    st.tuples(st.just(edits.with_text), st.text("dogshe 👍🏽", max_size=8)),
    st.tuples(st.just(dragged), st.sampled_from((0.1, 0.2, 1e300))),
    st.tuples(st.just(edits.with_units), st.integers(1, 5)),
    st.tuples(st.just(edits.with_bias), st.booleans()),
    st.tuples(st.just(edits.with_activation), st.sampled_from(("tanh", "relu"))),
    st.tuples(st.just(edits.predict_only_last)),
    st.tuples(st.just(edits.predict_all)),
    st.sampled_from(("dogs", "vanish")).map(lambda name: (lambda _: presets.load(name),)),
)
ACTIONS = st.one_of(
    st.tuples(st.just("edit"), EDITS, st.sampled_from((None, "a", "b"))),
    st.tuples(st.sampled_from(("undo", "redo", "end_merge"))),
)


def act(document: Document, action: tuple[Any, ...]) -> None:
    if action[0] != "edit":
        getattr(document, action[0])()
        return
    (edit, *arguments), merge = action[1:]
    new = edit(document.state, *arguments)
    document.edit(new, "Edit", merge)
    assert equal(document.state, new)


@given(st.lists(ACTIONS, max_size=12))
def test_whatever_was_done_is_undone_and_redone_exactly(actions: list[tuple[Any, ...]]) -> None:
    start = presets.load("dogs")
    document = Document(start)
    changes = heard(document)
    for action in actions:
        count, before = len(changes), document.state
        act(document, action)
        assert changes[count:] == ([] if document.state is before else [(before, document.state)])

    trail = [document.state]
    while document.undo_stack.canUndo():
        document.undo()
        trail.append(document.state)
    assert document.state is start
    assert not document.is_modified
    for expected in reversed(trail[:-1]):
        document.redo()
        assert document.state is expected


def test_a_state_with_numbers_that_are_not_finite_is_an_edit_like_any_other(
    document: Document, dogs: DocumentState
) -> None:
    nan = dogs.parameters.replaced({"weight_hh_l0": e.initialise(dogs.spec)["weight_hh_l0"] * float("nan")})
    document.edit(replace(dogs, parameters=nan), "Diverge")
    document.edit(replace(dogs, parameters=nan.replaced({})), "Diverge again")
    assert document.undo_stack.count() == 1
    document.undo()
    assert document.state is dogs
