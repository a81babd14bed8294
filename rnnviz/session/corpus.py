"""A whole text as tokens: what windows to learn from are cut out of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from rnnviz.session.reading import split_as_once
from rnnviz.session.vocabulary import splits_at_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.session.reading import Reading
    from rnnviz.session.vocabulary import Vocabulary

    CorpusIds: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Corpus:
    """The tokens of a text, in the rows of the vocabulary of the document that it belongs to.

    name: the file's. ids: (N,), int32, read-only; the constructor takes them as its own. text: what the file
    says, None if its tokens say it all. Two corpora compare by identity; `same` compares what they hold.
    """

    name: str
    ids: CorpusIds
    text: str | None = None

    def __post_init__(self) -> None:
        self.ids.setflags(write=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def size(self) -> int:
        """How many rows a vocabulary needs for it; found once, whatever is edited."""
        return int(self.ids.max(initial=-1)) + 1

    def moved(self, old: Vocabulary, new: Vocabulary) -> Corpus:
        """Return the same text in another vocabulary; itself if no row changes.

        Raises KeyError with the first token that the text uses and the other vocabulary has not.
        """
        if new.tokens[: len(old)] == old.tokens:
            return self
        used = np.flatnonzero(np.bincount(self.ids))
        rows = np.zeros(len(old), np.int32)
        rows[used] = new.encode(old.tokens[row] for row in used)
        return replace(self, ids=rows[self.ids])


def same(one: Corpus | None, other: Corpus | None) -> bool:
    """Return whether two corpora hold the same, or there is neither."""
    if one is None or other is None:
        return one is other
    return one is other or (
        one.name == other.name and np.array_equal(one.ids, other.ids) and one.text == other.text
    )


def tokenised(text: str, reads: Reading = "characters") -> tuple[tuple[str, ...], CorpusIds]:
    """Return the different tokens of a text in order of first appearance, and the place among them of each.

    The places are (N,), int32. A text whose characters are a token each is never split: ten times as fast.
    """
    if reads == "characters" and splits_at_each(text):
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        found, ids = _ranked(codes)
        return tuple(map(chr, found.tolist())), ids
    tokens = split_as_once(text, reads)
    places: dict[str, int] = {}
    ids = np.fromiter((places.setdefault(token, len(places)) for token in tokens), np.int32, len(tokens))
    return tuple(places), ids


def _ranked(codes: NDArray[Any]) -> tuple[NDArray[Any], CorpusIds]:
    """Return the different codes in order of first appearance, and the place among them of each code."""
    first = np.full(int(codes.max(initial=0)) + 1, len(codes))
    # Of several places that are written, the last stays: from the end on, the first one.
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    found = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(codes))]
    places = np.empty(len(first), np.int32)
    places[found] = np.arange(len(found))
    return found, places[codes]
