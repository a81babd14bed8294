"""The document: everything an edit can change and a file would keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.interventions import check_interventions
from rnnviz.session.corpus import same
from rnnviz.session.errors import EditError
from rnnviz.session.freezing import NONE, check_frozen, same_frozen
from rnnviz.session.initial import check_initial, same_start
from rnnviz.session.reading import READOUTS, check_reading, split_as
from rnnviz.session.settings import TrainingSettings
from rnnviz.session.signals import values_of
from rnnviz.session.vocabulary import MAX_TEXT, Vocabulary

if TYPE_CHECKING:
    from rnnviz.session.corpus import Corpus
    from rnnviz.session.freezing import Frozen
    from rnnviz.session.initial import Start
    from rnnviz.session.reading import Reading
    from rnnviz.session.vocabulary import Ids


@dataclass(frozen=True, eq=False)
class DocumentState:
    """A network, the text it reads and how it learns; it never changes, an edit makes another one.

    vocabulary: one token a row of the one-hot vectors. silent: the steps, from 0, whose loss is left out.
    corpus: a whole text to learn from, if there is one. origin: the parameters that training began with, None
    if it has not. updates: how many have led from there to the present ones. initial: the states before the
    first step by name, (L·D, 1, H), read-only; None for zero. reads: what a token is. other: a second text
    to compare the first with, and the steps of it whose loss is left out. frozen: the entries that training
    leaves as they are, masks by parameter, read-only. interventions: what is held at a
    value. Two states compare by identity; `equal` compares what they hold. Raises EditError if the parts do
    not fit.
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
    initial: Start | None = None
    reads: Reading = "characters"
    other: str | None = None
    other_silent: frozenset[int] = frozenset()
    frozen: Frozen = field(default_factory=lambda: NONE)
    interventions: tuple[e.Intervention, ...] = ()

    def __post_init__(self) -> None:
        check_reading(self.reads)
        _require_sizes(self)
        _require_text(self, self.text, self.silent)
        if self.other is not None:
            _require_text(self, self.other, self.other_silent)
        _require_corpus(self)
        check_initial(self.spec, self.initial)
        check_frozen(self.parameters.shapes, self.frozen)
        _require_holdable(self)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The characters, the words or the numbers of the text."""
        return split_as(self.text, self.reads)

    @property
    def steps(self) -> int:
        """T, the number of time steps: at each one token is read and the next is predicted."""
        return max(0, len(self.tokens) - 1)

    @property
    def inputs(self) -> tuple[str, ...]:
        """What is read: T tokens, all but the last."""
        return _inputs(self.text, self.reads)

    @property
    def targets(self) -> tuple[str, ...]:
        """What should be predicted: T tokens, all but the first."""
        return _targets(self.text, self.reads)

    @property
    def x(self) -> Ids | e.Array:
        """What the network reads: `input_ids`, or numbers, (T, d), read-only."""
        if self.reads == "numbers":
            return self._numbers[: self.steps]
        return self.input_ids

    @property
    def y(self) -> Ids | e.Array:
        """What it should predict: `target_ids`, or numbers, (T, d), NaN where the loss is left out."""
        if self.reads == "numbers":
            return _target_values(self.text, self.silent) if self.steps else self._numbers[:0]
        return self.target_ids

    @property
    def _numbers(self) -> e.Array:
        """The numbers of the text, (T + 1, d); a text without any has still d a step."""
        values = values_of(self.text)
        return values if len(values) else np.empty((0, len(self.vocabulary)))

    @property
    def input_ids(self) -> Ids:
        """The rows of the inputs in the vocabulary, (T,), read-only."""
        return _ids(self.vocabulary, self.text, self.reads)[: self.steps]

    @property
    def target_ids(self) -> Ids:
        """The rows of the targets, (T,), read-only; −1 where the loss is left out."""
        return _target_ids(self.vocabulary, self.text, self.reads, self.silent)


def equal(one: DocumentState, other: DocumentState) -> bool:
    """Return whether two states hold the same, however they came about."""
    return one is other or (
        one.text == other.text
        and one.spec == other.spec
        and one.silent == other.silent
        and one.reads == other.reads
        and one.other == other.other
        and one.other_silent == other.other_silent
        and one.title == other.title
        and one.vocabulary == other.vocabulary
        and one.settings == other.settings
        and one.interventions == other.interventions
        and one.updates == other.updates
        and same_parameters(one.parameters, other.parameters)
        and same_parameters(one.origin, other.origin)
        and same_start(one.initial, other.initial)
        and same_frozen(one.frozen, other.frozen)
        and same(one.corpus, other.corpus)
    )


def same_parameters(one: e.Parameters | None, other: e.Parameters | None) -> bool:
    """Return whether two networks of one shape have the same weights, or there is neither; NaN equals NaN."""
    if one is None or other is None:
        return one is other
    return one is other or np.array_equal(one.flat, other.flat, equal_nan=True)


@lru_cache(maxsize=8)
def _inputs(text: str, reads: Reading) -> tuple[str, ...]:
    return split_as(text, reads)[:-1]


@lru_cache(maxsize=8)
def _targets(text: str, reads: Reading) -> tuple[str, ...]:
    return split_as(text, reads)[1:]


@lru_cache(maxsize=8)
def _ids(vocabulary: Vocabulary, text: str, reads: Reading) -> Ids:
    return vocabulary.encode(split_as(text, reads))


@lru_cache(maxsize=8)
def _target_ids(vocabulary: Vocabulary, text: str, reads: Reading, silent: frozenset[int]) -> Ids:
    ids = _ids(vocabulary, text, reads)[1:].copy()
    ids[list(silent)] = -1
    ids.setflags(write=False)
    return ids


@lru_cache(maxsize=8)
def _target_values(text: str, silent: frozenset[int]) -> e.Array:
    values = values_of(text)[1:].copy()
    values[list(silent)] = np.nan
    values.setflags(write=False)
    return values


def _require_sizes(state: DocumentState) -> None:
    """Refuse a network that does not fit its vocabulary, or parameters that do not fit the network."""
    size = len(state.vocabulary)
    if not state.spec.input_size == state.spec.output_size == size:
        raise EditError(
            f"The network must have one input and one output for each of the {size} {state.reads}."
        )
    if state.spec.readout != READOUTS[state.reads]:
        raise EditError(f"A network that reads {state.reads} has the readout {READOUTS[state.reads]}.")
    for parameters in (state.parameters, state.origin):
        if parameters is not None and parameters.shapes != e.parameter_shapes(state.spec):
            raise EditError("The weights do not have the shapes of this network.")


def _require_text(state: DocumentState, text: str, silent: frozenset[int]) -> None:
    """Refuse a text that is too long or uses unknown tokens, and steps that are not there."""
    tokens = split_as(text, state.reads)
    if len(tokens) > MAX_TEXT:
        raise EditError(f"The text has {len(tokens):,} {state.reads}; shorten it to at most {MAX_TEXT:,}.")
    _require_known(state, text)
    steps = max(0, len(tokens) - 1)
    if not all(0 <= step < steps for step in silent):
        raise EditError(f"A loss can be left out at steps 1 to {steps} only.")


def _require_known(state: DocumentState, text: str) -> None:
    """Refuse tokens that are not in the vocabulary, and numbers that are not one for each of its names."""
    size = len(state.vocabulary)
    if state.reads == "numbers":
        values = values_of(text)
        if len(values) and values.shape[1] != size:
            raise EditError(f"Each step of both sequences must have {size} numbers, not {values.shape[1]}.")
        return
    try:
        _ids(state.vocabulary, text, state.reads)
    except KeyError as error:
        raise EditError(f"The text uses “{error.args[0]}”, which is not in the vocabulary.") from None


def _require_holdable(state: DocumentState) -> None:
    """Refuse to hold what the network does not have."""
    try:
        check_interventions(state.spec, state.interventions)
    except e.SpecError as error:
        raise EditError(str(error)) from None


def _require_corpus(state: DocumentState) -> None:
    """Refuse a text whose tokens have no row."""
    if state.corpus is not None and state.corpus.size > len(state.vocabulary):
        raise EditError(f"“{state.corpus.name}” uses {state.reads} that are not in the vocabulary.")
