"""What a cell may do, shown by one of two states that the engine has never seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import case

from rnnviz import engine as e
from rnnviz.engine.cells import Adjoint, Cell, Runner
from rnnviz.engine.projection import project


class Leaky(Cell):
    """c_t = ½ c_{t−1} + tanh(W_ih x_t + W_hh h_{t−1} + b) and h_t = tanh(c_t)."""

    title = "Leaky"
    gates = ("g",)
    states = ("h", "c")
    memory = "c"
    recurrent = True
    activations = ("tanh",)

    def runner(self, _activation, weights, x, initial):
        return LeakyRunner(weights, x, initial)

    def adjoint(self, _activation, weights, layer):
        return LeakyAdjoint(layer, weights.weight_hh)


class LeakyRunner(Runner):
    def __init__(self, weights, x, initial):
        steps, shape = len(x), initial["h"].shape
        self.weights, self.x, self.initial = weights, x, initial
        self.a, self.g = np.empty((2, steps, *shape))
        self.h, self.c = np.empty((2, steps + 1, *shape))
        self.layer = e.LayerTrace({"h": self.h, "c": self.c}, {"g": self.a}, {"g": self.g})

    def run(self):
        weights, a, g, h, c = self.weights, self.a, self.g, self.h, self.c
        project(self.x, weights.weight_ih, weights.bias_ih + weights.bias_hh, a)
        h[0], c[0] = self.initial["h"], self.initial["c"]
        for t in range(len(a)):
            a[t] += h[t] @ weights.weight_hh.T
            g[t] = np.tanh(a[t])
            c[t + 1] = c[t] / 2 + g[t]
            h[t + 1] = np.tanh(c[t + 1])


class LeakyAdjoint(Adjoint):
    def __init__(self, layer, weight_hh):
        self.h, self.g, self.weight_hh, self.width = layer.h, layer.gates["g"], weight_hh, len(weight_hh)

    def pull(self, step, gradient, delta, below):
        h, c = np.split(gradient, 2, axis=1)
        c += h * (1 - self.h[step] ** 2)
        delta[:] = c * (1 - self.g[step] ** 2)
        below[:] = np.concatenate([delta @ self.weight_hh, c / 2], axis=1)

    def input_side(self, delta):
        return delta

    def recurrent_side(self, delta):
        return delta


@pytest.fixture(autouse=True)
def leaky(monkeypatch):
    monkeypatch.setitem(e.CELLS, "leaky", Leaky())


seeds = st.integers(0, 100_000)


def pushed(drawn, name, push):
    """What the first sequence's losses become when an initial state is pushed."""
    states = {state: np.zeros_like(drawn.initial) for state in ("h", "c")}
    states[name] = states[name] + push
    trace = e.forward(drawn.spec, drawn.params, drawn.x, states)
    return e.cross_entropy(trace, drawn.targets), trace


@settings(max_examples=20)
@given(seed=seeds)
def test_a_new_cell_is_one_new_class(seed):
    """Gradients by both states are difference quotients, and the flow adds up to them."""
    drawn = case(seed, cell="leaky", batch=1)
    loss, trace = pushed(drawn, "h", 0.0)
    gradients = e.backward(drawn.spec, drawn.params, trace, loss)
    flow = e.gradient_flow(drawn.spec, drawn.params, trace, loss)
    push = np.random.default_rng(seed).normal(size=drawn.initial.shape)
    for name in ("h", "c"):
        ahead, behind = (pushed(drawn, name, sign * 1e-6 * push)[0].total for sign in (1, -1))
        wanted = (gradients.initial_state[name] * push).sum()
        assert (ahead - behind) / 2e-6 == pytest.approx(wanted, rel=1e-5, abs=1e-6)
    for name, gradient in gradients.parameters.items():
        steps = range(trace.steps)
        assert sum(flow.term(name, t, k) for t in steps for k in steps) == pytest.approx(gradient)
    assert flow.norms["c"][-1, -1] == pytest.approx(
        np.linalg.norm(flow.vectors(trace.steps - 1, trace.steps - 1) * (1 - trace.output[-1, 0] ** 2))
    )


@settings(max_examples=20)
@given(seed=seeds)
def test_a_jacobian_takes_the_states_as_independent(seed):
    drawn = case(seed, cell="leaky", batch=1)
    size = drawn.spec.hidden_size
    _, trace = pushed(drawn, "h", 0.0)
    jacobian = e.jacobian(drawn.spec, drawn.params, trace, trace.steps - 1, -1)
    assert jacobian.shape == (2 * size, 2 * size)
    push = np.random.default_rng(seed).normal(size=drawn.initial.shape)
    for number, name in enumerate(("h", "c")):
        ahead, behind = (pushed(drawn, name, sign * 1e-6 * push)[1].final_state for sign in (1, -1))
        slope = np.concatenate([(ahead[state] - behind[state])[0, 0] / 2e-6 for state in ("h", "c")])
        columns = jacobian[:, number * size : (number + 1) * size]
        assert columns @ push[0, 0] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_the_verdict_looks_at_the_cells_memory():
    spec = e.NetworkSpec("leaky", 2, 3, 2)
    verdict = e.analyse(spec, e.initialise(spec), [0, 1] * 10, [1, 0] * 10).verdict
    assert "∂L₂₀/∂c₁" in verdict.sentence


def test_each_cell_has_what_menus_show():
    assert list(e.CELLS)[:2] == ["feedforward", "rnn"]
    assert len({cell.title for cell in e.CELLS.values()}) == len(e.CELLS)
    assert {cell.activations[0] for cell in e.CELLS.values()} == {"tanh"}
