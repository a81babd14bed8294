from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.training.history import COLUMNS, History, Record

NAMES = ("weight_ih_l0", "head.weight")


def record(first: int, count: int) -> Record:
    """Updates whose every number tells which update and which row it is."""
    rows = np.arange(len(COLUMNS) + len(NAMES))[:, None]
    return Record(NAMES, first, 1000.0 * np.arange(first, first + count) + rows)


def assert_holds(found: Record, first: int, last: int) -> None:
    assert (found.first, found.last, len(found)) == (first, last, last - first + 1)
    np.testing.assert_array_equal(found.table, record(first, last - first + 1).table)


def test_every_quantity_has_its_name() -> None:
    history = History(NAMES)
    history.append(record(1, 3))
    found = history.record
    np.testing.assert_array_equal(found.updates, [1, 2, 3])
    np.testing.assert_array_equal(found.losses, [1000, 2000, 3000])
    np.testing.assert_array_equal(found.tokens, [1001, 2001, 3001])
    np.testing.assert_array_equal(found.total_norms, [1002, 2002, 3002])
    np.testing.assert_array_equal(found.norms, [[1004, 2004, 3004], [1005, 2005, 3005]])
    np.testing.assert_array_equal(found.norm("head.weight"), [1005, 2005, 3005])


def test_a_clipped_update_is_marked() -> None:
    found = Record((), 1, np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0]]))
    assert found.clipped.tolist() == [False, True]


def test_an_empty_history_has_no_updates() -> None:
    assert (len(History(NAMES).record), History(NAMES).record.last, History(NAMES, after=7).last) == (0, 0, 7)


@pytest.mark.parametrize("wrong", [record(2, 1), record(0, 1), Record(("other",), 1, np.zeros((5, 1)))])
def test_a_hole_or_another_network_is_refused(wrong: Record) -> None:
    history = History(NAMES)
    with pytest.raises(ValueError, match="continues with update 1"):
        history.append(wrong)


def test_what_was_handed_out_cannot_be_written() -> None:
    history = History(NAMES)
    history.append(record(1, 3))
    with pytest.raises(ValueError, match="read-only"):
        history.record.losses[0] = 0.0


@given(
    st.integers(0, 5),
    st.lists(st.tuples(st.booleans(), st.integers(0, 3000)), max_size=8),
)
def test_all_values_stay_whatever_comes_after(after: int, steps: list[tuple[bool, int]]) -> None:
    history = History(NAMES, after=after)
    first, last = after + 1, after
    seen: list[tuple[Record, int, int]] = []
    for grows, count in steps:
        if grows:
            history.append(record(last + 1, count))
            last += count
        else:
            history.truncate(count)
            first, last = (count + 1, count) if count < first else (first, min(last, count))
        assert history.last == last
        seen.append((history.record, first, last))
    for found, first, last in seen:
        assert_holds(found, first, last)


@given(st.lists(st.integers(0, 90), max_size=30))
def test_the_longest_history_keeps_the_latest_updates(counts: list[int]) -> None:
    history, last = History(NAMES, kept=100), 0
    for count in counts:
        history.append(record(last + 1, count))
        last += count
        found = history.record
        assert_holds(found, found.first, last)
        assert min(last, 75) <= len(found) <= 100


def test_a_hundred_thousand_updates_need_little_more_room_than_their_numbers() -> None:
    history = History(NAMES)
    for first in range(1, 100_001, 250):
        history.append(record(first, 250))
    assert_holds(history.record, 1, 100_000)
    room = history.record.table.base
    assert isinstance(room, np.ndarray)
    assert room.nbytes <= 2 * history.record.table.nbytes
