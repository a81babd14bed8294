"""What a cell may do, shown by one of two states that the engine has never seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, case

from rnnviz import engine as e
from rnnviz.engine.cells import Adjoint, Block, Cell, Course, Runner, _protocol

ALL = slice(None)


class Leaky(Cell):
    """c_t = ½ c_{t−1} + tanh(W_ih x_t + W_hh h_{t−1} + b) and h_t = tanh(c_t)."""

    title = "Leaky"
    gates = ("g",)
    states = ("h", "c")
    memory = "c"
    recurrent = True
    activations = ("tanh",)

    def runner(self, _spec, weights, source):
        return LeakyRunner(weights, source)

    def adjoint(self, _spec, weights, course, *, flat=False):
        return LeakyAdjoint(weights, course, flat)


class LeakyRunner(Runner):
    def __init__(self, weights, source):
        self.weights, self.source = weights, source
        self.a, self.g = source.empty(), source.empty()
        h, c = source.empty(more=1), source.empty(more=1)
        self.course = Course({"h": h, "c": c}, {"g": self.a}, {"g": self.g})

    def run(self):
        weights, source, a, g = self.weights, self.source, self.a, self.g
        h, c = self.course.states.values()
        source.inputs.begin(weights.weight_ih, weights.bias_ih + weights.bias_hh)
        source.inputs.project(0, source.steps, a)
        h[0], c[0] = source.initial["h"], source.initial["c"]
        for t in range(source.steps):
            a[t] += weights.weight_hh @ h[t]
            g[t] = np.tanh(a[t])
            c[t + 1] = c[t] / 2 + g[t]
            h[t + 1] = np.tanh(c[t + 1])


class LeakyAdjoint(Adjoint):
    def __init__(self, weights, course, flat):
        self.weight_hh, self.course = weights.weight_hh, course
        self.width, self.chunk, self.flat = len(weights.weight_hh), max(1, course.steps), flat

    def begin(self):
        pass

    def linearise(self, _start, _stop):
        slopes = 1 - self.course.gates["g"] ** 2, 1 - self.course.states["h"][1:] ** 2
        self.slopes_g, self.slopes_h = (slope[..., 0] if self.flat else slope for slope in slopes)

    def cut(self, gradient, delta, below):
        return *np.split(gradient, 2), delta, *np.split(below, 2)

    def pull(self, step, parts):
        by_h, by_c, delta, below_h, below_c = parts
        by_c += by_h * self.slopes_h[step]
        delta[:] = by_c * self.slopes_g[step]
        below_h[:] = self.weight_hh.T @ delta
        below_c[:] = by_c / 2

    def input_blocks(self):
        return ((ALL, ALL),)

    def recurrent_blocks(self):
        return (Block(ALL, ALL, self.course.states["h"][:-1]),)

    def named(self, delta):
        return {"g": delta}


@pytest.fixture
def leaky(monkeypatch):
    monkeypatch.setitem(e.CELLS, "leaky", Leaky())


seeds = st.integers(0, 100_000)


def total(drawn, name, push):
    return drawn.loss(initial=drawn.initial | {name: drawn.initial[name] + push}).total


@pytest.mark.usefixtures("leaky")
@settings(max_examples=20)
@given(seed=seeds, bidirectional=st.booleans(), layers=st.integers(1, 2), ragged=st.booleans())
def test_a_new_cell_is_one_new_class(seed, bidirectional, layers, ragged):
    """Gradients by both states are difference quotients, and the flow adds up to them; it learns, too."""
    shape = {"bidirectional": bidirectional, "num_layers": layers, "ragged": ragged}
    drawn = case(seed, cell="leaky", gain=0.8, batch=1, **shape)
    gradients, flow = drawn.gradients(), drawn.flow(layer=0)
    for name, state in drawn.initial.items():
        push = np.random.default_rng(seed).normal(size=state.shape)
        slope = (total(drawn, name, 1e-5 * push) - total(drawn, name, -1e-5 * push)) / 2e-5
        assert slope == pytest.approx((gradients.initial_state[name] * push).sum(), rel=1e-5, abs=1e-8)
    steps = range(len(drawn.x))
    for name, gradient in gradients.parameters.items():
        terms = sum(flow.term(name, t, k) for t in steps for k in steps)
        assert terms == pytest.approx(gradient, rel=1e-8, abs=1e-11)
    by_c = sum(flow.vectors(t, 0, "c") for t in steps)
    assert drawn.lengths[0] == 0 or by_c == pytest.approx(
        gradients.layers[0].c[0, 0, : drawn.spec.hidden_size], rel=1e-8, abs=1e-11
    )
    trainer = e.Trainer(drawn.spec, drawn.params, e.SGD(0.1))
    assert trainer.step(drawn.batch).loss == pytest.approx(drawn.loss().total)


@pytest.mark.usefixtures("leaky")
@settings(max_examples=20)
@given(seed=seeds)
def test_a_jacobian_takes_the_states_as_independent(seed):
    drawn = case(seed, cell="leaky", batch=1)
    jacobian = e.jacobian(drawn.spec, drawn.params, drawn.trace(), len(drawn.x) - 1, -1)
    pushes = {name: np.random.default_rng(seed).normal(size=s.shape) for name, s in drawn.initial.items()}
    ahead, behind = (
        drawn.trace(initial={name: s + sign * 1e-5 * pushes[name] for name, s in drawn.initial.items()})
        for sign in (1, -1)
    )
    slopes = [(ahead.final_state[name] - behind.final_state[name])[0, 0] / 2e-5 for name in ("h", "c")]
    push = np.concatenate([pushes[name][0, 0] for name in ("h", "c")])
    assert jacobian @ push == pytest.approx(np.concatenate(slopes), rel=1e-5, abs=1e-8)


@pytest.mark.usefixtures("leaky")
def test_the_verdict_looks_at_the_cells_memory():
    spec = e.NetworkSpec("leaky", 2, 3, 2)
    verdict = e.analyse(spec, e.initialise(spec), [0, 1] * 10, [1, 0] * 10).verdict
    assert "∂L₂₀/∂c₁" in verdict.sentence


@pytest.mark.parametrize("columns", [1, 5])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10)
@given(seed=seeds)
def test_steps_that_are_worked_on_piece_by_piece_give_the_same(kind, columns, seed):
    """Long sequences are; here so are short ones."""
    drawn = any_case(seed, kind, held=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_protocol, "COLUMNS", columns)
        found = numbers_of(drawn)
    for array, wanted in zip(found, numbers_of(drawn), strict=True):
        assert np.allclose(array, wanted, rtol=1e-10, atol=1e-12)


def numbers_of(drawn):
    """A sample of all that is computed: forwards, backwards, of the flow, of a Jacobian and in training."""
    trace, gradients, flow = drawn.trace(), drawn.gradients(), drawn.flow(layer=0)
    yield from (trace.logits, *trace.final_state.values(), *trace.layers[0].preactivations.values())
    yield from (gradients.parameters.flat, gradients.inputs, gradients.layers[0].h)
    yield from (*flow.norms.values(), *(flow.terms(name) for name in drawn.params))
    if length := drawn.lengths[0]:
        yield e.jacobian(drawn.spec, drawn.params, trace, length - 1, -1)
    for snapshot in e.train(drawn.spec, drawn.params, [drawn.batch] * 2, optimizer=e.SGD(0.1)):
        yield snapshot.parameters.flat


def test_long_sequences_give_what_their_steps_give_one_by_one():
    """A thousand steps at once, and each alone from the state that the one before left."""
    for kind in KINDS:
        drawn = any_case(1, kind, num_layers=2, bidirectional=False, tokens=True, ragged=False)
        x = np.random.default_rng(0).integers(0, drawn.spec.input_size, (1000, 2))
        whole = e.forward(drawn.spec, drawn.params, x)
        state = None
        for t in range(0, 1000, 125):
            part = e.forward(drawn.spec, drawn.params, x[t : t + 125], state)
            assert np.allclose(part.logits, whole.logits[t : t + 125], rtol=1e-9, atol=1e-11)
            state = part.final_state


def test_each_cell_has_what_menus_show():
    assert list(e.CELLS) == ["feedforward", "gru", "lstm", "rnn"]
    assert len({cell.title for cell in e.CELLS.values()}) == len(e.CELLS)
    assert {cell.activations[0] for cell in e.CELLS.values()} == {"tanh"}
