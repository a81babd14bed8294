from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session import vocabulary
from rnnviz.session.errors import EditError
from rnnviz.session.vocabulary import Vocabulary, split


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        ("dogs", ("d", "o", "g", "s")),
        ("👨‍👩‍👧‍👦!", ("👨‍👩‍👧‍👦", "!")),
        ("🇩🇪🇫🇷", ("🇩🇪", "🇫🇷")),
        ("👍🏽👍", ("👍🏽", "👍")),
        ("❤️x", ("❤️", "x")),
        ("e\u0301x", ("e\u0301", "x")),
        ("שלום", ("ש", "ל", "ו", "ם")),
        ("\u05e9\u05b8\u05c1x", ("\u05e9\u05b8\u05c1", "x")),
        ("한국", ("한", "국")),
        ("中文", ("中", "文")),
        ("नमस्ते🙏🏽 🇩🇪👨‍👩‍👧‍👦क", ("न", "म", "स्ते", "🙏🏽", " ", "🇩🇪", "👨‍👩‍👧‍👦", "क")),
        ("🇩🇪ก👍", ("🇩🇪", "ก", "👍")),
        ("\U000111e1\U000111e2", ("\U000111e1", "\U000111e2")),
        ("a\r\nb", ("a", "\r\n", "b")),
        ("a\0b", ("a", "\0", "b")),
        ("\ufeffa", ("\ufeff", "a")),
        ("\ufffe\u0301a", ("\ufffe\u0301", "a")),
        ("\ud83dx", ("\ud83d", "x")),
    ],
)
def test_a_token_is_what_a_person_sees_as_one_character(text: str, tokens: tuple[str, ...]) -> None:
    assert split(text) == tokens


@given(st.text(max_size=40))
def test_tokens_joined_are_the_text_again(text: str) -> None:
    assert "".join(split(text)) == text
    assert all(split(text))


LONERS = [chr(c) for c in range(0x20000) if vocabulary._LONERS.fullmatch(chr(c))]


def test_the_fast_path_splits_as_the_slow_one() -> None:
    text = "".join(f"{loner}{loner}a" for loner in LONERS)
    assert len(LONERS) > 40_000
    assert list(vocabulary._clusters(text)) == list(text)


@given(st.text(st.sampled_from(LONERS), max_size=20))
def test_the_fast_path_splits_as_the_slow_one_in_any_order(text: str) -> None:
    assert split(text) == tuple(vocabulary._clusters(text))


# Some of every kind that joins: combining, joining, prepended, flags, syllables of Hangul and of Devanagari.
JOINERS = [
    "\u0301",
    "\u200d",
    "\ufe0f",
    "🏽",
    "\u0600",
    "🇩",
    "🇪",
    "\u1100",
    "\u1161",
    "\u11a8",
    "क",
    "\u094d",
    "\r",
    "\ufeff",
]


@given(st.text([*JOINERS, "a", "\n", "👍", "한", "中", "❤"], max_size=40))
def test_a_text_is_split_in_pieces_as_in_one(text: str) -> None:
    assert vocabulary.split_once(text) == tuple(vocabulary._clusters(text))


def test_encoding() -> None:
    ids = Vocabulary(("d", "o", "g", "s")).encode("sod")
    assert ids.tolist() == [3, 1, 0]
    assert not ids.flags.writeable
    assert Vocabulary(("d",)).encode(()).shape == (0,)


def test_an_unknown_token_cannot_be_encoded() -> None:
    with pytest.raises(KeyError):
        Vocabulary(("d",)).encode("x")


def test_extending_adds_new_tokens_once_at_the_end() -> None:
    known = Vocabulary(("d", "o"))
    assert known.extended("dogged").tokens == ("d", "o", "g", "e")
    assert known.extended("do") is known


@pytest.mark.parametrize(
    ("tokens", "why"),
    [
        ((), "at least one"),
        (("d", "d"), "each token once"),
        (tuple(map(chr, range(2001))), "2,001 different"),
    ],
)
def test_what_a_vocabulary_cannot_be(tokens: tuple[str, ...], why: str) -> None:
    with pytest.raises(EditError, match=why):
        Vocabulary(tokens)


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, min_size=1, max_size=20), st.data())
def test_decoding_is_the_inverse_of_encoding(tokens: list[str], data: st.DataObject) -> None:
    known = Vocabulary(tuple(tokens))
    chosen = data.draw(st.lists(st.sampled_from(tokens), max_size=20))
    assert [known.tokens[row] for row in known.encode(chosen)] == chosen
