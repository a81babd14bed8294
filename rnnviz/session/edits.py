"""Every change of a document, as a pure function from one state to the next.

An edit that changes nothing returns the state it was given. What is not possible raises EditError, one
sentence for the user.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rnnviz import engine as e
from rnnviz.session.carry import carried, carried_frozen
from rnnviz.session.corpus import Corpus
from rnnviz.session.errors import EditError
from rnnviz.session.holds import fitting
from rnnviz.session.initial import kept_start
from rnnviz.session.offers import choices, refusal
from rnnviz.session.reading import READOUTS, split_as
from rnnviz.session.settings import usual_rate
from rnnviz.session.signals import channels, values_of
from rnnviz.session.state import DocumentState, equal, same_parameters
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.session.reading import Reading
    from rnnviz.session.settings import Source
    from rnnviz.session.textfiles import TextFile

MAX_UNITS = 256
MAX_LAYERS = 4
MAX_EMBEDDING = 256


def with_text(state: DocumentState, text: str) -> DocumentState:
    """Read another text; unknown characters join the vocabulary, silent steps past its end are forgotten."""
    if text == state.text:
        return state
    tokens = split_as(text, state.reads)
    silent = frozenset(step for step in state.silent if step < len(tokens) - 1)
    return reshaped(state, vocabulary=vocabulary_for(state, text), text=text, silent=silent)


def vocabulary_for(state: DocumentState, text: str) -> Vocabulary:
    """Return the vocabulary with what a text needs beside it: more tokens, or as many numbers a step."""
    if state.reads != "numbers":
        return state.vocabulary.extended(split_as(text, state.reads))
    values = values_of(text)
    enough = not len(values) or values.shape[1] == len(state.vocabulary)
    return state.vocabulary if enough else Vocabulary(channels(values.shape[1]))


def with_file(state: DocumentState, file: TextFile) -> DocumentState:
    """Read a text file: its tokens are the vocabulary, its start the sequence; every step has a loss.

    The whole text is there to learn from, and is what is learnt if the sequence is not all of it. There is
    no second sequence any more.
    """
    source: Source = "text" if len(file.ids) > len(split_as(file.text, file.reads)) else "sequence"
    changed = reshaped(
        replace(state, corpus=None, origin=None, updates=0),
        reads=file.reads,
        other=None,
        other_silent=frozenset(),
        vocabulary=Vocabulary(file.vocabulary),
        title=file.name,
        text=file.text,
        silent=frozenset(),
        corpus=None if file.reads == "numbers" else Corpus(file.name, file.ids, file.whole),
        settings=replace(state.settings, source=source),
    )
    return state if equal(changed, state) else changed


def with_vocabulary(state: DocumentState, tokens: Iterable[str]) -> DocumentState:
    """Use these tokens in this order; the weights of those that stay move with them."""
    return reshaped(state, vocabulary=Vocabulary(tuple(tokens)))


def toggle_silent(state: DocumentState, step: int) -> DocumentState:
    """Leave the loss of a step (from 0) out, or take it in again."""
    if not 0 <= step < state.steps:
        raise EditError(f"There is no step {step + 1}: the text has {state.steps}.")
    return replace(state, silent=state.silent ^ {step})


def predict_only_last(state: DocumentState) -> DocumentState:
    """Leave out every loss but the last: predict only s from d-o-g."""
    return _with_silent(state, frozenset(range(state.steps - 1)))


def predict_all(state: DocumentState) -> DocumentState:
    """Take the loss of every step in."""
    return _with_silent(state, frozenset())


def _with_silent(state: DocumentState, silent: frozenset[int]) -> DocumentState:
    return state if silent == state.silent else replace(state, silent=silent)


def with_cell(state: DocumentState, cell: str) -> DocumentState:
    """Make every layer of another cell; what else was chosen stays if the new cell has it, too."""
    if cell not in e.CELLS:
        raise EditError(f"There is no cell “{cell}”; choose one of {', '.join(e.CELLS)}.")
    return _respecified(state, cell=cell, **_fitting(state.spec, cell))


def with_activation(state: DocumentState, activation: str) -> DocumentState:
    """Use another activation; no weight changes."""
    return _respecified(state, activation=activation)


def with_units(state: DocumentState, units: int) -> DocumentState:
    """Grow or shrink every layer at its end."""
    if not 1 <= units <= MAX_UNITS:
        raise EditError(f"A layer has 1 to {MAX_UNITS} units, not {units}.")
    return _respecified(state, hidden_size=units)


def with_layers(state: DocumentState, layers: int) -> DocumentState:
    """Put layers on top of those that are there, or take the uppermost away."""
    if not 1 <= layers <= MAX_LAYERS:
        raise EditError(f"A network has 1 to {MAX_LAYERS} layers, not {layers}.")
    return _respecified(state, num_layers=layers)


def with_directions(state: DocumentState, bidirectional: bool) -> DocumentState:
    """Let every layer also run backwards through time, or forwards only."""
    if bidirectional and (sentence := refusal(state.spec, "bidirectional")):
        raise EditError(sentence)
    return _respecified(state, bidirectional=bidirectional)


def with_gru_reset(state: DocumentState, reset: str) -> DocumentState:
    """Let the reset gate of a GRU act before or after the recurrent product; no weight changes."""
    if sentence := refusal(state.spec, "gru_reset"):
        raise EditError(sentence)
    return _respecified(state, gru_reset=reset)


def with_embedding(state: DocumentState, size: int | None) -> DocumentState:
    """Look characters up in a table of `size` columns, or read them one-hot again (None)."""
    if size is not None and not 1 <= size <= MAX_EMBEDDING:
        raise EditError(f"An embedding has 1 to {MAX_EMBEDDING} columns, not {size}.")
    if size is not None and state.reads == "numbers":
        raise EditError("Numbers are read as they are; an embedding is for characters and words.")
    return _respecified(state, embedding_size=size)


def with_bias(state: DocumentState, bias: bool) -> DocumentState:
    """Switch all biases on, at zero, or off."""
    return _respecified(state, bias=bias)


def with_settings(state: DocumentState, **fields: Any) -> DocumentState:
    """Learn with other settings, some fields of TrainingSettings.

    Another optimiser brings its own rate unless there is one among the fields: η means something else to it.
    """
    settings = replace(state.settings, **fields)
    if settings.optimizer != state.settings.optimizer and "rate" not in fields:
        settings = replace(settings, rate=usual_rate(settings.optimizer))
    return state if settings == state.settings else replace(state, settings=settings)


def with_origin(state: DocumentState, origin: e.Parameters | None) -> DocumentState:
    """Remember the parameters that training begins with, or forget them."""
    return state if same_parameters(state.origin, origin) else replace(state, origin=origin)


def with_learnt(state: DocumentState, parameters: e.Parameters, updates: int) -> DocumentState:
    """Take over what training has made of the parameters by now."""
    return replace(state, parameters=parameters, updates=updates)


def reset(state: DocumentState) -> DocumentState:
    """Return to the parameters that training began with."""
    if state.origin is None:
        raise EditError("There is nothing to return to: this network has not been trained yet.")
    if same_parameters(state.parameters, state.origin) and not state.updates:
        return state
    return replace(state, parameters=state.origin, updates=0)


def _fitting(spec: e.NetworkSpec, cell: str) -> dict[str, Any]:
    """Return those fields of a network that another cell would refuse, as that cell has them."""
    fields = ("activation", "bidirectional", "gru_reset")
    refused = [field for field in fields if getattr(spec, field) not in choices(cell, field)]
    return {field: choices(cell, field)[0] for field in refused}


def _respecified(state: DocumentState, **fields: Any) -> DocumentState:
    """Change fields of the network and carry its weights over; of another shape, it has not been trained."""
    try:
        spec = replace(state.spec, **fields)
    except e.SpecError as error:
        raise EditError(str(error)) from error
    if spec == state.spec:
        return state
    parameters = carried(state.parameters, state.spec, state.vocabulary, spec, state.vocabulary)
    origin = state.origin if parameters.shapes == state.parameters.shapes else None
    updates = 0 if origin is None else state.updates
    kept: dict[str, Any] = {
        "initial": kept_start(state.initial, state.spec, spec),
        "frozen": carried_frozen(state.frozen, state.spec, state.vocabulary, spec, state.vocabulary),
    }
    kept["interventions"] = fitting(state.interventions, spec)
    return replace(state, spec=spec, parameters=parameters, origin=origin, updates=updates, **kept)


def reshaped(state: DocumentState, *, vocabulary: Vocabulary, **fields: Any) -> DocumentState:
    """Change the vocabulary, and other fields with it, and carry over all that it numbers."""
    reads = fields.get("reads", state.reads)
    if vocabulary != state.vocabulary or reads != state.reads:
        fields = _renumbered(state, vocabulary, reads) | fields
    changed = replace(state, **fields)
    return state if equal(changed, state) else changed


def _renumbered(state: DocumentState, vocabulary: Vocabulary, reads: Reading) -> dict[str, Any]:
    """Return the fields that a vocabulary numbers: the network, its weights, where they began, the corpus."""
    size, embedding = len(vocabulary), None if reads == "numbers" else state.spec.embedding_size
    spec = replace(
        state.spec,
        input_size=size,
        output_size=size,
        readout=READOUTS[reads],
        embedding_size=embedding,
    )

    def carry(parameters: e.Parameters) -> e.Parameters:
        return carried(parameters, state.spec, state.vocabulary, spec, vocabulary)

    return {
        "vocabulary": vocabulary,
        "spec": spec,
        "parameters": carry(state.parameters),
        "frozen": carried_frozen(state.frozen, state.spec, state.vocabulary, spec, vocabulary),
        "origin": None if state.origin is None else carry(state.origin),
        "corpus": None if state.corpus is None else _moved(state.corpus, state.vocabulary, vocabulary),
    }


def _moved(corpus: Corpus, old: Vocabulary, new: Vocabulary) -> Corpus:
    try:
        return corpus.moved(old, new)
    except KeyError as error:
        raise EditError(f"“{corpus.name}” uses “{error.args[0]}”, which is not in the vocabulary.") from None
