"""What the engine refuses, each in one sentence that a user can read."""

from __future__ import annotations


class EngineError(ValueError):
    """The engine was asked for something it cannot compute."""


class SpecError(EngineError):
    """A network was described with a field that is not allowed."""


class ShapeError(EngineError):
    """An array does not fit the network: its name, its shape, its type or its range."""


class StepError(EngineError, IndexError):
    """A time step, a range of steps or a sequence lies outside what was computed."""
