from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.errors import EditError
from rnnviz.session.reading import READINGS, check_reading, spelled, split_as, split_as_once
from rnnviz.session.words import spell_words, split_words

# Without marks that join whatever stands before them, which no order of tokens can keep apart.
PIECES = [*"aбé8_  .,;'’-()“”!?\n\t%猫", "👍🏽", "👩\u200d👧", "e\u0301"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("  ", []),
        ("dogs", ["dogs"]),
        ("The dog barks.", ["The", "dog", "barks", "."]),
        ("Don’t well-known 3.14 1,000", ["Don’t", "well-known", "3.14", "1,000"]),
        ("end.Start a,b", ["end", ".", "Start", "a", ",", "b"]),
        ("(so) what?!", ["(", "so", ")", "what", "?", "!"]),
        ("one\n\ntwo\r\nthree", ["one", "\n", "\n", "two", "\n", "three"]),
        ("cafe\u0301 cafe", ["cafe\u0301", "cafe"]),
        ("hi 👩‍👩‍👧‍👦👍🏽", ["hi", "👩‍👩‍👧‍👦", "👍🏽"]),
        ("’tis -5", ["’", "tis", "-", "5"]),
        ("дом_1", ["дом_1"]),
    ],
)
def test_words_and_signs(text: str, tokens: list[str]) -> None:
    assert list(split_words(text)) == tokens


@pytest.mark.parametrize(
    "text",
    [
        "The horse, which was raced past the barn, fell.",
        "Is it (really) 3.14?",
        "one\ntwo three\n",
        "“So,” she said… no!",
    ],
)
def test_what_is_written_as_usual_is_spelled_as_it_was(text: str) -> None:
    assert spell_words(split_words(text)) == text


@given(text=TEXTS)
def test_what_tokens_spell_splits_into_them_again(text: str) -> None:
    tokens = split_words(text)
    assert split_words(spell_words(tokens)) == tokens
    assert "".join(tokens) == "".join(text.replace("\t", "").split(" "))


@given(text=TEXTS, data=st.data())
def test_so_it_does_in_any_order(text: str, data: st.DataObject) -> None:
    tokens = tuple(data.draw(st.permutations(split_words(text))))
    assert split_words(spell_words(tokens)) == tokens


@given(text=st.text(max_size=40))
def test_no_token_is_blank_and_none_is_lost(text: str) -> None:
    tokens = split_words(text)
    assert all(token == "\n" or token.strip() for token in tokens)


@given(text=st.text(max_size=40))
def test_characters_spell_the_text(text: str) -> None:
    assert spelled(split_as(text, "characters"), "characters") == text


@pytest.mark.parametrize("reads", READINGS)
def test_the_same_text_gives_the_same_tuple(reads: str) -> None:
    assert split_as("a b", reads) is split_as("a b", reads)
    assert split_as_once("a b", reads) == split_as("a b", reads)


def test_nothing_else_can_be_read() -> None:
    with pytest.raises(EditError, match="reads characters, words or numbers, not lines"):
        check_reading("lines")
