"""The equations are those of the cell, in every layer, direction and notation, and can be pointed at."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert
from scenes import LETTERS, dogs, scene, scenes

from rnnviz.drawing.changes import unchanged
from rnnviz.engine.selection import Selection, WeightEntry
from rnnviz.figures.copying import as_latex
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.gallery.equations import equations, selection_at, sheet_of
from rnnviz.figures.model import Figure, Region, Text
from rnnviz.figures.textruns import plain, styled

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"
ALL: dict[str, Any] = {"layers": 3, "both": True}


def drawn(shown: Scene, view: EquationsView | None = None, room: float = 410.0) -> Figure:
    return equations(shown, view or EquationsView(), room)


def strings(figure: Figure) -> list[str]:
    found = [mark.strings for plot in figure.plots for mark in plot.marks if isinstance(mark, Text)]
    return [plain(string) for group in found for string in group]


def formulas(figure: Figure) -> list[str]:
    marks = [mark for plot in figure.plots for mark in plot.marks if isinstance(mark, Text)]
    return [plain(string) for mark in marks if mark.family == "formula" for string in mark.strings]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ["ht = tanh(WH ht−1 + WX xt + b)", "ŷt = softmax(WY ht + bY)", "Lt = −ln ŷt[target]"]),
        ({"bias": False}, ["ht = tanh(WH ht−1 + WX xt)", "ŷt = softmax(WY ht)"]),
        ({"cell": "feedforward"}, ["ht = tanh(WX xt + b)"]),
        ({"activation": "relu", "embedding_size": 3}, ["ht = ReLU(WH ht−1 + WX et + b)"]),
        ({"activation": "identity"}, ["ht = WH ht−1 + WX xt + b"]),
        (
            {"bidirectional": True, "focus": (0, 1)},
            ["ht = tanh(WH ht+1 + WX xt + b)", "ŷt = softmax(WY h↔t + bY)"],
        ),
        (
            {"num_layers": 3, "focus": (1, 0)},
            ["ht = tanh(WH ht−1 + WX h⁽¹⁾t + b)", "ŷt = softmax(WY h⁽³⁾t + bY)"],
        ),
        (
            {"cell": "lstm"},
            [
                *(f"{name}t = σ(WX{name} xt + WH{name} ht−1 + b{name})" for name in "fio"),
                "gt = tanh(WXg xt + WHg ht−1 + bg)",
                *("ct = ft ⊙ ct−1 + it ⊙ gt", "ht = ot ⊙ tanh(ct)"),
            ],
        ),
        (
            {"cell": "lstm", "num_layers": 2, "bidirectional": True, "focus": (1, 1), "bias": False},
            ["ft = σ(WXf h⁽¹⁾↔t + WHf ht+1)", "ct = ft ⊙ ct+1 + it ⊙ gt"],
        ),
        (
            {"cell": "gru"},
            [
                "rt = σ(WXr xt + WHr ht−1 + br)",
                "nt = tanh(WXn xt + bXn + rt ⊙ (WHn ht−1 + bHn))",
                "ht = (1 − zt) ⊙ nt + zt ⊙ ht−1",
            ],
        ),
        ({"cell": "gru", "bias": False}, ["nt = tanh(WXn xt + rt ⊙ (WHn ht−1))"]),
        ({"cell": "gru", "gru_reset": "before"}, ["nt = tanh(WXn xt + WHn (rt ⊙ ht−1) + bn)"]),
        (
            {"cell": "lstm", "notation": "letters"},
            ["ft = σ(Uf xt + Wf ht−1 + bf)", "st = ft ⊙ st−1 + it ⊙ s̃t", "ht = ot ⊙ tanh(st)"],
        ),
        ({"notation": "letters"}, ["St = tanh(W St−1 + U xt + b)", "Ot = softmax(V St + c)"]),
        (
            {"notation": "pytorch"},
            ["ht = tanh(Wih xt + bih + Whh ht−1 + bhh)", "ŷt = softmax(Wout ht + bout)"],
        ),
        ({"cell": "gru", "notation": "pytorch"}, ["nt = tanh(Win xt + bin + rt ⊙ (Whn ht−1 + bhn))"]),
    ],
)
def test_the_formulas_of_a_network(options: dict[str, Any], wanted: list[str]) -> None:
    notation = options.get("notation", "weights")
    rest = {name: value for name, value in options.items() if name != "notation"}
    shown = replace(scene(TEXT, units=3, **rest), notation=notation)
    there = formulas(drawn(shown))
    for formula in wanted:
        assert formula in there


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ["ht[2] = tanh(WH[2,·] ht−1 + WX[2,·] xt + b[2])", "zt[k] = WY[k,·] ht + bY[k]"]),
        (
            {"cell": "lstm"},
            ["ft[2] = σ(WXf[2,·] xt + WHf[2,·] ht−1 + bf[2])", "ct[2] = ft[2] · ct−1[2] + it[2] · gt[2]"],
        ),
        (
            {"cell": "gru"},
            ["ahn,t[2] = WHn[2,·] ht−1 + bHn[2]", "nt[2] = tanh(WXn[2,·] xt + bXn[2] + rt[2] · ahn,t[2])"],
        ),
    ],
)
def test_the_formulas_of_a_unit(options: dict[str, Any], wanted: list[str]) -> None:
    there = formulas(drawn(scene(TEXT, units=3, **options), EquationsView(unit=1)))
    for formula in wanted:
        assert formula in there


def test_the_title_says_which_layer_and_direction() -> None:
    options: dict[str, Any] = {"cell": "lstm", "num_layers": 2, "bidirectional": True, "step": 3}
    assert drawn(scene(TEXT, **options)).title == "Equations at t = 4 · layer 2 →"
    assert drawn(scene(TEXT, focus=(0, 1), **options)).title == "Equations at t = 4 · layer 1 ←"
    assert drawn(dogs(2)).title == "Equations at t = 3"


@given(shown=scenes(**ALL), room=st.sampled_from([280.0, 410.0, 900.0]), unit=st.sampled_from([None, 0]))
@settings(max_examples=80)
def test_nothing_stands_beyond_the_sheet(shown: Scene, room: float, unit: int | None) -> None:
    (plot,) = drawn(shown, EquationsView(unit=unit), room).plots
    for mark in plot.marks:
        if isinstance(mark, Text):
            assert (mark.positions >= 0).all()
            assert (mark.positions <= plot.natural).all()


@given(shown=scenes(**ALL).filter(lambda shown: shown.steps > 1), room=st.sampled_from([300.0, 410.0, 900.0]))
@settings(max_examples=60)
def test_vectors_and_formulas_do_not_overlap(shown: Scene, room: float) -> None:
    sheet = sheet_of(shown, EquationsView(), room)
    boxes = [(one.left, one.top, one.right, one.bottom) for one in sheet.equations]
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert right <= max(room, sheet.width) + 1
        for other in boxes[n + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_a_wide_sheet_sets_equations_side_by_side() -> None:
    shown = scene(TEXT, cell="lstm", units=6)
    assert sheet_of(shown, room=900.0).height < sheet_of(shown, room=410.0).height
    assert sheet_of(shown, room=410.0).height < sheet_of(shown, room=300.0).height


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_formulas_rest_while_the_playhead_moves(cell: str) -> None:
    shown = [replace(scene(TEXT * 4, cell=cell, units=16), step=step) for step in range(12, 20)]
    figures = [drawn(one) for one in shown]
    for before, after in pairwise(figures):
        rests = unchanged(before, after)
        assert rests is not None
        assert rests[0] >= 1
        kinds = {mark.family for mark in after.plots[0].marks[: rests[0]] if isinstance(mark, Text)}
        assert "formula" in kinds


def test_every_number_can_be_picked() -> None:
    shown = scene(TEXT, cell="lstm", units=3, step=2)
    sheet = sheet_of(shown)
    found = {selection_at(sheet, shown, (one.left + one.right) / 2, one.y) for one in sheet.places}
    names = {one.quantity for one in found if one is not None}
    assert names == {"f", "i", "g", "o", "c", "h", "y", *(f"a.{gate}" for gate in "figo")}
    assert selection_at(sheet, shown, -5.0, 3.0) is None


def test_every_product_picks_its_weight() -> None:
    shown = scene(TEXT, units=3, step=2)
    sheet = sheet_of(shown, EquationsView(unit=1))
    found = {one.weight for one in sheet.places}
    assert {WeightEntry("weight_hh_l0", 1, n) for n in range(3)} <= found
    token = LETTERS.index(shown.inputs[2])
    assert WeightEntry("weight_ih_l0", 1, token) in found
    assert WeightEntry("bias_ih_l0", 1, 0) in found


def test_a_picked_product_is_outlined() -> None:
    shown = replace(scene(TEXT, units=3), selection=Selection(weight=WeightEntry("weight_hh_l0", 1, 2)))
    outlines = [
        mark for mark in drawn(shown, EquationsView(unit=1)).plots[0].marks if isinstance(mark, Region)
    ]
    assert len(outlines) == 1
    assert not [m for m in drawn(shown, EquationsView(unit=0)).plots[0].marks if isinstance(m, Region)]


def test_hints_say_dimensions_and_words() -> None:
    shown = scene(TEXT, cell="lstm", units=3, step=2)
    said = [hint.text for hint in sheet_of(shown).hints]
    (formula,) = (hint for hint in said if hint.startswith("f: 3"))
    assert formula.splitlines()[0] == "f: 3, the forget gate: 1 keeps the cell, 0 forgets it"
    assert {"W_Xf: 3×9", "W_Hf: 3×3", "b_f: 3, the bias", "x: 9, what the layer reads"} <= set(
        formula.splitlines()
    )
    token = shown.inputs[2]
    assert f"W_Xf x_3: 3 numbers; W_Xf is 3×9; x is one-hot, so this is its column for “{token}”" in said
    assert any(hint.startswith("c_2: 3 numbers, the cell state") and "a step before" in hint for hint in said)
    assert any(hint.startswith("ŷ: 9 probabilities, the prediction\nW_Y: 9×3") for hint in said)


@given(
    shown=scenes(**ALL),
    notation=st.sampled_from(["weights", "letters", "pytorch"]),
    unit=st.sampled_from([None, 0]),
)
@settings(max_examples=60)
def test_copied_latex_can_be_set(shown: Scene, notation: Any, unit: int | None) -> None:
    sheet = sheet_of(replace(shown, notation=notation), EquationsView(unit=unit))
    text = as_latex(sheet.equations)
    lines = text.splitlines()
    assert len(lines) == 2 * len(sheet.equations)
    for line in lines:
        assert line.startswith(r"\[ ")
        assert line.endswith(r" \]")
        tree = ElementTree.fromstring(convert(line[3:-3]))
        assert not [node for node in tree.iter() if node.tag.endswith("merror")]


def test_symbols_have_the_colours_of_their_quantities() -> None:
    (plot,) = drawn(scene(TEXT, cell="lstm")).plots
    runs = [
        (run.text, run.role or mark.role)
        for mark in plot.marks
        if isinstance(mark, Text)
        for string in mark.strings
        for run in styled(string, mathematics=True)
    ]
    for letter, role in (("f", "forget_gate"), ("i", "input_gate"), ("o", "output_gate"), ("c", "cell")):
        assert (letter, role) in runs
