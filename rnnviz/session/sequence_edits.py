"""Edits of what is read: characters or words, their order, a second sequence. See `edits`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.session.corpus import Corpus
from rnnviz.session.edits import predict_only_last, reshaped, vocabulary_for, with_text, with_vocabulary
from rnnviz.session.errors import EditError
from rnnviz.session.reading import check_reading, spelled, split_as
from rnnviz.session.sight import edited, swapped
from rnnviz.session.signals import CANVAS, channels, sine, text_of, values_of
from rnnviz.session.textfiles import RARE, in_known, text_file
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from rnnviz.session.reading import Reading
    from rnnviz.session.state import DocumentState

_TRIES = 20  # at another order; of two different tokens, one order in two differs


def with_reads(state: DocumentState, reads: Reading) -> DocumentState:
    """Read the same texts as characters, words or numbers; weights of tokens that are both stay.

    Texts without numbers become waves when numbers are to be read, and a whole text is dropped. Where every
    loss but the last was left out, it still is; otherwise every step has a loss.
    """
    check_reading(reads)
    if reads == state.reads:
        return state
    file = None
    if reads == "numbers":
        return _with_numbers(state)
    if state.corpus is not None:
        file = text_file(state.corpus.name, _text_of(state.corpus, state), reads)
    known = () if file is None else file.vocabulary
    text, other = (_in_full_vocabulary(text, known, reads) for text in (state.text, state.other))
    assert text is not None
    tokens = dict.fromkeys((*known, *split_as(text, reads), *split_as(other or "", reads)))
    changed = reshaped(
        replace(state, corpus=None),
        vocabulary=Vocabulary(tuple(tokens)) if tokens else state.vocabulary,
        reads=reads,
        text=text,
        other=other,
        silent=frozenset(),
        other_silent=frozenset(),
        corpus=None if file is None else Corpus(file.name, file.ids, file.whole),
    )
    if _counts_last_only(state):
        changed = predict_only_last(changed)
    if state.other is not None and _counts_last_only(swapped(state)):
        changed = swapped(predict_only_last(swapped(changed)))
    return changed


def _with_numbers(state: DocumentState) -> DocumentState:
    text, other = (_numbers_in(text) for text in (state.text, state.other))
    assert text is not None
    vocabulary = Vocabulary(channels(values_of(text).shape[1]))
    settings = replace(state.settings, source="sequence")
    return reshaped(
        replace(state, corpus=None, settings=settings),
        vocabulary=vocabulary,
        reads="numbers",
        text=text,
        other=other,
        silent=frozenset(),
        other_silent=frozenset(),
    )


def _numbers_in(text: str | None) -> str | None:
    """Return a text of numbers as it is, waves for any other."""
    if text is None:
        return None
    try:
        return text if len(values_of(text)) else sine()
    except EditError:
        return sine()


def with_canvas(state: DocumentState) -> DocumentState:
    """Have a signal to draw upon: a hundred zeros."""
    return with_text(state, text_of(np.zeros((CANVAS, len(state.vocabulary)))))


def with_stroke(
    state: DocumentState, channel: int, start: tuple[float, float], stop: tuple[float, float]
) -> DocumentState:
    """Draw a straight stroke from (n, value) to another, n counted from 1; numbers outside stay."""
    if state.reads != "numbers":
        raise EditError("A signal is made of numbers; read numbers to draw one.")
    values = values_of(state.text).copy()
    if not 0 <= channel < values.shape[1]:
        raise EditError(f"There is no signal {channel + 1}: each step has {values.shape[1]} of them.")
    (left, low), (right, high) = sorted((start, stop))
    places = np.arange(max(1, round(left)), min(len(values), round(right)) + 1)
    if not np.isfinite([low, high]).all() or not len(places):
        return state
    drawn = np.interp(places, (left, right), (low, high))
    drawn[places == round(stop[0])] = stop[1]  # where the pen is, also if it went straight up
    values[places - 1, channel] = np.round(drawn, 3) + 0.0
    return with_text(state, text_of(values))


def _text_of(corpus: Corpus, state: DocumentState) -> str:
    if corpus.text is not None:
        return corpus.text
    return spelled((state.vocabulary.tokens[row] for row in corpus.ids), state.reads)


def _in_full_vocabulary(text: str | None, known: tuple[str, ...], reads: Reading) -> str | None:
    """Write the sign for rare tokens where the vocabulary of a long text has no room for more."""
    if text is None or RARE not in known:
        return text
    return in_known(text, frozenset(known), reads)


def _counts_last_only(state: DocumentState) -> bool:
    return state.steps > 1 and state.silent == frozenset(range(state.steps - 1))


def shuffled(state: DocumentState, seed: int) -> DocumentState:
    """Put the tokens of the text in another order, to see what order matters; the same seed gives the same.

    Steps whose loss is left out stay where they are.
    """
    tokens = state.tokens
    if len(set(tokens)) < 2:
        raise EditError(f"There is no other order of these {state.reads}; type two that differ.")
    draw = np.random.default_rng(seed)
    for _ in range(_TRIES):
        order = tuple(tokens[place] for place in draw.permutation(len(tokens)))
        if order != tokens:
            break
    return with_text(state, spelled(order, state.reads))


def with_other(state: DocumentState, text: str | None) -> DocumentState:
    """Have a second sequence beside the first, or none; it begins with every loss."""
    if text is None:
        return state if state.other is None else replace(state, other=None, other_silent=frozenset())
    if state.other is not None:
        return edited(state, "b", partial(with_text, text=text))
    return reshaped(state, vocabulary=vocabulary_for(state, text), other=text)


def without_unused(state: DocumentState) -> DocumentState:
    """Reduce the vocabulary to the tokens of the sequences."""
    if state.reads == "numbers":
        return state
    used = {*state.tokens, *split_as(state.other or "", state.reads)}
    return with_vocabulary(state, [token for token in state.vocabulary.tokens if token in used])
