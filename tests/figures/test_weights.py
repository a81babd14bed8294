"""The weights are shown and named gate by gate, and an edit of what is shown reaches what is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.engine.parameters import suffix
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.weights import weights
from rnnviz.figures.model import Figure, Heatmap, Points
from rnnviz.figures.notation import ShownParameter, kind_of, shown_parameters
from rnnviz.figures.states import quantity

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

EVERY: dict[str, Any] = {"layers": 3, "both": True}
TEXT = "abcabc def"


def of_kind(shown: Scene, kind: str) -> list[ShownParameter]:
    return [parameter for parameter in shown_parameters(shown) if parameter.kind == kind]


def joined(parts: list[ShownParameter]) -> np.ndarray:
    return np.concatenate([part.values for part in parts])


def heat(figure: Figure, name: str) -> Heatmap:
    marks = next(plot.marks for plot in figure.plots if plot.name == name)
    return next(mark for mark in marks if isinstance(mark, Heatmap))


@given(shown=scenes(**EVERY))
@settings(max_examples=80)
def test_the_blocks_of_all_gates_are_the_parameters_of_the_lane(shown: Scene) -> None:
    stored, end = shown.parameters, suffix(shown.layer, shown.direction)
    assert_array_equal(joined(of_kind(shown, "W_X")), stored["weight_ih" + end])
    assert_array_equal(joined(of_kind(shown, "W_Y")), stored["head.weight"])
    if e.CELLS[shown.spec.cell].recurrent:
        assert_array_equal(joined(of_kind(shown, "W_H")), stored["weight_hh" + end])
    else:
        assert not of_kind(shown, "W_H")
    for parameter in shown_parameters(shown):
        rows, columns = parameter.values.shape
        assert (len(parameter.rows), len(parameter.columns)) == (rows, columns)
        block = stored[parameter.parameter].reshape(len(stored[parameter.parameter]), -1)
        block = block[parameter.first : parameter.first + rows]
        with np.errstate(all="ignore"):
            both = block if parameter.rest is None else block + parameter.rest
        assert_array_equal(parameter.values, both)


@given(shown=scenes(**EVERY))
@settings(max_examples=40)
def test_biases_are_sums_but_for_the_candidate_behind_a_reset_gate(shown: Scene) -> None:
    end, size = suffix(shown.layer, shown.direction), shown.spec.hidden_size
    found = {part.symbol: part.values[:, 0] for part in of_kind(shown, "b")}
    assert bool(found) == shown.spec.bias
    if not found:
        return
    first = shown.parameters["bias_ih" + end]
    other = shown.parameters.get("bias_hh" + end, np.zeros_like(first))
    with np.errstate(all="ignore"):
        both = first + other
    gates = e.CELLS[shown.spec.cell].gates
    for n, gate in enumerate(gates):
        rows = slice(n * size, (n + 1) * size)
        if shown.spec.cell == "gru" and shown.spec.gru_reset == "after" and gate == "n":
            assert_array_equal(found["b_{Xn}"], first[rows])
            assert_array_equal(found["b_{Hn}"], other[rows])
        else:
            assert_array_equal(found["b" if len(gates) == 1 else f"b_{gate}"], both[rows])


@given(shown=scenes(**EVERY), data=st.data())
@settings(max_examples=60)
def test_an_edited_entry_shows_what_was_asked_for(shown: Scene, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(shown_parameters(shown)) - 1))
    parameter = shown_parameters(shown)[n]
    if parameter.rest is not None and np.abs(parameter.rest).max() > 10:
        return  # nothing small can be told beside it
    row, column = (data.draw(st.integers(0, size - 1)) for size in parameter.values.shape)
    array = shown.parameters[parameter.parameter].copy()
    array.reshape(len(array), -1)[parameter.first + row, column] = parameter.stored(row, column, 0.375)
    edited = replace(shown, parameters=shown.parameters.replaced({parameter.parameter: array}))
    for before, after in zip(shown_parameters(shown), shown_parameters(edited), strict=True):
        wanted = before.values.copy()
        if before.symbol == parameter.symbol:
            wanted[row, column] = 0.375
        np.testing.assert_allclose(after.values, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "symbols"),
    [
        ({}, ["W_X", "W_H", "W_Y", "b", "b_Y"]),
        ({"cell": "feedforward", "bias": False}, ["W_X", "W_Y"]),
        (
            {"cell": "lstm"},
            [
                *("W_{Xi}", "W_{Xf}", "W_{Xg}", "W_{Xo}", "W_{Hi}", "W_{Hf}", "W_{Hg}", "W_{Ho}"),
                *("W_Y", "b_i", "b_f", "b_g", "b_o", "b_Y"),
            ],
        ),
        (
            {"cell": "gru", "embedding_size": 2},
            [
                *("E", "W_{Xr}", "W_{Xz}", "W_{Xn}", "W_{Hr}", "W_{Hz}", "W_{Hn}"),
                *("W_Y", "b_r", "b_z", "b_{Xn}", "b_{Hn}", "b_Y"),
            ],
        ),
        (
            {"cell": "gru", "gru_reset": "before", "bias": False},
            ["W_{Xr}", "W_{Xz}", "W_{Xn}", "W_{Hr}", "W_{Hz}", "W_{Hn}", "W_Y"],
        ),
    ],
)
def test_the_symbols_of_a_network(options: dict[str, Any], symbols: list[str]) -> None:
    shown = scene(TEXT, units=2, **options)
    assert [parameter.symbol for parameter in shown_parameters(shown)] == symbols
    assert [plot.name for plot in weights(shown).plots] == symbols


def test_blocks_have_the_colours_of_their_gates() -> None:
    figure = weights(scene(TEXT, cell="lstm", units=2))
    for plot in figure.plots:
        gate = plot.name.strip("}")[-1]
        role = quantity(gate).role if gate in "ifgo" else "text"
        assert plot.gutter[0].role == role


def test_columns_are_named_after_what_is_read() -> None:
    options: dict[str, Any] = {"cell": "lstm", "units": 2, "num_layers": 2, "bidirectional": True}
    below, above = (scene(TEXT, focus=(layer, 0), **options) for layer in (0, 1))
    assert of_kind(below, "W_X")[0].columns == tuple("abcdefgh␣")
    assert of_kind(above, "W_X")[0].columns == ("→1", "→2", "←1", "←2")
    assert of_kind(above, "W_Y")[0].columns == ("→1", "→2", "←1", "←2")
    embedded = scene(TEXT, embedding_size=3)
    assert of_kind(embedded, "W_X")[0].columns == ("1", "2", "3")
    assert of_kind(embedded, "E")[0].rows == tuple("abcdefgh␣")


@given(shown=scenes(**EVERY))
@settings(max_examples=40)
def test_the_figure_shows_every_block_on_one_scale(shown: Scene) -> None:
    figure = weights(shown)
    for parameter in shown_parameters(shown):
        assert_array_equal(heat(figure, parameter.symbol).values, parameter.values)
    assert len({heat(figure, plot.name).scale for plot in figure.plots}) == 1
    for kind in {parameter.kind for parameter in shown_parameters(shown)}:
        names = [parameter.symbol for parameter in of_kind(shown, kind)]
        assert [plot.name for plot in weights(shown, only=kind).plots] == names


def test_the_worked_example_looks_as_plain_as_ever() -> None:
    figure = weights(dogs())
    assert [plot.name for plot in figure.plots] == ["W_X", "W_H", "W_Y"]
    assert {plot.gutter[0].role for plot in figure.plots} == {"text"}
    assert (figure.title, figure.note) == ("Weights", "colours ±1")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("weight_ih_l0", "W_X"),
        ("weight_hh_l2_reverse", "W_H"),
        ("bias_ih_l1", "b"),
        ("bias_hh_l0_reverse", "b"),
        ("head.weight", "W_Y"),
        ("head.bias", "b_Y"),
        ("embedding.weight", "E"),
    ],
)
def test_every_parameter_is_of_a_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@given(shown=scenes(**EVERY))
@settings(max_examples=60)
def test_the_spectrum_is_that_of_every_gates_block_of_the_lane(shown: Scene) -> None:
    figure = FIGURES["spectrum"].figure(shown)
    cell, size = e.CELLS[shown.spec.cell], shown.spec.hidden_size
    if not cell.recurrent:
        assert not figure.plots
        return
    stored = shown.parameters["weight_hh" + suffix(shown.layer, shown.direction)]
    dots = [
        mark for mark in figure.plots[0].marks if isinstance(mark, Points) and mark.label != "singular values"
    ]
    assert len(dots) == len(cell.gates)
    for n, (gate, points) in enumerate(zip(cell.gates, dots, strict=True)):
        found = e.spectrum(stored[n * size : (n + 1) * size])
        assert_array_equal(points.positions[:, 0] + 1j * points.positions[:, 1], found.eigenvalues)
        assert points.role == ("hidden" if len(cell.gates) == 1 else quantity(gate).role)
        assert points.label == ("eigenvalues" if len(cell.gates) == 1 else gate)
    assert ("bound nothing" in figure.description) == (len(cell.gates) > 1)


def test_whoever_asks_for_the_weights_of_one_frame_is_given_the_same() -> None:
    shown = scene(TEXT, cell="lstm", num_layers=2)
    first = shown_parameters(shown)
    assert shown_parameters(replace(shown, step=1)) is first
    other = shown_parameters(replace(shown, focus=(0, 0)))
    assert other[0].parameter == "weight_ih_l0"
    assert shown_parameters(shown) is first
    changed = replace(shown, parameters=shown.parameters.replaced({}))
    assert shown_parameters(changed) is not first
