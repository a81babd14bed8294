"""What a person names to be shown: a preset, or a text file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz import resources
from rnnviz.app.errors import CommandError, listed

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

DEFAULT = "dogs"
"""What is shown when nothing is named, and the network that reads a text file."""


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets; loads neither Qt nor NumPy."""
    return tuple(sorted(file.stem for file in resources.path("presets").glob("*.json")))


def check(source: str) -> None:
    """Raise CommandError unless `source` is a preset or something that exists."""
    if source not in preset_names() and not Path(source).exists():
        presets = listed(preset_names())
        raise CommandError(f"There is no preset or file “{source}”; the presets are {presets}.")


def state_of(source: str, encoding: str | None = None) -> DocumentState:
    """Return the document of a preset or a text file; CommandError if there is none or it cannot be read.

    encoding: that of the file, one of `textfiles.ENCODINGS`; by default it is Unicode.
    """
    from rnnviz.session import edits, presets, textfiles
    from rnnviz.session.errors import SessionError

    check(source)
    try:
        if source not in preset_names():
            return edits.with_file(presets.load(DEFAULT), textfiles.read_sequence(Path(source), encoding))
        if encoding is not None:
            raise CommandError(f"{source} is a preset and no text file; leave out --encoding.")
        return presets.load(source)
    except SessionError as error:
        raise CommandError(str(error)) from error
