from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import CELLS_AND_ACTIVATIONS, case, dogs, relative_error, scalar

from rnnviz import engine as e

MOMENTUM = e.OPTIMIZERS["momentum"](0.1)
seeds = st.integers(0, 100_000)
kinds = {"tokens": st.booleans(), "ragged": st.booleans(), "silent": st.booleans()}


def close(found, wanted):
    return np.allclose(found, wanted, rtol=1e-11, atol=1e-13)


def sequence(tokens):
    return e.sequence_batches(tokens[:-1], tokens[1:])


# What an update is


@pytest.mark.parametrize("clip_norm", [None, 0.5])
@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@settings(max_examples=20)
@given(seed=seeds, bias=st.booleans(), **kinds)
def test_an_update_goes_against_the_gradient_that_backward_finds(
    cell, activation, clip_norm, seed, bias, tokens, ragged, silent
):
    drawn = case(
        seed, cell=cell, activation=activation, bias=bias, tokens=tokens, ragged=ragged, silent=silent
    )
    loss, gradients = drawn.loss(), drawn.gradients()
    gradient = gradients.parameters.flat
    norm = np.linalg.norm(gradient)
    scale = 1.0 if clip_norm is None else min(1.0, clip_norm / (norm + 1e-6))

    trainer = e.Trainer(drawn.spec, drawn.params, e.SGD(0.1), clip_norm=clip_norm)
    snapshot = trainer.step(drawn.batch)

    assert close(snapshot.loss, loss.total)
    assert snapshot.tokens == loss.heard.sum() / len(drawn.lengths)
    assert close(snapshot.parameters.flat, drawn.params.flat - 0.1 * scale * gradient)
    assert list(snapshot.gradient_norms) == list(drawn.params)
    for name, found in snapshot.gradient_norms.items():
        assert close(found, np.linalg.norm(gradients.parameters[name]))
    assert close(snapshot.total_norm, norm)
    assert snapshot.clipped == (scale < 1)
    assert (snapshot.update, snapshot.trouble, snapshot.sentence) == (1, None, "")


@settings(max_examples=40)
@given(seed=seeds, cell=st.sampled_from(list(e.CELLS)), data=st.data())
def test_nothing_of_a_batch_lingers(seed, cell, data):
    """Whatever was learned before, an update depends on the batch, the parameters and the settings alone."""
    sizes = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), min_size=2, max_size=3))
    drawn = case(seed, cell=cell)
    generator = np.random.default_rng(seed)

    def batch():
        steps, size = sizes[generator.integers(len(sizes))]
        silent, ragged, started, vectors = generator.integers(0, 2, 4)
        inputs = drawn.spec.input_size
        shape = (steps, size)
        return e.Batch(
            generator.normal(size=(*shape, inputs)) if vectors else generator.integers(0, inputs, shape),
            generator.integers(-1 if silent else 0, drawn.spec.output_size, shape),
            generator.integers(0, steps + 1, size) if ragged else None,
            {"h": generator.normal(size=(1, size, drawn.spec.hidden_size))} if started else None,
        )

    trainer, params = e.Trainer(drawn.spec, drawn.params, e.SGD(0.3)), drawn.params
    for again in [batch() for _ in range(6)]:
        for one in (again, again):
            found = trainer.step(one)
            alone = e.Trainer(drawn.spec, params, e.SGD(0.3)).step(one)
            assert close(found.loss, alone.loss)
            assert found.tokens == alone.tokens
            assert close(found.parameters.flat, alone.parameters.flat)
            params = found.parameters


@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "uint64"])
def test_tokens_and_targets_may_be_any_whole_numbers(kind):
    """Of these there are more steps and units than the smallest kinds can count."""
    spec = e.NetworkSpec("rnn", 100, 5, 100)
    tokens = np.arange(100)[:, None] * np.ones(3, int)
    wanted, found = (
        e.Trainer(spec, e.initialise(spec), e.SGD(0.1)).step(e.Batch(drawn, drawn[::-1]))
        for drawn in (tokens, tokens.astype(kind))
    )
    assert found.loss == wanted.loss
    assert np.array_equal(found.parameters.flat, wanted.parameters.flat)


def test_a_batch_without_steps_or_without_losses_teaches_nothing():
    spec, params, tokens = dogs()
    trainer = e.Trainer(spec, params, e.SGD(1.0), clip_norm=1.0)
    for batch in (e.Batch(np.zeros((0, 2), int), np.zeros((0, 2), int)), e.Batch([[0], [1]], [[-1], [-1]])):
        snapshot = trainer.step(batch)
        assert (snapshot.loss, snapshot.tokens, snapshot.total_norm, snapshot.clipped) == (0, 0, 0, False)
        assert np.array_equal(snapshot.parameters.flat, params.flat)
    assert trainer.step(next(sequence(tokens))).tokens == 3


@pytest.mark.parametrize("clip_norm", [None, 1.0])
def test_dogs_is_learned_within_a_hundred_updates(clip_norm):
    spec, params, tokens = dogs()
    batches = islice(sequence(tokens), 100)
    *_, last = e.train(spec, params, batches, optimizer=e.SGD(0.1), clip_norm=clip_norm)
    probabilities = e.forward(spec, last.parameters, np.array(tokens[:-1])[:, None]).probabilities
    assert last.update == 100
    assert (probabilities[range(3), 0, tokens[1:]] > 0.9).all()


# What a snapshot is


def test_a_snapshot_stays_as_it_is():
    spec, params, tokens = dogs()
    snapshots = list(e.train(spec, params, islice(sequence(tokens), 5), optimizer=MOMENTUM))
    kept = [(s.parameters.flat.copy(), s.optimizer_state[0].copy()) for s in snapshots]
    again = e.Trainer(spec, params, MOMENTUM)
    for number, (snapshot, batch) in enumerate(zip(snapshots, sequence(tokens), strict=False), 1):
        wanted = again.step(batch)
        assert snapshot.update == number
        assert np.array_equal(snapshot.parameters.flat, wanted.parameters.flat)
        assert np.array_equal(snapshot.optimizer_state[0], wanted.optimizer_state[0])
        assert not snapshot.parameters.flat.flags.writeable
    assert len({flat.tobytes() for flat, _ in kept}) == len({state.tobytes() for _, state in kept}) == 5


@pytest.mark.parametrize("name", e.OPTIMIZERS)
@pytest.mark.parametrize("stop", [1, 7])
def test_a_run_goes_on_from_any_snapshot(name, stop):
    optimizer = e.OPTIMIZERS[name](0.05)
    spec = e.NetworkSpec("rnn", 5, 4, 5)
    params, ids = e.initialise(spec), np.random.default_rng(0).integers(0, 5, 100)

    def batches(start):
        return text_batches(ids, start)

    whole = list(e.train(spec, params, islice(batches(0), 20), optimizer=optimizer, clip_norm=1.0))
    broken_off = whole[stop - 1]
    trainer = e.Trainer(
        spec,
        broken_off.parameters,
        optimizer,
        clip_norm=1.0,
        optimizer_state=broken_off.optimizer_state,
        update=broken_off.update,
    )
    before = [array.copy() for array in broken_off.optimizer_state]
    for wanted, batch in zip(whole[stop:], batches(stop), strict=False):
        found = trainer.step(batch)
        assert (found.update, found.loss) == (wanted.update, wanted.loss)
        assert np.array_equal(found.parameters.flat, wanted.parameters.flat)
    assert all(map(np.array_equal, before, broken_off.optimizer_state))


def text_batches(ids, start=0):
    return e.text_batches(ids, length=8, size=3, seed=1, start=start)


def test_what_another_optimiser_remembers_is_refused():
    spec, params, _ = dogs()
    for state in ((np.zeros(3),), (), (np.zeros(33, np.float32),)):
        with pytest.raises(e.ShapeError, match="optimizer_state"):
            e.Trainer(spec, params, MOMENTUM, optimizer_state=state)


# What can be changed while it learns


def test_edited_parameters_take_effect_at_the_next_update():
    spec, params, tokens = dogs()
    trainer, batch = e.Trainer(spec, params, e.SGD(0.1)), next(sequence(tokens))
    first = trainer.step(batch)
    trainer.parameters = params
    assert np.array_equal(trainer.parameters.flat, params.flat)
    second = trainer.step(batch)
    assert (second.update, second.loss) == (2, first.loss)
    assert np.array_equal(second.parameters.flat, first.parameters.flat)
    with pytest.raises(e.ShapeError, match="another network"):
        trainer.parameters = e.initialise(e.NetworkSpec("rnn", 4, 3, 4))


def test_a_new_rate_and_clipping_take_effect_at_the_next_update():
    spec, params, tokens = dogs()
    trainer, batch = e.Trainer(spec, params, e.SGD(0.0)), next(sequence(tokens))
    still = trainer.step(batch)
    assert np.array_equal(still.parameters.flat, params.flat)
    trainer.optimizer = replace(trainer.optimizer, lr=2.0)
    trainer.clip_norm = 0.01
    moved = trainer.step(batch)
    assert moved.clipped
    assert np.linalg.norm(moved.parameters.flat - params.flat) == pytest.approx(0.02, rel=1e-4)
    assert moved.total_norm == still.total_norm > 0.01


def test_a_new_rate_keeps_what_the_optimiser_remembers_and_another_optimiser_begins_anew():
    spec, params, tokens = dogs()
    trainer, batch = e.Trainer(spec, params, MOMENTUM), next(sequence(tokens))
    (velocity,) = trainer.step(batch).optimizer_state
    trainer.optimizer = replace(MOMENTUM, lr=0.0)
    (grown,) = trainer.step(batch).optimizer_state
    assert np.linalg.norm(grown) > 1.5 * np.linalg.norm(velocity)
    trainer.optimizer = e.SGD(0.1)
    assert trainer.step(batch).optimizer_state == ()
    trainer.optimizer = replace(MOMENTUM, lr=0.0)
    (anew,) = trainer.step(batch).optimizer_state
    assert np.linalg.norm(anew) < 1.5 * np.linalg.norm(velocity)


@pytest.mark.parametrize(
    ("x", "targets", "complaint"),
    [
        ([[0], [1], [4]], [[1], [2], [3]], "Tokens must lie in 0 … 3"),
        ([[2], [1], [0]], [[1], [2], [4]], "Targets must lie in 0 … 3"),
        ([[2], [1], [0]], [[1], [2]], "targets must be whole numbers of shape"),
        ([[0.0], [1.0], [2.0]], [[1], [2], [3]], "x must be integer tokens"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused_and_changes_nothing(x, targets, complaint):
    spec, params, tokens = dogs()
    trainer, batch = e.Trainer(spec, params, e.SGD(0.1)), next(sequence(tokens))
    trainer.step(batch)
    with pytest.raises(e.ShapeError, match=complaint):
        trainer.step(e.Batch(x, targets))
    found = trainer.step(batch)
    *_, wanted = e.train(spec, params, [batch, batch], optimizer=e.SGD(0.1))
    assert (found.update, found.loss) == (wanted.update, wanted.loss)
    assert np.array_equal(found.parameters.flat, wanted.parameters.flat)


def test_pairs_of_arrays_are_batches_and_updates_are_made_when_asked_for():
    spec, params, _ = dogs()
    pairs = iter([([[0], [1]], [[1], [2]])] * 3)
    run = e.train(spec, params, pairs, optimizer=e.SGD(0.1))
    assert next(run).update == 1
    assert len(list(pairs)) == 2
    assert list(run) == []


# When numbers overflow


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("clip_norm", [None, 1.0])
@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@pytest.mark.parametrize("rate", [1e6, 1e300])
@pytest.mark.parametrize("name", e.OPTIMIZERS)
def test_no_rate_however_large_raises_or_warns(name, rate, cell, activation, clip_norm, dtype):
    drawn = case(3, cell=cell, activation=activation, dtype=dtype)
    trainer = e.Trainer(drawn.spec, drawn.params, e.OPTIMIZERS[name](rate), clip_norm=clip_norm)
    for number in range(1, 30):
        snapshot = trainer.step(drawn.batch)
        finite = np.isfinite(snapshot.loss) and np.isfinite(snapshot.parameters.flat).all()
        assert finite or snapshot.trouble is not None
        assert snapshot.sentence.startswith(f"Update {number}: ") or snapshot.trouble is None


EXTREME = [1e300, -1e300, 1e308, 1e-320, 0.0, np.inf, -np.inf, np.nan]


@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@given(seed=seeds, data=st.data(), **kinds)
def test_the_trouble_of_an_update_is_the_first_of_its_run(
    cell, activation, seed, data, tokens, ragged, silent
):
    drawn = case(seed, cell=cell, activation=activation, tokens=tokens, ragged=ragged, silent=silent)
    flat = drawn.params.flat.copy()
    places = data.draw(st.lists(st.integers(0, len(flat) - 1), min_size=1, max_size=4))
    for place in places:
        flat[place] = data.draw(st.sampled_from(EXTREME))
    params = e.Parameters(flat, drawn.params.shapes)
    drawn = replace(drawn, params=params)
    snapshot = e.Trainer(drawn.spec, params, e.SGD(0.0)).step(drawn.batch)

    found = e.first_nonfinite(drawn.trace(), drawn.loss(), drawn.gradients())
    broken = (name for name, array in snapshot.parameters.items() if not np.isfinite(array).all())
    if found is not None:
        assert snapshot.trouble == found
    else:
        assert (snapshot.trouble and snapshot.trouble.tensor) == next(broken, None)


def test_an_update_that_makes_a_parameter_infinite_says_which():
    spec, params = scalar(0.5, input_weight=0.5)
    batch = e.Batch(np.full((2, 1, 1), 1e10), [[0], [1]])
    snapshot = e.Trainer(spec, params, e.SGD(1e300)).step(batch)
    assert np.isfinite(snapshot.loss)
    assert snapshot.sentence == (
        "Update 1: weight_ih_l0 is infinite; lower the rate, clip the gradient, or undo."
    )


def test_a_weight_that_is_too_large_is_told_with_its_first_step():
    spec, params, tokens = dogs()
    trainer, batch = e.Trainer(spec, params, e.SGD(0.1)), next(sequence(tokens))
    trainer.step(batch)
    trainer.parameters = params.replaced({"head.weight": np.full((4, 3), 1e308)})
    snapshot = trainer.step(batch)
    assert snapshot.trouble == e.NonFinite("logits", 1, infinite=True)
    assert "The logits are infinite at step 2" in snapshot.sentence
    trainer.parameters = params
    assert trainer.step(batch).trouble is None


@pytest.mark.parametrize("cell", e.CELLS)
def test_an_initial_state_that_is_infinite_is_told(cell):
    spec = e.NetworkSpec(cell, 2, 3, 2)
    trainer = e.Trainer(spec, e.initialise(spec), e.SGD(0.1))
    snapshot = trainer.step(e.Batch([[0]], [[1]], initial_state={"h": np.full((1, 1, 3), np.inf)}))
    assert snapshot.trouble == e.NonFinite("h₀", None, infinite=True)


def test_float32_learns_as_float64_does():
    ids = np.random.default_rng(1).integers(0, 6, 400)
    found = {}
    for dtype in e.DTYPES:
        spec = e.NetworkSpec("rnn", 6, 5, 6, dtype=dtype)
        weights = dict(e.initialise(e.NetworkSpec("rnn", 6, 5, 6)))
        run = e.train(spec, e.parameters(spec, weights), text_batches(ids), optimizer=e.SGD(0.1))
        snapshots = list(islice(run, 30))
        assert snapshots[-1].parameters.flat.dtype == dtype
        found[dtype] = np.array([(s.loss, s.total_norm) for s in snapshots])
    assert relative_error(found["float32"], found["float64"]) < 1e-4
