"""Short labels as runs: scripts (`h_t`, `h_{t−1}`, `e^{a}`), parts in another colour, and mathematics.

A part written `⟦role|text⟧` has the colour of that role. In mathematics single letters are slanted, while
names of functions, digits and signs stand upright, as they are printed in books.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Run(NamedTuple):
    """A stretch of text set in one way; role is None where the label's own colour holds."""

    text: str
    subscript: bool = False
    italic: bool = False
    role: str | None = None
    raised: bool = False


# A subscript needs something it belongs to, so that a token "_" or "_x" is left as it is.
_SUBSCRIPT = re.compile(r"(?<=[^\s_])_(?:\{([^{}]+)\}|([^\W_]))")
_RAISED = re.compile(r"(?<=[^\s])\^\{([^{}]+)\}|^\^\{([^{}]+)\}")
_COLOURED = re.compile(r"⟦(\w+)\|([^⟦⟧]*)⟧")
_LETTERS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_UPRIGHT = "ΣΠ"
_ACCENTS = re.compile(r"[\u0300-\u036f]+")


@lru_cache(maxsize=4096)
def runs(text: str) -> tuple[tuple[str, bool], ...]:
    """Split a label into (text, is_subscript) runs: `h_{t−1}` gives ("h", False), ("t−1", True).

    After `_` one letter or digit is lowered, or all that stands in braces; any other `_` stays what it is.
    """
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _SUBSCRIPT.finditer(text):
        found.append((text[end : match.start()], False))
        found.append((match[1] or match[2], True))
        end = match.end()
    found.append((text[end:], False))
    return tuple(run for run in found if run[0])


@lru_cache(maxsize=4096)
def styled(text: str, *, mathematics: bool = False) -> tuple[Run, ...]:
    """Split a label into runs that also know their colour and, in mathematics, their slant."""
    found: list[Run] = []
    for part, role in _coloured(text):
        for run, subscript in runs(part):
            for piece, raised in _raised(run):
                script = subscript or raised
                slants = _slants(piece, all_letters=script) if mathematics else [(piece, False)]
                found += [Run(text, subscript, italic, role, raised) for text, italic in slants]
    return tuple(found)


def roles(text: str) -> tuple[str, ...]:
    """Return the roles whose colours parts of a label have."""
    return tuple(dict.fromkeys(role for _, role in _coloured(text) if role))


def _raised(text: str) -> list[tuple[str, bool]]:
    """Split a run into what stands on the line and what `^{…}` lifts."""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _RAISED.finditer(text):
        found += [(text[end : match.start()], False), (match[1] or match[2], True)]
        end = match.end()
    found.append((text[end:], False))
    return [piece for piece in found if piece[0]]


def plain(text: str) -> str:
    """Return a label as it is read aloud, without the marks of subscripts and colours."""
    return "".join(run.text for run in styled(text))


def _coloured(text: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    end = 0
    for match in _COLOURED.finditer(text):
        found += [(text[end : match.start()], None), (match[2], match[1])]
        end = match.end()
    return [*found, (text[end:], None)]


def _slants(text: str, *, all_letters: bool) -> list[tuple[str, bool]]:
    """Split text into what is slanted and what is upright; of words only those in subscripts are slanted."""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _LETTERS.finditer(text):
        if all_letters or (_ACCENTS.sub("", match[0])[1:] == "" and match[0] not in _UPRIGHT):
            found += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
    found.append((text[end:], False))
    return [piece for piece in found if piece[0]]
