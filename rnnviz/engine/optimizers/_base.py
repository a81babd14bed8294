"""What an optimiser is: the rule by which a gradient changes parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from numpy.typing import NDArray

from rnnviz.engine.errors import SpecError

if TYPE_CHECKING:
    import numpy as np

    from rnnviz.engine.arrays import Array

# What an optimiser remembers from update to update: plain arrays, to be copied, sent and stored.
OptimizerState: TypeAlias = tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Optimizer(ABC):
    """The settings of an optimiser. They never change, and what it remembers is kept outside, in a state.

    So another rate is another optimiser, `dataclasses.replace(optimizer, lr=…)`, that goes on with the same
    state. lr: the learning rate, finite and not negative. Raises SpecError, one sentence naming the field.
    """

    name: ClassVar[str]  # its key in `OPTIMIZERS`
    title: ClassVar[str]

    lr: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lr) and self.lr >= 0):
            raise SpecError(f"lr must be a finite number of at least 0, not {self.lr!r}.")

    @abstractmethod
    def start(self, size: int, number: np.dtype[np.floating], /) -> OptimizerState:
        """Return what is remembered before the first update of `size` parameters of type `number`."""

    @abstractmethod
    def update(self, parameters: Array, gradient: Array, state: OptimizerState, /) -> None:
        """Make one update in place, of parameters (P,) and of the state; gradient (P,) may be overwritten."""


def require_fraction(field: str, value: float) -> None:
    """Refuse what is no share of the past to keep: all of it, or less than nothing."""
    if not 0 <= value < 1:
        raise SpecError(f"{field} must be a number of at least 0 and below 1, not {value!r}.")


def require_positive(field: str, value: float) -> None:
    """Refuse what is not above 0; without an eps, a gradient that has always been 0 would be 0 / 0."""
    if not 0 < value < inf:
        raise SpecError(f"{field} must be a finite number above 0, not {value!r}.")
