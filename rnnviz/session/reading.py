"""What a network reads of a text, one a step: its characters, its words or its numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from rnnviz.session.errors import EditError
from rnnviz.session.signals import spell_numbers, split_numbers
from rnnviz.session.vocabulary import split, split_once
from rnnviz.session.words import spell_words, split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Reading: TypeAlias = Literal["characters", "words", "numbers"]

READINGS: tuple[Reading, ...] = get_args(Reading)

READOUTS: dict[Reading, str] = {"characters": "softmax", "words": "softmax", "numbers": "linear"}
"""What a network makes of its logits: how likely each token is, or the next numbers themselves."""

_SPLITS: dict[Reading, Callable[[str], tuple[str, ...]]] = {
    "characters": split_once,
    "words": split_words,
    "numbers": split_numbers,
}
_SPELLS: dict[Reading, Callable[[Iterable[str]], str]] = {
    "characters": "".join,
    "words": spell_words,
    "numbers": spell_numbers,
}


@lru_cache(maxsize=8)
def split_as(text: str, reads: Reading) -> tuple[str, ...]:
    """Split a text into tokens; the last few texts are remembered."""
    return split(text) if reads == "characters" else _SPLITS[reads](text)


def split_as_once(text: str, reads: Reading) -> tuple[str, ...]:
    """Split a text that is not worth remembering."""
    return _SPLITS[reads](text)


def spelled(tokens: Iterable[str], reads: Reading) -> str:
    """Write tokens as a text: what the tokens of a text spell is that text, but for blanks between words."""
    return _SPELLS[reads](tokens)


def check_reading(reads: str) -> None:
    """Refuse what cannot be read."""
    if reads not in READINGS:
        raise EditError(f"A network reads characters, words or numbers, not {reads}.")
