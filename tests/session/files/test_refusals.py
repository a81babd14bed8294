"""What is no document of ours is refused in a sentence, before it can do any harm."""

from __future__ import annotations

import json
import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_BZIP2, ZIP_STORED

import numpy as np
import pytest
from keeping import members_in, random_kept, with_document, zipped

from rnnviz.session import presets
from rnnviz.session.files import migrations
from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.reading import read_kept
from rnnviz.session.files.writing import content_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import msgspec

DOGS = content_of(Kept(presets.load("dogs")))
W_H = "parameters/weight_hh_l0.npy"


def refusal(content: bytes) -> str:
    with pytest.raises(DocumentFileError) as error:
        read_kept(BytesIO(content))
    return str(error.value)


def npy(array: Any, version: tuple[int, int] = (1, 0)) -> bytes:
    content = BytesIO()
    np.lib.format.write_array(content, np.asarray(array), version=version)
    return content.getvalue()


def with_member(name: str, member: bytes) -> bytes:
    return zipped(members_in(DOGS) | {name: member})


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"hello", DOGS[:-1], DOGS[:200], DOGS[50:], b"PK\x05\x06" * 9]
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert refusal(content) in {"it is no file of RNNViz, or not all of one", "it is damaged"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"format": "zebra"}, "it is no file of RNNViz"),
        ({"version": 0}, "it is no file of RNNViz"),
        ({"version": 2}, "newer RNNViz (format 2, this one reads up to 1); update"),
        ({"version": "1"}, "expected int, got str in “version”"),
        ({"title": 3}, "expected str, got int in “title”"),
        ({"vocabulary": ["d", "o", "g"]}, "one input and one output for each of the 3"),
        ({"vocabulary": ["d", "o", "g", "g"]}, "holds each token once"),
        ({"text": "cats"}, "uses “c”, which is not in the vocabulary"),
        ({"silent": [7]}, "A loss can be left out at steps 1 to 3 only"),
        ({"network": {}}, "missing required field cell in “network”"),
        ({"reads": "minds"}, "invalid enum value 'minds' in “reads”"),
        ({"trained": True}, "its part origin/weight_ih_l0.npy is missing"),
        ({"start": ["h"]}, "its part start/h.npy is missing"),
        ({"start": ["../../h"]}, "its part start/../../h.npy is missing"),
        ({"frozen": ["bias"]}, "its network has no weights called bias"),
        ({"corpus": {"name": "a"}}, "its part corpus.npy is missing"),
        ({"history": {"names": ["a"], "first": 1, "count": 1}}, "curves of its training do not belong"),
        ({"training": {"rate": 0}}, "The learning rate must be above 0"),
        ({"interventions": [{"target": "c", "value": 0}]}, "target must be one of h"),
        ({"text": "d" * 400_000}, "is too long for a file"),
        ({"updates": -1}, "expected int >= 0 in “updates”"),
        ({"view": {"step": 1e99}}, "in “view.step”"),
    ],
)
def test_a_document_that_does_not_fit_together_is_refused(fields: dict[str, Any], sentence: str) -> None:
    said = refusal(with_document(DOGS, **fields))
    assert sentence.casefold() in said.casefold()
    assert "\n" not in said


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("NaN", "JSON is malformed"), ("Infinity", "JSON is malformed"), ("1e999", "out of range")],
)
def test_a_number_that_is_not_finite_is_refused(number: str, sentence: str) -> None:
    document = members_in(DOGS)["document.json"].replace(b'"rate": 0.1', f'"rate": {number}'.encode())
    assert sentence.casefold() in refusal(with_member("document.json", document)).casefold()


@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"\x93NUMPY",
        npy(np.zeros((3, 3)))[:-1],
        npy(np.zeros((3, 3))) + b"\0",
        npy(np.zeros((3, 4))),
        npy(np.zeros((3, 3), np.float32)),
        npy(np.zeros((3, 3), ">f8")),
        npy(np.zeros((3, 3), complex)),
        npy(np.zeros(9)),
        npy(np.array([["a"] * 3] * 3)),
        b"\x93NUMPY\x01\x00\x40\x00"
        + b"{'descr': '|O', 'fortran_order': False, 'shape': (3, 3), }".ljust(64),
        b"\x93NUMPY\x01\x00\x10\x00" + b"__import__('os')",
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 0xFFFF,
        b"\x93NUMPY\x09\x00\x10\x00" + bytes(16 + 72),
        npy(np.zeros((3, 3))).replace(b"(3, 3)", b"(-3,3)"),
        npy(np.zeros((3, 3))).replace(b"(3, 3), }         ", b"(3000000000, 3), }"),
    ],
)
def test_weights_that_are_not_these_weights_are_refused(member: bytes) -> None:
    assert W_H in refusal(with_member(W_H, member))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_weights_that_numpy_has_written_are_read(version: tuple[int, int], order: Any) -> None:
    wanted = np.arange(9.0).reshape(3, 3)
    kept = read_kept(BytesIO(with_member(W_H, npy(np.asarray(wanted, order=order), version))))
    assert np.array_equal(kept.state.parameters["weight_hh_l0"], wanted)


def test_a_mask_whose_true_is_not_one_is_read_as_a_mask() -> None:
    kept = random_kept(1)
    name = f"frozen/{next(iter(kept.state.frozen))}.npy"
    members = members_in(content_of(kept))
    size = kept.state.frozen[name[7:-4]].size
    members[name] = members[name][:-size] + b"\xff" * size
    mask = read_kept(BytesIO(zipped(members))).state.frozen[name[7:-4]]
    assert mask.view(np.uint8).tolist() == np.ones_like(mask, np.uint8).tolist()


def test_a_state_to_start_from_is_finite() -> None:
    content = with_document(DOGS, start=["h"])
    members = members_in(content) | {"start/h.npy": npy(np.full((1, 1, 3), np.nan))}
    assert "is not finite" in refusal(zipped(members))


def bomb(size: int) -> bytes:
    return with_member(W_H, bytes(size))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bomb(100 << 20), "unpacks to far more than it holds"),
        (bomb(900_000), "has 900,000 bytes where at most"),
        (with_member("document.json", b'{"a":' + b"[" * 500_000), "damaged"),
        (with_member("document.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "damaged"),
        (zipped(members_in(DOGS), ZIP_BZIP2), "packed in a way"),
        (zipped(members_in(DOGS) | {f"x{n}": b"" for n in range(2000)}), "more parts"),
        (zipped(members_in(DOGS) | {f"x{n}": bytes(1 << 20) for n in range(20)}), "knows nothing of"),
        (zipped(members_in(DOGS) | {f"x{n}": bytes(1 << 20) for n in range(90)}), "unpacks to far more"),
    ],
)
def test_bombs_are_refused_unopened(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def test_two_parts_of_one_name_are_refused() -> None:
    content = zipped(members_in(DOGS) | {"parameters/weight_hh_l1.npy": b""}, ZIP_STORED)
    assert "two parts of the same name" in refusal(content.replace(b"weight_hh_l1", b"weight_hh_l0"))


def test_an_encrypted_part_is_refused() -> None:
    place = DOGS.index(b"PK\x01\x02")
    assert "is encrypted" in refusal(DOGS[: place + 8] + struct.pack("<H", 1) + DOGS[place + 10 :])


def test_a_part_whose_bytes_have_changed_is_refused() -> None:
    place = members_in(DOGS)[W_H][-8:]
    assert refusal(DOGS.replace(place, b"changed!", 1)) == "it is damaged"


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/passwd", "C:\\evil", "a\x00b", "\u202egnp.exe", "x" * 3000]
)
def test_a_name_is_no_path(name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read_kept(BytesIO(with_member(name, b"evil")))
    assert not list(tmp_path.rglob("*"))


def test_an_older_file_is_brought_up_to_date_step_by_step() -> None:
    """As it will be when there are versions 2 and 3: the sequence was once called “letters”."""

    def to_2(document: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
        return document | {"sequence": document.pop("letters")}

    def to_3(document: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
        return document | {"text": document.pop("sequence")}

    old = json.dumps({"format": "rnnviz", "version": 1, "letters": "dogs", "kept": [1]}).encode()
    steps: dict[int, Callable[[Any], Any]] = {1: to_2, 2: to_3}
    found = {name: json.loads(bytes(raw)) for name, raw in migrations.migrated(old, steps).items()}
    assert found == {"format": "rnnviz", "version": 3, "text": "dogs", "kept": [1]}
    with pytest.raises(DocumentFileError, match="newer RNNViz"):
        migrations.migrated(old.replace(b'"version": 1', b'"version": 4'), steps)
