"""Reference values, and random networks with a batch each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.interventions import targets
from rnnviz.engine.spec import GRU_RESETS, READOUTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE = Path(__file__).parent / "reference"

CELLS_AND_ACTIVATIONS = [
    (name, activation) for name, cell in e.CELLS.items() for activation in cell.activations
]

# Every cell with every activation and place of the reset gate that it allows, by a name to show.
KINDS: dict[str, dict[str, str]] = {
    "-".join(filter(None, (name, activation, reset))): {
        "cell": name,
        "activation": activation,
        "gru_reset": reset or "after",
    }
    for name, activation in CELLS_AND_ACTIVATIONS
    for reset in (GRU_RESETS if name == "gru" else ("",))
}


def reference(name: str) -> dict[str, NDArray[Any]]:
    with np.load(REFERENCE / f"{name}.npz", allow_pickle=False) as archive:
        return dict(archive)


def reference_meta(values: dict[str, NDArray[Any]]) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads(str(values["meta"]))
    return meta


def references(kind: str) -> list[str]:
    """The names of all files of reference values of one kind."""
    names = sorted(path.stem for path in REFERENCE.glob("*.npz"))
    return [name for name in names if reference_meta(reference(name))["kind"] == kind]


def known(name: str) -> Any:
    return json.loads((REFERENCE / "known_answers.json").read_text(encoding="utf-8"))[name]


def relative_error(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    assert found.shape == wanted.shape
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def reference_network(values: dict[str, NDArray[Any]], dtype: str) -> tuple[e.NetworkSpec, e.Parameters]:
    """The network that reference values were computed with; "rnn_tanh" is a cell with its activation."""
    meta = reference_meta(values)
    cell, _, activation = meta["cell"].partition("_")
    spec = e.NetworkSpec(
        cell,
        meta["input_size"],
        meta["hidden_size"],
        meta["output_size"],
        activation=activation or "tanh",
        num_layers=meta.get("layers", 1),
        bidirectional=meta.get("bidirectional", False),
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
    initial: dict[str, NDArray[Any]]
    lengths: NDArray[Any]
    targets: NDArray[Any]
    interventions: tuple[e.Intervention, ...] = ()

    @property
    def batch(self) -> e.Batch:
        return e.Batch(self.x, self.targets, self.lengths, self.initial)

    @property
    def places(self) -> list[tuple[int, int]]:
        """Every layer with every direction."""
        return [(layer, way) for layer in range(self.spec.num_layers) for way in range(self.spec.directions)]

    def alone(self, sequence: int) -> Case:
        """One sequence by itself, cut to its length."""
        part, length = slice(sequence, sequence + 1), int(self.lengths[sequence])
        return replace(
            self,
            x=self.x[:length, part],
            initial={name: state[:, part] for name, state in self.initial.items()},
            lengths=self.lengths[part],
            targets=self.targets[:length, part],
        )

    def loss(self, **changed: Any) -> e.Loss:
        return self.loss_of(self.trace(**changed))

    def loss_of(self, trace: e.Trace) -> e.Loss:
        loss: e.Loss = getattr(e, e.loss_for(self.spec))(trace, self.targets)
        return loss

    def trace(self, params: Any = None, x: Any = None, initial: Any = None) -> e.Trace:
        return e.forward(
            self.spec,
            self.params if params is None else params,
            self.x if x is None else x,
            self.initial if initial is None else initial,
            self.lengths,
            self.interventions,
        )

    def gradients(self) -> e.Gradients:
        trace = self.trace()
        return e.backward(self.spec, self.params, trace, self.loss_of(trace))

    def flow(self, sequence: int = 0, **options: Any) -> e.GradientFlow:
        trace = self.trace()
        return e.gradient_flow(self.spec, self.params, trace, self.loss_of(trace), sequence, **options)


def case(
    seed: int,
    *,
    dtype: str = "float64",
    tokens: bool = True,
    embedding: bool = False,
    ragged: bool = False,
    silent: bool = False,
    initial: bool = True,
    batch: int | None = None,
    gain: float = 1.5,
    cell: str = "rnn",
    **fields: Any,
) -> Case:
    """A network and a batch of random sizes and numbers; the same seed gives the same.

    fields: further ones of the specification.
    """
    draw = np.random.default_rng(seed)
    inputs, hidden, outputs, drawn_batch, steps = draw.integers((1, 1, 2, 1, 1), (6, 6, 6, 4, 9)).tolist()
    batch = batch or drawn_batch
    width = int(draw.integers(1, 5)) if embedding else None
    spec = e.NetworkSpec(cell, inputs, hidden, outputs, dtype=dtype, embedding_size=width, **fields)
    drawn = {name: draw.uniform(-gain, gain, shape) for name, shape in e.parameter_shapes(spec).items()}
    states = e.CELLS[cell].states if initial else ()
    return Case(
        spec,
        e.parameters(spec, drawn),
        draw.integers(0, inputs, (steps, batch)) if tokens else draw.normal(size=(steps, batch, inputs)),
        {name: draw.normal(size=(spec.num_layers * spec.directions, batch, hidden)) for name in states},
        draw.integers(0, steps + 1, batch) if ragged else np.full(batch, steps),
        random_targets(draw, spec, (steps, batch), silent=silent),
    )


def random_targets(
    draw: np.random.Generator, spec: e.NetworkSpec, shape: tuple[int, int], *, silent: bool
) -> NDArray[Any]:
    """Targets of the kind that belongs to the readout; if silent, some are left out."""
    if spec.readout == "softmax":
        return draw.integers(-1 if silent else 0, spec.output_size, shape)
    numbers = draw.uniform(size=(*shape, spec.output_size))
    if silent:
        numbers[draw.uniform(size=numbers.shape) < 0.3] = np.nan
    return numbers


def any_case(seed: int, kind: str, *, held: int = 0, **chosen: Any) -> Case:
    """A case of a kind of cell whose architecture and batch are random as far as they are not chosen.

    held: up to how many interventions there are.
    """
    draw = np.random.default_rng(seed)
    recurrent = e.CELLS[KINDS[kind]["cell"]].recurrent
    flags = ("tokens", "embedding", "ragged", "silent", "initial", "bias", "bidirectional")
    options: dict[str, Any] = {name: bool(draw.integers(2)) for name in flags}
    options["bidirectional"] &= recurrent
    options |= {"num_layers": int(draw.integers(1, 4)), "readout": str(draw.choice(READOUTS)), "gain": 0.8}
    drawn = case(seed, **(KINDS[kind] | options | chosen))
    number = int(draw.integers(held + 1))
    return replace(drawn, interventions=tuple(random_intervention(draw, drawn) for _ in range(number)))


def random_intervention(draw: np.random.Generator, drawn: Case) -> e.Intervention:
    layer, direction = drawn.places[draw.integers(len(drawn.places))]
    unit = int(draw.integers(drawn.spec.hidden_size)) if draw.integers(2) else None
    target, start = str(draw.choice(targets(drawn.spec))), int(draw.integers(len(drawn.x)))
    return e.Intervention(target, float(draw.normal()), start, unit, layer, direction)
