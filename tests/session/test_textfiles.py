from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session import edits, presets, textfiles
from rnnviz.session.errors import TextFileError
from rnnviz.session.textfiles import RARE, TextFile, read_sequence, read_text
from rnnviz.session.vocabulary import split


def read(folder: Path, content: bytes, encoding: str | None = None) -> TextFile:
    path = folder / "notes.txt"
    path.write_bytes(content)
    return read_sequence(path, encoding)


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(TextFileError) as caught:
        read(folder, content)
    return str(caught.value)


def whole(file: TextFile) -> str:
    """Return the text that the ids of a file spell."""
    return "".join(file.vocabulary[place] for place in file.ids)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_first_line_is_the_text_and_all_characters_the_vocabulary(
    tmp_path: Path, mark: str, end: str
) -> None:
    file = read(tmp_path, f"{mark}dogs{end}and cats{end}".encode())
    assert (file.name, file.text, file.note) == ("notes.txt", "dogs", "")
    assert file.vocabulary == tuple("dogs\nan ct")
    assert whole(file) == "dogs\nand cats"


def test_the_ids_are_small_and_cannot_be_changed(tmp_path: Path) -> None:
    ids = edits.with_file(presets.load("dogs"), read(tmp_path, b"abcab")).corpus
    assert ids is not None
    assert ids.ids.dtype == np.int32
    assert ids.ids.tolist() == [0, 1, 2, 0, 1]
    with pytest.raises(ValueError, match="read-only"):
        ids.ids[0] = 1


def test_line_ends_at_the_end_of_a_file_are_no_part_of_its_text(tmp_path: Path) -> None:
    file = read(tmp_path, b"dogs\n\r\n")
    assert (whole(file), file.vocabulary) == ("dogs", tuple("dogs"))
    assert read_text(tmp_path / "notes.txt") == "dogs"


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
    file = read(tmp_path, text.encode())
    assert (file.text, file.vocabulary, whole(file)) == (text, tokens, text)


def test_an_empty_first_line_is_an_empty_sequence(tmp_path: Path) -> None:
    file = read(tmp_path, b"\ndogs\n")
    assert (file.text, whole(file)) == ("", "\ndogs")
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


MANY = "".join(map(chr, range(0x4E00, 0x4E00 + 2_500)))


def test_the_rarest_of_too_many_characters_are_learnt_as_one(tmp_path: Path) -> None:
    file = read(tmp_path, f"ab{MANY}\nba{MANY[-1]}\nb".encode())
    # a, b, the line break and the last of the many come more than once; of the others, the first are kept.
    assert file.vocabulary == ("a", "b", *MANY[:1_995], MANY[-1], "\n", RARE)
    assert file.text == f"ab{MANY[:1_995]}{RARE * 504}{MANY[-1]}"
    assert whole(file) == f"{file.text}\nba{MANY[-1]}\nb"
    assert file.note == (
        "The text has 2,503 different characters; the 1,999 most frequent are learnt, "
        "and “\ufffd” stands for the others."
    )


def test_a_text_that_has_the_token_of_the_rare_ones_has_it_once(tmp_path: Path) -> None:
    file = read(tmp_path, f"{RARE * 9}{MANY}".encode())
    assert file.vocabulary == (*MANY[:1_999], RARE)
    assert whole(file) == RARE * 9 + MANY[:1_999] + RARE * 501


def test_two_thousand_characters_are_all_learnt(tmp_path: Path) -> None:
    file = read(tmp_path, MANY[:2_000].encode())
    assert (file.vocabulary, file.text, file.note) == (tuple(MANY[:2_000]), MANY[:2_000], "")


@given(text=st.text("ab\n\u2028\u0301\u0600👍🏽🇩🇪ש", min_size=1, max_size=30), most=st.integers(1, 9))
def test_whatever_is_rare_the_file_can_be_shown_and_learnt(tmp_path: Path, text: str, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textfiles, "MAX_VOCABULARY", most)
        file = read(tmp_path, ("x" + text).encode())
    assert len(file.vocabulary) <= most
    state = edits.with_file(presets.load("dogs"), file)
    assert set(state.tokens) <= set(file.vocabulary)
    assert state.corpus is not None
    assert len(state.corpus) == len(split(("x" + text).rstrip("\n")))


@pytest.mark.parametrize("encoding", [None, "utf-16"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_by_its_mark(tmp_path: Path, codec: str, encoding: str | None) -> None:
    file = read(tmp_path, "\ufeff犬 dogs\r\nbärk".encode(codec), encoding)
    assert (file.text, whole(file)) == ("犬 dogs", "犬 dogs\nbärk")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_by_choice(tmp_path: Path, codec: str) -> None:
    content = "Dogs\nbark.".encode(codec)
    with pytest.raises(
        TextFileError, match=r"not UTF-8 text: line 1.*choose the encoding UTF-16, or"
    ) as caught:
        read(tmp_path, content)
    assert caught.value.may_be == ("utf-16",)
    assert read(tmp_path, content, "utf-16").text == "Dogs"


def test_every_encoding_that_can_be_chosen_is_read(tmp_path: Path) -> None:
    for encoding, title in textfiles.ENCODINGS:
        assert read(tmp_path, "dögs – “ß”\n…".encode(encoding), encoding).text == "dögs – “ß”", title


def test_an_encoding_that_is_not_among_them_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextFileError, match="cannot be read as rot13; choose one of utf-8, utf-16, windows"):
        read(tmp_path, b"dogs", "rot13")


def test_windows_1252_is_offered_and_read_by_choice(tmp_path: Path) -> None:
    content = b"d\xf6gs \x96 \x93wuff\x94"
    with pytest.raises(TextFileError, match="choose the encoding Windows-1252") as caught:
        read(tmp_path, content)
    assert caught.value.may_be == ("windows-1252",)
    assert read(tmp_path, content, *caught.value.may_be).text == "dögs – “wuff”"


def test_nothing_is_offered_for_what_is_no_text_in_any_encoding(tmp_path: Path) -> None:
    for content in (b"\x81\x8d", b"\x1b\xff\x07", b"PK\x03\x04\0\0\0\0\xe9\xff"):
        with pytest.raises(TextFileError) as caught:
            read(tmp_path, content)
        assert caught.value.may_be == ()


def test_half_a_character_at_the_end_of_utf_16_is_refused_where_it_is(tmp_path: Path) -> None:
    assert refusal(tmp_path, "\ufeffdo\ngs".encode("utf-16-le") + b"x") == (
        "“notes.txt” is not UTF-16 text: line 2, character 3 cannot be read; "
        "save it as UTF-8 and open it again."
    )


def test_text_is_offered_in_its_own_encoding_when_another_was_chosen(tmp_path: Path) -> None:
    with pytest.raises(TextFileError) as caught:
        read(tmp_path, b"dogs!", "utf-16")
    assert caught.value.may_be == ("utf-8", "windows-1252")
    with pytest.raises(TextFileError) as caught:
        read(tmp_path, "犬".encode("utf-16"), "utf-8")
    assert "utf-16" in caught.value.may_be


def test_utf_32_is_named(tmp_path: Path) -> None:
    assert "is UTF-32 text" in refusal(tmp_path, "dogs".encode("utf-32"))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_other_encodings_are_refused_where_they_show(tmp_path: Path, mark: bytes, end: bytes) -> None:
    content = mark + "dögs".encode() + end + "drei Döschen".encode("latin-1")
    assert refusal(tmp_path, content) == (
        "“notes.txt” is not UTF-8 text: line 2, character 7 cannot be read; choose the encoding "
        "Windows-1252 (Western European), or save it as UTF-8 and open it again."
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


@given(st.binary(max_size=60), st.sampled_from([None, *(name for name, _ in textfiles.ENCODINGS)]))
def test_any_bytes_are_read_or_refused_with_one_sentence(
    tmp_path: Path, content: bytes, encoding: str | None
) -> None:
    sentence = ""
    try:
        file = read(tmp_path, content, encoding)
        assert whole(file).startswith(file.text)
    except TextFileError as error:
        sentence = str(error)
        for other in error.may_be:
            assert read_text(tmp_path / "notes.txt", other).strip("\n")
    assert not sentence or re.fullmatch(r"“notes\.txt” [^\n]+\.", sentence)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60))
def test_every_character_of_a_text_is_in_the_vocabulary_once(tmp_path: Path, text: str) -> None:
    content = "x" + text
    file = read(tmp_path, content.encode())
    assert len(set(file.vocabulary)) == len(file.vocabulary)
    assert whole(file) == content.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert file.text == whole(file).partition("\n")[0]
    assert set(file.ids.tolist()) == set(range(len(file.vocabulary)))


def test_a_text_with_joined_characters_has_the_ids_of_its_tokens(tmp_path: Path) -> None:
    text = "ne\u0301e 👍🏽🇩🇪!\nשָׁ\u200dlo 한국中文" * 3
    file = read(tmp_path, text.encode())
    tokens = split(text)
    assert file.vocabulary == tuple(dict.fromkeys(tokens))
    assert tuple(file.vocabulary[place] for place in file.ids) == tokens
