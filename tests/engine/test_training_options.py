"""What can be asked of a training besides its optimiser."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import case, dogs

from rnnviz import engine as e

seeds = st.integers(0, 100_000)
every = pytest.mark.parametrize("name", e.OPTIMIZERS)


def close(found, wanted):
    return np.allclose(found, wanted, rtol=1e-11, atol=1e-13)


def masks(drawn, generator, share=0.5):
    """Random entries of random parameters."""
    names = [name for name in drawn.params if generator.random() < 0.8]
    return {name: generator.random(drawn.params[name].shape) < share for name in names}


def flat_mask(drawn, frozen):
    parts = [frozen.get(name, np.zeros(array.shape, bool)) for name, array in drawn.params.items()]
    return np.concatenate([part.ravel() for part in parts])


# Clipping by value


@settings(max_examples=60)
@given(seed=seeds, limit=st.floats(1e-3, 2))
def test_clipping_by_value_brings_every_entry_into_the_limits(seed, limit):
    drawn = case(seed)
    gradient = drawn.gradients().parameters.flat
    trainer = e.Trainer(drawn.spec, drawn.params, e.SGD(0.5), clip_value=limit)
    snapshot = trainer.step(drawn.batch)
    assert close(snapshot.parameters.flat, drawn.params.flat - 0.5 * np.clip(gradient, -limit, limit))
    assert snapshot.clipped == (np.abs(gradient).max() > limit)
    assert close(snapshot.total_norm, np.linalg.norm(gradient))


def test_there_is_one_clipping_at_a_time_and_either_can_be_set_while_it_learns():
    spec, params, tokens = dogs()
    batch = e.Batch(np.array(tokens[:-1])[:, None], np.array(tokens[1:])[:, None])
    trainer = e.Trainer(spec, params, e.SGD(0.1), clip_value=1e-3)
    moved = trainer.step(batch).parameters.flat - params.flat
    assert np.abs(moved).max() == pytest.approx(1e-4)
    with pytest.raises(e.SpecError, match="clip_norm must be None here"):
        trainer.clip_norm = 1.0
    trainer.clip_value = None
    trainer.clip_norm = 1e-3
    assert (trainer.clip_value, trainer.clip_norm) == (None, 1e-3)
    before = trainer.parameters.flat
    moved = trainer.step(batch).parameters.flat - before
    assert np.linalg.norm(moved) == pytest.approx(1e-4, rel=1e-2)
    with pytest.raises(e.SpecError, match="clip_value must be None here"):
        trainer.clip_value = 1.0
    with pytest.raises(e.SpecError, match="clip_value must be None here"):
        e.Trainer(spec, params, e.SGD(), clip_norm=1.0, clip_value=1.0)


@pytest.mark.parametrize("field", ["clip_norm", "clip_value"])
@pytest.mark.parametrize("limit", [0, -1.0, np.nan])
def test_a_limit_that_makes_no_sense_is_refused(field, limit):
    spec, params, _ = dogs()
    with pytest.raises(e.SpecError, match=f"{field} must be a number above 0"):
        e.Trainer(spec, params, e.SGD(), **{field: limit})


# The schedule of the rate


@every
@settings(max_examples=10)
@given(seed=seeds, rates=st.lists(st.floats(0, 0.1), min_size=1, max_size=5))
def test_a_schedule_says_the_rate_of_every_update(name, seed, rates):
    drawn = case(seed)
    optimizer = e.OPTIMIZERS[name](0.7)
    trainer = e.Trainer(drawn.spec, drawn.params, optimizer, schedule=lambda n: rates[n - 1])
    by_hand = e.Trainer(drawn.spec, drawn.params, optimizer)
    for rate in rates:
        by_hand.optimizer = replace(optimizer, lr=rate)
        wanted, found = by_hand.step(drawn.batch), trainer.step(drawn.batch)
        assert np.array_equal(found.parameters.flat, wanted.parameters.flat)
    assert trainer.optimizer == optimizer
    trainer.schedule = None
    by_hand.optimizer = optimizer
    assert np.array_equal(
        trainer.step(drawn.batch).parameters.flat, by_hand.step(drawn.batch).parameters.flat
    )


@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf])
def test_a_schedule_that_makes_no_sense_is_refused_and_changes_nothing(rate):
    drawn = case(1)
    trainer = e.Trainer(
        drawn.spec, drawn.params, e.SGD(), schedule=lambda n: rate if n == 2 else 0.1, update=0
    )
    first = trainer.step(drawn.batch)
    with pytest.raises(e.SpecError, match=r"schedule must give a finite rate of at least 0, .* for update 2"):
        trainer.step(drawn.batch)
    assert np.array_equal(trainer.parameters.flat, first.parameters.flat)
    assert trainer.update == 1
    with pytest.raises(e.SpecError, match="schedule must be a function"):
        trainer.schedule = 0.1


# Frozen parameters


@every
@pytest.mark.parametrize("clipping", [{}, {"clip_norm": 0.1}, {"clip_value": 0.01}], ids=str)
@settings(max_examples=8)
@given(seed=seeds, dtype=st.sampled_from(e.DTYPES))
def test_what_is_frozen_stays_and_all_else_learns_as_if_it_had_no_gradient(name, clipping, seed, dtype):
    drawn, generator = case(seed, dtype=dtype, batch=2), np.random.default_rng(seed)
    optimizer = e.OPTIMIZERS[name](0.01)
    trainer = e.Trainer(drawn.spec, drawn.params, optimizer, **clipping)
    last = [trainer.step(drawn.batch) for _ in range(2)][-1]  # so that there is something to remember

    trainer.frozen = frozen = masks(drawn, generator)
    held = flat_mask(drawn, frozen)
    flat, state = last.parameters.flat.copy(), tuple(array.copy() for array in last.optimizer_state)
    start = flat.copy()
    for _ in range(20):
        now = replace(drawn, params=e.Parameters(flat.copy(), drawn.params.shapes))
        gradient = now.gradients().parameters.flat.copy()
        gradient[held] = 0
        norm = np.linalg.norm(gradient.astype(float))
        snapshot = trainer.step(drawn.batch)
        assert snapshot.total_norm == pytest.approx(norm, rel=1e-5)
        if "clip_norm" in clipping:
            gradient *= min(1, clipping["clip_norm"] / (snapshot.total_norm + 1e-6))
        if "clip_value" in clipping:
            gradient = np.clip(gradient, -0.01, 0.01)
        optimizer.update(flat, gradient, state)
        flat[held] = start[held]
        assert snapshot.parameters.flat[held].tobytes() == start[held].tobytes()
        tolerance = 1e-9 if dtype == "float64" else 1e-3
        assert np.allclose(snapshot.parameters.flat, flat, rtol=tolerance, atol=tolerance)
        for kept, wanted in zip(snapshot.optimizer_state, state, strict=True):
            assert np.allclose(kept, wanted, rtol=tolerance, atol=tolerance)


def test_a_network_that_is_frozen_as_a_whole_does_not_move_and_can_be_thawed():
    drawn = case(2)
    everything = {name: np.ones(array.shape, bool) for name, array in drawn.params.items()}
    trainer = e.Trainer(drawn.spec, drawn.params, e.SGD(1e300), clip_norm=1.0, frozen=everything)
    still = trainer.step(drawn.batch)
    assert (still.total_norm, still.clipped, still.trouble) == (0, False, None)
    assert set(still.gradient_norms.values()) == {0}
    assert np.array_equal(still.parameters.flat, drawn.params.flat)
    trainer.optimizer = e.SGD(0.1)
    trainer.frozen = None
    assert not np.array_equal(trainer.step(drawn.batch).parameters.flat, drawn.params.flat)


def test_a_mask_belongs_to_the_trainer_once_it_is_set():
    drawn = case(2)
    frozen = {"head.weight": np.ones(drawn.params["head.weight"].shape, bool)}
    trainer = e.Trainer(drawn.spec, drawn.params, e.SGD(0.1), frozen=frozen)
    frozen["head.weight"][:] = False
    assert trainer.frozen["head.weight"].all()
    snapshot = trainer.step(drawn.batch)
    assert np.array_equal(snapshot.parameters["head.weight"], drawn.params["head.weight"])


@pytest.mark.parametrize(
    ("frozen", "complaint"),
    [
        ({"weight": np.ones((3, 4), bool)}, "frozen has no 'weight' in this network; it has weight_ih_l0, "),
        ({"weight_ih_l0": np.ones((4, 3), bool)}, r"frozen\['weight_ih_l0'\] .* shape \(3, 4\), not bool of"),
        ({"weight_ih_l0": np.ones((3, 4), int)}, "must be true or false in the shape .*, not int"),
        ({"weight_ih_l0": True}, r"not bool of shape \(\)"),
    ],
)
def test_masks_that_do_not_fit_are_refused(frozen, complaint):
    spec, params, _ = dogs()
    with pytest.raises(e.ShapeError, match=complaint):
        e.Trainer(spec, params, e.SGD(), frozen=frozen)


# The loss


def test_the_loss_is_that_of_the_readout_unless_it_is_named():
    spec, params, tokens = dogs()
    batches = e.sequence_batches(tokens[:-1], tokens[1:])
    runs = [
        [s.loss for s in e.train(spec, params, islice(batches, 3), optimizer=e.SGD(), loss=loss)]
        for loss in (None, "cross_entropy")
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("loss", "complaint"),
    [
        ("hinge", "loss must be one of .*cross_entropy, .*, not 'hinge'"),
        ("mean_squared_error", "readout must be linear for the loss mean_squared_error, not softmax"),
    ],
)
def test_a_loss_that_does_not_belong_to_the_readout_is_refused(loss, complaint):
    spec, params, _ = dogs()
    with pytest.raises(e.SpecError, match=complaint):
        e.Trainer(spec, params, e.SGD(), loss=loss)


@pytest.mark.parametrize("loss", e.LOSSES)
@pytest.mark.parametrize("truncate", [None, 2])
def test_every_loss_is_learned_from(loss, truncate):
    generator = np.random.default_rng(0)
    spec = e.NetworkSpec("rnn", 3, 8, 3, readout=e.LOSSES[loss].readout)
    x = generator.integers(0, 3, (5, 2))
    targets = x if loss == "cross_entropy" else np.eye(3)[x]
    if targets.dtype == float:
        targets[1, 0] = targets[2, 1, :2] = np.nan
    batches = [e.Batch(x, targets)] * 100
    losses = [
        snapshot.loss
        for snapshot in e.train(
            spec, e.initialise(spec), batches, optimizer=e.Adam(0.02), loss=loss, truncate=truncate
        )
    ]
    assert len(losses) == (100 if truncate is None else 300)
    assert sum(losses[-3:]) < 0.1 * sum(losses[:3])


def test_an_option_that_there_is_not_is_refused():
    spec, params, _ = dogs()
    with pytest.raises(TypeError, match="rate"):
        e.Trainer(spec, params, e.SGD(), rate=1.0)
