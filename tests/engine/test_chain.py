from __future__ import annotations

import numpy as np
import pytest
from dynamics import network, plain
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e

seeds = st.integers(0, 100_000)


def run(cell: str, seed: int, steps: int = 6, **more: object) -> tuple[e.NetworkSpec, e.Parameters, e.Trace]:
    spec = e.NetworkSpec(cell, 2, 3, 2, **more)
    params = network(spec, seed)
    return spec, params, e.forward(spec, params, np.random.default_rng(seed).normal(size=(steps, 1, 2)))


@pytest.mark.parametrize(
    ("cell", "bidirectional"),
    [
        *((cell, False) for cell in e.CELLS),
        *((name, True) for name, cell in e.CELLS.items() if cell.recurrent),
    ],
)
@given(seed=seeds)
def test_the_product_of_the_links_is_the_jacobian(cell, bidirectional, seed):
    spec, params, trace = run(cell, seed, num_layers=2, bidirectional=bidirectional)
    for direction in range(spec.directions):
        t, k = (1, 4) if direction else (4, 1)
        for layer in (0, 1):
            found = e.chain(spec, params, trace, t, k, layer, direction)
            product = np.linalg.multi_dot(found.jacobians)
            np.testing.assert_allclose(
                product, e.jacobian(spec, params, trace, t, k, layer, direction), atol=1e-12
            )
            assert found.reached.tolist() == ([2, 3, 4] if direction else [3, 2, 1])


@pytest.mark.parametrize("cell", [name for name, cell in e.CELLS.items() if cell.recurrent])
@given(seed=seeds)
def test_each_running_product_has_the_norm_of_the_jacobian_to_the_step_reached(cell, seed):
    spec, params, trace = run(cell, seed)
    found = e.chain(spec, params, trace, 5, -1)
    for n, k in enumerate(found.reached.tolist()):
        jacobian = e.jacobian(spec, params, trace, 5, k)
        assert np.exp(found.product[n]) == pytest.approx(np.linalg.norm(jacobian, 2))
        for block, name in enumerate(e.CELLS[cell].states):
            part = slice(3 * block, 3 * block + 3)
            assert np.exp(found.blocks[name][n]) == pytest.approx(np.linalg.norm(jacobian[part, part], 2))
        one = e.jacobian(spec, params, trace, k + 1, k)
        np.testing.assert_allclose(found.singular_values[n], np.linalg.svd(one)[1], atol=1e-12)
    assert (found.product <= found.norms + 1e-9).all()


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("gru", "z")])
@given(seed=seeds)
def test_what_is_kept_is_the_product_of_the_gate_alone(cell, gate, seed):
    spec, params, trace = run(cell, seed)
    found = e.chain(spec, params, trace, 5, 1)
    gates = trace.layers[0].gates[gate][2:6, 0][::-1]
    assert found.kept is not None
    np.testing.assert_allclose(np.exp(found.kept), np.cumprod(gates, axis=0).max(1))


@pytest.mark.parametrize("cell", e.CELLS)
def test_what_is_kept_needs_no_chain(cell):
    spec, params, trace = run(cell, 3, num_layers=2)
    for t, k in ((5, 1), (5, -1), (2, 2)):
        alone, whole = e.kept(spec, trace, t, k), e.chain(spec, params, trace, t, k).kept
        if whole is None:
            assert alone is None
        else:
            np.testing.assert_array_equal(alone, whole)
    with pytest.raises(e.StepError, match="earlier one"):
        e.kept(spec, trace, 1, 2)


def test_a_link_that_is_not_finite_leaves_no_number_from_there_on():
    spec, params = plain(np.eye(2), "identity")
    params = params.replaced({"weight_hh_l0": [[np.inf, 0.0], [0.0, 1.0]]})
    trace = e.forward(spec, params, np.zeros((4, 1, 1)))
    assert np.isnan(e.chain(spec, params, trace, 3, -1).product).all()


def test_a_chain_whose_links_are_large_can_have_a_small_product():
    # W = [[0, 2], [1/8, 0]]: every link has the norm 2, two of them together ¼ of the identity.
    spec, params = plain(np.array([[0.0, 2.0], [0.125, 0.0]]), "identity")
    trace = e.forward(spec, params, np.zeros((8, 1, 1)))
    found = e.chain(spec, params, trace, 7, -1)
    np.testing.assert_allclose(np.exp(found.norms), 2.0 ** np.arange(1, 9))
    np.testing.assert_allclose(np.exp(found.product[1::2]), 0.25 ** np.arange(1, 5))


@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_products_beyond_the_range_of_floats_keep_their_logarithm(scale):
    spec, params = plain(scale * np.eye(3), "identity")
    trace = e.forward(spec, params, np.zeros((100, 1, 1)))
    found = e.chain(spec, params, trace, 99, -1)
    np.testing.assert_allclose(found.product, np.arange(1, 101) * np.log(scale), rtol=1e-12)


def test_nothing_is_left_after_a_link_of_zeros():
    spec, params = plain(np.zeros((2, 2)), "identity")
    trace = e.forward(spec, params, np.zeros((3, 1, 1)))
    assert np.isneginf(e.chain(spec, params, trace, 2, -1).product).all()


def test_a_step_has_no_links_to_itself():
    spec, params, trace = run("lstm", 1)
    found = e.chain(spec, params, trace, 3, 3)
    assert found.steps == 0
    assert found.jacobians.shape == (0, 6, 6)


@pytest.mark.parametrize(("t", "k"), [(2, 3), (6, 1), (3, -2)])
def test_a_chain_that_does_not_lead_back_is_refused(t, k):
    spec, params, trace = run("rnn", 1)
    with pytest.raises(e.StepError, match="earlier one"):
        e.chain(spec, params, trace, t, k)
