"""What stops a command, in words for the person who typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class CommandError(Exception):
    """One sentence for standard error; the command ends with exit code 2."""


def listed(names: Iterable[str]) -> str:
    """Return names as a person lists them, such as "dark, light and projector"."""
    words = list(names)
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
