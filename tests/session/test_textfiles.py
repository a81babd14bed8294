from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session import textfiles
from rnnviz.session.errors import TextFileError
from rnnviz.session.textfiles import TextFile, read_sequence


def read(folder: Path, content: bytes) -> TextFile:
    path = folder / "notes.txt"
    path.write_bytes(content)
    return read_sequence(path)


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(TextFileError) as caught:
        read(folder, content)
    return str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_first_line_is_the_text_and_all_characters_the_vocabulary(
    tmp_path: Path, mark: str, end: str
) -> None:
    file = read(tmp_path, f"{mark}dogs{end}and cats{end}".encode())
    assert file == TextFile("notes.txt", "dogs", tuple("dogsan ct"))


def test_a_path_may_be_a_string(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ab")
    assert read_sequence(str(tmp_path / "a.txt")).text == "ab"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a", ("a",)),
        ("👨‍👩‍👧‍👦👍🏽🇩🇪🇩🇪", ("👨‍👩‍👧‍👦", "👍🏽", "🇩🇪")),
        ("שלום", ("ש", "ל", "ו", "ם")),
        ("مرحبا", ("م", "ر", "ح", "ب", "ا")),
        ("a\u2028b\x0bc\x85", ("a", "\u2028", "b", "\x0b", "c", "\x85")),
    ],
)
def test_any_script_is_read(tmp_path: Path, text: str, tokens: tuple[str, ...]) -> None:
    assert read(tmp_path, text.encode()) == TextFile("notes.txt", text, tokens)


def test_an_empty_first_line_is_an_empty_sequence(tmp_path: Path) -> None:
    file = read(tmp_path, b"\ndogs\n")
    assert (file.text, file.vocabulary) == ("", tuple("dogs"))
    assert "first line is empty" in file.note


@pytest.mark.parametrize("content", [b"", b"\n\r\n\r", b"\xef\xbb\xbf"])
def test_a_file_without_text_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content) == (
        "“notes.txt” holds no text; write a line into it or open another file."
    )


def test_ten_thousand_characters_are_read_whole(tmp_path: Path) -> None:
    file = read(tmp_path, b"ab" * 5_000)
    assert (file.text, file.note) == ("ab" * 5_000, "")


def test_a_longer_first_line_is_cut_and_the_note_says_so(tmp_path: Path) -> None:
    file = read(tmp_path, "👍🏽".encode() * 10_001)
    assert file.text == "👍🏽" * 10_000
    assert file.note == "The first line has 10,001 characters; the sequence is its first 10,000."


def test_a_vocabulary_is_cut_where_it_would_be_too_large(tmp_path: Path) -> None:
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 2_500)))
    file = read(tmp_path, ("ab\n" + many).encode())
    assert file.vocabulary == ("a", "b", *many[:1_998])
    assert file.note == "The file has 2,502 different characters; the vocabulary is the first 2,000."


def test_a_sequence_ends_before_the_first_character_that_is_not_learnt(tmp_path: Path) -> None:
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 2_500)))
    file = read(tmp_path, many.encode())
    assert file.text == many[:2_000]
    assert "first line has 2,500" in file.note
    assert "first 2,000." in file.note


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    assert refusal(tmp_path, "The dogs\nbark.".encode(encoding)) == (
        "“notes.txt” is UTF-16 text; save it as UTF-8 and open it again."
    )


def test_utf_32_is_named(tmp_path: Path) -> None:
    assert "is UTF-32 text" in refusal(tmp_path, "dogs".encode("utf-32"))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_other_encodings_are_refused_where_they_show(tmp_path: Path, mark: bytes, end: bytes) -> None:
    content = mark + "dögs".encode() + end + "drei Döschen".encode("latin-1")
    assert refusal(tmp_path, content) == (
        "“notes.txt” is not UTF-8 text: line 2, character 7 cannot be read; "
        "save it as UTF-8 and open it again."
    )


@pytest.mark.parametrize("content", [b"\0", b"do\0gs", b"dogs\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_a_file_with_nul_bytes_is_no_text(tmp_path: Path, content: bytes) -> None:
    place = content.index(0) + 1
    assert refusal(tmp_path, content) == (
        f"“notes.txt” is not a text file: byte {place} is NUL; choose a text file."
    )


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextFileError, match=f"“{tmp_path.name}” is a folder"):
        read_sequence(tmp_path)


def test_a_missing_file_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(TextFileError, match=r"There is no file “.*gone\.txt”"):
        read_sequence(tmp_path / "gone.txt")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this platform has no named pipes")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TextFileError, match="not a file that can be read"):
        read_sequence(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (PermissionError(13, "Permission denied"), "may not be read"),
        (OSError(5, "Input/output error"), "output"),
    ],
)
def test_a_file_that_the_system_keeps_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, why: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    (tmp_path / "notes.txt").write_bytes(b"dogs")
    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(TextFileError, match=why):
        read_sequence(tmp_path / "notes.txt")


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfiles, "MAX_BYTES", 100)
    assert read(tmp_path, b"a" * 100).text == "a" * 100
    assert "larger than 50 MB" in refusal(tmp_path, b"a" * 101)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_one_sentence(tmp_path: Path, content: bytes) -> None:
    sentence = ""
    try:
        file = read(tmp_path, content)
        assert set(file.text) <= set("".join(file.vocabulary))
    except TextFileError as error:
        sentence = str(error)
    assert not sentence or re.fullmatch(r"“notes\.txt” [^\n]+\.", sentence)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60))
def test_every_character_of_a_text_is_in_the_vocabulary_once(tmp_path: Path, text: str) -> None:
    content = ("x" + text).encode()
    file = read(tmp_path, content)
    assert len(set(file.vocabulary)) == len(file.vocabulary)
    assert set("".join(file.vocabulary)) == set("x" + text) - {"\r", "\n"}
    assert ("x" + text).startswith(file.text)
