from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rnnviz import engine as e
from rnnviz import resources
from rnnviz.session import edits, initial, presets, sequence_edits
from rnnviz.session.errors import PresetError
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from pathlib import Path


def analysed(name: str) -> e.Analysis:
    state = presets.load(name)
    return e.analyse(state.spec, state.parameters, state.input_ids, state.target_ids)


def test_dogs_comes_first() -> None:
    assert presets.names() == (
        "dogs", "vanish", "explode", "shepherd", "shepherd-lstm", "remember", "non-normal", "settled"
    )  # fmt: skip
    assert [preset.title for preset in presets.available()] == [
        "dogs",
        "Vanishing gradients",
        "Exploding gradients",
        "The German shepherd, plain RNN",
        "The German shepherd, LSTM",
        "Remember everything",
        "Grows although its radius is 0.6",
        "Settled",
    ]


def test_every_preset_says_what_it_is_and_is_finite() -> None:
    for preset in presets.available():
        assert preset.description.endswith(".")
        analysis = analysed(preset.name)
        assert analysis.trouble is None
        assert analysis.loss.step.max() < 10


def test_dogs_gives_the_known_answers() -> None:
    analysis = analysed("dogs")
    hidden = [[0.53705, 0.197375, 0.716298], [0.7715, 0.696799, 0.790296], [0.71852, 0.967392, 0.5004]]
    np.testing.assert_allclose(analysis.trace.output[:, 0], hidden, atol=1e-6)
    predicted = analysis.trace.probabilities[:, 0]
    np.testing.assert_allclose(predicted[0], [0.321599, 0.21493, 0.241935, 0.221536], atol=1e-6)
    np.testing.assert_allclose(predicted[2], [0.393491, 0.154229, 0.316133, 0.136147], atol=1e-6)


def test_vanish_loses_about_four_tenths_of_the_gradient_a_step() -> None:
    verdict = analysed("vanish").verdict
    assert verdict.kind == "vanishing"
    assert 0.55 < verdict.factor < 0.65
    assert verdict.ratio < 1e-6


def test_explode_adds_about_a_quarter_of_the_gradient_a_step() -> None:
    analysis = analysed("explode")
    assert analysis.verdict.kind == "exploding"
    assert 1.2 < analysis.verdict.factor < 1.3
    assert 1e3 < analysis.verdict.ratio < 1e9
    # It shows in the whole map, not in its last row only: the earlier the state, the larger the gradient.
    flow = analysis.flow.hidden
    assert np.mean([row[0] > 10 * row[t] for t, row in enumerate(flow) if t >= 20]) > 0.9


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PresetError, match="no preset “cats”; choose one of dogs, vanish, explode"):
        presets.load("cats")
    with pytest.raises(PresetError, match=r"no preset “\.\./presets/dogs”"):
        presets.load("../presets/dogs")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of presets with a changeable copy of dogs."""
    source = resources.path("presets", "dogs.json").read_text()
    (tmp_path / "mine.json").write_text(source)
    monkeypatch.setattr(resources, "path", lambda _folder, *file: tmp_path.joinpath(*file))
    return tmp_path / "mine.json"


def changed(file: Path, **fields: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))


def test_a_new_file_is_a_new_preset(own: Path) -> None:
    changed(own, title="Mine")
    assert presets.names() == ("mine",)
    assert presets.load("mine").title == "Mine"


def test_a_preset_can_have_layers_directions_and_an_embedding(own: Path) -> None:
    wanted = edits.with_embedding(edits.with_directions(edits.with_layers(presets.load("mine"), 2), True), 3)
    arrays = {name: array.tolist() for name, array in wanted.parameters.items()}
    changed(own, layers=2, bidirectional=True, embedding=3, parameters=arrays)
    assert equal(presets.load("mine"), wanted)


def test_what_is_usual_may_be_left_out(own: Path) -> None:
    content = json.loads(own.read_text())
    del content["activation"]
    own.write_text(json.dumps(content))
    assert presets.load("mine").spec.activation == "tanh"


def test_a_gru_that_resets_before_the_product_can_be_a_preset(own: Path) -> None:
    wanted = edits.with_gru_reset(edits.with_cell(presets.load("mine"), "gru"), "before")
    arrays = {name: array.tolist() for name, array in wanted.parameters.items()}
    changed(own, cell="gru", gru_reset="before", parameters=arrays)
    assert equal(presets.load("mine"), wanted)


PARAMETERS = {
    "weight_ih_l0": [[1.0] * 4] * 3,
    "weight_hh_l0": [[1.0] * 3] * 3,
    "head.weight": [[1.0] * 3] * 4,
}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"cell": "elman"}, "cell must be one of"),
        ({"activation": "softsign"}, "activation must be one of"),
        ({"units": 0}, "hidden_size must be"),
        ({"units": 2}, "must have the shape"),
        ({"vocabulary": ["d", "o", "g", "g"]}, "each token once"),
        ({"vocabulary": []}, "at least one"),
        ({"text": "cats"}, "“c”, which is not in the vocabulary"),
        ({"bias": True}, "bias_ih_l0 is missing"),
        ({"layers": 2}, "weight_ih_l1 is missing"),
        ({"layers": 0}, "num_layers must be"),
        ({"bidirectional": True}, "weight_ih_l0_reverse is missing"),
        ({"embedding": 2}, "embedding.weight is missing"),
        ({"gru_reset": "before"}, "gru_reset must be one of"),
        ({"colour": "blue"}, "unknown field"),
        ({"title": 3}, "Expected `str`"),
        ({"parameters": PARAMETERS | {"weight_hh_l0": [[1.0], [1.0, 2.0]]}}, "rows of different lengths"),
        ({"parameters": PARAMETERS | {"weight_hh_l0": [[float("nan")] * 3] * 3}}, "malformed"),
        ({"parameters": PARAMETERS | {"weight_hh_l0": [["a"] * 3] * 3}}, "Expected `float`"),
        ({"parameters": PARAMETERS | {"extra": [1.0]}}, "no parameter of this network"),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence(own: Path, fields: dict[str, Any], why: str) -> None:
    changed(own, **fields)
    with pytest.raises(PresetError, match=why) as caught:
        presets.load("mine")
    assert "“mine”" in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_numbers_beyond_float64_are_refused(own: Path) -> None:
    own.write_text(own.read_text().replace("0.6", "1e999", 1))
    with pytest.raises(PresetError, match="out of range"):
        presets.load("mine")


def test_a_preset_can_read_words_from_a_start_of_its_own_beside_another_text(own: Path) -> None:
    words = sequence_edits.with_reads(edits.with_text(presets.load("mine"), "a dog, a cat"), "words")
    wanted = initial.with_initial_number(sequence_edits.with_other(words, "a cat"), "h", 0, 2, 0.5)
    changed(
        own,
        text=wanted.text,
        vocabulary=wanted.vocabulary.tokens,
        reads="words",
        other="a cat",
        initial={"h": [[0, 0, 0.5]]},
        parameters={name: array.tolist() for name, array in wanted.parameters.items()},
    )
    assert equal(presets.load("mine"), wanted)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reads": "lines"}, "Invalid enum value 'lines'"),
        ({"other": "cats"}, "“c”, which is not in the vocabulary"),
        ({"initial": {"c": [[0, 0, 1]]}}, "no c₀ to start from"),
        ({"initial": {"h": [[0, 1]]}}, r"h₀ must have the shape \(1, 1, 3\)"),
        ({"initial": {"h": [[0, 1], [0, 1, 2]]}}, "h₀ has rows of different lengths"),
    ],
)
def test_a_bad_sequence_is_refused_with_one_sentence(own: Path, fields: dict[str, Any], why: str) -> None:
    test_a_bad_file_is_refused_with_one_sentence(own, fields, why)


def test_a_preset_can_read_numbers(own: Path) -> None:
    wanted = edits.with_text(sequence_edits.with_reads(presets.load("mine"), "numbers"), "0,5 1 0,5")
    arrays = {name: array.tolist() for name, array in wanted.parameters.items()}
    changed(own, text="0,5 1 0,5", vocabulary=("x",), reads="numbers", parameters=arrays)
    assert equal(presets.load("mine"), wanted)
    changed(own, text="0,5 one")
    with pytest.raises(PresetError, match="Step 2 reads “one”"):
        presets.load("mine")
