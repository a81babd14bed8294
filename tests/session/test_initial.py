from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.session import edits, initial, presets
from rnnviz.session.document import Document
from rnnviz.session.errors import EditError
from rnnviz.session.learning import job_of, task_of
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.training.job import batches

RECURRENT = [name for name, cell in e.CELLS.items() if cell.recurrent]


def network(cell: str, layers: int = 1, both: bool = False, units: int = 3) -> DocumentState:
    state = edits.with_layers(edits.with_cell(presets.load("dogs"), cell), layers)
    return edits.with_units(edits.with_directions(state, both), units)


shapes = st.tuples(st.sampled_from(RECURRENT), st.integers(1, 3), st.booleans(), st.integers(1, 5))


def test_a_network_starts_from_zero(dogs: DocumentState) -> None:
    assert dogs.initial is None
    assert {name: start.tolist() for name, start in initial.initial_of(dogs).items()} == {"h": [[[0, 0, 0]]]}


@given(shape=shapes, seed=st.integers(0, 99))
def test_random_states_have_the_networks_shape_and_the_seed_says_which(
    shape: tuple[str, int, bool, int], seed: int
) -> None:
    state = network(*shape)
    there = initial.with_random_initial(state, seed)
    assert there.initial is not None
    spec = state.spec
    assert {name: array.shape for name, array in there.initial.items()} == dict.fromkeys(
        e.CELLS[spec.cell].states, (spec.num_layers * spec.directions, 1, spec.hidden_size)
    )
    assert all(-1 <= number <= 1 for array in there.initial.values() for number in array.ravel())
    assert equal(there, initial.with_random_initial(state, seed))
    assert not equal(there, initial.with_random_initial(state, seed + 1))
    assert initial.with_random_initial(there, seed) is there


def test_nothing_of_a_start_can_be_changed(dogs: DocumentState) -> None:
    start = initial.with_random_initial(dogs, 0).initial
    assert start is not None
    with pytest.raises(ValueError, match="read-only"):
        start["h"][...] = 0
    with pytest.raises(TypeError):
        start["h"] = np.zeros((1, 1, 3))  # type: ignore[index]


@given(shape=shapes, data=st.data(), value=st.floats(-10, 10))
def test_one_number_changes_and_no_other(
    shape: tuple[str, int, bool, int], data: st.DataObject, value: float
) -> None:
    state = initial.with_random_initial(network(*shape), 5)
    before = initial.initial_of(state)
    name = data.draw(st.sampled_from(sorted(before)))
    lane, unit = (data.draw(st.integers(0, size - 1)) for size in (len(before[name]), state.spec.hidden_size))
    after = initial.initial_of(initial.with_initial_number(state, name, lane, unit, value))
    assert after[name][lane, 0, unit] == value
    assert sum(int((after[key] != before[key]).sum()) for key in before) == (
        value != before[name][lane, 0, unit]
    )


def test_a_start_of_zeros_is_none(dogs: DocumentState) -> None:
    there = initial.with_initial_number(dogs, "h", 0, 1, 0.5)
    assert initial.with_initial_number(there, "h", 0, 1, 0.0).initial is None
    assert equal(initial.with_initial(there, None), dogs)
    assert initial.with_initial(dogs, {"h": np.zeros((1, 1, 3))}) is dogs
    assert initial.with_initial(dogs, None) is dogs


@pytest.mark.parametrize(
    ("name", "lane", "unit", "value", "why"),
    [
        ("c", 0, 0, 1.0, "no c₀; it starts from h"),
        ("h", 1, 0, 1.0, "1 × 3 numbers, none in row 2, column 1"),
        ("h", 0, 3, 1.0, "none in row 1, column 4"),
        ("h", 0, -1, 1.0, "none in row 1, column 0"),
        ("h", 0, 0, float("nan"), "finite float64 numbers"),
        ("h", 0, 0, float("inf"), "finite float64 numbers"),
    ],
)
def test_what_is_no_number_of_the_start_is_refused(
    dogs: DocumentState, name: str, lane: int, unit: int, value: float, why: str
) -> None:
    with pytest.raises(EditError, match=why):
        initial.with_initial_number(dogs, name, lane, unit, value)


def test_a_start_of_another_network_is_refused(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match=r"h₀ must have the shape \(1, 1, 3\), not \(1, 1, 4\)"):
        initial.with_initial(dogs, {"h": np.ones((1, 1, 4))})
    with pytest.raises(EditError, match="no c₀ to start from"):
        initial.with_initial(dogs, {"c": np.ones((1, 1, 3))})


def test_a_feed_forward_layer_starts_from_no_state(dogs: DocumentState) -> None:
    there = edits.with_cell(initial.with_random_initial(dogs, 0), "feedforward")
    assert there.initial is None
    assert initial.initial_of(there) == {}
    assert initial.with_random_initial(there, 0) is there
    with pytest.raises(EditError, match="starts from no state"):
        initial.with_initial(there, {"h": np.ones((1, 1, 3))})


@given(before=shapes, after=shapes)
def test_what_has_a_place_in_another_network_stays(
    before: tuple[str, int, bool, int], after: tuple[str, int, bool, int]
) -> None:
    state = initial.with_random_initial(network(*before), 3)
    cell, layers, both, units = after
    there = edits.with_units(edits.with_layers(edits.with_cell(state, cell), layers), units)
    there = edits.with_directions(there, both)
    old, new = initial.initial_of(state), initial.initial_of(there)
    for name, array in new.items():
        lanes = array.reshape(layers, 1 + both, units)
        known = old.get(name, np.zeros((before[1] * (1 + before[2]), 1, before[3])))
        kept = known.reshape(before[1], 1 + before[2], before[3])
        size = tuple(min(pair) for pair in zip(lanes.shape, kept.shape, strict=True))
        part = tuple(slice(length) for length in size)
        assert np.array_equal(lanes[part], kept[part])
        assert np.count_nonzero(lanes) == np.count_nonzero(kept[part])


def test_what_a_start_does_not_depend_on_leaves_it_the_same_object(dogs: DocumentState) -> None:
    there = initial.with_random_initial(dogs, 0)
    for edit in (
        lambda state: edits.with_text(state, "hello"),
        lambda state: edits.with_bias(state, True),
        lambda state: edits.with_embedding(state, 2),
        lambda state: edits.with_activation(state, "relu"),
    ):
        assert edit(there).initial is there.initial


@given(shape=shapes, seed=st.integers(0, 9))
def test_the_sequence_is_read_and_learnt_from_the_start(shape: tuple[str, int, bool, int], seed: int) -> None:
    state = initial.with_random_initial(network(*shape), seed)
    trace = Session(state).moment.analysis.trace
    assert state.initial is not None
    batch = next(batches(task_of(state), 0))
    assert batch.initial_state is not None
    for name, array in state.initial.items():
        assert np.array_equal(trace.initial_state[name], array)
        assert np.array_equal(batch.initial_state[name], array)
    job = job_of(state)
    shown = e.analyse(
        state.spec, state.parameters, state.input_ids, state.target_ids, initial_state=state.initial
    )
    learnt = e.Trainer(job.spec, job.parameters, job.optimizer).step(batch)
    assert learnt.loss == pytest.approx(shown.loss.total, rel=1e-9)


def test_undo_brings_back_the_very_same_document(dogs: DocumentState) -> None:
    document = Document(dogs)
    for seed in range(3):
        document.edit(initial.with_random_initial(document.state, seed), "Start from random states")
    document.edit(initial.with_initial(document.state, None), "Start from zero")
    assert document.undo_stack.count() == 4
    for _ in range(4):
        document.undo()
    assert document.state is dogs
