"""What holds for every optimiser, and what each does."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


# Each rule for one parameter, as its paper or PyTorch's manual has it: how far every gradient moves it.


def sgd(gradients, lr):
    return [lr * g for g in gradients]


def momentum(gradients, lr, momentum):
    return [
        lr * sum(momentum ** (t - k) * g for k, g in enumerate(gradients[: t + 1]))
        for t in range(len(gradients))
    ]


def adagrad(gradients, lr, eps):
    return [
        lr * g / (sqrt(sum(past**2 for past in gradients[: t + 1])) + eps) for t, g in enumerate(gradients)
    ]


def rmsprop(gradients, lr, alpha, eps):
    moves, mean = [], 0.0
    for g in gradients:
        mean = alpha * mean + (1 - alpha) * g**2
        moves.append(lr * g / (sqrt(mean) + eps))
    return moves


def adam(gradients, lr, beta1, beta2, eps):
    moves, mean, square = [], 0.0, 0.0
    for t, g in enumerate(gradients, 1):
        mean = beta1 * mean + (1 - beta1) * g
        square = beta2 * square + (1 - beta2) * g**2
        moves.append(lr * (mean / (1 - beta1**t)) / (sqrt(square / (1 - beta2**t)) + eps))
    return moves


RULES = {"sgd": sgd, "momentum": momentum, "adagrad": adagrad, "rmsprop": rmsprop, "adam": adam}


def test_there_is_a_rule_for_each():
    assert RULES.keys() == e.OPTIMIZERS.keys()


GRADIENTS = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3) | st.just(0.0)


@every
@given(
    st.lists(GRADIENTS, min_size=1, max_size=12),
    st.fixed_dictionaries(
        {"lr": st.floats(1e-6, 1e3), "eps": st.floats(1e-10, 1)}
        | dict.fromkeys(("momentum", "alpha", "beta1", "beta2"), st.floats(0, 0.999))
    ),
)
def test_each_follows_its_rule(name, gradients, drawn):
    kind = e.OPTIMIZERS[name]
    settings = {field.name: drawn[field.name] for field in fields(kind)}
    optimizer, parameters = kind(**settings), np.zeros(2)
    state = optimizer.start(2, parameters.dtype)
    for gradient, move in zip(gradients, RULES[name](gradients, **settings), strict=True):
        before = parameters.copy()
        optimizer.update(parameters, np.array([gradient, -gradient]), state)
        # Gradients that cancel in a mean leave what rounding left of them.
        scale = 1e-12 * np.abs([*before, *parameters, move]).max() + 1e-7 * settings["lr"]
        assert np.allclose(before - parameters, [move, -move], rtol=1e-9, atol=scale)


@every
def test_a_gradient_that_has_always_been_zero_moves_nothing(name):
    optimizer, parameters = e.OPTIMIZERS[name](), np.array([1.0, -2.0], np.float32)
    state = optimizer.start(2, parameters.dtype)
    for _ in range(3):
        optimizer.update(parameters, np.zeros(2, np.float32), state)
    assert parameters.tolist() == [1.0, -2.0]


@pytest.mark.parametrize(
    ("name", "defaults"),
    [
        ("sgd", {}),
        ("momentum", {"momentum": 0.9}),
        ("adagrad", {"lr": 0.01, "eps": 1e-10}),
        ("rmsprop", {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}),
        ("adam", {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}),
    ],
)
def test_the_defaults_are_those_of_pytorch(name, defaults):
    optimizer = e.OPTIMIZERS[name]()
    assert {field: getattr(optimizer, field) for field in defaults} == defaults


SHARES = [("momentum", "momentum"), ("rmsprop", "alpha"), ("adam", "beta1"), ("adam", "beta2")]


@pytest.mark.parametrize(("name", "field"), SHARES)
@pytest.mark.parametrize("value", [-0.1, 1.0, 2, np.nan, np.inf])
def test_a_share_of_the_past_that_makes_no_sense_is_refused(name, field, value):
    with pytest.raises(e.SpecError, match=f"{field} must be a number of at least 0 and below 1, not"):
        e.OPTIMIZERS[name](**{field: value})


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
@pytest.mark.parametrize("value", [0, -1e-8, np.nan, np.inf])
def test_an_eps_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(e.SpecError, match="eps must be a finite number above 0, not"):
        e.OPTIMIZERS[name](eps=value)
