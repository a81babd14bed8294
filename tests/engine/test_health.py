from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import CELLS_AND_ACTIVATIONS, case, scalar

from rnnviz import engine as e

EXTREME = [1e300, -1e300, 1e308, 1e-320, 0.0, np.inf, -np.inf, np.nan]


def trouble(spec, params, x, targets, initial=None):
    trace = e.forward(spec, params, x, None if initial is None else {"h": initial})
    loss = e.cross_entropy(trace, targets)
    return e.first_nonfinite(trace, loss, e.backward(spec, params, trace, loss))


def column(*values):
    return np.array(values)[:, None]


def test_a_finite_run_has_no_trouble():
    spec, params = scalar(0.5)
    assert trouble(spec, params, column(0, 0), column(0, 1)) is None


def test_an_overflowing_recurrence_is_named_with_its_first_step():
    """h: 1, 1e200, then 1e400."""
    spec, params = scalar(1e200)
    found = trouble(spec, params, column(0, 0, 0), column(0, 0, 0), np.full((1, 1, 1), 1.0))
    assert found == e.NonFinite("a", 1, infinite=True)
    assert found.sentence == "a is infinite at step 2; undo, or make the weights smaller."


@pytest.mark.parametrize(
    ("changed", "wanted", "sentence"),
    [
        ({"weight_hh_l0": [[np.nan]]}, ("a", 0), "a is not a number at step 1"),
        ({"head.weight": [[np.inf], [1.0]]}, ("logits", 0), "The logits are infinite at step 1"),
        ({"head.weight": [[1e308], [-1e308]]}, ("loss", 0), "The loss is infinite at step 1"),
    ],
)
def test_the_first_tensor_of_a_step_is_named(changed, wanted, sentence):
    spec, params = scalar(1.0)
    params = params.replaced(changed)
    found = trouble(spec, params, column(0, 0), column(1, 1), np.full((1, 1, 1), 1.5))
    assert (found.tensor, found.step) == wanted
    assert found.sentence == f"{sentence}; undo, or make the weights smaller."


def test_what_enters_broken_is_named():
    spec, params = scalar(1.0)
    initial = np.full((1, 1, 1), np.inf)
    assert trouble(spec, params, column(0, 0), column(0, 0), initial).sentence.startswith("h₀ is infinite; ")
    x = np.array([0.0, np.nan]).reshape(2, 1, 1)
    assert trouble(spec, params, x, column(0, 0)) == e.NonFinite("x", 1, infinite=False)


def test_a_gradient_that_overflows_on_its_way_back_is_named_where_it_does():
    """Forward all is zero; backward each step multiplies by 1e200."""
    spec, params = scalar(1e200)
    found = trouble(spec, params, column(0, 0, 0, 0), column(-1, -1, -1, 0))
    assert found == e.NonFinite("∂L/∂h", 1, infinite=True)


def test_a_gradient_of_the_state_before_the_first_step_has_no_step():
    spec, params = scalar(1e200)
    found = trouble(spec, params, column(0, 0), column(-1, 0))
    assert found == e.NonFinite("∂L/∂h₀", None, infinite=True)


def test_a_parameters_gradient_is_named():
    """∂L/∂h is 1e200 and x is 1e200, but the weight between them is zero."""
    spec, params = scalar(0.0)
    params = params.replaced({"head.weight": [[1e200], [0.0]]})
    found = trouble(spec, params, np.full((1, 1, 1), 1e200), column(0))
    assert found == e.NonFinite("∂L/∂weight_ih_l0", None, infinite=True)


def test_a_sum_of_losses_that_overflows_has_no_step():
    spec, params = scalar(0.0, input_weight=1.0)
    found = trouble(spec, params, np.full((3, 1, 1), 4e307), column(1, 1, 1))
    assert found.sentence == "The loss is infinite; undo, or make the weights smaller."


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("cell", "activation"), CELLS_AND_ACTIVATIONS)
@given(seed=st.integers(0, 100_000), data=st.data())
def test_no_weight_however_extreme_raises_or_warns(cell, activation, dtype, seed, data):
    """And trouble is reported exactly if something that is shown is not finite."""
    drawn = case(seed, cell=cell, activation=activation, dtype=dtype, batch=1)
    flat = drawn.params.flat.astype(float)
    places = data.draw(st.lists(st.integers(0, len(flat) - 1), min_size=1, max_size=4))
    for place in places:
        flat[place] = data.draw(st.sampled_from(EXTREME))
    shapes = e.parameter_shapes(drawn.spec)
    cuts = np.cumsum([np.prod(shape) for shape in shapes.values()])[:-1]
    arrays = zip(shapes.items(), np.split(flat, cuts), strict=True)
    params = e.parameters(drawn.spec, {name: part.reshape(shape) for (name, shape), part in arrays})

    analysis = e.analyse(drawn.spec, params, drawn.x[:, 0], drawn.targets[:, 0])

    trace, gradients = analysis.trace, analysis.gradients
    shown = (
        trace.output,
        trace.layers[0].preactivations["h"],
        trace.logits,
        trace.probabilities,
        analysis.loss.step,
        analysis.loss.total,
        gradients.layers[0].h,
        gradients.parameters.flat,
        gradients.initial_state["h"],
    )
    assert (analysis.trouble is None) == all(np.isfinite(array).all() for array in shown)
    assert analysis.verdict.sentence.endswith(".")
    e.spectrum(params.get("weight_hh_l0", np.eye(2)))
    assert gradients.inputs.shape == (trace.steps, 1, drawn.spec.input_size)
    for name in params:
        assert analysis.flow.terms(name).shape == (trace.steps, trace.steps)
