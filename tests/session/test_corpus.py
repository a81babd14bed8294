from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.corpus import Corpus, same, tokenised
from rnnviz.session.vocabulary import Vocabulary, split


def corpus(*ids: int) -> Corpus:
    return Corpus("a.txt", np.array(ids, np.int32))


@given(st.text(st.sampled_from("abc\n 中한👍\u0301🏽🇩"), max_size=40))
def test_tokens_are_numbered_in_order_of_first_appearance(text: str) -> None:
    tokens, ids = tokenised(text)
    assert tokens == tuple(dict.fromkeys(split(text)))
    assert tuple(tokens[place] for place in ids) == split(text)
    assert ids.dtype == np.int32


def test_a_corpus_knows_how_many_rows_it_needs() -> None:
    assert (corpus().size, corpus(0).size, corpus(1, 7, 2).size) == (0, 1, 8)
    assert len(corpus(1, 7, 2)) == 3


def test_the_same_text_is_found_in_another_vocabulary() -> None:
    old = Vocabulary(tuple("abcd"))
    text = corpus(0, 2, 2, 1)
    assert text.moved(old, old) is text
    assert text.moved(old, Vocabulary(tuple("abcdef"))) is text
    assert text.moved(old, Vocabulary(tuple("cab"))).ids.tolist() == [1, 0, 0, 2]
    with pytest.raises(KeyError, match="b"):
        text.moved(old, Vocabulary(tuple("acd")))


def test_two_corpora_are_the_same_if_they_hold_the_same() -> None:
    assert same(None, None)
    assert not same(None, corpus())
    assert not same(corpus(), None)
    assert same(corpus(1, 2), corpus(1, 2))
    assert not same(corpus(1, 2), corpus(1, 3))
    assert not same(corpus(1, 2), Corpus("b.txt", np.array([1, 2], np.int32)))
