from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.session import edits, presets, signals, textfiles
from rnnviz.session import sequence_edits as sequences
from rnnviz.session.document import Document
from rnnviz.session.errors import EditError, SessionError
from rnnviz.session.learning import job_of, task_of
from rnnviz.session.nudge import nudged
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState, equal
from rnnviz.session.training.job import batches
from rnnviz.session.training.messages import _alive, _plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBERS = st.floats(-1e6, 1e6)
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=9)
)


def numbers(text: str, units: int = 3) -> DocumentState:
    return edits.with_text(
        sequences.with_reads(edits.with_units(presets.load("dogs"), units), "numbers"), text
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", np.zeros((0, 1))),
        ("0,1 0,5", [[0.1], [0.5]]),
        ("0.1 -.5 1e-3", [[0.1], [-0.5], [0.001]]),
        ("1, 2, 3", [[1], [2], [3]]),
        ("1;2 3;4,5", [[1, 2], [3, 4.5]]),
        ("−1\n2\t3", [[-1], [2], [3]]),
    ],
)
def test_numbers_are_typed(text: str, values: object) -> None:
    assert signals.values_of(text).tolist() == np.asarray(values, float).tolist()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1 two 3", "Step 2 reads “two”, which is not a number"),
        ("1 nan", "Step 2 reads “nan”"),
        ("1 1e999", "Step 2 reads “1e999”"),
        ("1,2,3", "Step 1 reads “1,2,3”"),
        ("1;2 3", "Step 2 has 1 number and step 1 has 2 numbers"),
        ("1;;2", "Step 1 reads “”"),
        ("1_0", "Step 1 reads “1_0”"),
    ],
)
def test_what_is_no_number_is_refused_where_it_is(text: str, why: str) -> None:
    with pytest.raises(EditError, match=why):
        signals.values_of(text)


@given(table=TABLES)
def test_what_is_written_reads_as_the_same_numbers(table: list[list[float]]) -> None:
    text = signals.text_of(table)
    assert signals.values_of(text).tolist() == np.array(table, float).tolist()
    assert signals.spell_numbers(signals.split_numbers(text)) == text
    assert not signals.values_of(text).flags.writeable


@given(table=TABLES)
def test_the_network_reads_a_number_and_predicts_the_next(table: list[list[float]]) -> None:
    state = numbers(signals.text_of(table))
    values = np.array(table, float)
    assert state.x.tolist() == values[:-1].tolist()
    assert state.y.tolist() == values[1:].tolist()
    width = values.shape[1]
    assert state.spec.input_size == state.spec.output_size == len(state.vocabulary) == width
    assert state.spec.readout == "linear"
    assert state.steps == len(table) - 1


def test_the_loss_is_the_squared_error() -> None:
    state = edits.toggle_silent(numbers("0 1 0 1 0"), 1)
    analysis = Session(state).moment.analysis
    errors = (analysis.trace.probabilities[:, 0, 0] - [1, 0, 1, 0]) ** 2
    errors[1] = 0
    assert analysis.loss.step[:, 0] == pytest.approx(errors)
    assert np.isnan(state.y[1]).all()


def test_numbers_are_learnt() -> None:
    state = numbers("0 1 0 1 0 1 0 1")
    job = job_of(state)
    trainer = e.Trainer(job.spec, job.parameters, job.optimizer)
    losses = [snapshot.loss for snapshot in map(trainer.step, [next(batches(job.task, 0))] * 200)]
    assert losses[0] == pytest.approx(Session(state).moment.analysis.loss.total)
    assert losses[-1] < 0.3 * losses[0]
    there = _alive(_plain(job.task))
    assert np.array_equal(there.inputs, job.task.inputs)
    with pytest.raises(EditError, match="loss of every step is left out"):
        task_of(edits.toggle_silent(edits.predict_only_last(numbers("0 1 0")), 1))
    with pytest.raises(EditError, match="fewer than two numbers"):
        task_of(numbers("0"))


def test_a_nudge_of_a_weight_agrees_with_its_gradient() -> None:
    state = numbers("0 1 0.5 1 0")
    gradient = Session(state).moment.analysis.gradients.parameters["weight_hh_l0"][1, 2]
    assert nudged(state, "weight_hh_l0", 1, 2) == pytest.approx(gradient, rel=1e-5)


def test_letters_become_waves_and_numbers_stay(dogs: DocumentState) -> None:
    waves = sequences.with_reads(dogs, "numbers")
    assert waves.text == signals.sine()
    assert np.abs(waves.x).max() == 1
    typed = sequences.with_reads(edits.with_text(dogs, "0.5 1 2"), "numbers")
    assert typed.x.tolist() == [[0.5], [1]]
    back = sequences.with_reads(typed, "words")
    assert (back.tokens, back.spec.readout) == (("0.5", "1", "2"), "softmax")
    assert np.array_equal(typed.parameters["weight_hh_l0"], dogs.parameters["weight_hh_l0"])


def test_an_embedding_is_for_tokens(dogs: DocumentState) -> None:
    state = sequences.with_reads(edits.with_embedding(dogs, 4), "numbers")
    assert state.spec.embedding_size is None
    with pytest.raises(EditError, match="Numbers are read as they are"):
        edits.with_embedding(state, 2)


def test_a_whole_text_is_left_behind(dogs: DocumentState) -> None:
    read = edits.with_file(dogs, textfiles.text_file("pets", "dog\ncat"))
    state = sequences.with_reads(read, "numbers")
    assert state.corpus is None
    assert state.settings.source == "sequence"


def test_two_signals_have_as_many_numbers_a_step() -> None:
    state = sequences.with_other(numbers("0 1 0"), "1 0")
    assert state.other == "1 0"
    with pytest.raises(EditError, match="Each step of both sequences must have 2 numbers, not 1"):
        edits.with_text(state, "0;1 1;0")


@pytest.mark.parametrize(
    ("content", "names", "values"),
    [
        ("0.1\n0.5\n", ("x",), [[0.1], [0.5]]),
        ("0,1\n0,5\n", ("x",), [[0.1], [0.5]]),
        ("0,1;2\n0,5;3\n", ("x₁", "x₂"), [[0.1, 2], [0.5, 3]]),
        ("0.1,2\n0.5,3\n", ("x₁", "x₂"), [[0.1, 2], [0.5, 3]]),
        ("time\tvalue\n1\t0,5\n2\t1\n", ("time", "value"), [[1, 0.5], [2, 1]]),
        ("1 2 3 4\n", ("x",), [[1], [2], [3], [4]]),
    ],
)
def test_a_table_is_opened(tmp_path: Path, content: str, names: tuple[str, ...], values: list) -> None:
    path = tmp_path / "signal.csv"
    path.write_text(content, encoding="utf-8")
    state = edits.with_file(numbers("0 1"), textfiles.read_sequence(path, reads="numbers"))
    assert (state.title, state.vocabulary.tokens, state.corpus) == ("signal.csv", names, None)
    assert signals.values_of(state.text).tolist() == values


@pytest.mark.parametrize("content", ["a,b\nc,d\n", "1;2\n3\n", "one\n", "1;2\nx;3\n"])
def test_what_is_no_table_is_refused_with_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "signal.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SessionError, match=r"^“signal\.csv”: .*\.$"):
        textfiles.read_sequence(path, reads="numbers")


def test_a_long_table_is_cut_and_says_so() -> None:
    file = textfiles.text_file("long", "\n".join(["0.5"] * 10_001), "numbers")
    assert "10,001 rows; the sequence is its first 10,000" in file.note
    assert len(signals.values_of(file.text)) == 10_000


def test_a_stroke_is_straight_between_its_ends() -> None:
    state = sequences.with_canvas(numbers("0 1"))
    assert signals.values_of(state.text).tolist() == [[0.0]] * 100
    there = sequences.with_stroke(state, 0, (11.0, 0.5), (15.0, -0.5))
    values = signals.values_of(there.text)[:, 0]
    assert values[9:16].tolist() == [0, 0.5, 0.25, 0, -0.25, -0.5, 0]
    assert equal(there, sequences.with_stroke(state, 0, (15.0, -0.5), (11.0, 0.5)))


@given(
    start=st.tuples(st.floats(-50, 200), st.floats(-1, 1)),
    stop=st.tuples(st.floats(-50, 200), st.floats(-1, 1)),
    channel=st.integers(0, 1),
)
def test_a_stroke_changes_what_is_under_it_and_nothing_else(
    start: tuple[float, float], stop: tuple[float, float], channel: int
) -> None:
    state = sequences.with_canvas(numbers("0;0 1;1"))
    values = signals.values_of(sequences.with_stroke(state, channel, start, stop).text)
    assert not values[:, 1 - channel].any()
    low, high = sorted((start[1], stop[1]))
    assert ((values >= min(low, 0) - 1e-3) & (values <= max(high, 0) + 1e-3)).all()
    changed = np.flatnonzero(values[:, channel]) + 1
    left, right = sorted((start[0], stop[0]))
    assert ((changed >= left - 0.5) & (changed <= right + 0.5)).all()


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (
            lambda s: sequences.with_stroke(sequences.with_reads(s, "words"), 0, (1, 0), (2, 0)),
            "made of numbers",
        ),
        (lambda s: sequences.with_stroke(s, 1, (1, 0), (2, 0)), "no signal 2: each step has 1"),
        (lambda s: edits.with_text(s, "1 x"), "Step 2 reads “x”"),
    ],
)
def test_what_cannot_be_drawn_is_said(edit: Callable[[DocumentState], DocumentState], why: str) -> None:
    with pytest.raises(EditError, match=why):
        edit(numbers("0 1 0"))


def test_undo_brings_the_letters_back(dogs: DocumentState) -> None:
    document = Document(dogs)
    document.edit(sequences.with_reads(document.state, "numbers"), "Read numbers")
    document.edit(sequences.with_canvas(document.state), "Clear")
    document.edit(sequences.with_stroke(document.state, 0, (1, 0), (9, 1)), "Draw")
    document.edit(sequences.shuffled(document.state, 1), "Shuffle")
    for _ in range(4):
        document.undo()
    assert document.state is dogs


def test_a_network_that_reads_numbers_predicts_numbers(dogs: DocumentState) -> None:
    from dataclasses import replace

    with pytest.raises(EditError, match="reads characters has the readout softmax"):
        replace(dogs, spec=replace(dogs.spec, readout="linear"))


def test_a_sequence_that_is_cleared_still_has_as_many_numbers_a_step(dogs: DocumentState) -> None:
    both = edits.with_text(sequences.with_reads(dogs, "numbers"), "1;2 3;4 5;6")
    cleared = edits.with_text(both, "")
    assert (cleared.x.shape, cleared.y.shape) == ((0, 2), (0, 2))
    assert Session(cleared).moment.analysis.trace.steps == 0
