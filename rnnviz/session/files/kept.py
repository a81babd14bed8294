"""What a file keeps of a window."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from rnnviz.session.files.schema import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    import msgspec

    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.history import Record

    Fields: TypeAlias = Mapping[str, "msgspec.Raw | Mapping[str, msgspec.Raw]"]


@dataclass(frozen=True, eq=False)
class Extras:
    """What a file holds that this version knows nothing of, to be written again as it was read.

    fields: of `document.json`, and of the objects in it. members: whole members of the archive.
    """

    fields: Fields = field(default_factory=lambda: MappingProxyType({}))
    members: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, eq=False)
class Kept:
    """A document, what training has found, and where somebody was looking. record: None before training."""

    state: DocumentState
    record: Record | None = None
    view: View = field(default_factory=View)
    extras: Extras = field(default_factory=Extras)
