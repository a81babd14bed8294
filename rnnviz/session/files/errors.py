"""What is refused of files, each in one sentence."""

from __future__ import annotations

from rnnviz.session.errors import SessionError


class DocumentFileError(SessionError):
    """A file cannot be read as a document, or a document not be kept in a file."""


class ChangedOnDiskError(DocumentFileError):
    """A file is not what it was when it was opened or saved here; it was not overwritten."""
