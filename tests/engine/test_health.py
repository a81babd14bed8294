from __future__ import annotations

from dataclasses import replace
from itertools import chain, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import KINDS, any_case, random_targets, scalar

from rnnviz import engine as e
from rnnviz.engine.health import first_nonfinite_parameter

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


kinds = pytest.mark.parametrize("kind", KINDS)
dtypes = pytest.mark.parametrize("dtype", ["float64", "float32"])


def broken(kind, layer, direction, gate):
    """A network of three layers in which all is 0, but one row of one gate is not finite where 10 enters.

    In layers above the first one everything is 0 at all steps, so there the bias is what is infinite.
    """
    recurrent = e.CELLS[KINDS[kind]["cell"]].recurrent
    spec = e.NetworkSpec(
        **KINDS[kind], input_size=1, hidden_size=2, output_size=2, num_layers=3, bidirectional=recurrent
    )
    weights = {name: np.zeros(shape) for name, shape in e.parameter_shapes(spec).items()}
    end = f"_l{layer}" + ("_reverse" if direction else "")
    if layer:
        weights["bias_ih" + end][2 * gate] = np.inf
    else:
        weights["weight_ih" + end][2 * gate] = 1e308
    return spec, e.parameters(spec, weights)


@kinds
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_gate_the_layer_the_direction_and_the_step_are_named(kind, layer):
    x = np.array([0.0, 10.0, 0.0, 0.0, 0.0]).reshape(5, 1, 1)
    targets = random_targets(np.random.default_rng(0), e.NetworkSpec("rnn", 1, 1, 2), (5, 1), silent=False)
    cell = e.CELLS[KINDS[kind]["cell"]]
    for number, gate in enumerate(cell.gates):
        for direction in (0, 1) if cell.recurrent else (0,):
            spec, params = broken(kind, layer, direction, number)
            a = f"a_{gate}" if len(cell.gates) > 1 else "a"
            name = f"{a} of layer {layer + 1}" + (" backwards" if direction else "")
            step = 1 if layer == 0 else 4 if direction else 0
            wanted = e.NonFinite(name, step, infinite=True)
            assert wanted.sentence.startswith(f"{name} is infinite at step {step + 1}; ")
            trace = e.forward(spec, params, x)
            loss = e.cross_entropy(trace, targets)
            assert e.first_nonfinite(trace, loss, e.backward(spec, params, trace, loss)) == wanted
            assert e.Trainer(spec, params, e.SGD(0.1)).step(e.Batch(x, targets)).trouble == wanted


@pytest.mark.parametrize("layer", [1, 2])
def test_a_gradient_that_overflows_in_a_lower_layer_is_named_with_it(layer):
    """Weights of 1e200 in a layer without inputs make ∂L/∂h overflow one layer further down."""
    spec = e.NetworkSpec("rnn", 1, 1, 2, "identity", num_layers=3, bias=False)
    weights = {name: np.zeros(shape) for name, shape in e.parameter_shapes(spec).items()}
    weights |= {"head.weight": np.array([[1e200], [-1e200]]), f"weight_ih_l{layer}": np.array([[1e200]])}
    weights |= {f"weight_ih_l{above}": np.array([[1.0]]) for above in range(layer + 1, 3)}
    found = trouble(spec, e.parameters(spec, weights), np.zeros((4, 1, 1)), column(-1, -1, 0, -1))
    assert found == e.NonFinite(f"∂L/∂h of layer {layer}", 2, infinite=True)


def test_a_preactivation_that_is_stored_by_halves_may_overflow_when_it_is_shown():
    spec = e.NetworkSpec("gru", 1, 1, 1)
    params = e.initialise(spec).replaced({"bias_ih_l0": np.full(3, 1e308), "bias_hh_l0": np.full(3, 1e308)})
    layer = e.forward(spec, params, [[0]]).layers[0]
    assert np.isinf(layer.preactivations["r"]).all()
    assert np.isinf(layer.directions[0].preactivations["z"]).all()


def every_number(trace, loss, gradients):
    """All numbers that a trace, a loss and gradients show."""
    yield from (trace.logits, trace.probabilities, trace.output, loss.step, np.array(loss.total))
    for layer, by in zip(trace.layers, gradients.layers, strict=True):
        for part in (layer.states, layer.gates, layer.preactivations, by.states):
            yield from part.values()
    yield gradients.parameters.flat
    yield from (*trace.initial_state.values(), *gradients.initial_state.values())


def first_by_the_rule(trace, loss, gradients):
    """The first number that is not finite, looked for in the documented order, one step after the other."""
    order = in_order_of_computation(trace, loss, gradients)
    return next(((name, step) for name, step, array in order if not np.isfinite(array).all()), None)


def in_order_of_computation(trace, loss, gradients):
    layers = range(len(trace.layers))
    after = [("logits", trace.logits, 0), ("ŷ", trace.probabilities, 0), ("loss", loss.step, 0)]
    yield from ((f"{name}₀", None, state) for name, state in trace.initial_state.items())
    yield from step_by_step(trace, [[("x", trace.x, 0)], *(computed(trace, n) for n in layers), after])
    yield from step_by_step(trace, [computed_back(trace, gradients, n) for n in reversed(layers)])
    yield "loss", None, loss.total
    yield from ((f"∂L/∂{name}₀", None, state) for name, state in gradients.initial_state.items())
    yield from ((f"∂L/∂{name}", None, array) for name, array in gradients.parameters.items())


def step_by_step(trace, groups):
    """The steps of all groups together, or of one group after the other if steps need later steps below."""
    both_ways = len(trace.layers[0].directions) > 1
    for group in groups if both_ways else [list(chain(*groups))]:
        for place, (name, array, from_the_end) in product(range(trace.steps), list(group)):
            step = trace.steps - 1 - place if from_the_end else place
            yield name, step, array[step]


def computed(trace, layer):
    """The name, the array and the direction of all that a layer computes."""
    for direction, way in enumerate(trace.layers[layer].directions):
        several = len(way.preactivations) > 1
        a = {f"a_{name}" if several else "a": array for name, array in way.preactivations.items()}
        for name, array in (*a.items(), *way.gates.items(), *reversed(way.states.items())):
            yield name + where(trace, layer, direction), array, direction


def computed_back(trace, gradients, layer):
    for direction, way in enumerate(trace.layers[layer].directions):
        size = way.h.shape[2]
        for name, array in gradients.layers[layer].states.items():
            part = array[..., direction * size : (direction + 1) * size]
            yield f"∂L/∂{name}{where(trace, layer, direction)}", part, not direction


def where(trace, layer, direction):
    return (f" of layer {layer + 1}" if len(trace.layers) > 1 else "") + (" backwards" if direction else "")


@dtypes
@kinds
@settings(max_examples=10)
@given(seed=st.integers(0, 100_000), data=st.data())
def test_no_weight_however_extreme_raises_or_warns(kind, dtype, seed, data):
    """And trouble is told exactly if something that is shown is not finite, also by training."""
    drawn = any_case(seed, kind, dtype=dtype)
    flat = drawn.params.flat.copy()
    places = data.draw(st.lists(st.integers(0, len(flat) - 1), min_size=1, max_size=4))
    with np.errstate(over="ignore"):
        for place in places:
            flat[place] = data.draw(st.sampled_from(EXTREME))
    drawn = replace(drawn, params=e.Parameters(flat, drawn.params.shapes))
    trace, gradients = drawn.trace(), drawn.gradients()
    loss = drawn.loss_of(trace)
    shown = [*every_number(trace, loss, gradients)]
    found = e.first_nonfinite(trace, loss, gradients)
    assert (found and (found.tensor, found.step)) == first_by_the_rule(trace, loss, gradients)
    assert (found is None) == all(np.isfinite(array).all() for array in shown)
    assert gradients.inputs.shape == (*trace.x.shape[:2], drawn.spec.input_size)
    look_at_everything(drawn, trace, loss)
    snapshot = e.Trainer(drawn.spec, drawn.params, e.SGD(0.1)).step(drawn.batch)
    assert snapshot.trouble == (found or first_nonfinite_parameter(snapshot.parameters))


def look_at_everything(drawn, trace, loss):
    for layer, direction in drawn.places:
        flow = e.gradient_flow(drawn.spec, drawn.params, trace, loss, layer=layer, direction=direction)
        assert flow.hidden.shape == (trace.steps, trace.steps)
        assert e.verdict(drawn.spec, drawn.params, trace, flow).sentence.endswith(".")
        if drawn.lengths[0]:
            flow.vectors(0, 0)
            e.jacobian(drawn.spec, drawn.params, trace, 0, 0, layer, direction)
    for name in drawn.params:
        assert flow.terms(name).shape == (trace.steps, trace.steps)
        flow.term(name, 0, 0)


@dtypes
@kinds
@pytest.mark.parametrize("seed", range(5))
def test_weights_of_1e300_everywhere(kind, dtype, seed):
    """In all architectures; then training tells its trouble at every update, or has none."""
    drawn = any_case(seed, kind, dtype=dtype, held=1)
    signs = np.random.default_rng(seed).choice([-1e300, 1e300], drawn.params.flat.shape)
    huge = {
        name: part.reshape(shape)
        for (name, shape), part in zip(
            drawn.params.shapes.items(),
            np.split(signs, np.cumsum([np.prod(shape) for shape in drawn.params.shapes.values()])[:-1]),
            strict=True,
        )
    }
    drawn = replace(drawn, params=e.parameters(drawn.spec, huge))
    trace, gradients = drawn.trace(), drawn.gradients()
    loss = drawn.loss_of(trace)
    found = e.first_nonfinite(trace, loss, gradients)
    assert (found and (found.tensor, found.step)) == first_by_the_rule(trace, loss, gradients)
    look_at_everything(drawn, trace, loss)
    free = replace(drawn, interventions=())
    for snapshot in e.train(drawn.spec, drawn.params, [drawn.batch] * 3, optimizer=e.SGD(0.1), clip_norm=1.0):
        if snapshot.update == 1:
            trace = free.trace()
            wanted = e.first_nonfinite(trace, free.loss_of(trace), free.gradients())
            assert snapshot.trouble == (wanted or first_nonfinite_parameter(snapshot.parameters))
