"""Text as words: each word, each number, each sign of punctuation and each line break is a token.

Blanks belong to no token; `spell_words` writes them where they usually stand.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from rnnviz.session.vocabulary import split_once, splits_at_each

if TYPE_CHECKING:
    from collections.abc import Iterable

# Words hold together over an apostrophe or a hyphen, numbers over a point or a comma: don’t, 3.14.
_WORDS = re.compile(r"\n|\w+(?:(?:['’-]|(?<=\d)[.,](?=\d))\w+)*|\S")

_CLOSING = frozenset(".,;:!?)]}»”…%\n")  # nothing stands before these
_OPENING = frozenset("([{«“„¿¡\n")  # nothing stands after these


def split_words(text: str) -> tuple[str, ...]:
    """Split a text into words and signs; what a person sees as one character stays in one token."""
    if splits_at_each(text):
        return tuple(_WORDS.findall(text))
    clusters = split_once(text)
    # One character stands for each cluster, so that a place in this text is a place in `clusters`.
    shown = "".join("\n" if cluster.endswith("\n") else cluster[0] for cluster in clusters)
    return tuple(
        "\n" if found[0] == "\n" else "".join(clusters[found.start() : found.end()])
        for found in _WORDS.finditer(shown)
    )


def spell_words(tokens: Iterable[str]) -> str:
    """Write tokens as a text that splits into them again."""
    tokens = list(tokens)
    parts = tokens[:1]
    for before, token in pairwise(tokens):
        parts += [token] if before in _OPENING or token in _CLOSING else [" ", token]
    return "".join(parts)
