"""What is too large for a file: opening it would take longer, or more memory, than anybody would wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.vocabulary import MAX_TEXT

if TYPE_CHECKING:
    from rnnviz.session.reading import Reading

MOST_FILE = 4 << 30
"""The largest file, in bytes; formats of such files count in 32 bits."""

MOST_JSON = 64 << 20
"""The largest `document.json`, in bytes: a table of numbers is in it, too."""

MOST_LAYERS = 64
MOST_CORPUS = 200_000_000
"""The most tokens of a whole text, and bytes of it: a text file of 50 MB in any encoding has fewer."""

MOST_LETTERS = 30 * MAX_TEXT
"""The longest sequence of characters or words; to split more takes seconds, and it has too many tokens."""

MOST_EXTRAS = 16 << 20
"""What there may be, in bytes, that this version knows nothing of."""


def check_text(text: str, reads: Reading) -> None:
    """Refuse a sequence that is too long to be split, without splitting it."""
    if reads != "numbers" and len(text) > MOST_LETTERS:
        raise DocumentFileError(
            f"A sequence of {len(text):,} letters is too long for a file; shorten it to {MOST_LETTERS:,}."
        )
