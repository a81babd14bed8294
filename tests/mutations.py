"""Files that are almost documents: damaged, forged and mean, the same again for a seed."""

from __future__ import annotations

import json
import re
import struct
import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

from keeping import members_in, random_kept

from rnnviz.session.files.writing import content_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Members = list[tuple[str, bytes]]

GOLDEN = Path(__file__).parent / "reference" / "format_1.rnnviz"

NUMBERS = (0, -1, 1, 2, 255, 2**31 - 1, 2**31, 2**53, 2**63, 2**64, 10**40, -(10**40), 0.5, 1e308, -0.0)
TEXTS = (
    *("", "\x00", "\u202e", "﷽" * 50, "a\u0301" * 3000, "👩‍👩‍👧" * 2000, "\ufeff", "../../etc/passwd"),
    *("d" * 200_000, "\u0915\u094d" * 4000, "🇦" * 9999, "nan inf 1e999", "1;2 3", "\r\n" * 5000),
)
NAMES = (
    *("../evil.npy", "/etc/passwd", "C:\\evil", "a\x00b", "\u202eyn.", "parameters/../document.json", "CON"),
    *("document.json/", "x" * 70_000, "", ".", "..", "\udcff", "parameters/weight_hh_l0.npy "),
)
HEADERS = (
    "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9999999999999999999999), }",
    "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 3), }",
    "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': " + "(" * 9000,
    "__import__('os').system('touch evil')",
    "{'descr': '<U9999999', 'fortran_order': False, 'shape': (1,), }",
    "\x00\xff" * 3000,
)
JSON_BYTES = (
    *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b'"\\ud800"', b'"\xff"', b"[" * 100_000, b"nul", b"01"),
    *(b'{"a":' * 50_000, b'"' + b"a" * 500_000 + b'"', b"[" + b"0," * 300_000 + b"0]", b"\xef\xbb\xbf1"),
)
WAYS = (ZIP_STORED, ZIP_DEFLATED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA)
FIELDS = (0, 1, 7, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)
PICKLE = b"cos\nsystem\n(S'touch evil'\ntR."


@lru_cache(maxsize=1)
def bases() -> tuple[bytes, ...]:
    """Whole documents of every kind to begin with."""
    return (GOLDEN.read_bytes(), *(content_of(random_kept(seed)) for seed in range(12)))


@lru_cache(maxsize=8)
def _zeros(size: int) -> bytes:
    return bytes(size)


class Mutator:
    """Draws mutations, each of one to three changes of a whole document."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)
        self._of_members: tuple[Callable[[Members], Members], ...] = (
            *(self._json_value,) * 5,
            self._json_keys,
            self._json_bytes,
            *(self._array_header,) * 3,
            self._array_size,
            self._member_gone,
            self._member_renamed,
            self._member_twice,
            self._member_swapped,
            self._bomb,
        )
        self._of_bytes: tuple[Callable[[bytes], bytes], ...] = (
            *(self._zip_field,) * 4,
            self._flipped,
            self._cut,
            self._padded,
            self._spliced,
        )

    def next(self) -> bytes:
        """Return another file."""
        content = self._draw.choice(bases())
        if self._draw.random() < 0.7:
            members = list(members_in(content).items())
            for _ in range(self._draw.randint(1, 3)):
                members = self._draw.choice(self._of_members)(members)
            content = self._zipped(members)
        if self._draw.random() < 0.4:
            for _ in range(self._draw.randint(1, 3)):
                content = self._draw.choice(self._of_bytes)(content)
        return content

    def _zipped(self, members: Members) -> bytes:
        with ZipFile(content := BytesIO(), "w") as file:
            for name, member in members:
                info = ZipInfo("x")
                info.filename = name
                info.compress_type = self._draw.choice(WAYS) if self._draw.random() < 0.1 else ZIP_DEFLATED
                file.NameToInfo.clear()  # or it would warn of two members of one name
                file.writestr(info, member)
        return content.getvalue()

    def _json_value(self, members: Members) -> Members:
        """Put something strange into a place of the document."""

        def change(document: Any) -> bytes:
            holder, key = self._place(document)
            holder[key] = self._strange()
            return json.dumps(document).encode()

        return self._with_document(members, change)

    def _json_keys(self, members: Members) -> Members:
        def change(document: Any) -> bytes:
            holder, key = self._place(document)
            if isinstance(holder, list):
                holder *= self._draw.choice((0, 2, 500))
            elif self._draw.random() < 0.5:
                del holder[key]
            else:
                holder[self._draw.choice(TEXTS)[:1000]] = holder.pop(key)
            return json.dumps(document).encode()

        return self._with_document(members, change)

    def _json_bytes(self, members: Members) -> Members:
        """Put what JSON does not know, or far too much of it, in the place of a value."""

        def change(document: Any) -> bytes:
            holder, key = self._place(document)
            holder[key] = "@here@"
            return json.dumps(document).encode().replace(b'"@here@"', self._draw.choice(JSON_BYTES))

        return self._with_document(members, change)

    def _with_document(self, members: Members, change: Callable[[Any], bytes]) -> Members:
        def changed(content: bytes) -> bytes:
            try:
                return change(json.loads(content))
            except (ValueError, RecursionError, IndexError):
                return content

        return [(name, changed(member) if name == "document.json" else member) for name, member in members]

    def _place(self, document: Any) -> tuple[Any, Any]:
        """Walk down from the top and stop somewhere; return what holds the place, and its key there."""
        holder, key = {"": document}, ""
        while True:
            value = holder[key]
            keys = (
                list(value)
                if isinstance(value, dict)
                else range(len(value))
                if isinstance(value, list)
                else ()
            )
            if not keys or (holder is not document and key != "" and self._draw.random() < 0.4):
                return holder, key
            holder, key = value, self._draw.choice(keys)

    def _strange(self, depth: int = 0) -> Any:
        """Return what could stand in a document, but hardly there."""
        inner = (lambda: [self._strange(depth + 1) for _ in range(self._draw.choice((1, 2, 3, 40)))],)
        makers: tuple[Callable[[], Any], ...] = (
            lambda: self._draw.choice(NUMBERS),
            lambda: self._draw.choice(TEXTS),
            lambda: self._draw.choice((None, True, False, [], {})),
            lambda: self._draw.randrange(-3, 6),
            lambda: "".join(
                chr(self._draw.choice((self._draw.randrange(32, 0xD800), 0x1F468))) for _ in range(9)
            ),
            lambda: {self._draw.choice(TEXTS)[:40]: self._draw.choice(NUMBERS) for _ in range(3)},
            *(inner if depth < 3 else ()),
        )
        return self._draw.choice(makers)()

    def _array_header(self, members: Members) -> Members:
        """Let an array say something else of itself."""
        version = self._draw.choice(((1, 0), (1, 0), (2, 0), (3, 0), (0, 0), (255, 9)))
        size = "<H" if version[0] == 1 else "<I"

        def change(member: bytes) -> bytes:
            if self._draw.random() < 0.4:
                swaps = ((b"f8", b"f4"), (b"<f", b">f"), (b"False", b"True"), (b"(", b"(9"), (b"1", b"7"))
                old, new = self._draw.choice(swaps)
                return member[:10] + member[10:128].replace(old, new) + member[128:]
            text = self._draw.choice(HEADERS).encode("latin-1")
            length = self._draw.choice((len(text), len(text), 0, 0xFFFF))
            start = b"\x93NUMPY" + bytes(version) + struct.pack(size, length)
            return start + text + self._draw.choice((member[128:], PICKLE, b""))

        return self._with_array(members, change)

    def _array_size(self, members: Members) -> Members:
        def change(member: bytes) -> bytes:
            cut = self._draw.randrange(len(member) + 1)
            return self._draw.choice(
                (member[:cut], member + b"\0" * self._draw.choice((1, 8, 4096)), b"", PICKLE)
            )

        return self._with_array(members, change)

    def _with_array(self, members: Members, change: Callable[[bytes], bytes]) -> Members:
        places = [n for n, (name, _) in enumerate(members) if name.endswith((".npy", ".txt"))]
        if not places:
            return members
        place = self._draw.choice(places)
        name, member = members[place]
        return [*members[:place], (name, change(member)), *members[place + 1 :]]

    def _member_gone(self, members: Members) -> Members:
        place = self._draw.randrange(len(members) + 1)
        return members[:place] + members[place + 1 :]

    def _member_renamed(self, members: Members) -> Members:
        if not members:
            return members
        place = self._draw.randrange(len(members))
        name = self._draw.choice(NAMES).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        renamed = (name[:60_000], members[place][1])
        return [*members[:place], renamed, *members[place + self._draw.randrange(2) :]]

    def _member_twice(self, members: Members) -> Members:
        return [*members, *self._draw.sample(members, min(len(members), 2))]

    def _member_swapped(self, members: Members) -> Members:
        contents = [member for _, member in members]
        self._draw.shuffle(contents)
        return [(name, member) for (name, _), member in zip(members, contents, strict=True)]

    def _bomb(self, members: Members) -> Members:
        """Add what is small in the file and large outside, or very many things."""
        kind = self._draw.randrange(4)
        if kind == 0:
            count = self._draw.choice((70, 1500, 4000))
            return [*members, *((f"x{n}", b"") for n in range(count))]
        zeros = _zeros(self._draw.choice((1 << 20, 1 << 23, 1 << 26)))
        if kind == 1:
            return [*members, ("x", zeros)]
        if kind == 2:
            return [*members, *((f"x{n}", _zeros(1 << 20)) for n in range(30))]
        return self._with_array(members, lambda member: member[:128] + zeros)

    def _zip_field(self, content: bytes) -> bytes:
        """Let a header of the archive say something else of sizes, places, flags or counts."""
        headers = [found.start() for found in re.finditer(b"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
        if not headers:
            return content
        place = self._draw.choice(headers) + self._draw.randrange(4, 46)
        size, form = self._draw.choice(((1, "<B"), (2, "<H"), (4, "<I")))
        value = self._draw.choice(FIELDS) & (256**size - 1)
        return content[:place] + struct.pack(form, value) + content[place + size :]

    def _flipped(self, content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(self._draw.choice((1, 2, 50)) if changed else 0):
            changed[self._draw.randrange(len(changed))] = self._draw.randrange(256)
        return bytes(changed)

    def _cut(self, content: bytes) -> bytes:
        start, stop = sorted((self._draw.randrange(len(content) + 1), self._draw.randrange(len(content) + 1)))
        return self._draw.choice((content[:stop], content[start:], content[:start] + content[stop:]))

    def _padded(self, content: bytes) -> bytes:
        padding = self._draw.choice((b"\0" * 1000, b"PK\x05\x06" + b"\xff" * 18, b"PK\x06\x07" * 20, PICKLE))
        return self._draw.choice(
            (padding + content, content + padding, content[:-22] + padding + content[-22:])
        )

    def _spliced(self, content: bytes) -> bytes:
        other = self._draw.choice((*bases(), zlib.compress(content)))
        return content[: self._draw.randrange(len(content) + 1)] + other[self._draw.randrange(len(other)) :]
