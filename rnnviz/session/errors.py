"""What the session refuses, each in one sentence for the user: what is wrong, where, what to do."""

from __future__ import annotations


class SessionError(ValueError):
    """Something a user asked for is not possible."""


class EditError(SessionError):
    """The document cannot become what was asked for."""


class TextFileError(SessionError):
    """A file cannot be read as text. may_be: the encodings, by name, in which it may be text after all."""

    def __init__(self, sentence: str, may_be: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.may_be = may_be


class PresetError(SessionError):
    """A preset is unknown or its file is not valid."""
