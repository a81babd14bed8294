"""Writing a picture as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.session.replacing import FileError, Replacement

if TYPE_CHECKING:
    from pathlib import Path


class ExportError(Exception):
    """A picture cannot be written; the message is one sentence for the user."""


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` where `path` is; whatever goes wrong, what was there stays. Raises ExportError."""
    try:
        with Replacement(path) as file:
            file.write(content)
    except FileError as error:
        raise ExportError(str(error)) from error
