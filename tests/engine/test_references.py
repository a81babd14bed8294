"""Values computed by another implementation, in float64, with automatic differentiation.

Every file in the folder is compared; whole runs of training are in test_train_references.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from networks import (
    REFERENCE,
    reference,
    reference_meta,
    reference_network,
    references,
    relative_error,
)

from rnnviz import engine as e

SEQUENCES, FLOWS = references("sequence"), references("flow")


def test_every_file_is_of_a_kind_that_is_compared():
    files = {path.name for path in REFERENCE.glob("*.npz")}
    assert files == {f"{name}.npz" for name in (*SEQUENCES, *FLOWS, *references("train"))}


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-4)])
@pytest.mark.parametrize("name", SEQUENCES)
def test_a_batch_of_sequences(name, dtype, tolerance):
    wanted = reference(name)
    spec, params = reference_network(wanted, dtype)
    initial = {state: wanted[f"{state}0"] for state in e.CELLS[spec.cell].states}
    trace = e.forward(spec, params, wanted["x"], initial, wanted["lengths"])
    loss = e.cross_entropy(trace, wanted["targets"])
    gradients = e.backward(spec, params, trace, loss)

    found = {
        "output": trace.output,
        "logits": trace.logits,
        "step_loss": loss.step,
        "loss": np.asarray(loss.total),
        "grad.x": gradients.inputs,
    }
    found |= {f"{state}_n": array for state, array in trace.final_state.items()}
    found |= {f"grad.{state}0": array for state, array in gradients.initial_state.items()}
    found |= {f"grad.{parameter}": array for parameter, array in gradients.parameters.items()}

    given = {"meta", "x", "lengths", "targets", *(f"{state}0" for state in initial)}
    given |= {f"param.{parameter}" for parameter in params}
    assert found.keys() == wanted.keys() - given
    for key, array in found.items():
        assert relative_error(array, wanted[key]) <= tolerance, key
        assert key == "loss" or array.dtype == dtype, key
        if key in ("output", "logits", "step_loss", "grad.x"):
            assert not array[np.arange(trace.steps)[:, None] >= wanted["lengths"]].any(), key


@dataclass(frozen=True)
class Flowing:
    """The wanted values of a flow, and what is computed."""

    wanted: dict[str, Any]
    spec: e.NetworkSpec
    params: e.Parameters
    trace: e.Trace
    loss: e.Loss
    flow: e.GradientFlow

    def agrees(self, found: Any, name: str) -> bool:
        return relative_error(np.asarray(found), self.wanted[name]) <= 1e-10

    def every_pair(self, function):
        steps = range(self.trace.steps)
        return [[function(t, k) for k in steps] for t in steps]


@lru_cache
def flowing(name: str) -> Flowing:
    wanted = reference(name)
    spec, params = reference_network(wanted, "float64")
    trace = e.forward(spec, params, wanted["x"])
    loss = e.cross_entropy(trace, wanted["targets"][:, None])
    return Flowing(wanted, spec, params, trace, loss, e.gradient_flow(spec, params, trace, loss))


flows = pytest.mark.parametrize("name", FLOWS)


@flows
def test_the_states_and_losses_of_a_flow(name):
    run = flowing(name)
    assert run.agrees(run.loss.step[:, 0], "step_loss")
    for state, array in run.trace.layers[0].states.items():
        assert run.agrees(array[:, 0], state)


@flows
def test_the_flow_of_every_loss_to_every_state(name):
    run = flowing(name)
    for state, norms in run.flow.norms.items():
        assert run.agrees(run.every_pair(lambda t, k, s=state: run.flow.vectors(t, k, s)), f"grad_{state}")
        assert relative_error(norms, np.linalg.norm(run.wanted[f"grad_{state}"], axis=2)) <= 1e-10


@flows
@pytest.mark.parametrize("weight", ["weight_ih", "weight_hh"])
def test_the_terms_of_the_weights(name, weight):
    run = flowing(name)
    terms = run.wanted[f"term_{weight}"]
    assert run.agrees(run.every_pair(lambda t, k: run.flow.term(f"{weight}_l0", t, k)), f"term_{weight}")
    norms = np.linalg.norm(terms, axis=(2, 3))
    assert relative_error(run.flow.terms(f"{weight}_l0"), norms) <= 1e-10


@pytest.mark.parametrize("name", [name for name in FLOWS if "jacobian" in reference(name)])
def test_the_jacobians(name):
    run = flowing(name)
    assert run.agrees(
        run.every_pair(lambda t, k: e.jacobian(run.spec, run.params, run.trace, t, k)), "jacobian"
    )


def test_every_array_of_a_flow_is_compared():
    compared = {"step_loss", "h", "c", "grad_h", "grad_c", "term_weight_ih", "term_weight_hh", "jacobian"}
    for name in FLOWS:
        values = reference(name)
        given = {"meta", "x", "targets"} | {key for key in values if key.startswith("param.")}
        assert values.keys() - given <= compared


def test_the_references_cover_cells_layers_directions_and_raggedness():
    metas = {name: reference_meta(reference(name)) for name in SEQUENCES}
    cells = {meta["cell"] for meta in metas.values()}
    assert cells == {"rnn_tanh", "rnn_relu", "lstm", "gru"}
    shapes = {(meta["cell"], meta["layers"], meta["bidirectional"]) for meta in metas.values()}
    assert shapes == {(c, n, way) for c in cells for n, way in ((1, False), (1, True), (2, False), (3, True))}
    ragged = {meta["cell"] for name, meta in metas.items() if min(reference(name)["lengths"]) < meta["T"]}
    assert ragged == cells
    assert {reference_meta(reference(name))["cell"] for name in FLOWS} == cells
