"""Learning a batch window by window."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, islice, repeat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import case

from rnnviz import engine as e

seeds = st.integers(0, 100_000)
sizes = st.integers(1, 10)


def by_hand(trainer, batch, size):
    """Make an update of every window of a batch that its longest sequence reaches, and at least one."""
    lengths = np.full(batch.x.shape[1], len(batch.x)) if batch.lengths is None else batch.lengths
    state = batch.initial_state
    for start in range(0, max(lengths.max(), 1), size):
        x, targets = batch.x[start : start + size], batch.targets[start : start + size]
        left = np.clip(lengths - start, 0, len(x))
        before = trainer.parameters
        yield trainer.step(e.Batch(x, targets, left, state))
        state = e.forward(trainer.spec, before, x, state, left).final_state


@settings(max_examples=80)
@given(
    seed=seeds,
    size=sizes,
    tokens=st.booleans(),
    ragged=st.booleans(),
    silent=st.booleans(),
    name=st.sampled_from(list(e.OPTIMIZERS)),
)
def test_a_batch_is_cut_into_windows_and_the_state_goes_on(seed, size, tokens, ragged, silent, name):
    drawn = case(seed, tokens=tokens, ragged=ragged, silent=silent)
    optimizer = e.OPTIMIZERS[name](0.01)
    run = e.train(drawn.spec, drawn.params, [drawn.batch] * 2, optimizer=optimizer, truncate=size)
    trainer = e.Trainer(drawn.spec, drawn.params, optimizer)
    wanted = chain.from_iterable(by_hand(trainer, drawn.batch, size) for _ in range(2))
    for found, window in zip(run, wanted, strict=True):
        assert (found.update, found.tokens) == (window.update, window.tokens)
        assert np.allclose(found.loss, window.loss, rtol=1e-10, atol=1e-12)
        assert np.allclose(found.parameters.flat, window.parameters.flat, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("cell", e.CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_every_state_of_every_layer_goes_on(cell, layers):
    generator = np.random.default_rng(0)
    spec = e.NetworkSpec(cell, 3, 4, 3, num_layers=layers)
    params = e.initialise(spec)
    batch = e.Batch(*generator.integers(0, 3, (2, 10, 3)), [10, 4, 7])
    run = e.train(spec, params, [batch], optimizer=e.SGD(0.1), truncate=3)
    for found, wanted in zip(run, by_hand(e.Trainer(spec, params, e.SGD(0.1)), batch, 3), strict=True):
        assert np.allclose(found.parameters.flat, wanted.parameters.flat, rtol=1e-10, atol=1e-12)
        if found.carried is not None:
            shapes = dict.fromkeys(e.CELLS[cell].states, (layers, 3, 4))
            assert {name: state.shape for name, state in found.carried.state.items()} == shapes


@settings(max_examples=30)
@given(seed=seeds, more=st.integers(0, 3))
def test_a_window_that_takes_in_everything_truncates_nothing(seed, more):
    drawn = case(seed, ragged=True)
    whole = e.Trainer(drawn.spec, drawn.params, e.SGD(0.1)).step(drawn.batch)
    size = len(drawn.x) + more
    (found,) = e.train(drawn.spec, drawn.params, [drawn.batch], optimizer=e.SGD(0.1), truncate=size)
    assert found.loss == whole.loss
    assert np.array_equal(found.parameters.flat, whole.parameters.flat)


@settings(max_examples=30)
@given(seed=seeds, size=sizes)
def test_at_rate_zero_the_losses_of_the_windows_add_up_and_gradients_do_not_cross(seed, size):
    drawn = case(seed)
    run = e.train(drawn.spec, drawn.params, [drawn.batch], optimizer=e.SGD(0.0), truncate=size)
    snapshots = list(run)
    assert len(snapshots) == -(-len(drawn.x) // size)
    assert sum(s.loss for s in snapshots) == pytest.approx(drawn.loss().total)
    assert snapshots[-1].carried is None
    output = drawn.trace().output
    for snapshot in snapshots[:-1]:
        assert snapshot.carried.step == size * snapshot.update
        wanted = output[snapshot.carried.step - 1]
        assert np.allclose(snapshot.carried.state["h"][0], wanted)
        assert not snapshot.carried.state["h"].flags.writeable


@pytest.mark.parametrize("name", e.OPTIMIZERS)
@settings(max_examples=10)
@given(seed=seeds, size=st.one_of(st.none(), sizes), stop=st.integers(0, 9))
def test_a_run_goes_on_from_any_snapshot_also_from_within_a_batch(name, seed, size, stop):
    drawn, optimizer = case(seed, ragged=bool(seed % 2)), e.OPTIMIZERS[name](0.05)
    options = {"truncate": size, "clip_norm": 0.5, "schedule": lambda n: 0.1 / n}
    whole = list(
        islice(e.train(drawn.spec, drawn.params, repeat(drawn.batch), optimizer=optimizer, **options), 15)
    )
    at = whole[stop]
    trainer = e.Trainer(
        drawn.spec,
        at.parameters,
        optimizer,
        optimizer_state=at.optimizer_state,
        update=at.update,
        carried=at.carried,
        **options,
    )
    for wanted in whole[stop + 1 :]:
        found = trainer.step(drawn.batch)
        assert (found.update, found.loss) == (wanted.update, wanted.loss)
        assert np.array_equal(found.parameters.flat, wanted.parameters.flat)
        assert all(map(np.array_equal, found.optimizer_state, wanted.optimizer_state))
        assert (found.carried is None) == (wanted.carried is None)


def nine_steps():
    generator = np.random.default_rng(0)
    spec = e.NetworkSpec("rnn", 3, 4, 3)
    return spec, e.initialise(spec), e.Batch(*generator.integers(0, 3, (2, 9, 2)))


def test_the_windows_can_be_changed_while_it_learns():
    spec, params, batch = nine_steps()
    trainer = e.Trainer(spec, params, e.SGD(0.0), truncate=2)
    assert trainer.step(batch).carried.step == 2
    trainer.truncate = 3
    assert trainer.step(batch).carried.step == 5
    trainer.truncate = None
    rest = trainer.step(batch)
    assert (rest.tokens, rest.carried) == (4, None)
    assert trainer.step(batch).tokens == 9


def test_a_batch_can_be_left_but_not_gone_on_with_in_another():
    spec, params, batch = nine_steps()
    trainer = e.Trainer(spec, params, e.SGD(0.1), truncate=4)
    other = e.Batch(batch.x[:3], batch.targets[:3])
    first = trainer.step(batch)
    with pytest.raises(e.ShapeError, match="The batch has no step 5: what is carried is from another batch"):
        trainer.step(other)
    assert np.array_equal(trainer.parameters.flat, first.parameters.flat)
    trainer.carried = None
    assert trainer.step(other).tokens == 3


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"targets": np.zeros((10, 2), int)}, "targets must"),
        ({"targets": np.zeros((9, 1), int)}, "targets must"),
        ({"lengths": [10, 2]}, "lengths must"),
        ({"lengths": [-1, 2]}, "lengths must"),
        ({"lengths": [3]}, "lengths must"),
        ({"lengths": [3.0, 2.0]}, "lengths must"),
        ({"x": np.zeros(9, int)}, "x must"),
    ],
)
def test_a_batch_whose_parts_do_not_fit_together_is_refused_at_its_first_window(changed, complaint):
    spec, params, batch = nine_steps()
    trainer = e.Trainer(spec, params, e.SGD(0.1), truncate=4)
    with pytest.raises(e.ShapeError, match=complaint):
        trainer.step(replace(batch, **changed))
    assert (trainer.update, trainer.carried) == (0, None)
    assert np.array_equal(trainer.parameters.flat, params.flat)


def test_an_empty_batch_is_one_update():
    spec, params, _ = nine_steps()
    nothing = np.zeros((0, 2), int)
    padding = np.zeros((5, 2), int)
    batches = [e.Batch(nothing, nothing), e.Batch(padding, padding, [0, 0])]
    run = e.train(spec, params, batches, optimizer=e.SGD(0.1), truncate=2)
    assert [(s.loss, s.carried) for s in run] == [(0, None)] * 2


def test_trouble_is_told_with_its_step_in_the_batch():
    spec = e.NetworkSpec("rnn", 1, 1, 2, "identity", bias=False)
    params = e.parameters(
        spec, {"weight_ih_l0": [[1.0]], "weight_hh_l0": [[1.0]], "head.weight": [[1.0], [-1.0]]}
    )
    x = np.zeros((6, 1, 1))
    x[4] = np.inf
    run = e.train(spec, params, [e.Batch(x, np.zeros((6, 1), int))], optimizer=e.SGD(0.0), truncate=3)
    found = [snapshot.trouble for snapshot in run]
    assert found == [None, e.NonFinite("x", 4, infinite=True)]


@pytest.mark.parametrize("size", [0, -1, 2.5, True, "2"])
def test_a_window_that_makes_no_sense_is_refused(size):
    spec, params, _ = nine_steps()
    with pytest.raises(e.SpecError, match="truncate must be a whole number of at least 1, or None, not"):
        e.Trainer(spec, params, e.SGD(), truncate=size)


def test_two_directions_cannot_be_truncated():
    spec, _, _ = nine_steps()
    both = replace(spec, bidirectional=True)
    with pytest.raises(e.SpecError, match="truncate must be None for a bidirectional network"):
        e.Trainer(both, e.initialise(both), e.SGD(), truncate=2)
