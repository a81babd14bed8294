"""Values computed by another implementation, in float64, with automatic differentiation."""

from __future__ import annotations

import json
from itertools import repeat

import numpy as np
import pytest
from networks import reference, reference_network, relative_error

from rnnviz import engine as e

ACTIVATIONS = ["tanh", "relu"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-4)])
def test_a_batch_of_sequences(activation, dtype, tolerance):
    wanted = reference(f"sequence_rnn_{activation}_l1")
    spec, params = reference_network(wanted, dtype)
    trace = e.forward(spec, params, wanted["x"], {"h": wanted["h0"]}, wanted["lengths"])
    loss = e.cross_entropy(trace, wanted["targets"])
    gradients = e.backward(spec, params, trace, loss)

    found = {
        "output": trace.output,
        "logits": trace.logits,
        "h_n": trace.final_state["h"],
        "step_loss": loss.step,
        "loss": np.asarray(loss.total),
        "grad.x": gradients.inputs,
        "grad.h0": gradients.initial_state["h"],
    } | {f"grad.{name}": array for name, array in gradients.parameters.items()}

    assert {name for name in wanted if name.startswith("grad.")} <= found.keys()
    for name, array in found.items():
        assert relative_error(array, wanted[name]) <= tolerance, name
        assert name == "loss" or array.dtype == dtype, name


@pytest.fixture(params=ACTIVATIONS)
def flowing(request):
    """The wanted values of a flow, and what computes them."""
    wanted = reference(f"flow_rnn_{request.param}")
    spec, params = reference_network(wanted, "float64")
    trace = e.forward(spec, params, wanted["x"])
    loss = e.cross_entropy(trace, wanted["targets"][:, None])
    return wanted, spec, params, trace, loss, e.gradient_flow(spec, params, trace, loss)


def every_pair(function, steps):
    return np.array([[function(t, k) for k in range(steps)] for t in range(steps)])


def test_the_states_and_losses_of_a_flow(flowing):
    wanted, _, _, trace, loss, _ = flowing
    assert relative_error(trace.layers[0].h[:, 0], wanted["h"]) <= 1e-10
    assert relative_error(loss.step[:, 0], wanted["step_loss"]) <= 1e-10


def test_the_flow_of_every_loss_to_every_state(flowing):
    wanted, *_, trace, _, flow = flowing
    assert relative_error(every_pair(flow.vectors, trace.steps), wanted["grad_h"]) <= 1e-10
    assert relative_error(flow.hidden, np.linalg.norm(wanted["grad_h"], axis=2)) <= 1e-10


@pytest.mark.parametrize("name", ["weight_ih", "weight_hh"])
def test_the_terms_of_the_weights(flowing, name):
    wanted, *_, trace, _, flow = flowing
    terms = wanted[f"term_{name}"]
    found = every_pair(lambda t, k: flow.term(f"{name}_l0", t, k), trace.steps)
    assert relative_error(found, terms) <= 1e-10
    assert relative_error(flow.terms(f"{name}_l0"), np.linalg.norm(terms, axis=(2, 3))) <= 1e-10


def test_the_jacobians(flowing):
    wanted, spec, params, trace, *_ = flowing
    found = every_pair(lambda t, k: e.jacobian(spec, params, trace, t, k), trace.steps)
    assert relative_error(found, wanted["jacobian"]) <= 1e-10


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-4)])
def test_learning_with_sgd_and_clipping(dtype, tolerance):
    wanted = reference("train_rnn_tanh_sgd")
    meta = json.loads(str(wanted["meta"]))
    spec, params = reference_network(wanted, dtype)
    run = e.train(
        spec,
        params,
        repeat((wanted["x"], wanted["targets"]), meta["steps"]),
        optimizer=e.SGD(meta["lr"]),
        clip_norm=meta["clip_norm"],
    )
    snapshots = list(run)
    assert len(snapshots) == meta["steps"]
    assert relative_error(np.array([s.loss for s in snapshots]), wanted["losses"]) <= tolerance
    assert relative_error(np.array([s.total_norm for s in snapshots]), wanted["grad_norms"]) <= tolerance
    assert [s.clipped for s in snapshots] == [norm > meta["clip_norm"] for norm in wanted["grad_norms"]]
    for name, array in snapshots[-1].parameters.items():
        assert relative_error(array, wanted[f"final.{name}"]) <= tolerance, name
        assert array.dtype == dtype
