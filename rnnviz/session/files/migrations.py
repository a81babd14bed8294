"""From older versions of the format to the present one, a step a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.schema import FORMAT, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Document: TypeAlias = dict[str, msgspec.Raw]

STEPS: Mapping[int, Callable[[Document], Document]] = {}
"""What makes a document of version n one of version n + 1, by n; version 1 is the first."""


class _Heading(msgspec.Struct):
    format: str = ""
    version: int = 0


def migrated(content: bytes, steps: Mapping[int, Callable[[Document], Document]] = STEPS) -> Document:
    """Return the fields of a JSON document in the present version.

    Raises DocumentFileError if it is none of ours, or newer; msgspec.DecodeError if it is no JSON object.
    """
    document = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    heading = msgspec.json.decode(content, type=_Heading)
    newest = max(steps, default=VERSION - 1) + 1
    if heading.format != FORMAT or heading.version < 1:
        raise DocumentFileError("it is no file of RNNViz")
    if heading.version > newest:
        raise DocumentFileError(
            f"it was written by a newer RNNViz (format {heading.version}, this one reads up to {newest}); "
            "update RNNViz to open it"
        )
    for version in range(heading.version, newest):
        document = steps[version](document)
        document["version"] = msgspec.Raw(str(version + 1).encode())
    return document
