"""What a person names to be shown: a preset, a file of RNNViz, or a text file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rnnviz import resources
from rnnviz.app.errors import CommandError, listed

if TYPE_CHECKING:
    from rnnviz.session.files.kept import Kept
    from rnnviz.session.files.stored import Stamp
    from rnnviz.session.state import DocumentState

SUFFIX = ".rnnviz"
_ARCHIVE = b"PK\x03\x04"

DEFAULT = "dogs"
"""What is shown when nothing is named, and the network that reads a text file."""


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets; loads neither Qt nor NumPy."""
    return tuple(sorted(file.stem for file in resources.path("presets").glob("*.json")))


def is_document(path: Path) -> bool:
    """Whether a file is to be opened as one of RNNViz: by its name, or by how it begins."""
    try:
        if path.suffix.lower() == SUFFIX or not path.is_file():
            return path.suffix.lower() == SUFFIX
        with path.open("rb") as file:
            return file.read(len(_ARCHIVE)) == _ARCHIVE
    except OSError:
        return False


def check(source: str) -> None:
    """Raise CommandError unless `source` is a preset or something that exists."""
    if source not in preset_names() and not Path(source).exists():
        presets = listed(preset_names())
        raise CommandError(f"There is no preset or file “{source}”; the presets are {presets}.")


class Opened(NamedTuple):
    """What a source gives; if it is a file of RNNViz, where that is and what it was when it was read."""

    kept: Kept
    path: Path | None = None
    stamp: Stamp | None = None


def kept_of(source: str, encoding: str | None = None) -> Kept:
    """Return the document that a source gives; see `opened`."""
    return opened(source, encoding).kept


def opened(source: str, encoding: str | None = None) -> Opened:
    """Return what a preset, a file of RNNViz or a text file gives; CommandError if it cannot be read.

    encoding: that of a text file, one of `textfiles.ENCODINGS`; by default it is Unicode.
    """
    from rnnviz.session.errors import SessionError
    from rnnviz.session.files.kept import Kept
    from rnnviz.session.files.stored import open_kept

    check(source)
    is_text = source not in preset_names() and not is_document(Path(source))
    if encoding is not None and not is_text:
        raise CommandError(f"{source} is no text file; leave out --encoding.")
    try:
        if source in preset_names() or is_text:
            return Opened(Kept(_state_of(source, encoding)))
        path = Path(source).absolute()
        kept, stamp = open_kept(path)
        return Opened(kept, path, stamp)
    except SessionError as error:
        raise CommandError(str(error)) from error


def _state_of(source: str, encoding: str | None) -> DocumentState:
    """Return the document of a preset or a text file. Raises SessionError."""
    from rnnviz.session import edits, presets, textfiles

    if source in preset_names():
        return presets.load(source)
    return edits.with_file(presets.load(DEFAULT), textfiles.read_sequence(Path(source), encoding))
