"""The gradient of a weight as a sum over losses and steps: the engine's terms, which add up as printed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printedsums import last_digit, read
from scenes import dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.figures.backward_entry import entry_looked_at, gradient_of
from rnnviz.figures.backward_here import Here
from rnnviz.figures.backward_sheet import set_backward
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.gallery.equations import selection_at
from rnnviz.figures.model import Region, Text
from rnnviz.figures.sheet import Sheet
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"
LONG = "abcdefgh ab" * 5
ALL: dict[str, Any] = {"layers": 3, "both": True}
KINDS = ("W_X", "W_H", "W_Y", "b", "b_Y", "E")


def laid_out(shown: Scene, kind: str = "W_H", room: float | None = None) -> Sheet:
    sheet = Sheet(room)
    set_backward(sheet, shown, EquationsView("backward", None, kind))
    return sheet


def texts(sheet: Sheet) -> list[tuple[float, float, str]]:
    """Every string with its place, as it is read."""
    marks = [mark for mark in sheet.plot("").marks if isinstance(mark, Text)]
    return [
        (x, y, plain(string))
        for mark in marks
        for (x, y), string in zip(mark.positions.tolist(), mark.strings, strict=True)
    ]


def listed(sheet: Sheet) -> dict[StepPair, str]:
    """The terms that can be picked, as they are printed."""
    there = texts(sheet)
    found = {}
    for place in sheet.places:
        if place.pair is not None:
            at = [text for x, y, text in there if y == place.y and place.left <= x <= place.right]
            found.setdefault(place.pair, at[-1].rpartition("= ")[2].rpartition("≈ ")[2])
    return found


def total(sheet: Sheet) -> str:
    said = (text for *_, text in texts(sheet) if text.startswith("∂L/∂") and "] = " in text)
    return next(text for text in said if "Σ" not in text).rpartition("= ")[2]


def is_tame(shown: Scene) -> bool:
    return bool(np.abs(shown.parameters.flat).max() < 5)


@given(shown=scenes(**ALL).filter(is_tame), kind=st.sampled_from(KINDS), seed=st.integers(0, 999))
@settings(max_examples=150)
def test_terms_are_those_of_the_engine_and_add_up_as_they_are_printed(
    shown: Scene, kind: str, seed: int
) -> None:
    here = Here(shown)
    name = entry_looked_at(here, kind).parameter
    shape = (
        np.atleast_2d(shown.parameters[name]).shape if "bias" not in name else shown.parameters[name].shape
    )
    draw = np.random.default_rng(seed)
    entry = WeightEntry(name, int(draw.integers(shape[0])), int(draw.integers((*shape, 1)[1])))
    shown = replace(shown, selection=Selection(weight=entry))
    flow, sheet = shown.analysis.flow, laid_out(shown, kind)
    gradient = gradient_of(Here(shown), entry)
    printed = total(sheet)
    assert abs(read(printed) - gradient) <= 0.5001 * last_digit(printed)
    found = listed(sheet)
    place = (entry.row,) if "bias" in name else (entry.row, entry.column)
    for (t, k), text in found.items():
        assert abs(read(text) - flow.term(name, t, k)[place]) <= 0.5001 * last_digit(text)
    steps = range(shown.steps)
    everything = {(t, k) for t in steps for k in steps if np.abs(flow.term(name, t, k)[place]) > 0}
    if shown.steps <= 8 or name.startswith("head.") or shown.spec.cell == "feedforward":
        assert everything <= set(found)
        assert abs(math.fsum(map(read, found.values())) - gradient) <= len(found) * last_digit(printed)
    else:
        own = {(t, k) for t, k in everything if t == shown.step}
        assert own <= set(found)


def test_the_triangle_adds_up_along_rows_columns_and_in_all() -> None:
    sheet = laid_out(dogs(1))
    there = texts(sheet)
    assert listed(sheet) == {
        (0, 0): "0",
        (1, 0): "0",
        (1, 1): "0.0089",
        (2, 0): "0",
        (2, 1): "0.0049",
        (2, 2): "0.0546",
    }
    assert total(sheet) == "0.0684"
    names = [text for *_, text in there]
    assert {"L1", "L2", "L3", "sum over t", "sum over k", "0.0138", "0.0595"} <= set(names)


def test_a_single_sum_has_a_line_a_step() -> None:
    there = [text for *_, text in texts(laid_out(dogs(2), "W_Y"))]
    lines = ["= 0.3216 · 0.5370 = 0.1727", "= 0.3858 · 0.7715 = 0.2976", "= 0.3935 · 0.7185 = 0.2827"]
    assert all(line in there for line in lines)
    assert "sum over t  =  0.753" in there
    assert "∂L/∂WY = Σt=1T ∂Lt/∂zt ∂zt/∂WY" in there


@pytest.mark.parametrize(
    ("options", "kind", "formula"),
    [
        ({}, "W_H", "∂L/∂WH = Σt=1T Σk=1t ∂Lt/∂zt ∂zt/∂ht ∂ht/∂hk ∂hk/∂WH"),
        ({}, "W_X", "∂L/∂WX[i, j] = Σt=1T Σk=1t ∂Lt/∂ak[i] · xk[j]"),
        ({}, "b", "∂L/∂b[i] = Σt=1T Σk=1t ∂Lt/∂ak[i]"),
        ({}, "b_Y", "∂L/∂bY[i] = Σt=1T ∂Lt/∂zt[i]"),
        ({"embedding_size": 2}, "E", "∂L/∂E[i, j] = Σt=1T Σk=1t ∂Lt/∂ek[j] · xk[i]"),
        ({"cell": "feedforward"}, "W_X", "∂L/∂WX[i, j] = Σt=1T ∂Lt/∂at[i] · xt[j]"),
        (
            {"bidirectional": True, "focus": (0, 1)},
            "W_H",
            "∂L/∂WH[i, j] = Σt=1T Σk=tT ∂Lt/∂ak[i] · hk+1[j]",
        ),
        (
            {"bidirectional": True, "num_layers": 2, "focus": (0, 0)},
            "W_H",
            "∂L/∂WH[i, j] = Σt=1T Σk=1T ∂Lt/∂ak[i] · hk−1[j]",
        ),
        (
            {"num_layers": 2, "focus": (1, 0)},
            "W_X",
            "∂L/∂WX[i, j] = Σt=1T Σk=1t ∂Lt/∂ak[i] · h⁽¹⁾k[j]",
        ),
    ],
)
def test_the_sums_of_a_network(options: dict[str, Any], kind: str, formula: str) -> None:
    assert formula in [text for *_, text in texts(laid_out(scene(TEXT, **options), kind))]


def test_a_gate_has_the_entry_that_is_picked() -> None:
    shown = scene(TEXT, cell="gru", units=3)
    shown = replace(shown, selection=Selection(weight=WeightEntry("weight_hh_l0", 7, 2)))
    there = [text for *_, text in texts(laid_out(shown))]
    assert "∂L/∂WHn[i, j] = Σt=1T Σk=1t rk[i] · ∂Lt/∂an,k[i] · hk−1[j]" in there
    assert any(text.startswith("∂L/∂WHn[2, 3] = ") for text in there)


def test_without_a_pick_the_largest_gradient_is_shown() -> None:
    shown = scene(TEXT, cell="lstm")
    gradient = shown.analysis.gradients.parameters["weight_hh_l0"]
    entry = entry_looked_at(Here(shown), "W_H")
    assert abs(gradient[entry.row, entry.column]) == np.abs(gradient).max()
    other = replace(shown, selection=Selection(weight=WeightEntry("head.weight", 0, 0)))
    assert entry_looked_at(Here(other), "W_H") == entry


def test_a_network_without_the_weight_shows_another() -> None:
    assert entry_looked_at(Here(scene(TEXT, cell="feedforward")), "W_H").parameter == "weight_ih_l0"
    assert entry_looked_at(Here(scene(TEXT, bias=False)), "b").parameter == "weight_hh_l0"
    assert entry_looked_at(Here(scene(TEXT)), "E").parameter == "weight_hh_l0"


def outlines(sheet: Sheet) -> list[Region]:
    return [mark for mark in sheet.plot("").marks if isinstance(mark, Region)]


@pytest.mark.parametrize("text", [TEXT[:5], TEXT * 2])
def test_a_term_picks_its_pair_and_is_outlined_when_that_is_picked(text: str) -> None:
    weight = WeightEntry("weight_hh_l0", 1, 2)
    shown = scene(text, step=3)
    shown = replace(shown, selection=Selection(weight=weight))
    sheet = laid_out(shown)
    place = next(one for one in sheet.places if one.pair == (3, 2))
    picked = selection_at(sheet, shown, (place.left + place.right) / 2, place.y)
    assert picked == Selection("h", None, 0, 0, weight, StepPair(3, 2))
    sheet = laid_out(replace(shown, selection=picked))
    assert any(
        one.low < place.right and place.left < one.high and one.top < place.y < one.bottom
        for one in outlines(sheet)
        if one.top is not None and one.bottom is not None
    )


def test_what_the_map_shows_of_a_pair_stands_beneath_the_sum() -> None:
    shown = scene(TEXT, step=4)
    shown = replace(shown, selection=Selection("h", None, pair=StepPair(4, 1)))
    there = [text for *_, text in texts(laid_out(shown))]
    norm = next(text for text in there if "in the gradient map" in text)
    assert norm.startswith("‖∂L5/∂h2‖ = ")
    printed = norm.removeprefix("‖∂L5/∂h2‖ = ").partition(" ")[0]
    assert abs(read(printed) - shown.analysis.flow.hidden[4, 1]) <= 0.5001 * last_digit(printed)


def test_while_the_flow_is_stale_no_terms_are_shown() -> None:
    sheet = laid_out(replace(scene(TEXT), stale=True))
    there = [text for *_, text in texts(sheet)]
    assert "The terms are being computed anew." in there
    assert not listed(sheet)
    assert total(sheet)


def test_a_long_sequence_lists_the_playheads_loss_and_the_sums_of_all() -> None:
    shown = scene(LONG[:41], cell="lstm", step=20)
    sheet = laid_out(shown)
    found = listed(sheet)
    assert set(found) == {(20, k) for k in range(21)}
    assert any(text.startswith("sum over k  =  ") for *_, text in texts(sheet))
    assert f"sum over t  =  {total(sheet)}" in [text for *_, text in texts(sheet)]


def test_a_narrow_sheet_lists_what_would_be_too_wide_a_triangle() -> None:
    shown = scene(TEXT[:9], step=4)
    assert len(listed(laid_out(shown, room=900.0))) == 36
    assert set(listed(laid_out(shown, room=300.0))) == {(4, k) for k in range(5)}


def test_a_window_says_which_steps_are_listed_and_what_they_give() -> None:
    text = "ab cd efgh" * 12
    shown = scene(text, cell="rnn", step=100)
    flow = shown.analysis.flow
    assert (flow.start, flow.stop) != (0, shown.steps)
    sheet = laid_out(shown)
    there = " ".join(text for *_, text in texts(sheet))
    assert f"Of {shown.steps} steps, {flow.start + 1}–{flow.stop} are listed" in there
    entry = entry_looked_at(Here(shown), "W_H")
    whole = flow.entry(*entry).products.sum()
    printed = next(text for *_, text in texts(sheet) if text.startswith("sum over t")).rpartition(" ")[2]
    assert abs(read(printed) - whole) <= 0.5001 * last_digit(printed)
    assert set(listed(sheet)) == {(100, k) for k in range(flow.start, 101)}


def test_a_loss_that_is_left_out_has_no_terms() -> None:
    sheet = laid_out(scene(TEXT[:6], silent=frozenset({1, 3}), step=3))
    assert {pair.t for pair in listed(sheet)} == {0, 2, 4}
    assert "left out" in [text for *_, text in texts(sheet)]


def test_vanishing_terms_are_readable() -> None:
    spec = e.NetworkSpec("rnn", 2, 1, 2, "identity", bias=False)
    weights = {"weight_ih_l0": [[1.0, -1.0]], "weight_hh_l0": [[0.001]], "head.weight": [[1.0], [-1.0]]}
    params = e.parameters(spec, weights)
    tokens = [0, 1, 0, 1, 0]
    analysis = e.analyse(spec, params, tokens[:-1], tokens[1:])
    shown = replace(
        dogs(),
        spec=spec,
        parameters=params,
        vocabulary=("a", "b"),
        inputs=tuple("abab"),
        targets=tuple("baba"),
        analysis=analysis,
        step=3,
        selection=Selection(weight=WeightEntry("weight_ih_l0", 0, 0)),
    )
    found = listed(laid_out(shown, "W_X"))
    assert "·10⁻" in found[StepPair(3, 0)]
