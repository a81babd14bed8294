"""What is done to a matrix is what linear algebra says, and one sentence where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from rnnviz import engine as e
from rnnviz.session import edits
from rnnviz.session.errors import EditError
from rnnviz.session.matrix_edits import OPERATIONS, Numbers, changed, refusal, with_block

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

entries = st.floats(-10, 10).map(lambda x: round(x, 3))
squares = st.integers(1, 6).flatmap(lambda n: arrays(float, (n, n), elements=entries))
matrices = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=entries)
)


def test_a_block_is_written_where_it_belongs(dogs: DocumentState) -> None:
    block = [[1.0, 2.0], [3.0, 4.0]]
    state = with_block(dogs, "weight_hh_l0", 1, 0, block)
    wanted = dogs.parameters["weight_hh_l0"].copy()
    wanted[1:3, 0:2] = block
    assert_array_equal(state.parameters["weight_hh_l0"], wanted)
    for name in ("weight_ih_l0", "head.weight"):
        assert_array_equal(state.parameters[name], dogs.parameters[name])
    assert with_block(state, "weight_hh_l0", 1, 0, block) is state
    assert not state.parameters["weight_hh_l0"].flags.writeable


def test_a_block_of_a_bias_is_a_column(dogs: DocumentState) -> None:
    state = with_block(edits.with_bias(dogs, True), "bias_ih_l0", 1, 0, [[2.0], [3.0]])
    assert state.parameters["bias_ih_l0"].tolist() == [0.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("name", "row", "column", "values", "sentence"),
    [
        ("weight_hh_l0", 2, 0, [[1.0], [1.0]], "has 3 × 3 entries"),
        ("weight_hh_l0", 0, 2, [[1.0, 1.0]], "has 3 × 3 entries"),
        ("weight_hh_l0", -1, 0, [[1.0]], "has 3 × 3 entries"),
        ("weight_hh_l7", 0, 0, [[1.0]], "no weights called weight_hh_l7"),
        ("weight_hh_l0", 0, 0, [[1.0, np.nan]], "finite float64 number, not nan"),
        ("weight_hh_l0", 0, 0, [[np.inf]], "finite float64 number, not inf"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(
    dogs: DocumentState, name: str, row: int, column: int, values: list[list[float]], sentence: str
) -> None:
    with pytest.raises(EditError, match=sentence):
        with_block(dogs, name, row, column, values)


@given(matrices, st.floats(-3, 3))
def test_scaling_negating_and_clearing(values: np.ndarray, factor: float) -> None:
    assert_array_equal(changed("scale", values, Numbers(factor=factor)), factor * values)
    negated = changed("negate", values, Numbers())
    assert_array_equal(negated, -values)
    assert not np.signbit(negated[values == 0]).any()
    assert not changed("zero", values, Numbers()).any()


@given(squares)
def test_transposing_twice_changes_nothing_and_the_eigenvalues_stay(values: np.ndarray) -> None:
    transposed = changed("transpose", values, Numbers())
    assert_array_equal(transposed, values.T)
    assert_array_equal(changed("transpose", transposed, Numbers()), values)
    assert e.spectrum(transposed).norm == pytest.approx(e.spectrum(values).norm)


@given(squares, st.integers(0, 2**31))
def test_an_orthogonal_matrix_keeps_lengths(values: np.ndarray, seed: int) -> None:
    drawn = changed("orthogonal", values, Numbers(seed=seed))
    assert_allclose(drawn.T @ drawn, np.eye(len(values)), atol=1e-12)
    assert_array_equal(drawn, changed("orthogonal", values, Numbers(seed=seed)))
    assert_array_equal(changed("identity", values, Numbers()), np.eye(len(values)))


@given(squares, st.floats(0.01, 5))
def test_a_spectral_radius_is_reached(values: np.ndarray, radius: float) -> None:
    if refusal(OPERATIONS["radius"], values):
        assert e.spectrum(values).spectral_radius <= 1e-11 * max(1.0, np.abs(values).max())
        return
    scaled = changed("radius", values, Numbers(radius=radius))
    if e.spectrum(values).spectral_radius > 1e-3:  # below, rounding speaks
        assert e.spectrum(scaled).spectral_radius == pytest.approx(radius, rel=1e-6)


def test_random_numbers_have_the_distribution_asked_for() -> None:
    empty = np.zeros((200, 100))
    uniform = changed("random", empty, Numbers(width=0.3, seed=1))
    assert np.abs(uniform).max() <= 0.3
    assert uniform.std() == pytest.approx(0.3 / np.sqrt(3), rel=0.02)
    normal = changed("random", empty, Numbers(distribution="normal", width=0.3, seed=1))
    assert normal.std() == pytest.approx(0.3, rel=0.02)
    assert np.abs(normal).max() > 0.9
    assert not np.array_equal(uniform, changed("random", empty, Numbers(width=0.3, seed=2)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_square_operations_refuse_others_in_a_sentence(name: str) -> None:
    operation, wide = OPERATIONS[name], np.ones((2, 3))
    if not operation.square:
        assert changed(name, wide, Numbers()).shape == (2, 3)
        return
    with pytest.raises(EditError, match="needs as many rows as columns; this is 2 × 3"):
        changed(name, wide, Numbers())


@pytest.mark.parametrize(
    ("name", "numbers", "sentence"),
    [
        ("radius", Numbers(radius=-1.0), "spectral radius is a finite number of at least 0"),
        ("random", Numbers(width=float("nan")), "width is a finite number of at least 0"),
        ("random", Numbers(seed=-1), "seed is a whole number of at least 0"),
    ],
)
def test_impossible_numbers_are_a_sentence(name: str, numbers: Numbers, sentence: str) -> None:
    with pytest.raises(EditError, match=sentence):
        changed(name, np.eye(2), numbers)


def test_no_factor_changes_a_radius_of_zero() -> None:
    with pytest.raises(EditError, match="All eigenvalues are 0"):
        changed("radius", np.array([[0.0, 1.0], [0.0, 0.0]]), Numbers(radius=1.0))
