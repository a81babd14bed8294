from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import CELLS_AND_ACTIVATIONS, case, scalar

from rnnviz import engine as e

seeds = st.integers(0, 100_000)
cells = pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)


@cells
@given(seed=seeds, bias=st.booleans(), tokens=st.booleans())
def test_what_all_losses_say_is_what_backward_says(cell, activation, seed, bias, tokens):
    drawn = case(seed, cell=cell, activation=activation, bias=bias, tokens=tokens, ragged=True, silent=True)
    gradients, batch = drawn.gradients(), drawn.targets.shape[1]
    for sequence in range(batch):
        flow = drawn.flow(sequence)
        for k in range(-1, flow.stop):
            total = sum(flow.vectors(t, k) for t in range(flow.stop))
            by_state = gradients.initial_state["h"][0] if k < 0 else gradients.layers[0].h[k]
            assert total / batch == pytest.approx(by_state[sequence])


@cells
@given(seed=seeds, bias=st.booleans(), tokens=st.booleans(), silent=st.booleans())
def test_the_terms_of_a_parameter_add_up_to_its_gradient(cell, activation, seed, bias, tokens, silent):
    drawn = case(seed, cell=cell, activation=activation, bias=bias, tokens=tokens, silent=silent, batch=1)
    flow, steps = drawn.flow(), range(len(drawn.x))
    for name, gradient in drawn.gradients().parameters.items():
        terms = np.array([[flow.term(name, t, k) for k in steps] for t in steps])
        assert terms.sum(axis=(0, 1)) == pytest.approx(gradient)
        norms = np.sqrt((terms**2).sum(axis=tuple(range(2, terms.ndim))))
        assert flow.terms(name) == pytest.approx(norms)


@cells
@given(seed=seeds)
def test_a_gradient_goes_back_through_the_jacobian(cell, activation, seed):
    """∂L_t/∂h_k = ∂L_t/∂h_t · ∂h_t/∂h_k, and the maps hold its norms."""
    drawn = case(seed, cell=cell, activation=activation, silent=True)
    trace, flow = drawn.trace(), drawn.flow()
    for t in range(trace.steps):
        assert flow.initial[t] == pytest.approx(np.linalg.norm(flow.vectors(t, -1)))
        for k in range(trace.steps):
            jacobian = e.jacobian(drawn.spec, drawn.params, trace, t, k)
            assert flow.vectors(t, k) == pytest.approx(flow.vectors(t, t) @ jacobian)
            assert flow.hidden[t, k] == pytest.approx(np.linalg.norm(flow.vectors(t, k)))
            if k > t or not flow.heard[t]:
                assert flow.hidden[t, k] == 0


@given(seed=seeds, data=st.data())
def test_a_window_is_a_part_of_the_whole(seed, data):
    drawn = case(seed, batch=1)
    stop = data.draw(st.integers(0, len(drawn.x)))
    start = data.draw(st.integers(0, stop))
    whole, part = drawn.flow(), drawn.flow(steps=(start, stop))
    assert (part.start, part.stop) == (start, stop)
    assert part.hidden == pytest.approx(whole.hidden[start:stop, start:stop])
    assert part.terms("weight_hh_l0") == pytest.approx(whole.terms("weight_hh_l0")[start:stop, start:stop])
    for t in range(start, stop):
        before = whole.initial[t] if start == 0 else whole.hidden[t, start - 1]
        assert part.initial[t - start] == pytest.approx(before)
        for k in range(start - 1, stop):
            assert part.vectors(t, k) == pytest.approx(whole.vectors(t, k))
        for k in range(start, stop):
            assert part.term("head.weight", t, k) == pytest.approx(whole.term("head.weight", t, k))


@given(seed=seeds)
def test_the_flow_of_a_float32_network_is_float64(seed):
    drawn, same = (case(seed, dtype=dtype, gain=0.5) for dtype in ("float32", "float64"))
    assert drawn.flow().hidden.dtype == np.float64
    assert drawn.flow().hidden == pytest.approx(same.flow().hidden, rel=1e-4, abs=1e-6)


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
    "arguments", [{"steps": (0, 5)}, {"steps": (3, 2)}, {"sequence": 1}, {"sequence": -1}]
)
def test_a_window_or_a_sequence_outside_the_trace_is_refused(arguments):
    spec, params = scalar(0.5)
    trace = e.forward(spec, params, np.zeros((4, 1), int))
    loss = e.cross_entropy(trace, np.zeros((4, 1), int))
    with pytest.raises(e.StepError, match=r"must (be a range within 0 … 4|lie in 0 … 0), not"):
        e.gradient_flow(spec, params, trace, loss, **arguments)


def test_an_unknown_parameter_has_no_terms():
    drawn = case(0, cell="feedforward")
    with pytest.raises(e.ShapeError, match=r"^weight_hh_l0 is no parameter of this network"):
        drawn.flow().terms("weight_hh_l0")
