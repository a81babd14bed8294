"""Text as tokens: what a person sees as one character is one token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PySide6.QtCore import QTextBoundaryFinder

from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Ids: TypeAlias = NDArray[np.intp]

MAX_TEXT = 10_000
"""The longest sequence, in tokens."""

MAX_VOCABULARY = 2_000
"""The largest vocabulary: a one-hot row and a predicted probability each, at every step."""

# Characters that never join one another. A line break is here too, but not the carriage return.
_LONER = (
    r"\x00-\x0c\x0e-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u05ea\u0620-\u064a\u0671-\u06d5\u1e00-\u200b"
    r"\u2010-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\uf900-\ufaff"
    r"\uff00-\uff9d\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
)
_LONERS = re.compile(f"[{_LONER}]*")
# All others, with the one character on either side that they may join; between two loners is always a border.
_JOINED = re.compile(f"[{_LONER}]?(?:[^{_LONER}]+[{_LONER}]?)++")

# Qt has rules of its own for the scripts of South and South-East Asia, takes symbols beside them for part of
# them, and so breaks up flags and families. These scripts, with the marks that go with them, are kept apart.
_SCRIPTS = r"\u0900-\u109f\u1780-\u17ff\u19e0-\u19ff\ua8e0-\ua8ff\ua9e0-\ua9ff\uaa60-\uaa7f"
_MARKS = r"\u0300-\u036f\u1cd0-\u1cff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f"
_PIECES = re.compile(f"[{_SCRIPTS}][{_SCRIPTS}{_MARKS}]*|[^{_SCRIPTS}]+")

_HIGH, _LOW = 0xD8, 0xDC  # how the first and the second UTF-16 unit of a pair begin, in six bits


@lru_cache(maxsize=8)
def split(text: str) -> tuple[str, ...]:
    """Split a text into user-perceived characters (extended grapheme clusters, Unicode annex 29).

    The last few texts are remembered, so that the same text gives the same tuple.
    """
    return split_once(text)


def split_once(text: str) -> tuple[str, ...]:
    """Split a text that is not worth remembering."""
    if splits_at_each(text):
        return tuple(text)
    tokens: list[str] = []
    clusters: dict[str, tuple[str, ...]] = {}  # the same few characters come again and again
    start = 0
    for joined in _JOINED.finditer(text):
        run = joined.group()
        tokens.extend(text[start : joined.start()])
        tokens.extend(clusters.get(run) or clusters.setdefault(run, tuple(_clusters(run))))
        start = joined.end()
    tokens.extend(text[start:])
    return tuple(tokens)


def splits_at_each(text: str) -> bool:
    """Return whether every character of the text is known to be a token, without splitting it."""
    return _LONERS.fullmatch(text) is not None


def _clusters(text: str) -> Iterable[str]:
    """Yield the clusters of any text."""
    for piece in _PIECES.findall(text):
        yield from _clusters_of_piece(piece)


def _clusters_of_piece(text: str) -> Iterable[str]:
    """Yield the clusters as Qt finds them; it counts in UTF-16 units, of which an emoji takes two."""
    # A text that begins with a byte order mark would lose it on its way into a QString, hence the line break.
    guarded = "\n" + text
    units = guarded.encode("utf-16-le", "surrogatepass")
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, guarded)
    start = finder.toNextBoundary()
    while (stop := finder.toNextBoundary()) != -1:
        if _within_a_pair(units, stop):
            continue
        yield units[2 * start : 2 * stop].decode("utf-16-le", "surrogatepass")
        start = stop


def _within_a_pair(units: bytes, place: int) -> bool:
    """Return whether a place is between the two UTF-16 units of one character, where Qt may find a border."""
    halves = units[2 * place - 1 : 2 * place + 2 : 2]
    return len(halves) > 1 and halves[0] & 0xFC == _HIGH and halves[1] & 0xFC == _LOW


@dataclass(frozen=True)
class Vocabulary:
    """The tokens a network knows, in the order of its one-hot rows.

    Raises EditError if there is none, one of them twice, or more than MAX_VOCABULARY.
    """

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.tokens)) != len(self.tokens):
            raise EditError("A vocabulary holds each token once.")
        if not self.tokens:
            raise EditError("A vocabulary needs at least one token.")
        if len(self) > MAX_VOCABULARY:
            raise EditError(
                f"{len(self):,} different tokens are too many; use at most {MAX_VOCABULARY:,} of them."
            )

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._rows

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {token: row for row, token in enumerate(self.tokens)}

    def encode(self, tokens: Iterable[str]) -> Ids:
        """Return the row of each token, read-only. Raises KeyError for a token that is not here."""
        ids = np.fromiter((self._rows[token] for token in tokens), dtype=np.intp)
        ids.setflags(write=False)
        return ids

    def extended(self, tokens: Iterable[str]) -> Vocabulary:
        """Return a vocabulary with the new ones among `tokens` at its end; itself if there are none."""
        new = tuple(dict.fromkeys(token for token in tokens if token not in self._rows))
        return Vocabulary(self.tokens + new) if new else self
