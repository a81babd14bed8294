from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest
from dynamics import plain
from hypothesis import given
from hypothesis import strategies as st
from networks import case, scalar

from rnnviz import engine as e


def judge(weight, steps, *, heard=None, activation="identity", window=None, **weights):
    """The verdict on a scalar linear chain, whose gradient is multiplied by `weight` each step."""
    spec, params = scalar(weight, activation)
    params = params.replaced(weights)
    targets = np.full((steps, 1), -1)
    targets[steps - 1 if heard is None else heard] = 0
    trace = e.forward(spec, params, np.zeros((steps, 1), int))
    loss = e.cross_entropy(trace, targets)
    return e.verdict(spec, params, trace, e.gradient_flow(spec, params, trace, loss, steps=window))


@pytest.mark.parametrize(
    ("weight", "steps", "kind", "sentence"),
    [
        (0.61, 20, "vanishing", "Vanishing: ×0.61 per step; ∂L₂₀/∂h₁ is 10⁻⁴ of ∂L₂₀/∂h₂₀."),
        (1.31, 20, "exploding", "Exploding: ×1.31 per step; ∂L₂₀/∂h₁ is 10² times ∂L₂₀/∂h₂₀."),
        (0.98, 20, "healthy", "Healthy: ×0.98 per step; ∂L₂₀/∂h₁ is about as large as ∂L₂₀/∂h₂₀."),
        (0.8, 8, "healthy", "Healthy: ×0.80 per step; ∂L₈/∂h₁ is 10⁻¹ of ∂L₈/∂h₈."),
        (0.97, 100, "healthy", "Healthy: ×0.97 per step; ∂L₁₀₀/∂h₁ is 10⁻¹ of ∂L₁₀₀/∂h₁₀₀."),
        (1.04, 100, "healthy", "Healthy: ×1.04 per step; ∂L₁₀₀/∂h₁ is 10² times ∂L₁₀₀/∂h₁₀₀."),
        (1e6, 10, "exploding", "Exploding: ×10⁶ per step; ∂L₁₀/∂h₁ is 10⁵⁴ times ∂L₁₀/∂h₁₀."),
        (1e-3, 6, "vanishing", "Vanishing: ×0.00 per step; ∂L₆/∂h₁ is 10⁻¹⁵ of ∂L₆/∂h₆."),
        (0.5, 6, "vanishing", "Vanishing: ×0.50 per step; ∂L₆/∂h₁ is 10⁻² of ∂L₆/∂h₆."),
        (0.5, 3, "too-short", "Too short to judge: the gradient crosses 2 steps and a verdict needs 5."),
        (0.5, 2, "too-short", "Too short to judge: the gradient crosses 1 step and a verdict needs 5."),
        (9.0, 1, "too-short", "Too short to judge: the gradient crosses 0 steps and a verdict needs 5."),
        (0.0, 9, "vanishing", "Vanishing: nothing of the gradient of L₉ reaches h₁."),
    ],
)
def test_the_kind_and_the_sentence(weight, steps, kind, sentence):
    verdict = judge(weight, steps)
    assert (verdict.kind, verdict.sentence) == (kind, sentence)


@given(weight=st.floats(1e-4, 1e4), steps=st.integers(1, 60))
def test_the_rule(weight, steps):
    verdict = judge(weight, steps)
    crossed = steps - 1
    decades = crossed * np.log10(weight)
    assert verdict.steps == crossed
    assert verdict.ratio == pytest.approx(weight ** float(crossed), rel=1e-9)
    assert isnan(verdict.factor) if crossed == 0 else verdict.factor == pytest.approx(weight)
    if crossed < 5:
        wanted = "too-short"
    elif weight < 0.95 and decades < -1:
        wanted = "vanishing"
    elif weight > 1.05 and decades > 1:
        wanted = "exploding"
    else:
        wanted = "healthy"
    near = abs(abs(decades) - 1) < 1e-6 or min(abs(weight - 0.95), abs(weight - 1.05)) < 1e-6
    assert near or verdict.kind == wanted


@given(weight=st.floats(0.05, 0.9), steps=st.integers(1, 60))
def test_unheard_are_the_steps_that_receive_less_than_a_thousandth(weight, steps):
    sizes = [weight ** (steps - 1 - k) for k in range(steps)]
    assert judge(weight, steps).unheard == tuple(k for k, size in enumerate(sizes) if size < 1e-3)


def judge_matrix(weight, steps, activation="identity", x=0.0):
    """The verdict on a plain network of a matrix; its readout is drawn at random."""
    spec, params = plain(weight, activation)
    spec = replace(spec, readout="linear")
    draw = np.random.default_rng(1)
    size = len(weight)
    params = params.replaced(
        {"weight_ih_l0": np.full((size, 1), x), "head.weight": draw.normal(size=(1, size))}
    )
    trace = e.forward(spec, params, np.ones((steps, 1, 1)))
    loss = e.mean_squared_error(trace, np.full((steps, 1, 1), 3.0))
    return e.verdict(spec, params, trace, e.gradient_flow(spec, params, trace, loss))


def rotation(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def chained(radius, link, size):
    """A matrix whose eigenvalues are all `radius`, each unit fed by the next one."""
    return radius * np.eye(size) + link * np.eye(size, k=1)


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.5, 3.1])
@pytest.mark.parametrize(
    ("radius", "steps", "kind"),
    [
        (0.5, 4, "too-short"),
        (0.5, 5, "too-short"),
        (0.5, 6, "vanishing"),
        (0.9, 20, "healthy"),
        (0.9, 40, "vanishing"),
        (0.96, 100, "healthy"),
        (1.0, 100, "healthy"),
        (1.04, 100, "healthy"),
        (1.1, 20, "healthy"),
        (1.1, 40, "exploding"),
        (2.0, 6, "exploding"),
        (2.0, 5, "too-short"),
    ],
)
def test_a_scaled_rotation_scales_the_gradient_at_every_step(angle, radius, steps, kind):
    verdict = judge_matrix(radius * rotation(angle), steps)
    assert verdict.kind == kind
    assert verdict.factor == pytest.approx(radius)
    assert verdict.ratio == pytest.approx(radius ** (steps - 1))


@pytest.mark.parametrize(
    ("radius", "link", "size", "steps", "kind"),
    [
        (0.6, 1.4, 8, 12, "exploding"),  # each eigenvalue shrinks, and yet the gradient grows
        (0.6, 1.4, 8, 200, "vanishing"),  # in the end eigenvalues have their way
        (0.6, 0.0, 8, 12, "vanishing"),
    ],
)
def test_a_matrix_that_is_far_from_normal_is_judged_by_what_it_does(radius, link, size, steps, kind):
    assert judge_matrix(chained(radius, link, size), steps).kind == kind


@pytest.mark.parametrize(("activation", "kind"), [("tanh", "vanishing"), ("relu", "exploding")])
def test_units_that_have_settled_let_no_gradient_through_whatever_the_radius(activation, kind):
    verdict = judge_matrix(2.4 * np.eye(3), 20, activation, x=1.0)
    assert verdict.kind == kind


def test_states_that_overflow_explode():
    verdict = judge_matrix(1e200 * np.eye(2), 20, x=1.0)
    assert (verdict.kind, verdict.sentence) == ("exploding", "Exploding: the gradient is not finite.")


def test_the_last_loss_counts_and_the_steps_after_it_do_not():
    assert judge(0.5, 20, heard=9) == judge(0.5, 10)


def test_in_a_window_steps_keep_their_numbers():
    verdict = judge(0.61, 100, window=(80, 100))
    assert verdict.sentence == "Vanishing: ×0.61 per step; ∂L₁₀₀/∂h₈₁ is 10⁻⁴ of ∂L₁₀₀/∂h₁₀₀."
    assert verdict.unheard == tuple(range(80, 86))


def test_a_window_without_its_loss_is_too_short():
    assert judge(0.5, 100, window=(0, 50)).sentence == "Too short to judge: no step has a loss."


def test_no_steps_are_too_short():
    spec, params = scalar(0.5)
    verdict = e.analyse(spec, params, [], []).verdict
    assert (verdict.kind, verdict.steps, verdict.unheard) == ("too-short", 0, ())


def test_a_readout_of_zeros_sends_no_gradient():
    verdict = judge(0.5, 8, **{"head.weight": np.zeros((2, 1))})
    assert (verdict.kind, verdict.unheard) == ("vanishing", tuple(range(8)))
    assert verdict.sentence == "Vanishing: L₈ sends no gradient to h₈."
    assert isnan(verdict.factor)


@pytest.mark.parametrize("steps", [2, 20])
def test_a_gradient_that_is_not_finite_explodes(steps):
    verdict = judge(nan, steps)
    assert (verdict.kind, verdict.sentence) == ("exploding", "Exploding: the gradient is not finite.")


@pytest.mark.parametrize("steps", [1, 4, 10])
def test_a_feedforward_layer_hears_no_earlier_step(steps):
    spec = e.NetworkSpec("feedforward", 2, 3, 2)
    verdict = e.analyse(spec, e.initialise(spec), [0] * steps, [1] * steps).verdict
    assert verdict.kind == ("vanishing" if steps > 5 else "too-short")
    assert verdict.unheard == tuple(range(steps - 1))


def test_it_is_the_flow_that_is_judged():
    drawn = case(3, batch=2)
    judged = e.verdict(drawn.spec, drawn.params, drawn.trace(), drawn.flow(1))
    sizes = drawn.flow(1).hidden[-1]
    assert judged.ratio == pytest.approx(sizes[0] / sizes[-1])


def test_a_flow_longer_than_the_trace_is_refused():
    spec, params = scalar(0.5)
    long, short = (e.forward(spec, params, np.zeros((steps, 1), int)) for steps in (3, 2))
    flow = e.gradient_flow(spec, params, long, e.cross_entropy(long, np.zeros((3, 1), int)))
    with pytest.raises(e.StepError, match=r"^The gradient flow reaches step 3, but the trace has 2 steps\.$"):
        e.verdict(spec, params, short, flow)
