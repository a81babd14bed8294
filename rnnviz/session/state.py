"""The document: everything an edit can change and a file would keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.session.corpus import same
from rnnviz.session.errors import EditError
from rnnviz.session.settings import TrainingSettings
from rnnviz.session.vocabulary import MAX_TEXT, Vocabulary, split

if TYPE_CHECKING:
    from rnnviz.session.corpus import Corpus
    from rnnviz.session.vocabulary import Ids


@dataclass(frozen=True, eq=False)
class DocumentState:
    """A network, the text it reads and how it learns; it never changes, an edit makes another one.

    vocabulary: one token a row of the one-hot vectors. silent: the steps, from 0, whose loss is left out.
    corpus: a whole text to learn from, if there is one. origin: the parameters that training began with, None
    if it has not. updates: how many have led from there to the present ones. Two states compare by identity;
    `equal` compares what they hold. Raises EditError if the parts do not fit.
    """

    title: str
    spec: e.NetworkSpec
    parameters: e.Parameters
    vocabulary: Vocabulary
    text: str
    silent: frozenset[int] = frozenset()
    corpus: Corpus | None = None
    settings: TrainingSettings = field(default_factory=TrainingSettings)
    origin: e.Parameters | None = None
    updates: int = 0

    def __post_init__(self) -> None:
        _require_sizes(self)
        _require_text(self)
        _require_corpus(self)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The characters of the text."""
        return split(self.text)

    @property
    def steps(self) -> int:
        """T, the number of time steps: at each one character is read and the next is predicted."""
        return max(0, len(self.tokens) - 1)

    @property
    def inputs(self) -> tuple[str, ...]:
        """What is read: T tokens, all but the last."""
        return _inputs(self.text)

    @property
    def targets(self) -> tuple[str, ...]:
        """What should be predicted: T tokens, all but the first."""
        return _targets(self.text)

    @property
    def input_ids(self) -> Ids:
        """The rows of the inputs in the vocabulary, (T,), read-only."""
        return _ids(self.vocabulary, self.text)[: self.steps]

    @property
    def target_ids(self) -> Ids:
        """The rows of the targets, (T,), read-only; −1 where the loss is left out."""
        return _target_ids(self.vocabulary, self.text, self.silent)


def equal(one: DocumentState, other: DocumentState) -> bool:
    """Return whether two states hold the same, however they came about."""
    return one is other or (
        one.text == other.text
        and one.spec == other.spec
        and one.silent == other.silent
        and one.title == other.title
        and one.vocabulary == other.vocabulary
        and one.settings == other.settings
        and one.updates == other.updates
        and same_parameters(one.parameters, other.parameters)
        and same_parameters(one.origin, other.origin)
        and same(one.corpus, other.corpus)
    )


def same_parameters(one: e.Parameters | None, other: e.Parameters | None) -> bool:
    """Return whether two networks of one shape have the same weights, or there is neither; NaN equals NaN."""
    if one is None or other is None:
        return one is other
    return one is other or np.array_equal(one.flat, other.flat, equal_nan=True)


@lru_cache(maxsize=8)
def _inputs(text: str) -> tuple[str, ...]:
    return split(text)[:-1]


@lru_cache(maxsize=8)
def _targets(text: str) -> tuple[str, ...]:
    return split(text)[1:]


@lru_cache(maxsize=8)
def _ids(vocabulary: Vocabulary, text: str) -> Ids:
    return vocabulary.encode(split(text))


@lru_cache(maxsize=8)
def _target_ids(vocabulary: Vocabulary, text: str, silent: frozenset[int]) -> Ids:
    ids = _ids(vocabulary, text)[1:].copy()
    ids[list(silent)] = -1
    ids.setflags(write=False)
    return ids


def _require_sizes(state: DocumentState) -> None:
    """Refuse a network that does not fit its vocabulary, or parameters that do not fit the network."""
    size = len(state.vocabulary)
    if not state.spec.input_size == state.spec.output_size == size:
        raise EditError(f"The network must have one input and one output for each of the {size} characters.")
    for parameters in (state.parameters, state.origin):
        if parameters is not None and parameters.shapes != e.parameter_shapes(state.spec):
            raise EditError("The weights do not have the shapes of this network.")


def _require_text(state: DocumentState) -> None:
    """Refuse a text that is too long or uses unknown characters, and steps that are not there."""
    if len(state.tokens) > MAX_TEXT:
        raise EditError(f"The text has {len(state.tokens):,} characters; shorten it to at most {MAX_TEXT:,}.")
    unknown = next((token for token in state.tokens if token not in state.vocabulary), None)
    if unknown is not None:
        raise EditError(f"The text uses “{unknown}”, which is not in the vocabulary.")
    if not all(0 <= step < state.steps for step in state.silent):
        raise EditError(f"A loss can be left out at steps 1 to {state.steps} only.")


def _require_corpus(state: DocumentState) -> None:
    """Refuse a text whose tokens have no row."""
    if state.corpus is not None and state.corpus.size > len(state.vocabulary):
        raise EditError(f"“{state.corpus.name}” uses characters that are not in the vocabulary.")
