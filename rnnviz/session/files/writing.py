"""A document as the content of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from rnnviz.session.files.archive import packed
from rnnviz.session.files.arrays import npy
from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.limits import MOST_JSON, check_text
from rnnviz.session.files.schema import FORMAT, VERSION, DocumentPart, HistoryPart
from rnnviz.session.files.unknown import with_unknown

if TYPE_CHECKING:
    from rnnviz.session.corpus import Corpus
    from rnnviz.session.files.kept import Kept
    from rnnviz.session.training.history import Record


def content_of(kept: Kept) -> bytes:
    """Return a file with all that is kept: the same bytes for the same things.

    Raises DocumentFileError, one sentence, if there is something that no file can hold.
    """
    return packed(members_of(kept))


def members_of(kept: Kept, *, corpus: bool = True) -> dict[str, bytes]:
    """Return the members of a file by name; `corpus` says whether the text to learn from is among them."""
    state = kept.state
    members = {"document.json": _document(kept)}
    members |= {f"parameters/{name}.npy": npy(array) for name, array in state.parameters.items()}
    if state.origin is not None:
        members |= {f"origin/{name}.npy": npy(array) for name, array in state.origin.items()}
    members |= {f"start/{name}.npy": npy(array) for name, array in (state.initial or {}).items()}
    members |= {f"frozen/{name}.npy": npy(mask) for name, mask in state.frozen.items()}
    if (record := _told(kept)) is not None:
        members["history.npy"] = npy(record.table)
    if corpus and state.corpus is not None:
        members |= corpus_members(state.corpus)
    return members | {name: kept.extras.members[name] for name in kept.extras.members if name not in members}


def corpus_members(corpus: Corpus) -> dict[str, bytes]:
    """Return the members that hold a whole text, in the smallest numbers that are large enough."""
    members = {"corpus.npy": npy(corpus.ids.astype(np.min_scalar_type(max(0, corpus.size - 1))))}
    if corpus.text is not None:
        members["corpus.txt"] = corpus.text.encode("utf-8", "surrogatepass")
    return members


def _told(kept: Kept) -> Record | None:
    """Return the record if it is one of this network and holds anything."""
    record = kept.record
    fits = record is not None and len(record) and record.names == tuple(kept.state.parameters)
    return record if fits else None


def _document(kept: Kept) -> bytes:
    for text in (kept.state.text, kept.state.other or ""):
        check_text(text, kept.state.reads)
    try:
        content = msgspec.json.encode(with_unknown(_fields(kept), kept.extras.fields))
        # What cannot be read again is not written.
        msgspec.json.decode(content, type=DocumentPart)
    except UnicodeEncodeError as error:
        raise DocumentFileError(
            f"The text holds half a character (U+{ord(error.object[error.start]):X}), which no file can "
            "keep; delete it and save again."
        ) from error
    except msgspec.ValidationError as error:
        raise DocumentFileError(f"The document cannot be kept in a file: {error}.") from error
    if len(content) > MOST_JSON:
        raise DocumentFileError("The sequences are too long to be kept in a file; shorten them.")
    return msgspec.json.format(content, indent=1)


def _fields(kept: Kept) -> dict[str, Any]:
    """Return `DocumentPart` as it will stand in the file, every field of it."""
    state, record = kept.state, _told(kept)
    corpus, history = None, None
    if state.corpus is not None:
        corpus = {"name": state.corpus.name, "has_text": state.corpus.text is not None}
    if record is not None:
        history = HistoryPart(record.names, record.first, len(record))
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "title": state.title,
        "network": state.spec,
        "reads": state.reads,
        "vocabulary": state.vocabulary.tokens,
        "text": state.text,
        "silent": sorted(state.silent),
        "other": state.other,
        "other_silent": sorted(state.other_silent),
        "corpus": corpus,
        "training": state.settings,
        "trained": state.origin is not None,
        "updates": state.updates,
        "history": history,
        "start": tuple(state.initial or ()),
        "frozen": tuple(state.frozen),
        "interventions": state.interventions,
        "view": kept.view,
    }
    plain: dict[str, Any] = msgspec.to_builtins(fields)
    return plain
