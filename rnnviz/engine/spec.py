"""What network it is: its cell, its layers, its sizes, its number type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import SpecError

DTYPES = ("float64", "float32")
READOUTS = ("softmax", "sigmoid", "linear")
GRU_RESETS = ("after", "before")


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """A network of recurrent layers, one above another, with a readout at every step.

    cell: a key of `CELLS`; activation: one that the cell allows. bias=False drops `head.bias` too.
    bidirectional: every layer also runs from the last step to the first, and what both ways find stands side
    by side, (…, 2·H). readout: what becomes of the logits. gru_reset: whether the reset gate of a GRU acts
    after the recurrent product (PyTorch) or before it (Cho et al. 2014). embedding_size: E, so that tokens
    are looked up in a table (I, E) first; None for one-hot vectors. Raises SpecError, one sentence that
    names the field.
    """

    cell: str
    input_size: int
    hidden_size: int
    output_size: int
    activation: str = "tanh"
    num_layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    readout: str = "softmax"
    dtype: str = "float64"
    gru_reset: str = "after"
    embedding_size: int | None = None

    def __post_init__(self) -> None:
        _require_choice("cell", self.cell, tuple(CELLS))
        cell = CELLS[self.cell]
        _require_choice("activation", self.activation, cell.activations)
        _require_choice("readout", self.readout, READOUTS)
        _require_choice("dtype", self.dtype, DTYPES)
        _require_choice("gru_reset", self.gru_reset, GRU_RESETS if self.cell == "gru" else GRU_RESETS[:1])
        for field in ("input_size", "hidden_size", "output_size", "num_layers"):
            _require_size(field, getattr(self, field))
        if self.embedding_size is not None:
            _require_size("embedding_size", self.embedding_size)
        for field in ("bidirectional", "bias"):
            if not isinstance(getattr(self, field), bool):
                raise SpecError(f"{field} must be true or false, not {getattr(self, field)!r}.")
        if self.bidirectional and not cell.recurrent:
            raise SpecError(f"bidirectional must be false for the cell {self.cell}, which has no direction.")

    @property
    def number(self) -> np.dtype[np.floating]:
        """The NumPy type of parameters, states and gradients."""
        return np.dtype(np.float32 if self.dtype == "float32" else np.float64)

    @property
    def directions(self) -> int:
        """D, how many ways a layer runs through time."""
        return 2 if self.bidirectional else 1

    @property
    def width(self) -> int:
        """D·H, how many numbers a layer hands on at every step."""
        return self.directions * self.hidden_size

    def layer_inputs(self, layer: int) -> int:
        """Return how many numbers a layer reads at every step."""
        return self.width if layer else self.embedding_size or self.input_size


def _require_choice(field: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SpecError(f"{field} must be one of {', '.join(choices)}, not {value!r}.")


def _require_size(field: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise SpecError(f"{field} must be a whole number of at least 1, not {value!r}.")
