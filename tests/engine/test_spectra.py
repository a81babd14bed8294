"""The spectra of all square matrices that one layer and direction uses."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz import engine as e


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("place", [(0, 0), (1, 1)])
def test_every_gate_of_every_square_matrix_has_its_own(cell: str, place: tuple[int, int]) -> None:
    spec = e.NetworkSpec(cell, 3, 3, 5, num_layers=2, bidirectional=True)
    params = e.initialise(spec)
    layer, direction = place
    found = e.spectra(spec, params, layer, direction).found
    end = f"_l{layer}" + "_reverse" * direction
    names = ("weight_ih", "weight_hh") if layer == 0 else ("weight_hh",)
    gates = len(e.CELLS[cell].gates)
    assert set(found) == {(name + end, 3 * gate) for name in names for gate in range(gates)}
    for (name, first), spectrum in found.items():
        alone = e.spectrum(params[name][first : first + 3])
        np.testing.assert_array_equal(spectrum.eigenvalues, alone.eigenvalues)


def test_a_square_readout_has_one_and_a_network_without_recurrence_may_have_none() -> None:
    spec = e.NetworkSpec("feedforward", 4, 5, 5)
    assert set(e.spectra(spec, e.initialise(spec)).found) == {("head.weight", 0)}
    spec = e.NetworkSpec("feedforward", 4, 5, 6)
    assert not e.spectra(spec, e.initialise(spec)).found


def test_only_matrices_that_changed_are_looked_at_again() -> None:
    spec = e.NetworkSpec("lstm", 3, 4, 5)
    params = e.initialise(spec)
    earlier = e.spectra(spec, params)
    weights = params["weight_hh_l0"].copy()
    weights[5, 1] += 1.0  # of the forget gate
    changed = params.replaced({"weight_hh_l0": weights})
    now = e.spectra(spec, changed, earlier=earlier)
    same = {first for (_, first), found in now.found.items() if found is earlier.found["weight_hh_l0", first]}
    assert same == {0, 8, 12}
    fresh = e.spectrum(weights[4:8])
    np.testing.assert_array_equal(now.found["weight_hh_l0", 4].eigenvalues, fresh.eigenvalues)


def test_an_analysis_may_borrow_flow_and_verdict() -> None:
    spec = e.NetworkSpec("rnn", 4, 3, 4)
    first = e.analyse(spec, e.initialise(spec), [0, 1, 2], [1, 2, 3])
    second = e.analyse(spec, e.initialise(spec, seed=1), [0, 1, 2], [1, 2, 3], lender=first)
    own = e.analyse(spec, e.initialise(spec, seed=1), [0, 1, 2], [1, 2, 3])
    assert second.flow is first.flow
    assert second.verdict is first.verdict
    np.testing.assert_array_equal(second.gradients.parameters.flat, own.gradients.parameters.flat)
    flow, verdict = e.judged_flow(spec, e.initialise(spec, seed=1), second.trace, second.loss)
    np.testing.assert_array_equal(flow.hidden, own.flow.hidden)
    assert verdict == own.verdict
