from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e


@given(st.integers(1, 8), st.integers(0, 100_000), st.sampled_from([1e-300, 1.0, 1e300]))
def test_eigenvalues_and_singular_values_of_a_diagonal_matrix_are_its_entries(size, seed, scale):
    entries = np.random.default_rng(seed).uniform(-1, 1, size) * scale
    spectrum = e.spectrum(np.diag(entries))
    descending = np.sort(np.abs(entries))[::-1]
    assert np.abs(spectrum.eigenvalues) == pytest.approx(descending, rel=1e-9, abs=scale * 1e-15)
    assert spectrum.singular_values == pytest.approx(descending, rel=1e-9, abs=scale * 1e-15)
    assert spectrum.spectral_radius == pytest.approx(descending[0], rel=1e-9, abs=0)
    assert spectrum.norm == pytest.approx(descending[0], rel=1e-9, abs=0)


def test_a_rotation_has_a_pair_of_complex_eigenvalues():
    spectrum = e.spectrum([[0.0, -2.0], [2.0, 0.0]])
    assert sorted(spectrum.eigenvalues.imag) == pytest.approx([-2, 2])
    assert spectrum.spectral_radius == pytest.approx(2)


def test_a_matrix_of_zeros_has_no_size():
    assert e.spectrum(np.zeros((3, 3))).norm == 0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nothing_is_known_of_a_matrix_that_is_not_finite(value):
    spectrum = e.spectrum([[1.0, value], [0.0, 1.0]])
    assert np.isnan([spectrum.spectral_radius, spectrum.norm, *spectrum.singular_values]).all()
    assert spectrum.eigenvalues.shape == (2,)


@pytest.mark.parametrize("shape", [(2, 3), (4,), (0, 0)])
def test_a_matrix_that_is_not_square_is_refused(shape):
    with pytest.raises(e.ShapeError, match=r"^A spectrum needs a square matrix"):
        e.spectrum(np.zeros(shape))
