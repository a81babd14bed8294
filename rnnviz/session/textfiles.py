"""Text files: the first line is the sequence, the whole text is what can be learnt from."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.session.corpus import tokenised
from rnnviz.session.encodings import ENCODINGS, decoded, unified
from rnnviz.session.errors import TextFileError
from rnnviz.session.reading import spelled, split_as_once
from rnnviz.session.signals import table_of, text_of
from rnnviz.session.vocabulary import MAX_TEXT, MAX_VOCABULARY

if TYPE_CHECKING:
    from rnnviz.session.corpus import CorpusIds
    from rnnviz.session.reading import Reading

__all__ = [
    "ENCODINGS",
    "MAX_BYTES",
    "RARE",
    "TextFile",
    "in_known",
    "read_sequence",
    "read_text",
    "text_file",
]

MAX_BYTES = 50_000_000

RARE = "\ufffd"
"""The token that stands for all characters that a vocabulary has no place for."""


@dataclass(frozen=True, eq=False)
class TextFile:
    """What a text file gives: its name, the sequence to show, its tokens, and the whole text in them.

    vocabulary: the tokens in order of first appearance. ids: (N,), int32, their places, a line break one of
    them. note: one or two sentences about what was left out, empty if nothing was. reads: what the tokens
    are. whole: the text as it stands in the file, None if its tokens say it all.
    """

    name: str
    text: str
    vocabulary: tuple[str, ...]
    ids: CorpusIds
    note: str = ""
    reads: Reading = "characters"
    whole: str | None = None


def read_text(path: Path | str, encoding: str | None = None) -> str:
    """Return the text of a file with line feeds as line ends and none after its last line.

    encoding: one of ENCODINGS; None for UTF-8, with or without a byte order mark, or UTF-16 with one. Raises
    TextFileError, one sentence.
    """
    path = Path(path)
    name = _name(path)
    text = unified(decoded(_content(path, name), name, encoding)).rstrip("\n")
    if not text:
        raise TextFileError(f"“{name}” holds no text; write a line into it or open another file.")
    return text


def read_sequence(path: Path | str, encoding: str | None = None, reads: Reading = "characters") -> TextFile:
    """Read a text file as `read_text` does, and make tokens of it; see `text_file`. Raises TextFileError."""
    path = Path(path)
    return text_file(_name(path), read_text(path, encoding), reads)


def text_file(name: str, text: str, reads: Reading = "characters") -> TextFile:
    """Make tokens of a text that is not empty.

    A first line of more than MAX_TEXT tokens is cut. Of more than MAX_VOCABULARY different tokens the most
    frequent are learnt, and RARE stands for the others. The note says so. Raises TextFileError.
    """
    if reads == "numbers":
        return _table_file(name, text)
    tokens, ids = tokenised(text, reads)
    if not tokens:
        raise TextFileError(f"“{name}” holds no {reads}, only blanks; open another file.")
    size = _first_line(tokens, ids)
    sequence = spelled((tokens[place] for place in ids[: min(size, MAX_TEXT)]), reads)
    notes = [_note_of_line(size, reads)]
    if len(tokens) > MAX_VOCABULARY:
        notes.append(_note_of_vocabulary(len(tokens), reads))
        tokens, ids = _most_frequent(tokens, ids)
        sequence = in_known(sequence, frozenset(tokens), reads)
    return TextFile(name, sequence, tokens, ids, " ".join(filter(None, notes)), reads, text)


def _table_file(name: str, text: str) -> TextFile:
    """Return a table's rows as steps; its columns are the vocabulary."""
    names, values = table_of(name, text)
    note = ""
    if len(values) > MAX_TEXT:
        note = f"The table has {len(values):,} rows; the sequence is its first {MAX_TEXT:,}."
    if len(names) > MAX_VOCABULARY:
        raise TextFileError(f"“{name}” has {len(names):,} columns; use at most {MAX_VOCABULARY:,} of them.")
    ids = np.zeros(0, np.int32)
    return TextFile(name, text_of(values[:MAX_TEXT]), names, ids, note, "numbers")


def _name(path: Path) -> str:
    return path.name or str(path)


def _first_line(tokens: tuple[str, ...], ids: CorpusIds) -> int:
    """Return how many tokens there are before the first line break."""
    return int((ids == tokens.index("\n")).argmax()) if "\n" in tokens else len(ids)


def _most_frequent(tokens: tuple[str, ...], ids: CorpusIds) -> tuple[tuple[str, ...], CorpusIds]:
    """Keep the most frequent tokens in their order, the earlier of two as frequent; RARE is the last one."""
    counts = np.bincount(ids)
    if RARE in tokens:
        counts[tokens.index(RARE)] = 0
    kept = np.sort(np.argsort(-counts, kind="stable")[: MAX_VOCABULARY - 1])
    places = np.full(len(tokens), len(kept), np.int32)
    places[kept] = np.arange(len(kept))
    return (*(tokens[place] for place in kept), RARE), places[ids]


def in_known(text: str, known: frozenset[str], reads: Reading) -> str:
    """Write RARE for every token that is not known, until there is none: it may join what comes after it."""
    while not known.issuperset(tokens := split_as_once(text, reads)):
        text = spelled((token if token in known else RARE for token in tokens), reads)
    return text


def _note_of_line(size: int, reads: Reading) -> str:
    if not size:
        return "The first line is empty, so the sequence is, too."
    if size > MAX_TEXT:
        return f"The first line has {size:,} {reads}; the sequence is its first {MAX_TEXT:,}."
    return ""


def _note_of_vocabulary(size: int, reads: Reading) -> str:
    return (
        f"The text has {size:,} different {reads}; the {MAX_VOCABULARY - 1:,} most frequent are learnt, "
        f"and “{RARE}” stands for the others."
    )


def _content(path: Path, name: str) -> bytes:
    """Read a file of a reasonable size, or say why it cannot be read."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise TextFileError(f"“{name}” is a folder; choose a text file in it.")
        if not stat.S_ISREG(mode):
            raise TextFileError(f"“{name}” is not a file that can be read; choose a text file.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise TextFileError(f"There is no file “{path}”; check its name and folder.") from None
    except PermissionError:
        raise TextFileError(f"“{name}” may not be read; ask its owner for permission or copy it.") from None
    except OSError as error:
        raise TextFileError(f"“{name}” cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BYTES:
        raise TextFileError(f"“{name}” is larger than 50 MB; open a shorter text.")
    return content
