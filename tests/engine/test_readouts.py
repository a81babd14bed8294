from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.engine.readouts import READOUT_FUNCTIONS
from rnnviz.engine.spec import READOUTS

scores = arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(0, 5)), elements=st.floats(-700, 700))


@np.errstate(all="ignore")
def predictions(readout: str, logits: np.ndarray) -> np.ndarray:
    out, row = np.empty_like(logits), np.empty(logits.shape[1], logits.dtype)
    kept = logits.copy()
    READOUT_FUNCTIONS[readout](logits, out, row)
    np.testing.assert_array_equal(logits, kept)
    return out


def test_every_readout_that_a_network_can_have_is_here() -> None:
    assert tuple(READOUT_FUNCTIONS) == READOUTS


@given(scores)
def test_softmax_shares_out_one(logits):
    found = predictions("softmax", logits)
    assert (found >= 0).all()
    assert found.sum(axis=0) == pytest.approx(np.ones(logits.shape[1]))


def test_only_differences_matter_to_softmax_however_large_the_logits():
    assert predictions("softmax", np.array([[1e300], [1e300]])).tolist() == [[0.5], [0.5]]
    assert predictions("softmax", np.array([[-1e300], [1e300]])).tolist() == [[0.0], [1.0]]


@given(scores)
def test_sigmoid_is_accurate_where_it_is_small_and_symmetric(logits):
    small = predictions("sigmoid", -np.abs(logits))
    np.testing.assert_allclose(small, np.exp(-np.abs(logits) - np.log1p(np.exp(-np.abs(logits)))), rtol=1e-12)
    np.testing.assert_allclose(predictions("sigmoid", np.abs(logits)), 1 - small, rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_sigmoid_saturates(dtype):
    logits = np.array([[-np.inf, -3e38, -1000, 0, 1000, 3e38, np.inf, np.nan]], dtype)
    found = predictions("sigmoid", logits)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, [[0, 0, 0, 0.5, 1, 1, 1, np.nan]])


@given(scores)
def test_linear_leaves_the_logits_as_they_are(logits):
    np.testing.assert_array_equal(predictions("linear", logits), logits)
