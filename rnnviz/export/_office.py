"""Office files that are the same, byte for byte, whenever and wherever they are made."""

from __future__ import annotations

import io
import re
import zipfile

MOMENT = (2000, 1, 1, 0, 0, 0)
"""When all of it is said to have been made."""

_TIME = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_STAMP = b"2000-01-01T00:00:00Z"


def timeless(content: bytes) -> bytes:
    """Return an office file without the time at which it was made; so, too, the workbooks in it."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, _timeless_part(name, old.read(name)))
    return made.getvalue()


def _timeless_part(name: str, content: bytes) -> bytes:
    if name.endswith(".xlsx"):
        return timeless(content)
    return _TIME.sub(rb"\g<1>" + _STAMP + rb"\2", content) if name == "docProps/core.xml" else content
