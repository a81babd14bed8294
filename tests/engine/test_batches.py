from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import engine as e

texts = {"count": st.integers(2, 80), "length": st.integers(1, 20), "size": st.integers(1, 9)}


def windows(batches, count):
    """The windows of some batches, each with its last target."""
    for batch in islice(batches, count):
        yield from np.concatenate([batch.x, batch.targets[-1:]]).T


@given(seed=st.integers(0, 1000), start=st.integers(0, 50), **texts)
def test_windows_are_cut_out_of_the_text_and_each_token_predicts_the_next(count, length, size, seed, start):
    """Tokens are their own places in the text here."""
    batches = e.text_batches(np.arange(count), length=length, size=size, seed=seed, start=start)
    steps = min(length, count - 1)
    for batch in islice(batches, 5):
        assert batch.x.shape == batch.targets.shape == (steps, min(size, (count - 1) // steps))
        assert (batch.x == batch.x[0] + np.arange(steps)[:, None]).all()
        assert (batch.targets == batch.x + 1).all()
        assert batch.x.min() >= 0
        assert batch.targets.max() < count
        assert batch.lengths is batch.initial_state is None


@given(seed=st.integers(0, 1000), **texts)
def test_no_step_comes_twice_in_an_epoch(count, length, size, seed):
    steps = min(length, count - 1)
    there = (count - 1) // steps
    batches = e.text_batches(np.arange(count), length=length, size=size, seed=seed)
    for _ in range(3):
        firsts = [window[0] for window in windows(batches, there // min(size, there))]
        assert len(set(firsts)) == len(firsts) > there - min(size, there)
        assert len({first % steps for first in firsts}) == 1


@settings(max_examples=30)
@given(count=st.integers(2, 40), length=st.integers(1, 10), size=st.integers(1, 5))
def test_in_the_end_every_token_is_learned(count, length, size):
    batches = e.text_batches(np.arange(count), length=length, size=size, seed=0)
    learned = {target for window in windows(batches, 400) for target in window[1:]}
    assert learned == set(range(1, count))


@given(seed=st.integers(0, 1000), start=st.integers(0, 30), **texts)
def test_a_batch_depends_on_its_number_alone(count, length, size, seed, start):
    def batches(start):
        return e.text_batches(np.arange(count), length=length, size=size, seed=seed, start=start)

    skipped = islice(batches(0), start, None)
    for one, other in islice(zip(skipped, batches(start), strict=True), 5):
        assert np.array_equal(one.x, other.x)


def test_windows_are_shuffled_anew_in_every_epoch_and_for_every_seed():
    def epoch(seed, number):
        batches = e.text_batches(np.arange(1001), length=10, size=1, seed=seed, start=100 * number)
        return tuple(window[0] for window in windows(batches, 100))

    orders = {epoch(seed, number) for seed in range(3) for number in range(3)}
    assert len(orders) == 9
    assert {frozenset(order) for order in orders} == {frozenset(range(0, 1000, 10))}


def test_a_short_text_is_one_window_and_too_few_windows_make_a_smaller_batch():
    (batch,) = islice(e.text_batches([3, 1, 2], length=100, size=16, seed=0), 1)
    assert batch.x.tolist() == [[3], [1]]
    assert batch.targets.tolist() == [[1], [2]]


@pytest.mark.parametrize(
    ("ids", "changed", "error", "complaint"),
    [
        ([], {}, e.ShapeError, "at least two tokens, but this one has 0"),
        ([1], {}, e.ShapeError, "at least two tokens, but this one has 1"),
        ([0.5, 1.0], {}, e.ShapeError, "row of whole numbers, not float64"),
        ([[0, 1]], {}, e.ShapeError, "row of whole numbers"),
        ([0, 1], {"length": 0}, e.SpecError, "length must be at least 1, not 0"),
        ([0, 1], {"size": 0}, e.SpecError, "size must be at least 1"),
        ([0, 1], {"seed": -1}, e.SpecError, "seed must be at least 0"),
        ([0, 1], {"start": -1}, e.SpecError, "start must be at least 0"),
    ],
)
def test_what_makes_no_batches_is_refused_at_once(ids, changed, error, complaint):
    with pytest.raises(error, match=complaint):
        e.text_batches(ids, **({"length": 4, "size": 2, "seed": 0} | changed))


def test_later_changes_of_the_text_change_no_batch():
    ids = np.arange(10)
    batches = e.text_batches(ids, length=9, size=1, seed=0)
    ids[:] = 0
    assert next(batches).x.ravel().tolist() == list(range(9))


def test_a_sequence_is_one_batch_for_ever():
    first, second = islice(e.sequence_batches([0, 1, 2], (1, -1, 3)), 2)
    assert first is second
    assert first.x.tolist() == [[0], [1], [2]]
    assert first.targets.tolist() == [[1], [-1], [3]]


def test_an_empty_sequence_is_a_batch_of_tokens_too():
    batch = next(e.sequence_batches([], []))
    assert batch.x.shape == batch.targets.shape == (0, 1)
    assert {batch.x.dtype.kind, batch.targets.dtype.kind} == {"i"}


@pytest.mark.parametrize(
    ("inputs", "targets", "complaint"),
    [
        ([0, 1], [1], "2 inputs needs as many targets, not 1"),
        ([[0]], [[1]], "whole numbers"),
        ([0.0], [1], "float64"),
    ],
)
def test_two_rows_that_make_no_sequence_are_refused(inputs, targets, complaint):
    with pytest.raises(e.ShapeError, match=complaint):
        e.sequence_batches(inputs, targets)


def test_a_batch_keeps_its_own_numbers():
    given_arrays = [np.zeros((2, 1), int), np.ones((2, 1), int), np.array([2]), np.zeros((1, 1, 3))]
    x, targets, lengths, state = given_arrays
    batch = e.Batch(x, targets, lengths, {"h": state})
    for array in given_arrays:
        array[...] = 7
    kept = [batch.x, batch.targets, batch.lengths, batch.initial_state["h"]]
    assert [array.max() for array in kept] == [0, 1, 2, 0]
    assert not any(array.flags.writeable for array in kept)


def test_targets_may_be_numbers_with_gaps():
    wanted = np.array([[[0.5, np.nan]]])
    batch = e.Batch([[0]], wanted)
    wanted[:] = 7
    assert batch.targets[0, 0, 0] == 0.5
    assert np.isnan(batch.targets[0, 0, 1])
