"""Answers that can be worked out by hand, and theorems."""

from __future__ import annotations

import networks
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import case, known, scalar

from rnnviz import engine as e

STEEPEST = {"tanh": 1.0, "relu": 1.0, "sigmoid": 0.25, "identity": 1.0}


@pytest.fixture
def dogs():
    """The worked example: its answers and its analysis."""
    spec, params, tokens = networks.dogs()
    return known("dogs"), e.analyse(spec, params, tokens[:-1], tokens[1:])


def printed(values):
    return [f"{value:.2f}" for value in values]


def test_dogs_runs_forward_as_worked_out(dogs):
    answers, analysis = dogs
    layer, probabilities = analysis.trace.layers[0], analysis.trace.probabilities[:, 0]
    assert layer.preactivations["h"][0, 0] == pytest.approx(answers["a_1"], abs=1e-12)
    assert layer.h[:, 0] == pytest.approx(np.array(answers["h"]), abs=1e-6)
    assert probabilities[0] == pytest.approx(answers["y_1"], abs=1e-6)
    assert probabilities[2] == pytest.approx(answers["y_3"], abs=1e-6)
    assert printed(layer.h[0, 0]) == answers["h_1_printed"]
    assert printed(probabilities[0]) == answers["y_1_printed"]


def test_dogs_loses_what_the_probabilities_of_o_g_s_say(dogs):
    answers, analysis = dogs
    assert analysis.loss.step[0, 0] == pytest.approx(-np.log(answers["y_1"][1]), abs=1e-5)
    assert analysis.loss.step[2, 0] == pytest.approx(-np.log(answers["y_3"][3]), abs=1e-5)
    assert analysis.verdict.kind == "too-short"


def test_the_spectrum_of_dogs():
    answers = known("dogs")
    spectrum = e.spectrum(answers["W_H"])
    assert spectrum.spectral_radius == pytest.approx(answers["spectral_radius"], abs=1e-6)
    assert spectrum.norm == pytest.approx(answers["norm"], abs=1e-6)


@pytest.mark.parametrize("chain", known("scalar_chain"))
def test_a_scalar_linear_chain_multiplies_by_its_weight_each_step(chain):
    spec, params = scalar(chain["weight"])
    steps = chain["steps"]
    trace = e.forward(spec, params, np.zeros((steps, 1, 1)))
    derivative = e.jacobian(spec, params, trace, steps - 1, -1)
    assert derivative.item() == pytest.approx(chain["derivative"], rel=1e-6)


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_scalar_bptt_by_hand(activation):
    """L = ½h₂², whose derivative by a logit that copies h₂ is h₂."""
    example = known("scalar_bptt")
    wanted = example[activation]
    spec = e.NetworkSpec("rnn", 1, 1, 1, activation, bias=False)
    weights = {"weight_ih_l0": "input_weight", "weight_hh_l0": "recurrent_weight"}
    given_weights = {name: [[example[key]]] for name, key in weights.items()}
    params = e.parameters(spec, {**given_weights, "head.weight": [[1.0]]})
    x = np.reshape(example["inputs"], (2, 1, 1))
    trace = e.forward(spec, params, x, {"h": np.full((1, 1, 1), example["initial_state"])})
    h = trace.output[:, 0, 0]
    loss = e.Loss(
        step=np.array([[0.0], [h[1] ** 2 / 2]]),
        total=h[1] ** 2 / 2,
        targets=np.array([[-1], [0]]),
        logit_gradients=np.array([0.0, h[1]]).reshape(2, 1, 1),
    )
    flow = e.gradient_flow(spec, params, trace, loss)

    assert h == pytest.approx(wanted["h"], abs=1e-7)
    gradient = e.backward(spec, params, trace, loss).parameters["weight_hh_l0"].item()
    assert gradient == pytest.approx(wanted["gradient"], abs=1e-7)
    terms = [flow.term("weight_hh_l0", 1, k).item() for k in range(2)]
    assert terms == pytest.approx(wanted["terms"], abs=1e-7)
    assert e.jacobian(spec, params, trace, 1, -1).item() == pytest.approx(wanted["jacobian"], abs=1e-7)


@pytest.mark.parametrize("settled", known("autonomous_tanh")["settled"])
def test_an_autonomous_tanh_unit_settles_where_its_gradient_vanishes(settled):
    spec, params = scalar(settled["weight"], "tanh")
    start = {"h": np.full((1, 1, 1), known("autonomous_tanh")["initial_state"])}
    trace = e.forward(spec, params, np.zeros((300, 1, 1)), start)
    assert trace.output[-1].item() == pytest.approx(settled["state"], abs=1e-6)
    multiplier = e.jacobian(spec, params, trace, 299, 298).item()
    assert multiplier == pytest.approx(settled["multiplier"], abs=1e-6)
    loss = e.cross_entropy(trace, np.zeros((300, 1), int))
    assert e.verdict(spec, params, trace, e.gradient_flow(spec, params, trace, loss)).kind == "vanishing"


def scalar_lstm(**weights):
    """One unit of which all numbers are zero but those given, and which says h."""
    spec = e.NetworkSpec("lstm", 1, 1, 1, readout="linear")
    zero = {name: np.zeros(shape) for name, shape in e.parameter_shapes(spec).items()}
    given_weights = {name: np.reshape(values, zero[name].shape) for name, values in weights.items()}
    return spec, e.parameters(spec, zero | given_weights | {"head.weight": [[1.0]]})


@pytest.mark.parametrize("step", known("scalar_lstm")["steps"], ids=lambda step: step["forget_bias"])
def test_a_step_of_a_scalar_lstm_by_hand(step):
    answers = known("scalar_lstm")
    spec, params = scalar_lstm(
        weight_ih_l0=[answers["input_weight"]] * 4,
        weight_hh_l0=[answers["recurrent_weight"]] * 4,
        bias_ih_l0=[0.0, step["forget_bias"], 0.0, 0.0],
    )
    initial = {name: np.full((1, 1, 1), answers[name]) for name in "hc"}
    layer = e.forward(spec, params, np.full((1, 1, 1), answers["input"]), initial).layers[0]
    found = {name: array.item() for name, array in (layer.gates | layer.states).items()}
    for name in step.keys() & found.keys():
        assert found[name] == pytest.approx(step[name], abs=1e-6), name


@pytest.mark.parametrize("path", known("cell_path"), ids=lambda path: path["forget_bias"])
def test_the_path_through_the_cell_multiplies_by_the_forget_gate(path):
    """With gates that do not move. In the flow, each step back takes the gradient by c times f."""
    spec, params = scalar_lstm(bias_ih_l0=[0.0, path["forget_bias"], 0.0, 0.0])
    trace = e.forward(spec, params, np.zeros((20, 1, 1)), {"c": np.full((1, 1, 1), 0.7)})
    f = trace.layers[0].gates["f"][0].item()
    assert f == pytest.approx(path["f"], abs=1e-6)
    by_c = e.jacobian(spec, params, trace, 19, -1)[1, 1]
    assert by_c == pytest.approx(f**20, rel=1e-9)
    assert by_c == pytest.approx(path["after_20"], rel=3e-3)
    assert np.log(0.5) / np.log(f) == pytest.approx(path["half_life"], abs=5e-3)
    targets = np.full((20, 1, 1), np.nan)
    targets[-1] = 1.0
    cell = e.gradient_flow(spec, params, trace, e.mean_squared_error(trace, targets)).cell[-1]
    assert cell[:-1] / cell[1:] == pytest.approx(np.full(19, f))


def linear(matrix):
    """A linear network of which only the recurrence matters, and its trace over 20 steps."""
    size = len(matrix)
    spec = e.NetworkSpec("rnn", 1, size, 2, "identity", bias=False)
    weights = {"weight_ih_l0": np.zeros((size, 1)), "weight_hh_l0": matrix, "head.weight": np.ones((2, size))}
    params = e.parameters(spec, weights)
    return spec, params, e.forward(spec, params, np.zeros((20, 1), int))


def test_a_non_normal_matrix_grows_before_it_decays():
    example = known("non_normal")
    size = example["size"]
    matrix = example["diagonal"] * np.eye(size) + example["above"] * np.eye(size, k=1)
    spectrum = e.spectrum(matrix)
    assert spectrum.spectral_radius == pytest.approx(example["spectral_radius"], abs=1e-9)
    assert spectrum.norm == pytest.approx(example["norm"], abs=1e-6)
    spec, params, trace = linear(matrix)
    norms = [e.spectrum(e.jacobian(spec, params, trace, t, -1)).norm for t in range(20)]
    assert max(norms) == pytest.approx(example["largest_power_norm"], abs=1e-6)
    assert np.argmax(norms) + 1 == example["at"]


@given(st.floats(0.5, 1.5), st.floats(-3, 3), st.integers(0, 19))
def test_a_scaled_rotation_scales_gradients_by_its_radius_each_step(radius, angle, step):
    rotation = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    spec, params, trace = linear(radius * np.array(rotation))
    singular = e.spectrum(e.jacobian(spec, params, trace, step, -1)).singular_values
    assert singular == pytest.approx(np.full(2, radius ** (step + 1)), rel=1e-9)


@given(st.integers(1, 6), st.integers(0, 10_000), st.integers(0, 19))
def test_an_orthogonal_recurrence_keeps_the_length_of_gradients(size, seed, step):
    matrix, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    spec, params, trace = linear(matrix)
    singular = e.spectrum(e.jacobian(spec, params, trace, step, -1)).singular_values
    assert singular == pytest.approx(np.ones(size), rel=1e-9)


@pytest.mark.parametrize("activation", e.CELLS["rnn"].activations)
@given(seed=st.integers(0, 10_000), contraction=st.floats(0.05, 1.0))
def test_a_recurrence_below_one_over_the_steepest_slope_makes_gradients_vanish(activation, seed, contraction):
    """Sufficient by Pascanu, Mikolov & Bengio (2013): ‖∂h_t/∂h_k‖ ≤ (γ σ₁)^(t−k)."""
    drawn = case(seed, activation=activation, batch=1)
    matrix = drawn.params["weight_hh_l0"]
    scale = contraction / STEEPEST[activation] / e.spectrum(matrix).norm
    params = drawn.params.replaced({"weight_hh_l0": matrix * scale})
    trace = drawn.trace(params=params)
    for t in range(trace.steps):
        norm = e.spectrum(e.jacobian(drawn.spec, params, trace, t, -1)).norm
        assert norm <= contraction ** (t + 1) * (1 + 1e-9)
