"""Ready-made networks, one JSON file each in `resources/presets`; a new file there is a new preset."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from rnnviz import engine as e
from rnnviz import resources
from rnnviz.session.errors import PresetError, SessionError
from rnnviz.session.initial import with_initial
from rnnviz.session.reading import READOUTS, Reading
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary


class _File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a preset's file holds; parameters are nested lists under PyTorch's names, in float64.

    What has a value here may be left out. embedding: E, null for one-hot vectors. initial: for each state
    that the network starts from, a row of H numbers for each layer and direction. other: a second sequence.
    """

    order: int
    title: str
    description: str
    text: str
    vocabulary: tuple[str, ...]
    cell: str
    units: int
    bias: bool
    parameters: dict[str, list[float | list[float]]]
    activation: str = "tanh"
    layers: int = 1
    bidirectional: bool = False
    gru_reset: str = "after"
    embedding: int | None = None
    reads: Reading = "characters"
    initial: dict[str, list[list[float]]] | None = None
    other: str | None = None


@dataclass(frozen=True)
class Preset:
    """What a menu shows of a preset: the name that loads it, a title and one sentence."""

    name: str
    title: str
    description: str


def available() -> tuple[Preset, ...]:
    """Return all presets in the order to show them."""
    files = {path.stem: _read(path.stem) for path in resources.path("presets").glob("*.json")}
    names = sorted(files, key=lambda name: (files[name].order, name))
    return tuple(Preset(name, files[name].title, files[name].description) for name in names)


def names() -> tuple[str, ...]:
    """Return the names that `load` takes, in the order to show them."""
    return tuple(preset.name for preset in available())


def load(name: str) -> DocumentState:
    """Return the state of a preset. Raises PresetError, one sentence, if it is unknown or its file is bad."""
    # A name is looked up, not made into a path: "../x" must not reach outside the folder.
    known = names()
    if name not in known:
        raise PresetError(f"There is no preset “{name}”; choose one of {', '.join(known)}.")
    return _state(name, _read(name))


def _read(name: str) -> _File:
    try:
        content = resources.path("presets", f"{name}.json").read_bytes()
        return msgspec.json.decode(content, type=_File)
    except (OSError, msgspec.DecodeError) as error:
        raise PresetError(f"The preset “{name}” cannot be read: {error}.") from error


def _state(name: str, file: _File) -> DocumentState:
    try:
        vocabulary = Vocabulary(file.vocabulary)
        spec = _spec(file, len(vocabulary))
        arrays = {key: _array(key, rows) for key, rows in file.parameters.items()}
        state = DocumentState(
            file.title,
            spec,
            e.parameters(spec, arrays),
            vocabulary,
            file.text,
            reads=file.reads,
            other=file.other,
        )
        return with_initial(state, _start(file))
    except (SessionError, e.EngineError) as error:
        raise PresetError(f"The preset “{name}” is not valid: {error}") from error


def _spec(file: _File, size: int) -> e.NetworkSpec:
    """Return the network of a file that reads and predicts `size` tokens."""
    return e.NetworkSpec(
        file.cell,
        input_size=size,
        hidden_size=file.units,
        output_size=size,
        activation=file.activation,
        num_layers=file.layers,
        bidirectional=file.bidirectional,
        bias=file.bias,
        readout=READOUTS[file.reads],
        gru_reset=file.gru_reset,
        embedding_size=file.embedding,
    )


def _start(file: _File) -> dict[str, e.Array] | None:
    """Return the states of a file, (L·D, 1, H) by name."""
    if file.initial is None:
        return None
    return {name: _array(f"{name}₀", list(rows))[:, None] for name, rows in file.initial.items()}


def _array(name: str, rows: list[float | list[float]]) -> e.Array:
    try:
        return np.array(rows, np.float64)
    except ValueError:
        raise PresetError(f"{name} has rows of different lengths.") from None
