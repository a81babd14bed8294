from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from trainingjobs import DOGS, SPEC, dogs_job, edited, text_job

from rnnviz import engine as e
from rnnviz.session.training import commands
from rnnviz.session.training.messages import Hello, Order, Report, decode, encode

COMMANDS = [
    commands.Start(dogs_job()),
    commands.Start(
        text_job(update=7, left=3, optimizer_state=(np.arange(3.0), np.zeros((2, 0), np.float32)))
    ),
    commands.Pause(),
    commands.Resume(),
    commands.Resume(5),
    commands.StepOnce(),
    commands.EditParameters.between(e.initialise(SPEC), edited(e.initialise(SPEC), math.inf)),
    commands.SetClip(None),
    commands.SetClip(0.25),
    commands.SetTask(DOGS),
    commands.SetFrozen((), np.zeros(0)),
    commands.SetFrozen.as_in(e.initialise(SPEC), (("head.bias", np.array([1, 0, 0, 1, 0], bool)),)),
    *(commands.SetOptimizer(optimizer(lr=0.3)) for optimizer in e.OPTIMIZERS.values()),
]


def assert_same(one: Any, other: Any) -> None:
    """Compare in depth; NaN equals NaN, and types and shapes must agree, too."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other, strict=True)
    elif isinstance(one, e.Parameters):
        assert one.shapes == other.shapes
        assert_same(one.flat, other.flat)
    elif isinstance(one, tuple):
        assert len(one) == len(other)
        for part, counterpart in zip(one, other, strict=True):
            assert_same(part, counterpart)
    elif is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    else:
        assert one == other


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_every_command_arrives_as_it_was_sent(command: commands.Command) -> None:
    order = Order(12, command)
    assert_same(decode(encode(order)), order)


def test_every_kind_of_command_is_tried() -> None:
    assert {type(command) for command in COMMANDS} == set(commands.Command.__subclasses__())


@given(
    arrays.arrays(np.float64, arrays.array_shapes(max_dims=1)),
    arrays.arrays(np.float64, arrays.array_shapes(min_dims=2, max_dims=2, min_side=0)),
    st.text(max_size=5),
    st.none() | st.integers(0, 2**40),
)
def test_every_number_of_a_report_arrives(
    flat: e.Array, table: e.Array, trouble: str, left: int | None
) -> None:
    report = Report(3, 2**40, left, flat, (flat, table), table.T, trouble)
    assert_same(decode(encode(report)), report)


def test_what_arrives_cannot_be_written() -> None:
    report: Report = decode(encode(Report(1, 1, None, np.ones(3), None, np.ones((5, 1)))))
    assert not report.flat.flags.writeable
    assert not report.table.flags.writeable


def test_numbers_of_numpy_may_be_settings() -> None:
    order = Order(1, commands.SetOptimizer(e.SGD(np.float64(0.3))))
    assert decode(encode(order)).command.optimizer == e.SGD(0.3)


def test_half_a_message_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(encode(Hello(1, False))[:-1])


def test_only_known_classes_are_made() -> None:
    with pytest.raises(KeyError):
        decode(msgspec.msgpack.encode({"is": "Popen", "fields": ["ls"]}))
