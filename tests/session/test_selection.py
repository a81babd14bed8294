"""What is picked stays with the network as long as it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from weighing import with_weight

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.session import edits
from rnnviz.session.selection import fitted
from rnnviz.session.sequence_edits import without_unused
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from rnnviz.session.session import Moment

pytestmark = pytest.mark.usefixtures("qapp")


def state(cell: str = "lstm", units: int = 3, text: str = "dogs", **options: object) -> DocumentState:
    spec = e.NetworkSpec(cell, 4, units, 4, **options)
    return DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), text)


def test_picking_is_one_moment_with_the_same_analysis_and_cannot_be_undone(dogs: DocumentState) -> None:
    session = Session(dogs)
    moments: list[tuple[Moment, Moment]] = []
    session.moment_changed.connect(lambda old, new: moments.append((old, new)))
    picked = Selection("h", 1)
    session.playback.select(picked)
    session.playback.select(Selection("h", 1))
    assert len(moments) == 1
    assert session.moment.selection is picked
    assert session.moment.analysis is moments[0][0].analysis
    assert not session.document.undo_stack.canUndo()
    session.playback.select(None)
    assert session.moment.selection is None


def test_it_stays_while_the_playhead_moves_and_weights_change(dogs: DocumentState) -> None:
    session = Session(dogs)
    picked = Selection(weight=WeightEntry("weight_hh_l0", 0, 2))
    session.playback.select(picked)
    session.playback.next()
    session.document.edit(with_weight(dogs, "weight_hh_l0", 0, 0, 0.7), "Set W_H")
    assert session.moment.selection is picked


def test_what_a_smaller_network_does_not_have_is_let_go_in_the_same_moment() -> None:
    session = Session(state(units=4))
    session.playback.select(Selection("h", 3))
    moments = []
    session.moment_changed.connect(lambda _old, new: moments.append(new))
    session.document.edit(edits.with_units(session.document.state, 3), "Fewer units")
    assert [moment.selection for moment in moments] == [None]
    assert session.playback.selection is None


@pytest.mark.parametrize(
    ("picked", "kept"),
    [
        (Selection("h", 2), True),
        (Selection("h", 3), False),
        (Selection("h", 0, layer=1), False),
        (Selection("h", 0, direction=1), False),
        (Selection("x", 3), True),
        (Selection("x", 4), False),
        (Selection("y", 3), True),
        (Selection("e", 0), False),
        (Selection("a.f", 2), True),
        (Selection("L"), True),
        (Selection("dc"), True),
        (Selection(weight=WeightEntry("weight_hh_l0", 11, 2)), True),
        (Selection(weight=WeightEntry("weight_hh_l0", 12, 0)), False),
        (Selection(weight=WeightEntry("weight_hh_l1", 0, 0)), False),
        (Selection(weight=WeightEntry("head.bias", 3, 0)), True),
        (Selection(weight=WeightEntry("head.bias", 0, 1)), False),
        (Selection("h", pair=StepPair(2, 0)), True),
        (Selection("h", pair=StepPair(3, 0)), False),
    ],
)
def test_only_what_a_network_has_is_picked(picked: Selection, kept: bool) -> None:
    assert fitted(picked, state()) == (picked if kept else None)


PARTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize(
    ("old", "row", "new", "found"),
    [
        ("lstm", 1, "gru", None),  # the input gate
        ("lstm", 7, "gru", 7),  # the candidate, the third block of both
        ("lstm", 7, "rnn", 1),  # whose only block is the candidate
        ("rnn", 2, "lstm", 8),
        ("gru", 1, "lstm", None),
        ("gru", 5, "rnn", None),
        ("lstm", 10, "lstm", 10),
    ],
)
def test_a_picked_weight_stays_with_its_gate(
    name: str, old: str, row: int, new: str, found: int | None
) -> None:
    session = Session(state(old))
    picked = Selection(weight=WeightEntry(name, row, int(name.startswith("weight"))))
    session.playback.select(picked)
    parameters = session.document.state.parameters
    value = parameters[name].reshape(parameters.shapes[name][0], -1)[row, picked.weight.column]
    session.document.edit(edits.with_cell(session.document.state, new), "Change the cell")
    now = session.moment.selection
    if found is None:
        assert now is None
        return
    assert now == Selection(weight=WeightEntry(name, found, picked.weight.column))
    kept = session.document.state.parameters[name]
    assert kept.reshape(len(kept), -1)[found, now.weight.column] == value
    session.document.undo()
    assert session.moment.selection == picked


def test_a_picked_weight_stays_with_its_unit_layer_and_token() -> None:
    session = Session(state("lstm", units=3, num_layers=2, bidirectional=True))
    for picked, wanted in (
        (WeightEntry("weight_hh_l0", 4, 2), WeightEntry("weight_hh_l0", 6, 2)),  # unit 2 of f
        (WeightEntry("weight_ih_l1_reverse", 4, 5), WeightEntry("weight_ih_l1_reverse", 6, 7)),  # from ←3
        (WeightEntry("head.weight", 2, 4), WeightEntry("head.weight", 2, 6)),
        (WeightEntry("bias_hh_l0", 11, 0), WeightEntry("bias_hh_l0", 17, 0)),
    ):
        session.playback.select(Selection(weight=picked))
        session.document.edit(edits.with_units(session.document.state, 5), "More units")
        assert session.moment.selection == Selection(weight=wanted)
        session.document.edit(edits.with_units(session.document.state, 3), "Fewer units")
        assert session.moment.selection == Selection(weight=picked)


@pytest.mark.parametrize(
    ("picked", "wanted"),
    [
        (
            Selection(weight=WeightEntry("weight_ih_l0", 0, 3)),
            Selection(weight=WeightEntry("weight_ih_l0", 0, 1)),
        ),
        (Selection(weight=WeightEntry("head.bias", 3, 0)), Selection(weight=WeightEntry("head.bias", 1, 0))),
        (Selection(weight=WeightEntry("head.bias", 1, 0)), None),
        (Selection("x", 3), Selection("x", 1)),
        (Selection("y", 2), None),
        (Selection("h", 2), Selection("h", 2)),
    ],
)
def test_what_belongs_to_a_token_stays_with_it(picked: Selection, wanted: Selection | None) -> None:
    session = Session(state("rnn", text="dsds"))
    session.playback.select(picked)
    session.document.edit(without_unused(session.document.state), "Forget unused characters")
    assert session.moment.state.vocabulary.tokens == ("d", "s")
    assert session.moment.selection == wanted


def test_in_a_cell_without_its_gate_the_unit_stays_picked() -> None:
    assert fitted(Selection("f", 1), state("rnn")) == Selection("h", 1)
    assert fitted(Selection("c", 1), state("gru")) == Selection("h", 1)
    assert fitted(Selection("a.hn", 1), state("gru")) == Selection("a.hn", 1)
    assert fitted(Selection("a.hn", 1), state("gru", gru_reset="before")) == Selection("h", 1)
    assert fitted(Selection("c", pair=StepPair(1, 0)), state("rnn")) == Selection("h", pair=StepPair(1, 0))
