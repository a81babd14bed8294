"""What holds for every optimiser, and what each does."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from rnnviz import engine as e

every = pytest.mark.parametrize("name", e.OPTIMIZERS)


@every
def test_each_has_what_menus_and_files_need(name):
    optimizer = e.OPTIMIZERS[name]()
    assert optimizer.name == name
    assert optimizer.title
    assert optimizer.lr > 0
    stored = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    assert e.OPTIMIZERS[name](**stored) == optimizer
    with pytest.raises(FrozenInstanceError):
        optimizer.lr = 1.0


@every
@pytest.mark.parametrize("number", [np.dtype(np.float64), np.dtype(np.float32)])
def test_each_goes_downhill_in_place(name, number):
    """On ½ ‖θ‖², whose gradient is θ."""
    optimizer = replace(e.OPTIMIZERS[name](), lr=0.01)
    parameters = np.array([1.0, -2.0, 3.0], number)
    state = optimizer.start(3, number)
    assert all(isinstance(array, np.ndarray) for array in state)
    before = np.linalg.norm(parameters)
    for _ in range(20):
        optimizer.update(parameters, parameters.copy(), state)
        after = np.linalg.norm(parameters)
        assert after < before
        before = after
    assert parameters.dtype == number


@every
def test_at_rate_zero_nothing_moves(name):
    optimizer = replace(e.OPTIMIZERS[name](), lr=0.0)
    parameters = np.array([1.0, -2.0])
    optimizer.update(parameters, np.array([5.0, 5.0]), optimizer.start(2, parameters.dtype))
    assert parameters.tolist() == [1.0, -2.0]


@every
@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf])
def test_a_rate_that_makes_no_sense_is_refused(name, rate):
    with pytest.raises(e.SpecError, match="lr must be a finite number of at least 0, not"):
        replace(e.OPTIMIZERS[name](), lr=rate)


def test_sgd_takes_the_gradient_times_the_rate_away():
    parameters = np.array([1.0, 2.0])
    e.SGD(0.5).update(parameters, np.array([1.0, -4.0]), ())
    assert parameters.tolist() == [0.5, 4.0]
    assert e.SGD().start(2, parameters.dtype) == ()
