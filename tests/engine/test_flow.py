from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, case, scalar

from rnnviz import engine as e

seeds = st.integers(0, 100_000)
kinds = pytest.mark.parametrize("kind", KINDS)


def every_flow(drawn, sequence, **options):
    """The flows to every layer and direction, each with its place."""
    trace = drawn.trace()
    loss = drawn.loss_of(trace)
    for layer, direction in drawn.places:
        yield (
            layer,
            direction,
            e.gradient_flow(drawn.spec, drawn.params, trace, loss, sequence, layer, direction, **options),
        )


def close(found, wanted):
    return np.allclose(found, wanted, rtol=1e-9, atol=1e-12)


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_what_all_losses_say_to_a_state_is_what_backward_says(kind, seed):
    """For every layer, direction, state and step, and for the state before the first step."""
    drawn = any_case(seed, kind, held=2)
    gradients, (steps, batch), size = drawn.gradients(), drawn.x.shape[:2], drawn.spec.hidden_size
    for sequence, length in enumerate(drawn.lengths):
        for layer, direction, flow in every_flow(drawn, sequence):
            assert (flow.start, flow.stop, flow.layer, flow.direction) == (0, steps, layer, direction)
            units = slice(direction * size, (direction + 1) * size)
            place = layer * drawn.spec.directions + direction
            before = length if direction else -1
            for name in e.CELLS[drawn.spec.cell].states:
                by_state = gradients.layers[layer].states[name][:, sequence, units]
                by_initial = gradients.initial_state[name][place, sequence]
                for k, wanted in [*enumerate(by_state[:length]), (before, by_initial)]:
                    total = sum(flow.vectors(t, k, name) for t in range(steps))
                    assert close(total, wanted * batch), (name, k)


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_the_terms_of_a_parameter_add_up_to_its_gradient(kind, seed):
    """For every parameter; those of one loss to the gradient of that loss."""
    drawn = any_case(seed, kind, held=2, batch=1)
    trace, steps = drawn.trace(), range(len(drawn.x))
    (*_, flow) = (flow for *_, flow in every_flow(drawn, 0))
    gradients = drawn.gradients().parameters
    only = int(np.random.default_rng(seed).integers(len(drawn.x)))
    loss = drawn.loss_of(trace)
    others = np.arange(len(drawn.x)) != only
    by_logits = loss.logit_gradients.copy()
    by_logits[others] = 0
    of_one_loss = e.backward(
        drawn.spec, drawn.params, trace, replace(loss, logit_gradients=by_logits)
    ).parameters
    for name, gradient in gradients.items():
        terms = np.array([[flow.term(name, t, k) for k in steps] for t in steps])
        assert close(terms.sum(axis=(0, 1)), gradient), name
        assert close(terms[only].sum(axis=0), of_one_loss[name]), name
        assert close(flow.terms(name), np.sqrt((terms**2).sum(axis=tuple(range(2, terms.ndim))))), name


@kinds
@settings(max_examples=10)
@given(seed=seeds, data=st.data())
def test_an_entry_of_a_parameter_is_made_of_its_entries_of_the_terms(kind, seed, data):
    """In a window too; factor by factor, what is read being what the entry multiplies."""
    drawn = any_case(seed, kind, held=2)
    steps = len(drawn.x)
    stop = data.draw(st.integers(0, steps))
    start = data.draw(st.integers(0, stop))
    flow = drawn.flow(len(drawn.lengths) - 1, steps=(start, stop))
    window = range(start, stop)
    for name, shape in e.parameter_shapes(drawn.spec).items():
        place = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
        found = flow.entry(name, *place)
        assert (found.sent.shape, found.read.shape) == ((stop - start,) * 2, (stop - start,))
        wanted = [[flow.term(name, t, k)[place] for k in window] for t in window]
        assert close(found.products, np.reshape(wanted, found.sent.shape)), name
        if "bias" in name:
            assert close(found.products, found.sent)


def test_an_entry_that_is_not_there_is_refused():
    flow = case(0).flow()
    with pytest.raises(e.ShapeError, match=r"weight_hh_l0 has no entry \[0, 99\]"):
        flow.entry("weight_hh_l0", 0, 99)
    with pytest.raises(e.ShapeError, match="is no parameter"):
        flow.entry("weight_hh_l7", 0, 0)


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_a_map_holds_norms_and_zeros_where_no_gradient_gets(kind, seed):
    drawn = any_case(seed, kind, held=1)
    steps, sequence = len(drawn.x), len(drawn.lengths) - 1
    past = np.arange(steps) >= drawn.lengths[sequence]
    for layer, direction, flow in every_flow(drawn, sequence):
        outside = drawn.lengths[sequence] if direction else -1
        for name, norms in flow.norms.items():
            vectors = np.array([[flow.vectors(t, k, name) for k in range(steps)] for t in range(steps)])
            assert vectors.shape == (steps, steps, drawn.spec.hidden_size)
            vectors[:, np.arange(steps) == outside] = 0  # a shorter sequence's initial state
            assert close(norms, np.linalg.norm(vectors, axis=2))
            assert not norms[past].any()
            assert not norms[:, past].any()
            assert not norms[~flow.heard].any()
            if not drawn.spec.bidirectional:
                assert not norms[np.triu_indices(steps, 1)].any()
            elif layer == drawn.spec.num_layers - 1:
                unreachable = np.tril_indices(steps, -1) if direction else np.triu_indices(steps, 1)
                assert not norms[unreachable].any()
        assert close(flow.initial, [np.linalg.norm(flow.vectors(t, outside)) for t in range(steps)])
        assert flow.hidden is flow.norms["h"]


def test_in_two_directions_a_loss_reaches_the_lower_layer_everywhere():
    drawn = any_case(0, "gru-tanh-after", num_layers=2, bidirectional=True, ragged=False, silent=False)
    assert len(drawn.x) > 2
    for layer, _, flow in every_flow(drawn, 0):
        assert flow.hidden.all() == (layer == 0)


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_a_gradient_goes_back_through_the_jacobian(kind, seed):
    """∂L_t/∂h_k = ∂L_t/∂h_t · ∂h_t/∂h_k in the top layer, with c on its own and, for the map, by way of h."""
    drawn = any_case(seed, kind)
    trace, sequence, size = drawn.trace(), 0, drawn.spec.hidden_size
    names, top = e.CELLS[drawn.spec.cell].states, drawn.spec.num_layers - 1
    steps = range(drawn.lengths[sequence])
    for layer, direction, flow in every_flow(drawn, sequence):
        if layer < top:
            continue
        way = trace.layers[layer].directions[direction]
        for t, k in product(steps, steps):
            jacobian = e.jacobian(drawn.spec, drawn.params, trace, t, k, layer, direction, sequence)
            by_h, *by_c = np.split(flow.vectors(t, t) @ jacobian[:size], len(names))
            assert close(flow.vectors(t, k), by_h)
            if by_c:
                onto = way.gates["o"][k, sequence] * (1 - np.tanh(way.c[k, sequence]) ** 2)
                assert close(flow.vectors(t, k, "c"), by_c[0] + by_h * onto)


@kinds
@settings(max_examples=10)
@given(seed=seeds, data=st.data())
def test_a_window_is_a_part_of_the_whole(kind, seed, data):
    """In one direction, and in one layer of two. From the state before it, a window begins."""
    both = seed % 2 == 1 and e.CELLS[KINDS[kind]["cell"]].recurrent
    chosen = {"bidirectional": True, "num_layers": 1} if both else {"bidirectional": False}
    drawn = any_case(seed, kind, held=1, **chosen)
    steps, length = len(drawn.x), drawn.lengths[0]
    stop = data.draw(st.integers(0, steps))
    start = data.draw(st.integers(0, stop))
    cut = slice(start, stop)
    parts = every_flow(drawn, 0, steps=(start, stop))
    for (layer, direction, whole), (*_, part) in zip(every_flow(drawn, 0), parts, strict=True):
        assert (part.start, part.stop) == (start, stop)
        for name, norms in part.norms.items():
            assert close(norms, whole.norms[name][cut, cut])
        for name in drawn.params:
            assert close(part.terms(name), whole.terms(name)[cut, cut]), name
        outside = min(stop, length) if direction else start - 1
        for t in range(start, min(stop, length)):
            assert close(part.initial[t - start], np.linalg.norm(part.vectors(t, outside)))
            if layer == drawn.spec.num_layers - 1 or start == 0:
                assert close(part.vectors(t, outside), whole.vectors(t, outside))
            for k in range(start, stop):
                for name in part.norms:
                    assert close(part.vectors(t, k, name), whole.vectors(t, k, name))
                for name in drawn.params:
                    assert close(part.term(name, t, k), whole.term(name, t, k)), name


@kinds
@settings(max_examples=10)
@given(seed=seeds)
def test_the_flow_of_a_float32_network_is_float64(kind, seed):
    drawn, same = (any_case(seed, kind, held=1, dtype=dtype) for dtype in ("float32", "float64"))
    for (_, _, flow), (_, _, wanted) in zip(every_flow(drawn, 0), every_flow(same, 0), strict=True):
        for found, exact in ((flow.norms, wanted.norms), ({"": flow.initial}, {"": wanted.initial})):
            for name, norms in found.items():
                assert norms.dtype == np.float64
                assert np.allclose(norms, exact[name], rtol=1e-3, atol=1e-4 * exact[name].max(initial=1e-2))


@pytest.mark.parametrize("weight", [1e-6, 1e6, 0.5, 2.0])
@settings(max_examples=10)
@given(steps=st.integers(1, 50))
def test_norms_hold_where_their_squares_leave_the_range_of_floats(weight, steps):
    spec, params = scalar(weight)
    trace = e.forward(spec, params, np.zeros((steps, 1), int))
    loss = e.cross_entropy(trace, np.zeros((steps, 1), int))
    flow = e.gradient_flow(spec, params, trace, loss)
    wanted = np.array([weight ** float(steps - 1 - k) for k in range(steps)])
    assert flow.hidden[-1] == pytest.approx(wanted, rel=1e-9, abs=0)


def test_a_loss_before_a_breakdown_keeps_its_gradients():
    """An overflow at step 4 makes later gradients NaN; losses before it know nothing of it."""
    spec, params = scalar(1e150, "relu", input_weight=1.0)
    x = np.array([0.0, 0.0, 1.0, 0.0, 0.0, 0.0])[:, None, None]
    trace = e.forward(spec, params, x)
    flow = e.gradient_flow(spec, params, trace, e.cross_entropy(trace, np.zeros((6, 1), int)))
    assert np.isfinite(flow.hidden[:3]).all()
    assert not np.isfinite(flow.hidden[5]).all()
    assert not flow.hidden[np.triu_indices(6, 1)].any()


@pytest.mark.parametrize(("t", "k"), [(0, 0), (3, 1), (1, -1), (1, 3)])
def test_a_pair_outside_the_window_is_refused(t, k):
    spec, params = scalar(0.5)
    trace = e.forward(spec, params, np.zeros((4, 1), int))
    loss = e.cross_entropy(trace, np.zeros((4, 1), int))
    flow = e.gradient_flow(spec, params, trace, loss, steps=(1, 3))
    with pytest.raises(e.StepError, match=r"^The gradient flow covers the steps 1 … 2, not"):
        flow.vectors(t, k)
    with pytest.raises(e.StepError):
        flow.term("head.weight", t, k)


@pytest.mark.parametrize(
    "arguments",
    [
        {"steps": (0, 5)},
        {"steps": (3, 2)},
        {"sequence": 1},
        {"sequence": -1},
        {"layer": 1},
        {"layer": -2},
        {"direction": 1},
        {"direction": -1},
    ],
)
def test_what_lies_outside_of_the_trace_is_refused(arguments):
    spec, params = scalar(0.5)
    trace = e.forward(spec, params, np.zeros((4, 1), int))
    loss = e.cross_entropy(trace, np.zeros((4, 1), int))
    with pytest.raises(e.StepError, match=r"must (be a range within 0 … 4|lie in 0 … 0), not"):
        e.gradient_flow(spec, params, trace, loss, **arguments)


def test_an_unknown_parameter_has_no_terms():
    drawn = case(0, cell="feedforward")
    with pytest.raises(e.ShapeError, match=r"^weight_hh_l0 is no parameter of this network"):
        drawn.flow().terms("weight_hh_l0")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("num_layers", "bidirectional"), [(1, False), (2, False), (2, True)])
@given(seed=st.integers(0, 1000))
def test_sums_of_terms_are_the_sums_of_the_matrices(kind, num_layers, bidirectional, seed):
    if bidirectional and not e.CELLS[KINDS[kind]["cell"]].recurrent:
        return
    spec = e.NetworkSpec(
        **KINDS[kind], input_size=3, hidden_size=2, output_size=3,
        num_layers=num_layers, bidirectional=bidirectional,
    )  # fmt: skip
    draw, params = np.random.default_rng(seed), e.initialise(spec, seed=seed)
    trace = e.forward(spec, params, draw.integers(0, 3, (5, 1)))
    targets = draw.integers(0, 3, (5, 1))
    targets[1] = -1
    flow = e.gradient_flow(spec, params, trace, e.cross_entropy(trace, targets))
    steps = range(5)
    for name in params:
        of_losses, of_steps = flow.term_sums(name)
        terms = np.array([[flow.term(name, t, k).ravel() for k in steps] for t in steps])
        np.testing.assert_allclose(of_losses, np.linalg.norm(terms.sum(1), axis=1), atol=1e-14)
        np.testing.assert_allclose(of_steps, np.linalg.norm(terms.sum(0), axis=1), atol=1e-14)
    for name, sums in flow.sums.items():
        vectors = np.array([[flow.vectors(t, k, name) for k in steps] for t in steps])
        np.testing.assert_allclose(sums, np.linalg.norm(vectors.sum(0), axis=1), atol=1e-14)
        before = [np.linalg.norm(flow.vectors(t, -1, name)) for t in steps]
        np.testing.assert_allclose(flow.initials[name], before, atol=1e-14)
