"""What is drawn of training is what the record says, however the record came about."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.numbers import extremes
from rnnviz.panels.base.curves import TrainingCurves
from rnnviz.session.training.history import COLUMNS, History, Record

NAMES = ("weight_hh_l0", "head.weight")
ROWS = len(COLUMNS) + len(NAMES)
LOSS, TOKENS, TOTAL, CLIPPED = range(4)


def made_up(count: int, seed: int = 0) -> np.ndarray:
    """What updates may have found: with zeros and, now and then, what is not finite."""
    generator = np.random.default_rng(seed)
    table = generator.gamma(2.0, size=(ROWS, count))
    strange = generator.random(table.shape) < 0.02
    table[strange] = generator.choice([0.0, np.inf, np.nan], strange.sum())
    table[TOKENS], table[CLIPPED] = 40.0, generator.random(count) < 0.1
    return table


def assert_shows(curves: TrainingCurves, record: Record, clip: float | None) -> None:
    found = curves.of(record, clip)
    if not len(record):
        assert found is None
        return
    assert np.array_equal(found.updates, record.updates)
    assert np.array_equal(found.losses, record.losses / record.tokens, equal_nan=True)
    for name in NAMES:
        assert np.array_equal(found.norms[name], record.norm(name), equal_nan=True)
    assert np.array_equal(found.total_norms, record.total_norms, equal_nan=True)
    assert np.array_equal(found.loss_range, extremes(found.losses))
    assert np.array_equal(found.norm_range, extremes(np.append(record.norms, record.total_norms)))
    if clip is None or not record.clipped.any():
        assert found.clipped is None
    else:
        assert np.array_equal(found.clipped, np.where(record.clipped, clip, np.nan), equal_nan=True)


@given(st.lists(st.tuples(st.integers(0, 1500), st.sampled_from([None, 1.0, 2.0])), max_size=8))
def test_a_record_that_grows_is_shown_value_for_value(reports: list[tuple[int, float | None]]) -> None:
    history, curves = History(NAMES), TrainingCurves()
    for seed, (count, clip) in enumerate(reports):
        history.append(Record(NAMES, history.last + 1, made_up(count, seed)))
        assert_shows(curves, history.record, clip)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=6))
def test_what_is_learnt_anew_after_an_undo_replaces_what_was_undone(runs: list[tuple[int, int]]) -> None:
    history, curves = History(NAMES), TrainingCurves()
    for seed, (back, count) in enumerate(runs):
        kept = max(0, history.last - back)
        assert_shows(curves, history.record.until(kept), None)
        history.truncate(kept)
        history.append(Record(NAMES, kept + 1, made_up(count, seed)))
        assert_shows(curves, history.record, None)


def test_a_record_that_has_forgotten_its_oldest_updates_is_shown() -> None:
    history, curves = History(NAMES, kept=2000), TrainingCurves()
    for seed in range(5):
        history.append(Record(NAMES, history.last + 1, made_up(700, seed)))
        assert_shows(curves, history.record, 1.0)
    assert history.first > 1


def test_another_network_is_shown_anew() -> None:
    curves = TrainingCurves()
    assert_shows(curves, Record(NAMES, 1, made_up(50)), None)
    assert_shows(curves, Record(NAMES, 1, made_up(60, seed=1)), None)


def test_what_was_shown_before_stays_as_it_was() -> None:
    history, curves = History(NAMES), TrainingCurves()
    shown: list[tuple[np.ndarray, np.ndarray]] = []
    for seed in range(4):
        history.append(Record(NAMES, history.last + 1, made_up(900, seed)))
        found = curves.of(history.record, 1.0)
        arrays = (found.updates, found.losses, found.clipped)
        shown += [(array, array.copy()) for array in arrays]
    for array, copy in shown:
        assert np.array_equal(array, copy, equal_nan=True)
        assert not array.flags.writeable
