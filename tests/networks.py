"""Reference values, and random networks with a batch each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz import engine as e

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE = Path(__file__).parent / "reference"

CELLS_AND_ACTIVATIONS = [
    (name, activation) for name, cell in e.CELLS.items() for activation in cell.activations
]


def reference(name: str) -> dict[str, NDArray[Any]]:
    with np.load(REFERENCE / f"{name}.npz", allow_pickle=False) as archive:
        return dict(archive)


def known(name: str) -> Any:
    return json.loads((REFERENCE / "known_answers.json").read_text(encoding="utf-8"))[name]


def relative_error(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    assert found.shape == wanted.shape
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def reference_network(values: dict[str, NDArray[Any]], dtype: str) -> tuple[e.NetworkSpec, e.Parameters]:
    """The plain network that reference values were computed with."""
    meta = json.loads(str(values["meta"]))
    spec = e.NetworkSpec(
        "rnn",
        meta["input_size"],
        meta["hidden_size"],
        meta["output_size"],
        activation=meta["cell"].removeprefix("rnn_"),
        dtype=dtype,
    )
    weights = {
        name.removeprefix("param."): array for name, array in values.items() if name.startswith("param.")
    }
    return spec, e.parameters(spec, weights)


def dogs() -> tuple[e.NetworkSpec, e.Parameters, list[int]]:
    """The worked example with its printed weights, and its tokens."""
    answers = known("dogs")
    spec = e.NetworkSpec("rnn", 4, 3, 4, bias=False)
    names = {"weight_ih_l0": "W_X", "weight_hh_l0": "W_H", "head.weight": "W_Y"}
    params = e.parameters(spec, {name: answers[shown] for name, shown in names.items()})
    return spec, params, [answers["vocabulary"].index(letter) for letter in answers["text"]]


def scalar(weight: float, activation: str = "identity", input_weight: float = 0.0) -> Any:
    """A network of one unit without bias, whose two logits are h and −h."""
    spec = e.NetworkSpec("rnn", 1, 1, 2, activation, bias=False)
    weights = {"weight_ih_l0": [[input_weight]], "weight_hh_l0": [[weight]], "head.weight": [[1.0], [-1.0]]}
    return spec, e.parameters(spec, weights)


@dataclass(frozen=True)
class Case:
    """A network, a batch for it and all that follows."""

    spec: e.NetworkSpec
    params: e.Parameters
    x: NDArray[Any]
    initial: NDArray[Any]
    lengths: NDArray[Any]
    targets: NDArray[Any]

    @property
    def batch(self) -> e.Batch:
        return e.Batch(self.x, self.targets, self.lengths, {"h": self.initial})

    def loss(self, **changed: Any) -> e.Loss:
        return e.cross_entropy(self.trace(**changed), self.targets)

    def trace(self, params: Any = None, x: Any = None, initial: Any = None) -> e.Trace:
        return e.forward(
            self.spec,
            self.params if params is None else params,
            self.x if x is None else x,
            {"h": self.initial if initial is None else initial},
            self.lengths,
        )

    def gradients(self) -> e.Gradients:
        return e.backward(self.spec, self.params, self.trace(), self.loss())

    def flow(self, sequence: int = 0, steps: tuple[int, int] | None = None) -> e.GradientFlow:
        return e.gradient_flow(self.spec, self.params, self.trace(), self.loss(), sequence, steps)


def case(
    seed: int,
    *,
    cell: str = "rnn",
    activation: str = "tanh",
    bias: bool = True,
    dtype: str = "float64",
    tokens: bool = True,
    ragged: bool = False,
    silent: bool = False,
    batch: int | None = None,
    gain: float = 1.5,
) -> Case:
    """A network and a batch of random sizes and numbers; the same seed gives the same."""
    draw = np.random.default_rng(seed)
    inputs, hidden, outputs, drawn_batch, steps = draw.integers((1, 1, 2, 1, 1), (6, 6, 6, 4, 9)).tolist()
    batch = batch or drawn_batch
    spec = e.NetworkSpec(cell, inputs, hidden, outputs, activation, bias, dtype)
    drawn = {name: draw.uniform(-gain, gain, shape) for name, shape in e.parameter_shapes(spec).items()}
    lengths = draw.integers(0, steps + 1, batch) if ragged else np.full(batch, steps)
    return Case(
        spec,
        e.parameters(spec, drawn),
        draw.integers(0, inputs, (steps, batch)) if tokens else draw.normal(size=(steps, batch, inputs)),
        draw.normal(size=(1, batch, hidden)),
        lengths,
        draw.integers(-1 if silent else 0, outputs, (steps, batch)),
    )
