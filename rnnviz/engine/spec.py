"""What network it is: its cell, its sizes, its number type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import SpecError

DTYPES = ("float64", "float32")


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A network of one recurrent layer with a softmax readout at every step.

    cell: a key of `CELLS`; activation: one that the cell allows. bias=False drops `head.bias` too.
    Raises SpecError, one sentence that names the field.
    """

    cell: str
    input_size: int
    hidden_size: int
    output_size: int
    activation: str = "tanh"
    bias: bool = True
    dtype: str = "float64"

    def __post_init__(self) -> None:
        _require_choice("cell", self.cell, tuple(CELLS))
        _require_choice("activation", self.activation, CELLS[self.cell].activations)
        _require_choice("dtype", self.dtype, DTYPES)
        for field in ("input_size", "hidden_size", "output_size"):
            _require_size(field, getattr(self, field))
        if not isinstance(self.bias, bool):
            raise SpecError(f"bias must be true or false, not {self.bias!r}.")

    @property
    def number(self) -> np.dtype[np.floating]:
        """The NumPy type of parameters, states and gradients."""
        return np.dtype(np.float32 if self.dtype == "float32" else np.float64)


def _require_choice(field: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SpecError(f"{field} must be one of {', '.join(choices)}, not {value!r}.")


def _require_size(field: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise SpecError(f"{field} must be a whole number of at least 1, not {value!r}.")
