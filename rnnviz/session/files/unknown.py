"""Fields of a document that this version does not know: found when it is read, kept when it is written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

from rnnviz.session.files.schema import PARTS, DocumentPart

if TYPE_CHECKING:
    from rnnviz.session.files.kept import Fields


def unknown_fields(document: dict[str, msgspec.Raw]) -> Fields:
    """Return the fields that are not in the schema, by name; under a known name, those of that object."""
    found: dict[str, msgspec.Raw | dict[str, msgspec.Raw]] = {}
    for name, value in document.items():
        if name not in _names(DocumentPart):
            found[name] = value.copy()
        elif name in PARTS and bytes(value).startswith(b"{"):
            inner = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
            strange = {key: raw.copy() for key, raw in inner.items() if key not in _names(PARTS[name])}
            if strange:
                found[name] = strange
    return found


def with_unknown(document: dict[str, Any], fields: Fields) -> dict[str, Any]:
    """Return a document with the fields that nobody knows; an object that is gone takes its own with it."""
    merged = dict(document)
    for name, value in fields.items():
        known = merged.get(name)
        if isinstance(value, msgspec.Raw):
            merged.setdefault(name, value)
        elif isinstance(known, dict):
            merged[name] = {**value, **known}
    return merged


@cache
def _names(part: type) -> frozenset[str]:
    return frozenset(get_type_hints(part))
