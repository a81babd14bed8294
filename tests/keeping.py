"""Documents of every kind, to be kept in files, and what is in one."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.interventions import targets
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.session.corpus import Corpus
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.schema import LayoutPart, View
from rnnviz.session.freezing import held
from rnnviz.session.reading import READOUTS
from rnnviz.session.settings import TrainingSettings
from rnnviz.session.signals import text_of
from rnnviz.session.state import DocumentState, equal, same_parameters
from rnnviz.session.training.history import COLUMNS, Record
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRANGE = ("a", "é", "\n", "👩‍👩‍👧", "\x00", "“", "\\", '"', "\u202e", "नी")
SPECIAL = (0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1.7e308)


def random_kept(seed: int, **fields: Any) -> Kept:
    """A document that uses as much of the format as chance wants; the same seed gives the same.

    fields: further ones of the network.
    """
    draw = np.random.default_rng(seed)
    reads = str(draw.choice(["characters", "words", "numbers"]))
    tokens = {
        "characters": STRANGE,
        "words": ("to", "be", "or", "not", "ß"),
        "numbers": ("x₁", "x₂"),
    }[reads]
    spec = _spec(draw, len(tokens), reads, fields)
    shapes = e.parameter_shapes(spec)
    trained = bool(draw.integers(2))
    updates = int(draw.integers(1, 50)) if trained else 0
    text = _text(draw, tokens, reads)
    state = DocumentState(
        "A “title”\n",
        spec,
        e.parameters(spec, {name: _numbers(draw, spec, shape) for name, shape in shapes.items()}),
        Vocabulary(tokens),
        text,
        reads=reads,
        settings=TrainingSettings(
            rate=float(draw.uniform(0.001, 1)),
            clip=None if draw.integers(2) else 1.5,
            optimizer=str(draw.choice(list(e.OPTIMIZERS))),
            batch=int(draw.integers(1, 99)),
        ),
        other=_text(draw, tokens, reads) if draw.integers(2) else None,
        updates=updates,
        origin=e.parameters(spec, {n: draw.normal(size=s) for n, s in shapes.items()}) if trained else None,
        initial=_initial(draw, spec) if draw.integers(2) else None,
        frozen=held({name: draw.uniform(size=shape) < 0.3 for name, shape in shapes.items()}),
        corpus=_corpus(draw, tokens) if reads != "numbers" and draw.integers(2) else None,
    )
    if state.steps:
        state = replace(state, silent=frozenset({int(draw.integers(state.steps))}))
    if e.CELLS[spec.cell].recurrent:
        state = replace(state, interventions=_interventions(draw, spec))
    return Kept(state, _record(draw, state) if trained else None, _view(draw, state))


def _spec(draw: np.random.Generator, size: int, reads: str, fields: dict[str, Any]) -> e.NetworkSpec:
    cell = fields.pop("cell", None) or str(draw.choice(list(e.CELLS)))
    recurrent = e.CELLS[cell].recurrent
    chosen: dict[str, Any] = {
        "activation": str(draw.choice(e.CELLS[cell].activations)),
        "num_layers": int(draw.integers(1, 4)),
        "bidirectional": recurrent and bool(draw.integers(2)),
        "bias": bool(draw.integers(2)),
        "dtype": str(draw.choice(["float64", "float32"])),
        "gru_reset": str(draw.choice(["after", "before"])) if cell == "gru" else "after",
        "embedding_size": int(draw.integers(1, 4)) if reads != "numbers" and draw.integers(2) else None,
        "readout": READOUTS[reads],
    }
    return e.NetworkSpec(cell, size, int(draw.integers(1, 6)), size, **(chosen | fields))


def _numbers(draw: np.random.Generator, spec: e.NetworkSpec, shape: tuple[int, ...]) -> NDArray[Any]:
    """Numbers among which are all that are special: an exploded network has them, too."""
    with np.errstate(over="ignore"):
        values = draw.normal(size=shape).astype(spec.number)
        places = draw.uniform(size=shape) < 0.2
        values[places] = draw.choice(SPECIAL, size=shape)[places]
    return values


def _text(draw: np.random.Generator, tokens: tuple[str, ...], reads: str) -> str:
    length = int(draw.integers(0, 12))
    if reads == "numbers":
        return text_of(draw.normal(size=(length, len(tokens)))) if length else ""
    return (" " if reads == "words" else "").join(draw.choice(tokens, length).tolist())


def _initial(draw: np.random.Generator, spec: e.NetworkSpec) -> Any:
    cell = e.CELLS[spec.cell]
    shape = (spec.num_layers * spec.directions, 1, spec.hidden_size)
    states = {name: draw.normal(size=shape).astype(spec.number) for name in cell.states if cell.recurrent}
    return MappingProxyType(states) if states else None


def _corpus(draw: np.random.Generator, tokens: tuple[str, ...]) -> Corpus:
    ids = draw.integers(0, len(tokens), int(draw.integers(0, 3000))).astype(np.int32)
    text = "".join(tokens[place] for place in ids.tolist()) if draw.integers(2) else None
    return Corpus("tale.txt", ids, text)


def _interventions(draw: np.random.Generator, spec: e.NetworkSpec) -> tuple[e.Intervention, ...]:
    held_one = e.Intervention(
        str(draw.choice(targets(spec))),
        float(draw.normal()),
        int(draw.integers(5)),
        int(draw.integers(spec.hidden_size)),
        int(draw.integers(spec.num_layers)),
        int(draw.integers(spec.directions)),
    )
    return (held_one,) if draw.integers(2) else ()


def _record(draw: np.random.Generator, state: DocumentState) -> Record:
    table = draw.normal(size=(len(COLUMNS) + len(state.parameters), state.updates))
    table[:, -1] = np.inf
    return Record(tuple(state.parameters), 1, table)


def _view(draw: np.random.Generator, state: DocumentState) -> View:
    name = next(iter(state.parameters))
    picked = (
        None,
        Selection("h", 0),
        Selection(weight=WeightEntry(name, 0, 0)),
        Selection("h", pair=StepPair(0, 0)),
    )
    layout = LayoutPart("row", ("network", LayoutPart("tabs", ("weights", "timeline"))), (3, 1))
    return View(
        step=int(draw.integers(max(1, state.steps))),
        selection=picked[draw.integers(4)],
        columns=(0, 10) if draw.integers(2) else None,
        loop=bool(draw.integers(2)),
        layout=layout if draw.integers(2) else "network",
        panels={"weights": "numbers"},
    )


def same_kept(one: Kept, other: Kept) -> bool:
    """Whether two files would keep the same, numbers to the last bit."""
    records = [
        None if kept.record is None else (kept.record.names, kept.record.first, kept.record.table.tobytes())
        for kept in (one, other)
    ]
    bits = [kept.state.parameters.flat.tobytes() for kept in (one, other)]
    return (
        equal(one.state, other.state)
        and one.state.interventions == other.state.interventions
        and bits[0] == bits[1]
        and same_parameters(one.state.origin, other.state.origin)
        and records[0] == records[1]
        and one.view == other.view
    )


def members_in(content: bytes) -> dict[str, bytes]:
    """The members of a zip file by name."""
    with ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(members: dict[str, bytes], way: int = ZIP_DEFLATED) -> bytes:
    """A zip file as any other program would write it."""
    with ZipFile(content := BytesIO(), "w", way) as file:
        for name, member in members.items():
            file.writestr(name, member)
    return content.getvalue()


def with_document(content: bytes, **fields: Any) -> bytes:
    """The same file with other fields in its JSON document."""
    members = members_in(content)
    document = json.loads(members["document.json"]) | fields
    return zipped(members | {"document.json": json.dumps(document).encode()})
