"""Text files: the first line is the sequence, all characters of the file are the vocabulary."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from rnnviz.session.errors import TextFileError
from rnnviz.session.vocabulary import MAX_TEXT, MAX_VOCABULARY, split_once

MAX_BYTES = 50_000_000

# Longest first: the mark of UTF-32 begins with that of UTF-16.
_WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


@dataclass(frozen=True)
class TextFile:
    """What a text file gives: its name, its first line, its characters in order of first appearance.

    note: one or two sentences about what was left out, empty if nothing was.
    """

    name: str
    text: str
    vocabulary: tuple[str, ...]
    note: str = ""


def read_sequence(path: Path | str) -> TextFile:
    """Read a UTF-8 text file, with or without a byte order mark and with any line ends.

    A first line of more than MAX_TEXT characters is cut, and so is a vocabulary of more than MAX_VOCABULARY;
    the note says so. Raises TextFileError, one sentence.
    """
    path = Path(path)
    name = path.name or str(path)
    lines = _lines(_decoded(_content(path, name), name))
    first = split_once(lines[0])
    known = _known(first, lines[1:])
    if not known:
        raise TextFileError(f"“{name}” holds no text; write a line into it or open another file.")
    vocabulary = known[:MAX_VOCABULARY]
    kept = _kept(first, frozenset(vocabulary))
    notes = (_note_of_line(first, kept), _note_of_vocabulary(len(known)))
    return TextFile(name, "".join(kept), vocabulary, " ".join(note for note in notes if note))


def _known(first: tuple[str, ...], more: list[str]) -> tuple[str, ...]:
    """Return the different characters of a first line and of more lines, in order of first appearance."""
    known = dict.fromkeys(first)
    for line in dict.fromkeys(more):
        known.update(dict.fromkeys(split_once(line)))
    return tuple(known)


def _kept(tokens: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    """Return the start of a sequence, up to its greatest length or its first unknown token."""
    tokens = tokens[:MAX_TEXT]
    return tokens[: next((place for place, token in enumerate(tokens) if token not in known), len(tokens))]


def _note_of_line(tokens: tuple[str, ...], kept: tuple[str, ...]) -> str:
    if not tokens:
        return "The first line is empty, so the sequence is, too."
    if len(kept) < len(tokens):
        return f"The first line has {len(tokens):,} characters; the sequence is its first {len(kept):,}."
    return ""


def _note_of_vocabulary(size: int) -> str:
    if size <= MAX_VOCABULARY:
        return ""
    return f"The file has {size:,} different characters; the vocabulary is the first {MAX_VOCABULARY:,}."


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


def _decoded(content: bytes, name: str) -> str:
    """Decode UTF-8, or say what the file is instead and where that shows."""
    encoding = _wide_encoding(content)
    if encoding:
        raise TextFileError(f"“{name}” is {encoding} text; save it as UTF-8 and open it again.")
    if b"\0" in content:
        raise TextFileError(
            f"“{name}” is not a text file: byte {content.index(0) + 1:,} is NUL; choose a text file."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A byte order mark is cut off before positions are counted.
        seen = _lines(content.removeprefix(b"\xef\xbb\xbf")[: error.start].decode())
        where = f"line {len(seen):,}, character {len(seen[-1]) + 1:,}"
        raise TextFileError(
            f"“{name}” is not UTF-8 text: {where} cannot be read; save it as UTF-8 and open it again."
        ) from None


def _lines(text: str) -> list[str]:
    """Split at the line ends of any platform, and at nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _wide_encoding(content: bytes) -> str:
    """Name the encoding of UTF-16 or UTF-32 text by its byte order mark, UTF-16 also by its NUL bytes."""
    for mark, name in _WIDE_MARKS:
        if content.startswith(mark):
            return name
    start = content[:1000] if len(content) % 2 == 0 else b""
    halves = start[::2], start[1::2]
    for some, others in (halves, halves[::-1]):
        if some and 0 not in some and others.count(0) * 2 > len(others):
            return "UTF-16"
    return ""
