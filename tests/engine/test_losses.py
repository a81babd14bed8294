from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.engine.losses import check_readout

seeds = st.integers(0, 100_000)
FUNCTIONS = {
    "cross_entropy": e.cross_entropy,
    "binary_cross_entropy": e.binary_cross_entropy,
    "mean_squared_error": e.mean_squared_error,
}


def trace_of(logits: Any, loss: str, lengths: Any = None, dtype: str = "float64") -> e.Trace:
    """A run of a network that hands its input, (T, B, O), on as logits, with the readout of a loss."""
    x = np.asarray(logits, float)
    size = x.shape[2]
    spec = e.NetworkSpec(
        "feedforward", size, size, size, "identity", bias=False, readout=e.LOSSES[loss].readout, dtype=dtype
    )
    params = e.parameters(spec, {name: np.eye(size) for name in e.parameter_shapes(spec)})
    return e.forward(spec, params, x, lengths=lengths)


def biased(loss: str, *biases: float) -> e.Trace:
    """One step whose logits are these, infinite or not."""
    size = len(biases)
    spec = e.NetworkSpec("feedforward", 1, 1, size, "identity", readout=e.LOSSES[loss].readout)
    weights = {"head.weight": np.zeros((size, 1)), "head.bias": biases}
    return e.forward(spec, e.initialise(spec).replaced(weights), [[0]])


def drawn_batch(loss: str, seed: int) -> tuple[Any, Any, Any]:
    """Random logits (T, B, O), targets some of which are silent, and lengths."""
    draw = np.random.default_rng(seed)
    steps, batch, outputs = draw.integers(1, 5, 3).tolist()
    logits = draw.normal(0, 3, (steps, batch, outputs))
    lengths = draw.integers(0, steps + 1, batch)
    if loss == "cross_entropy":
        return logits, draw.integers(-1, outputs, (steps, batch)), lengths
    targets = draw.uniform(0, 1, logits.shape)
    targets = np.where(draw.random(logits.shape) < 0.3, np.round(targets), targets)
    targets[draw.random(logits.shape) < 0.3] = np.nan
    return logits, targets, lengths


def by_hand(loss: str, logits: Any, targets: Any) -> float:
    """The loss of one step of one sequence. logits: (O,)."""
    if loss == "cross_entropy":
        return 0.0 if targets < 0 else float(np.log(np.exp(logits).sum()) - logits[targets])
    y = 1 / (1 + np.exp(-logits))
    given_targets = ~np.isnan(targets)
    if not given_targets.any():
        return 0.0
    if loss == "mean_squared_error":
        return float(((logits - targets) ** 2)[given_targets].mean())
    return float(-(targets * np.log(y) + (1 - targets) * np.log(1 - y))[given_targets].mean())


@pytest.mark.parametrize("name", e.LOSSES)
@given(seed=seeds)
def test_every_step_has_the_loss_that_its_formula_says(name, seed):
    logits, targets, lengths = drawn_batch(name, seed)
    loss = FUNCTIONS[name](trace_of(logits, name, lengths), targets)
    for t, b in np.ndindex(loss.step.shape):
        wanted = by_hand(name, logits[t, b], targets[t, b]) if t < lengths[b] else 0.0
        assert loss.step[t, b] == pytest.approx(wanted, rel=1e-10, abs=1e-12)
    assert loss.total == pytest.approx(loss.step.sum() / len(lengths))


@pytest.mark.parametrize("name", e.LOSSES)
@given(seed=seeds)
def test_what_it_says_to_a_logit_is_the_slope_of_the_steps_own_loss(name, seed):
    logits, targets, lengths = drawn_batch(name, seed)
    loss = FUNCTIONS[name](trace_of(logits, name, lengths), targets)
    for place in np.ndindex(logits.shape):
        push = np.zeros_like(logits)
        push[place] = 1e-5
        up, down = (
            FUNCTIONS[name](trace_of(logits + sign * push, name, lengths), targets).step for sign in (1, -1)
        )
        slopes = (up - down) / 2e-5
        assert loss.logit_gradients[place] == pytest.approx(slopes[place[:2]], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", e.LOSSES)
@given(seed=seeds)
def test_silent_steps_are_not_heard_and_say_nothing(name, seed):
    logits, targets, lengths = drawn_batch(name, seed)
    loss = FUNCTIONS[name](trace_of(logits, name, lengths), targets)
    there = targets >= 0 if targets.ndim == 2 else ~np.isnan(targets).all(axis=2)
    np.testing.assert_array_equal(loss.heard, there & (np.arange(len(logits))[:, None] < lengths))
    assert not loss.step[~loss.heard].any()
    assert not loss.logit_gradients[~loss.heard].any()


@pytest.mark.parametrize("name", e.LOSSES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@given(seed=seeds)
@np.errstate(all="ignore")
def test_a_run_that_is_filled_again_is_as_good_as_a_new_one(name, dtype, seed):
    logits, targets, lengths = drawn_batch(name, seed)
    trace = trace_of(logits, name, lengths, dtype)
    kind = e.LOSSES[name]
    silent = np.full_like(targets, -1 if targets.ndim == 2 else np.nan)
    run = kind.run(trace, kind.checked_targets(trace, silent))
    run.fill()
    assert (run.heard, run.total) == (0, 0.0)
    run.aim(kind.checked_targets(trace, targets))
    run.fill()
    again, new = run.loss(), FUNCTIONS[name](trace, targets)
    assert run.heard == np.count_nonzero(new.heard)
    assert again.total == new.total
    for found, wanted in ((again.step, new.step), (again.logit_gradients, new.logit_gradients)):
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("name", e.LOSSES)
@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_a_silent_step_says_nothing_even_where_the_run_has_broken_down(name, broken):
    trace = biased(name, broken, broken)
    silent = [[-1]] if name == "cross_entropy" else np.full((1, 1, 2), np.nan)
    loss = FUNCTIONS[name](trace, silent)
    assert loss.total == 0
    assert not loss.logit_gradients.any()


@given(seeds)
def test_the_cross_entropy_is_minus_the_log_of_what_the_target_got(seed):
    logits, targets, lengths = drawn_batch("cross_entropy", seed)
    trace = trace_of(logits, "cross_entropy", lengths)
    loss = e.cross_entropy(trace, targets)
    for t, b in np.argwhere(loss.heard):
        assert loss.step[t, b] == pytest.approx(-np.log(trace.probabilities[t, b, targets[t, b]]), abs=1e-12)


@given(st.floats(0, 1e300))
def test_the_cross_entropy_stays_exact_where_the_probability_underflows(lead):
    loss = e.cross_entropy(biased("cross_entropy", lead, 0.0), [[1]])
    assert loss.total == pytest.approx(lead + np.log1p(np.exp(-lead)))


@given(st.floats(-1e300, 1e300), st.floats(0, 1))
def test_the_binary_cross_entropy_is_exact_for_all_logits(z, y):
    loss = e.binary_cross_entropy(biased("binary_cross_entropy", z), [[[y]]])
    wanted = (1 - y) * max(z, 0.0) - y * min(z, 0.0) + np.log1p(np.exp(-abs(z)))
    assert loss.total == pytest.approx(wanted, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("z", "y", "total", "gradient"),
    [
        (np.inf, 1, 0, 0),
        (-np.inf, 0, 0, 0),
        (np.inf, 0, np.inf, 1),
        (-np.inf, 1, np.inf, -1),
        (np.inf, 0.5, np.inf, 0.5),
        (1e300, 1, 0, 0),
        (-1e300, 1, 1e300, -1),
        (np.nan, 1, np.nan, np.nan),
    ],
)
def test_the_binary_cross_entropy_of_logits_past_all_bounds(z, y, total, gradient):
    loss = e.binary_cross_entropy(biased("binary_cross_entropy", z), [[[y]]])
    assert loss.total == pytest.approx(total, nan_ok=True)
    assert loss.logit_gradients.item() == pytest.approx(gradient, nan_ok=True)


def test_a_square_that_overflows_is_infinite():
    loss = e.mean_squared_error(biased("mean_squared_error", 1e300, 1.0), [[[0.0, 0.0]]])
    assert loss.total == np.inf
    assert loss.logit_gradients.tolist() == [[[1e300, 1.0]]]


def test_of_a_steps_outputs_only_those_with_a_target_count():
    trace = trace_of([[[1.0, 5.0, -2.0]]], "mean_squared_error")
    loss = e.mean_squared_error(trace, [[[0.0, np.nan, 1.0]]])
    assert loss.total == 5.0
    assert loss.logit_gradients.tolist() == [[[1.0, 0.0, -3.0]]]


@pytest.mark.parametrize(
    ("name", "targets", "sentence"),
    [
        ("cross_entropy", [[2]], r"^Targets must lie in 0 … 1, or be −1 for no loss, but hold 2 … 2\.$"),
        ("cross_entropy", [[-2]], r"^Targets must lie in 0 … 1"),
        ("cross_entropy", [[0.0]], r"^targets must be whole numbers of shape \(1, 1\), not float64"),
        ("cross_entropy", [0], r"^targets must be whole numbers of shape \(1, 1\)"),
        (
            "binary_cross_entropy",
            [[[0.5, 1.5]]],
            r"^Targets must lie in 0 … 1, or be NaN for no loss, but hold 0\.5 … 1\.5\.$",
        ),
        ("binary_cross_entropy", [[[-0.5, np.nan]]], r"^Targets must lie in 0 … 1"),
        ("binary_cross_entropy", [[[0.0, np.inf]]], r"^Targets must lie in 0 … 1"),
        ("binary_cross_entropy", [[0]], r"^targets must be numbers of shape \(1, 1, 2\), not int64 \(1, 1\)"),
        ("mean_squared_error", [[[0.0]]], r"^targets must be numbers of shape \(1, 1, 2\), not float64"),
        ("mean_squared_error", [[["a", "b"]]], r"^targets must be numbers of shape \(1, 1, 2\), not <U1"),
        ("mean_squared_error", [[[0.0, -np.inf]]], r"^Targets must be finite float64 numbers, or NaN"),
    ],
)
def test_targets_that_do_not_fit_are_refused_in_a_sentence(name, targets, sentence):
    with pytest.raises(e.ShapeError, match=sentence):
        FUNCTIONS[name](biased(name, 0.0, 0.0), targets)


def test_a_target_that_float32_cannot_hold_is_refused():
    trace = trace_of([[[0.0]]], "mean_squared_error", dtype="float32")
    with pytest.raises(e.ShapeError, match=r"^Targets must be finite float32 numbers"):
        e.mean_squared_error(trace, [[[1e300]]])


@pytest.mark.parametrize(
    ("name", "targets", "kept"),
    [
        ("cross_entropy", [[1], [99]], [[1], [-1]]),
        ("binary_cross_entropy", [[[1, 0]], [[7, np.inf]]], [[[1, 0]], [[np.nan, np.nan]]]),
        ("mean_squared_error", [[[1, 0]], [[7, np.inf]]], [[[1, 0]], [[np.nan, np.nan]]]),
    ],
)
def test_a_target_past_the_length_may_be_anything(name, targets, kept):
    loss = FUNCTIONS[name](trace_of(np.zeros((2, 1, 2)), name, [1]), targets)
    np.testing.assert_array_equal(loss.targets, kept)


@pytest.mark.parametrize("name", e.LOSSES)
def test_a_batch_without_steps_has_no_loss(name):
    loss = FUNCTIONS[name](
        trace_of(np.zeros((0, 1, 2)), name),
        np.zeros((0, 1), int) if name == "cross_entropy" else np.zeros((0, 1, 2)),
    )
    assert loss.total == 0
    assert loss.heard.shape == (0, 1)


@pytest.mark.parametrize("name", e.LOSSES)
@pytest.mark.parametrize("readout", [kind.readout for kind in e.LOSSES.values()])
def test_a_loss_judges_the_readout_it_belongs_to_and_no_other(name, readout):
    spec = e.NetworkSpec("rnn", 1, 1, 1, readout=readout)
    trace = e.forward(spec, e.initialise(spec), [[0]])
    targets = [[0]] if name == "cross_entropy" else [[[0.0]]]
    wanted = e.LOSSES[name].readout
    if readout == wanted:
        assert e.loss_for(spec) == name
        check_readout(spec, name)
        assert np.isfinite(FUNCTIONS[name](trace, targets).total)
        return
    sentence = rf"^readout must be {wanted} for the loss {name}, not {readout}\.$"
    with pytest.raises(e.SpecError, match=sentence):
        FUNCTIONS[name](trace, targets)
    with pytest.raises(e.SpecError, match=sentence):
        check_readout(spec, name)


def test_an_unknown_loss_is_refused():
    with pytest.raises(e.SpecError, match=r"^loss must be one of .*cross_entropy.*, not 'hinge'\.$"):
        check_readout(e.NetworkSpec("rnn", 1, 1, 1), "hinge")
