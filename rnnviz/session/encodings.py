"""From bytes to text: Unicode by itself, older encodings by choice."""

from __future__ import annotations

import unicodedata

from rnnviz.session.errors import TextFileError

ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("windows-1252", "Windows-1252 (Western European)"),
)
"""The encodings to choose from, each with a title for a person."""

_TITLES = dict(ENCODINGS)

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_SAMPLE = 1000  # so many characters tell whether they are text
_NO_TEXT = {"Cc", "Cn", "Co"}  # control characters, and those that mean nothing


def decoded(content: bytes, name: str, encoding: str | None = None) -> str:
    """Return the text in the content of the file `name`, without a byte order mark.

    encoding: one of ENCODINGS, None for UTF-8, or UTF-16 if its mark is there. Raises TextFileError, one
    sentence that says where the content is no such text, with the encodings that it may be.
    """
    # First, because the mark of UTF-32 begins with that of UTF-16.
    if content.startswith(_UTF32_MARKS):
        raise TextFileError(f"“{name}” is UTF-32 text; save it as UTF-8 and open it again.")
    chosen = encoding or ("utf-16" if content.startswith(_UTF16_MARKS) else "utf-8")
    if chosen not in _TITLES:
        raise TextFileError(f"“{name}” cannot be read as {chosen}; choose one of {', '.join(_TITLES)}.")
    text, stop = _decode(content, chosen)
    if stop is None and "\0" not in text:
        return text
    may_be = tuple(other for other in _TITLES if other != chosen and _plausible(content, other))
    if b"\0" in content and chosen != "utf-16" and not may_be:
        place = content.index(0) + 1
        raise TextFileError(f"“{name}” is not a text file: byte {place:,} is NUL; choose a text file.")
    raise TextFileError(_refusal(name, chosen, text, may_be), may_be)


def _refusal(name: str, chosen: str, before: str, may_be: tuple[str, ...]) -> str:
    """Say where the text ends that can be read in the chosen encoding, and what to do."""
    lines = unified(before.partition("\0")[0]).split("\n")
    where = f"line {len(lines):,}, character {len(lines[-1]) + 1:,}"
    others = " or ".join(_TITLES[encoding] for encoding in may_be)
    advice = f"choose the encoding {others}, or " if others else ""
    return (
        f"“{name}” is not {_TITLES[chosen]} text: {where} cannot be read; "
        f"{advice}save it as UTF-8 and open it again."
    )


def unified(text: str) -> str:
    """Return the text with the line ends of any platform as line feeds, and nothing else changed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes, encoding: str) -> tuple[str, int | None]:
    """Return the text up to the first bytes that cannot be decoded, and where they are, None if nowhere."""
    codec = _codec(content, encoding)
    try:
        return content.decode(codec), None
    except UnicodeDecodeError as error:
        # The position does not count the byte order mark where the codec cuts it off.
        mark = len(_UTF8_MARK) if codec == "utf-8-sig" and content.startswith(_UTF8_MARK) else 0
        return content[: mark + error.start].decode(codec, "ignore"), error.start


def _codec(content: bytes, encoding: str) -> str:
    """Return the codec of an encoding; UTF-16 without a mark shows its order by where its zeros are."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16" and not content.startswith(_UTF16_MARKS):
        return "utf-16-be" if content[::2].count(0) > content[1::2].count(0) else "utf-16-le"
    return encoding


def _plausible(content: bytes, encoding: str) -> bool:
    """Return whether the content may be text in an encoding, going by its first characters.

    Nearly any bytes are characters of some sort, so UTF-16 has to show by a mark or by zeros.
    """
    if encoding == "utf-16" and not (content.startswith(_UTF16_MARKS) or b"\0" in content):
        return False
    text, stop = _decode(content, encoding)
    return stop is None and not any(map(_strange, text[:_SAMPLE]))


def _strange(character: str) -> bool:
    return unicodedata.category(character) in _NO_TEXT and character not in "\t\n\r\f"
