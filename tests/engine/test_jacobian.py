from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import case

from rnnviz import engine as e


@given(seed=st.integers(0, 100_000), data=st.data())
def test_a_jacobian_is_the_product_of_its_parts(seed, data):
    drawn = case(seed)
    trace = drawn.trace()
    t = data.draw(st.integers(0, trace.steps - 1))
    k = data.draw(st.integers(-1, t))
    between = data.draw(st.integers(max(k, 0), t))

    def jacobian(t, k):
        return e.jacobian(drawn.spec, drawn.params, trace, t, k)

    assert jacobian(t, k) == pytest.approx(jacobian(t, between) @ jacobian(between, k))


def test_a_state_depends_on_itself_and_on_no_later_one():
    drawn = case(7)
    trace, size = drawn.trace(), drawn.spec.hidden_size
    assert trace.steps > 1
    assert np.array_equal(e.jacobian(drawn.spec, drawn.params, trace, 0, 0), np.eye(size))
    assert np.array_equal(e.jacobian(drawn.spec, drawn.params, trace, 0, 1), np.zeros((size, size)))


@pytest.mark.parametrize(("t", "k"), [(-1, -1), (0, -2), (99, 0), (0, 99)])
def test_a_step_outside_the_trace_is_refused(t, k):
    drawn = case(7)
    with pytest.raises(e.StepError, match=r"^The trace covers the steps 0 … \d+, not"):
        e.jacobian(drawn.spec, drawn.params, drawn.trace(), t, k)
