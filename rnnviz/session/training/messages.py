"""What goes through the pipe between the window and the worker, and how it is written as bytes.

A message is a class's name and its fields in MessagePack, arrays as raw bytes. Nothing is pickled: what
arrives can only be one of the classes known here, and each checks its own fields.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import msgspec
import numpy as np

from rnnviz import engine as e
from rnnviz.session.training import commands
from rnnviz.session.training.job import Job, SequenceTask, TextTask


@dataclass(frozen=True)
class Order:
    """A command with its number; later ones have higher numbers."""

    number: int
    command: commands.Command


@dataclass(frozen=True)
class Hello:
    """The first thing a worker says: its process id, and whether it has loaded Qt, which it should not."""

    pid: int
    has_qt: bool


@dataclass(frozen=True, eq=False)
class Report:
    """How things stand, and what every update since the last report has found.

    applied: the number of the last command carried out. update, left, flat and optimizer_state are those of
    the job now, after these updates and this command. table: (4 + P, n), as in `history.Record`; its last
    column belongs to `update`. trouble: a sentence for the user, or empty.
    """

    applied: int
    update: int
    left: int | None
    flat: e.Array
    optimizer_state: e.OptimizerState | None
    table: e.Array
    trouble: str = ""


Message: TypeAlias = Order | Hello | Report

_KNOWN: dict[str, type[Any]] = {
    known.__name__: known
    for known in (
        *(Order, Hello, Report, Job, SequenceTask, TextTask, e.NetworkSpec),
        *(commands.Start, commands.Pause, commands.Resume, commands.StepOnce, commands.EditParameters),
        *(commands.SetOptimizer, commands.SetClip, commands.SetTask, commands.SetFrozen),
        *e.OPTIMIZERS.values(),
    )
}


def encode(message: Message) -> bytes:
    """Return a message as bytes."""
    return msgspec.msgpack.encode(_plain(message))


def decode(frame: bytes) -> Any:
    """Return the message that was encoded; arrays are read-only. Raises an error if it is no message."""
    return _alive(msgspec.msgpack.decode(frame))


def _plain(value: Any) -> Any:
    """Return a value as maps, lists, numbers, text and bytes."""
    if isinstance(value, np.ndarray):
        return {"array": value.tobytes(), "shape": value.shape, "of": value.dtype.str}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, e.Parameters):
        return {"flat": _plain(value.flat), "shapes": dict(value.shapes)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    name = type(value).__name__
    if name not in _KNOWN:
        return value
    return {"is": name, "fields": [_plain(getattr(value, field.name)) for field in fields(value)]}


def _alive(plain: Any) -> Any:
    """Return what `_plain` was given."""
    if isinstance(plain, list):
        return tuple(map(_alive, plain))
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        return np.frombuffer(plain["array"], plain["of"]).reshape(plain["shape"])
    if "flat" in plain:
        return e.Parameters(
            _alive(plain["flat"]), {name: tuple(shape) for name, shape in plain["shapes"].items()}
        )
    return _KNOWN[plain["is"]](*_alive(plain["fields"]))
