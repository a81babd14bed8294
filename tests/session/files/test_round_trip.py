"""What is written is what is read, whatever a document holds."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from io import BytesIO
from zipfile import ZipFile

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keeping import members_in, random_kept, same_kept, zipped
from networks import KINDS

from rnnviz.session import edits, presets
from rnnviz.session.corpus import Corpus
from rnnviz.session.files.errors import DocumentFileError
from rnnviz.session.files.kept import Extras, Kept
from rnnviz.session.files.reading import read_kept
from rnnviz.session.files.writing import content_of
from rnnviz.session.state import DocumentState


def again(kept: Kept) -> Kept:
    return read_kept(BytesIO(content_of(kept)))


@given(seed=st.integers(0, 10_000))
def test_every_document_comes_back_to_the_last_bit(seed: int) -> None:
    kept = random_kept(seed)
    assert same_kept(again(kept), kept)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_cell_can_be_kept(kind: str) -> None:
    kept = random_kept(1, **KINDS[kind])
    assert same_kept(again(kept), kept)


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_can_be_kept(name: str) -> None:
    kept = Kept(presets.load(name))
    assert same_kept(again(kept), kept)


@given(seed=st.integers(0, 1000))
def test_the_same_document_gives_the_same_bytes(seed: int) -> None:
    content = content_of(random_kept(seed))
    assert content == content_of(random_kept(seed))
    assert content == content_of(read_kept(BytesIO(content)))


def test_what_was_read_never_changes() -> None:
    state = again(random_kept(3)).state
    for array in (*state.parameters.values(), *state.frozen.values(), *(state.initial or {}).values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_an_exploded_network_can_be_kept(dogs: DocumentState) -> None:
    exploded = dogs.parameters.replaced({"weight_hh_l0": np.full((3, 3), np.nan)})
    kept = Kept(replace(dogs, parameters=exploded))
    assert np.isnan(again(kept).state.parameters["weight_hh_l0"]).all()


def test_what_a_newer_program_has_added_is_still_there_afterwards(dogs: DocumentState) -> None:
    members = members_in(content_of(Kept(dogs)))
    document = json.loads(members["document.json"])
    document["mood"] = {"of": ["the", 1e3, None]}
    document["network"]["attention"] = "none"
    document["view"]["zoom"] = 2
    members |= {"document.json": json.dumps(document).encode(), "sounds/ding.npy": b"ding"}
    kept = read_kept(BytesIO(zipped(members)))
    edited = replace(kept, state=edits.with_text(kept.state, "dog"))
    with ZipFile(BytesIO(content_of(edited))) as file:
        found = json.loads(file.read("document.json"))
        assert found["mood"] == {"of": ["the", 1e3, None]}
        assert found["network"]["attention"] == "none"
        assert found["view"]["zoom"] == 2
        assert found["text"] == "dog"
        assert file.read("sounds/ding.npy") == b"ding"


def test_an_unknown_field_of_a_part_that_is_gone_goes_with_it(dogs: DocumentState) -> None:
    corpus = Corpus("a.txt", np.zeros(3, np.int32))
    extras = Extras({"corpus": {"language": msgspec.Raw(b'"en"')}})
    with_text = read_kept(BytesIO(content_of(Kept(replace(dogs, corpus=corpus), extras=extras))))
    assert "corpus" in with_text.extras.fields
    assert "corpus" not in again(replace(with_text, state=dogs)).extras.fields


def test_a_long_text_that_hardly_says_anything_can_be_kept(dogs: DocumentState) -> None:
    """Packed as small as it could be it would look like an attack."""
    corpus = Corpus("a.txt", np.zeros(3_000_000, np.int32), "d" * 3_000_000)
    kept = Kept(replace(dogs, corpus=corpus))
    assert same_kept(again(kept), kept)


def test_nothing_of_a_document_is_forgotten() -> None:
    """A new field of a document belongs into the file, and into this list, or it would be lost."""
    kept = {"title", "spec", "parameters", "vocabulary", "text", "silent", "corpus", "settings", "origin"}
    kept |= {"updates", "initial", "reads", "other", "other_silent", "frozen", "interventions"}
    assert {field.name for field in fields(DocumentState)} == kept


def test_half_a_character_is_refused_in_a_sentence(dogs: DocumentState) -> None:
    state = edits.with_text(dogs, "do\ud800gs")
    with pytest.raises(DocumentFileError, match=r"half a character \(U\+D800\)"):
        content_of(Kept(state))


def test_numpy_reads_the_weights_without_this_program(dogs: DocumentState) -> None:
    with np.load(BytesIO(content_of(Kept(dogs))), allow_pickle=False) as file:
        assert np.array_equal(file["parameters/weight_hh_l0"], dogs.parameters["weight_hh_l0"])
