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

# Characters that never join their neighbours into one. A line break is here too, but not the carriage return.
_LONERS = re.compile(
    r"[\x00-\x0c\x0e-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u05ea\u0620-\u064a\u0671-\u06d5\u1e00-\u200b"
    r"\u2010-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\uf900-\ufaff"
    r"\uff00-\uff9d\U0001f300-\U0001f3fa\U0001f400-\U0001faff]*"
)


@lru_cache(maxsize=8)
def split(text: str) -> tuple[str, ...]:
    """Split a text into user-perceived characters (extended grapheme clusters, Unicode annex 29).

    The last few texts are remembered, so that the same text gives the same tuple.
    """
    return split_once(text)


def split_once(text: str) -> tuple[str, ...]:
    """Split a text that is not worth remembering."""
    if _LONERS.fullmatch(text):
        return tuple(text)
    return tuple(_clusters(text))


def _clusters(text: str) -> Iterable[str]:
    """Yield the clusters of any text; Qt counts in UTF-16 units, of which an emoji takes two."""
    # A text that begins with a byte order mark would lose it on its way into a QString, hence the line break.
    guarded = "\n" + text
    units = guarded.encode("utf-16-le", "surrogatepass")
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, guarded)
    start = finder.toNextBoundary()
    while (stop := finder.toNextBoundary()) != -1:
        yield units[2 * start : 2 * stop].decode("utf-16-le", "surrogatepass")
        start = stop


@dataclass(frozen=True)
class Vocabulary:
    """The tokens a network knows, in the order of its one-hot rows.

    Raises EditError if there is none, one of them twice, or more than MAX_VOCABULARY.
    """

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.tokens)) != len(self.tokens):
            raise EditError("A vocabulary holds each character once.")
        if not self.tokens:
            raise EditError("A vocabulary needs at least one character.")
        if len(self) > MAX_VOCABULARY:
            raise EditError(
                f"{len(self):,} different characters are too many; use at most {MAX_VOCABULARY:,} of them."
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
