"""A network that explodes, with and without clipping."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz import engine as e

RATE, CLIP, STEPS = 0.1, 1.0, 30


@pytest.fixture(scope="module")
def exploding():
    """Two units without activation, a rotation by 1 and 1.5 times as long at every step."""
    spec = e.NetworkSpec("rnn", 4, 2, 4, activation="identity", bias=False)
    turn = np.array([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]])
    drawn = e.initialise(spec, seed=1)
    params = drawn.replaced({"weight_hh_l0": 1.5 * turn, "weight_ih_l0": 1e-4 * drawn["weight_ih_l0"]})
    ids = np.random.default_rng(0).integers(0, 4, STEPS + 1)
    return spec, params, ids


def judged(spec, params, ids):
    return e.analyse(spec, params, ids[:-1], ids[1:]).verdict


def updates(exploding, clip, count=20):
    spec, params, ids = exploding
    batches = [e.Batch(ids[:-1, None], ids[1:, None])] * count
    yield from e.train(spec, params, batches, optimizer=e.SGD(RATE), loss="cross_entropy", clip_norm=clip)


def test_its_gradient_grows_by_one_and_a_half_a_step(exploding):
    found = judged(*exploding)
    assert found.kind == "exploding"
    assert found.factor == pytest.approx(1.5, rel=0.1)


def test_with_clipping_no_update_is_longer_than_rate_times_clip_and_the_loss_stays_finite(exploding):
    spec, params, ids = exploding
    before = params.flat
    for snapshot in updates(exploding, CLIP):
        after = snapshot.parameters.flat
        assert np.linalg.norm(after - before) <= RATE * CLIP * (1 + 1e-9)
        assert np.isfinite(snapshot.loss)
        assert snapshot.clipped
        before = after
        if snapshot.update == 1:
            assert judged(spec, snapshot.parameters, ids).kind == "exploding"


def test_without_clipping_one_update_leads_far_away(exploding):
    first = next(updates(exploding, None))
    assert np.linalg.norm(first.parameters.flat - exploding[1].flat) > 10 * RATE * CLIP
