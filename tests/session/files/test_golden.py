"""A file of version 1 of the format, as it was written when that was new, must open to the same for ever.

The file must never be written anew: a change that this test sees is a new version and a step in `migrations`.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
from keeping import members_in
from networks import REFERENCE

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.session.files.schema import LayoutPart, View
from rnnviz.session.files.stored import open_kept
from rnnviz.session.files.writing import content_of
from rnnviz.session.settings import TrainingSettings

GOLDEN = REFERENCE / "format_1.rnnviz"


def test_the_file_is_the_one_that_was_written_then() -> None:
    digest = hashlib.sha256(GOLDEN.read_bytes()).hexdigest()
    assert digest == "2be4d9b243721453512c0a9473493061031d39af3990b8fabfad6eea68097632"


def test_it_opens_to_the_same_document() -> None:
    state = open_kept(GOLDEN)[0].state
    assert state.title == "Golden é “1”"
    assert state.spec == e.NetworkSpec(
        "gru", 3, 2, 3, bidirectional=True, gru_reset="before", dtype="float32", readout="softmax"
    )
    assert state.vocabulary.tokens == ("a", "é", "👩‍👩‍👧")
    assert (state.reads, state.text, state.silent) == ("characters", "aé👩‍👩‍👧aé", {1, 3})
    assert (state.other, state.other_silent) == ("aa", {0})
    assert state.settings == TrainingSettings(
        rate=0.005, clip=1.5, batch=8, window=20, seed=7, source="text", optimizer="adam"
    )
    assert state.interventions == (
        e.Intervention("h", 0.75, start=1, unit=1, layer=0, direction=1),
        e.Intervention("z", 0.0),
    )
    assert state.updates == 3


def test_it_opens_to_the_same_numbers() -> None:
    state = open_kept(GOLDEN)[0].state
    wanted = (np.arange(state.parameters.flat.size) % 16 / 8 - 1).astype(np.float32)
    place = state.parameters["weight_ih_l0"].size
    wanted[place], wanted[place + 3] = np.nan, -np.inf
    assert state.parameters.flat.dtype == np.float32
    assert np.array_equal(state.parameters.flat, wanted, equal_nan=True)
    assert state.origin is not None
    assert not state.origin.flat.any()
    assert state.initial is not None
    assert {name: array.tolist() for name, array in state.initial.items()} == {
        "h": [[[0.5, -0.25]], [[0.0, 1.0]]]
    }
    assert {name: mask.tolist() for name, mask in state.frozen.items()} == {
        "head.weight": [[False] * 4, [True, True, False, False], [False] * 4]
    }
    assert state.corpus is not None
    assert (state.corpus.name, state.corpus.text) == ("tale.txt", "aé👩‍👩‍👧aéa")
    assert state.corpus.ids.tolist() == [0, 1, 2, 0, 1, 0]


def test_it_opens_at_the_same_place_with_the_same_curves() -> None:
    kept = open_kept(GOLDEN)[0]
    assert kept.view == View(
        step=2,
        stage=1,
        focus=(0, 1),
        sight="b",
        columns=(0, 3),
        selection=Selection("h", 1, 0, 1, pair=StepPair(2, 1)),
        notation="letters",
        loop=True,
        speed=8,
        layout=LayoutPart("row", ("network", LayoutPart("tabs", ("weights", "timeline"))), (3, 1)),
        panels={"timeline": '{"toggled":["c"]}'},
    )
    assert kept.record is not None
    table = np.arange(14 * 3.0).reshape(14, 3) / 4
    table[0, 2] = np.inf
    assert np.array_equal(kept.record.table, table)
    assert kept.record.first == 1


def test_what_nobody_knows_of_it_is_kept() -> None:
    members = members_in(content_of(open_kept(GOLDEN)[0]))
    document = json.loads(members["document.json"])
    assert document["mood"] == {"of": [1, None]}
    assert document["view"]["zoom"] == 2.0
    assert members["later/unknown.bin"] == b"kept"
