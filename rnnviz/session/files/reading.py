"""From the content of a file to a document, everything in it checked."""

from __future__ import annotations

from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

import msgspec
import numpy as np

from rnnviz import engine as e
from rnnviz.session.corpus import Corpus
from rnnviz.session.errors import SessionError
from rnnviz.session.files.archive import Archive, shown
from rnnviz.session.files.arrays import read_exact, read_row
from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.kept import Extras, Kept
from rnnviz.session.files.limits import MOST_CORPUS, MOST_EXTRAS, MOST_JSON, MOST_LAYERS, check_text
from rnnviz.session.files.migrations import migrated
from rnnviz.session.files.schema import DocumentPart
from rnnviz.session.files.unknown import unknown_fields
from rnnviz.session.freezing import held
from rnnviz.session.settings import TrainingSettings
from rnnviz.session.state import DocumentState
from rnnviz.session.training.history import COLUMNS, KEPT, Record
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rnnviz.session.freezing import Frozen
    from rnnviz.session.initial import Start

_LONGEST = 300  # letters of a sentence: what it cites may be of any length
_IDS = {f"{end}u{size}" for end in "<|" for size in (1, 2, 4)}


def read_kept(file: IO[bytes], beside: IO[bytes] | None = None, known: Iterable[str] = ()) -> Kept:
    """Return what a file keeps.

    beside: another archive with the members of a text to learn from. known: members that are no document's.
    Raises DocumentFileError with the end of a sentence that says what is wrong with it. Every size is known
    to be what it must be before memory is taken for it.
    """
    try:
        return _kept(_Members(file, beside, known))
    except DocumentFileError as error:
        raise DocumentFileError(shown(str(error), _LONGEST)) from error
    except (msgspec.DecodeError, SessionError, e.EngineError) as error:
        raise DocumentFileError(shown(_plain(str(error)), _LONGEST)) from error
    except (UnicodeDecodeError, RecursionError):
        raise DocumentFileError("its document is damaged") from None


class _Members:
    """An archive, and which of its members have been read."""

    def __init__(self, file: IO[bytes], beside: IO[bytes] | None, known: Iterable[str]) -> None:
        self.archive = Archive(file)
        self.corpus = self.archive if beside is None else Archive(beside)
        self._read = set(known)

    def content(self, name: str, most: int) -> bytes:
        self._read.add(name)
        return (self.corpus if name.startswith("corpus") else self.archive).read(name, most)

    def array(self, name: str, of: np.dtype[Any], shape: tuple[int, ...]) -> Any:
        self._read.add(name)
        return read_exact(self.archive, name, of.newbyteorder("<").str, shape)

    def row(self, name: str, of: set[str], most: int) -> Any:
        self._read.add(name)
        return read_row(self.corpus, name, of, most)

    def rest(self) -> dict[str, bytes]:
        """Return the members that nobody has asked for."""
        names = [name for name in self.archive.names if name not in self._read]
        if sum(map(self.archive.size, names)) > MOST_EXTRAS:
            raise DocumentFileError("it holds too much that this RNNViz knows nothing of")
        return {name: self.archive.read(name, MOST_EXTRAS) for name in names}


def _kept(members: _Members) -> Kept:
    content = members.content("document.json", MOST_JSON)
    content.decode()  # the parser does not look into what it does not know
    document = migrated(content)
    part = msgspec.json.decode(msgspec.json.encode(document), type=DocumentPart)
    for text in (part.text, part.other or ""):
        check_text(text, part.reads)
    if part.network.num_layers > MOST_LAYERS:
        raise DocumentFileError(f"its network has {part.network.num_layers:,} layers")
    state, record = _state(part, members), _record(part, members)
    extras = Extras(unknown_fields(document), MappingProxyType(members.rest()))
    return Kept(state, record, part.view, extras)


def _state(part: DocumentPart, members: _Members) -> DocumentState:
    spec = part.network
    return DocumentState(
        part.title,
        spec,
        _parameters("parameters", spec, members),
        Vocabulary(part.vocabulary),
        part.text,
        silent=frozenset(part.silent),
        corpus=_corpus(part, members),
        settings=part.training if isinstance(part.training, TrainingSettings) else TrainingSettings(),
        origin=_parameters("origin", spec, members) if part.trained else None,
        updates=part.updates,
        initial=_start(part, members),
        reads=part.reads,
        other=part.other,
        other_silent=frozenset(part.other_silent),
        frozen=_frozen(part, members),
        interventions=part.interventions,
    )


def _parameters(folder: str, spec: e.NetworkSpec, members: _Members) -> e.Parameters:
    shapes = e.parameter_shapes(spec)
    arrays = {
        name: members.array(f"{folder}/{name}.npy", spec.number, shape) for name, shape in shapes.items()
    }
    return e.parameters(spec, arrays)


def _start(part: DocumentPart, members: _Members) -> Start | None:
    spec = part.network
    shape = (spec.num_layers * spec.directions, 1, spec.hidden_size)
    arrays = {name: members.array(f"start/{name}.npy", spec.number, shape) for name in _once(part.start)}
    if any(not np.isfinite(array).all() for array in arrays.values()):
        raise DocumentFileError("a state that its network starts from is not finite")
    return MappingProxyType(arrays) if arrays else None


def _frozen(part: DocumentPart, members: _Members) -> Frozen:
    shapes = e.parameter_shapes(part.network)
    if strange := [name for name in part.frozen if name not in shapes]:
        raise DocumentFileError(f"its network has no weights called {strange[0]}")
    # What stands for true may be any number but zero in a file, and only one in memory.
    masks: Mapping[str, Any] = {
        name: members.array(f"frozen/{name}.npy", np.dtype(bool), shapes[name]).view(np.uint8) != 0
        for name in _once(part.frozen)
    }
    return held(masks)


def _corpus(part: DocumentPart, members: _Members) -> Corpus | None:
    if part.corpus is None:
        return None
    ids = members.row("corpus.npy", _IDS, MOST_CORPUS)
    if int(ids.max(initial=0)) >= len(part.vocabulary):
        raise DocumentFileError("its text uses tokens that are not in its vocabulary")
    text = members.content("corpus.txt", MOST_CORPUS) if part.corpus.has_text else None
    whole = None if text is None else text.decode("utf-8", "surrogatepass")
    return Corpus(part.corpus.name, ids.astype(np.int32), whole)


def _record(part: DocumentPart, members: _Members) -> Record | None:
    history = part.history
    if history is None:
        return None
    last = history.first + history.count - 1
    names = tuple(e.parameter_shapes(part.network))
    if history.names != names or history.first < 1 or last > part.updates or history.count > KEPT:
        raise DocumentFileError("the curves of its training do not belong to its network")
    shape = (len(COLUMNS) + len(names), history.count)
    return Record(names, history.first, members.array("history.npy", np.dtype(np.float64), shape))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _plain(message: str) -> str:
    """Turn what the parser says, "Expected `int` - at `$.view`", into the end of a sentence."""
    what, _, where = message.replace("`", "").partition(" - at $.")
    what = f"{what[:1].lower()}{what[1:]}".rstrip(".")
    return f"{what} in “{where}”" if where else what
