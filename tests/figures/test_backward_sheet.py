"""The way back on the sheet of equations: its numbers are the engine's, and a calculator agrees with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printedsums import comes_out, last_digit, read, rows_of
from scenes import dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.figures.backward_here import Here
from rnnviz.figures.backward_sheet import set_backward
from rnnviz.figures.backward_sources import sources
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.gallery.equations import equations
from rnnviz.figures.model import Text
from rnnviz.figures.scene import Scene
from rnnviz.figures.sheet import Sheet
from rnnviz.figures.statements import some_rows
from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "abcabc def"
ALL: dict[str, Any] = {"layers": 3, "both": True}
KINDS = ("W_X", "W_H", "W_Y", "b", "b_Y", "b_X", "b_H", "E")
ROOM = 410.0
BACKWARD = EquationsView("backward")
views = st.builds(EquationsView, st.just("backward"), st.none() | st.integers(0, 12), st.sampled_from(KINDS))


def laid_out(shown: Scene, view: EquationsView = BACKWARD) -> Sheet:
    sheet = Sheet(ROOM)
    set_backward(sheet, shown, view)
    return sheet


def strings(sheet: Sheet) -> list[str]:
    return [plain(text) for mark in sheet.plot("").marks if isinstance(mark, Text) for text in mark.strings]


def is_tame(shown: Scene) -> bool:
    """Whether the numbers are such that a calculator has the digits for them."""
    return bool(np.abs(shown.parameters.flat).max() < 5)


def vectors(sheet: Sheet) -> Iterator[tuple[str, list[str]]]:
    """The equations of vectors, each with its formula and its rows as they are printed."""
    for equation in sheet.equations:
        printed = equation.numbers()
        if "bmatrix" in printed:
            yield plain(equation.general), [row for row in rows_of(printed) if "vdots" not in row]


@given(shown=scenes(**ALL).filter(is_tame), view=views, notation=st.sampled_from(tuple(NOTATIONS)))
@settings(max_examples=150)
def test_every_equation_comes_out_on_a_calculator(shown: Scene, view: EquationsView, notation: Any) -> None:
    found = list(vectors(laid_out(replace(shown, notation=notation), view)))
    assert found
    for formula, rows in found:
        for row in rows:
            assert comes_out(row), (formula, row)


@given(shown=scenes(**ALL), view=views, notation=st.sampled_from(tuple(NOTATIONS)))
@settings(max_examples=100)
def test_nothing_stands_beyond_the_sheet_however_large_the_numbers(
    shown: Scene, view: EquationsView, notation: Any
) -> None:
    plot = laid_out(replace(shown, notation=notation), view).plot("")
    for mark in plot.marks:
        if isinstance(mark, Text):
            assert (mark.positions >= 0).all()
            assert (mark.positions <= plot.natural).all()


@given(shown=scenes(**ALL))
@settings(max_examples=100)
def test_results_are_the_gradients_of_the_engine(shown: Scene) -> None:
    size, layer = shown.spec.hidden_size, shown.analysis.gradients.layers[shown.layer]
    part = slice(shown.direction * size, (shown.direction + 1) * size)
    arrays = {f"∂L/∂{name}t": array for name, array in layer.states.items()}
    gated = len(e.CELLS[shown.spec.cell].gates) > 1
    arrays |= {f"∂L/∂a{f'{name},' if gated else ''}t": array for name, array in layer.preactivations.items()}
    arrays.pop("∂L/∂ahn,t", None)
    wanted = {name: np.asarray(array[shown.step, 0, part], float) for name, array in arrays.items()}
    seen = set()
    for formula, rows in vectors(laid_out(shown)):
        name = formula.partition(" =")[0]
        if name not in wanted:
            continue
        seen.add(name)
        for row, unit in zip(rows, some_rows(size, 5), strict=False):
            printed = row.partition("=")[0].partition("≈")[0].partition(r"\approx")[0]
            assert printed_as(printed, float(wanted[name][unit]))
    assert seen == set(wanted)


def printed_as(tex: str, value: float) -> bool:
    text = tex.strip().strip("()").replace("{-}", "−").replace(" ", "").replace(r"\infty", "∞")
    text = text.replace(r"\text{NaN}", "NaN").replace("\\cdot10^{", "·10").replace("}", "").replace("-", "−")
    if not np.isfinite(value):
        return text == {np.inf: "∞", -np.inf: "−∞"}.get(value, "NaN")
    mantissa, _, power = text.partition("·10")
    number = float(mantissa.replace("−", "-")) * 10.0 ** float(power.replace("−", "-") or 0)
    digit = 10.0 ** (float(power.replace("−", "-") or 0) - len(mantissa.partition(".")[2]))
    return bool(abs(number - value) <= 0.50001 * digit)


@given(shown=scenes(**ALL).filter(is_tame))
@settings(max_examples=150)
def test_what_comes_to_a_state_is_its_gradient(shown: Scene) -> None:
    here = Here(shown)
    found = sources(here)
    np.testing.assert_allclose(
        sum(source.values for source in found), here.by_state("h"), rtol=1e-9, atol=1e-12
    )
    for source in found:
        for unit in range(shown.spec.hidden_size):
            one, other = source.products(unit)
            np.testing.assert_allclose(one @ other, source.values[unit], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "formulas"),
    [
        ({}, ["∂Lt/∂zt = ŷt − yt", "∂L/∂at = ∂L/∂ht ⊙ (1 − ht²)"]),
        ({"activation": "relu"}, ["∂L/∂at = ∂L/∂ht ⊙ [ht > 0]"]),
        ({"activation": "sigmoid"}, ["∂L/∂at = ∂L/∂ht ⊙ ht ⊙ (1 − ht)"]),
        ({"activation": "identity"}, ["∂L/∂at = ∂L/∂ht"]),
        ({"cell": "feedforward"}, ["∂L/∂ht = WYᵀ\u2009∂Lt/∂zt"]),
        ({"step": 2}, ["∂L/∂ht = WYᵀ\u2009∂Lt/∂zt + WHᵀ\u2009∂L/∂at+1"]),
        ({"bidirectional": True, "focus": (0, 1)}, ["∂L/∂ht = WYᵀ\u2009∂Lt/∂zt + WHᵀ\u2009∂L/∂at−1"]),
        ({"num_layers": 2, "focus": (0, 0)}, ["∂L/∂ht = WXᵀ\u2009∂L/∂a⁽²⁾t + WHᵀ\u2009∂L/∂at+1"]),
        (
            {"cell": "lstm"},
            [
                "∂L/∂ct = ∂L/∂ht ⊙ ot ⊙ (1 − tanh²(ct)) + ft+1 ⊙ ∂L/∂ct+1",
                "∂L/∂ft = ∂L/∂ct ⊙ ct−1",
                "∂L/∂af,t = ∂L/∂ft ⊙ ft ⊙ (1 − ft)",
                "∂L/∂ag,t = ∂L/∂gt ⊙ (1 − gt²)",
                "∂L/∂ot = ∂L/∂ht ⊙ tanh(ct)",
            ],
        ),
        (
            {"cell": "gru"},
            [
                "∂Lt/∂ot = ŷt − yt",
                "∂L/∂nt = ∂L/∂ht ⊙ (1 − zt)",
                "∂L/∂zt = ∂L/∂ht ⊙ (ht−1 − nt)",
                "∂L/∂rt = ∂L/∂an,t ⊙ (WHn ht−1 + bHn)",
            ],
        ),
        ({"cell": "gru", "gru_reset": "before"}, ["∂L/∂rt = (WHnᵀ\u2009∂L/∂an,t) ⊙ ht−1"]),
    ],
)
def test_the_formulas_of_a_network(options: dict[str, Any], formulas: list[str]) -> None:
    there = strings(laid_out(scene(TEXT, units=3, **options)))
    for formula in formulas:
        assert formula in there


@pytest.mark.parametrize(
    ("notation", "formula"),
    [
        ("weights", "∂L/∂ht = WYᵀ\u2009∂Lt/∂zt + WHᵀ\u2009∂L/∂at+1"),
        ("letters", "∂L/∂St = Vᵀ\u2009∂Lt/∂zt + Wᵀ\u2009∂L/∂at+1"),
        ("pytorch", "∂L/∂ht = Woutᵀ\u2009∂Lt/∂zt + Whhᵀ\u2009∂L/∂at+1"),
    ],
)
def test_formulas_are_in_the_notation_chosen(notation: Any, formula: str) -> None:
    assert formula in strings(laid_out(replace(dogs(1), notation=notation)))


def test_one_unit_is_expanded_to_its_products() -> None:
    there = strings(laid_out(dogs(1), EquationsView("backward", unit=1)))
    assert "−0.288 = 0.800 · 0.386 + 0.300 · 0.172 + 0.900 · (−0.720) + 0 · 0.162" in " ".join(
        " ".join(there).split()
    )
    assert "∂L/∂h2 [2]" in there


def test_a_loss_that_is_left_out_says_nothing() -> None:
    shown = scene(TEXT, silent=frozenset({2}), step=2)
    there = strings(laid_out(shown))
    assert "∂Lt/∂zt = 0" in there
    assert "The loss of step 3 is left out, so it says nothing." in there


def test_nothing_comes_back_to_the_last_state() -> None:
    assert any("nothing comes back" in text for text in strings(laid_out(dogs(2))))
    assert not any("nothing comes back" in text for text in strings(laid_out(dogs(1))))
    backwards = {"bidirectional": True, "focus": (0, 1)}
    assert any("nothing comes back" in text for text in strings(laid_out(scene(TEXT, **backwards))))


def numbers(readout: str, outputs: int, step: int = 1) -> Scene:
    """A network that says numbers, or yes and no."""
    spec = e.NetworkSpec("rnn", outputs, 3, outputs, readout=readout)
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(4, outputs)), draw.uniform(size=(4, outputs))
    params = e.initialise(spec, seed=2)
    words = tuple("t" * 4)
    names = tuple(f"x{n}" for n in range(outputs))
    analysis = e.analyse(spec, params, x, y)
    return Scene(spec, params, names, words, words, frozenset(), analysis, step, reads="numbers")


@pytest.mark.parametrize(
    ("readout", "outputs", "formula"),
    [
        ("linear", 1, "∂Lt/∂zt = 2 (ŷt − yt)"),
        ("linear", 3, "∂Lt/∂zt = 2/3 (ŷt − yt)"),
        ("sigmoid", 1, "∂Lt/∂zt = ŷt − yt"),
        ("sigmoid", 2, "∂Lt/∂zt = 1/2 (ŷt − yt)"),
    ],
)
def test_other_losses_have_their_own_factor(readout: str, outputs: int, formula: str) -> None:
    shown = numbers(readout, outputs)
    sheet = laid_out(shown)
    assert formula in strings(sheet)
    factor = {"linear": 2, "sigmoid": 1}[readout] / outputs
    _, rows = next(found for found in vectors(sheet) if found[0] == formula)
    for row in rows:
        left, _, right = row.partition("=")
        predicted, target = (float(one) for one in numbers_in(right)[-2:])
        digit = last_digit(numbers_in(left)[0])
        assert abs(factor * (predicted - target) - read(numbers_in(left)[0])) <= 0.5001 * digit


def numbers_in(tex: str) -> list[str]:
    return [
        part.replace(" ", "")
        for part in tex.replace("{-}", "-").replace("(", " ").replace(")", " ").split("  ")
        if any(c.isdigit() for c in part)
    ]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_nothing_passes_through_what_is_held(cell: str) -> None:
    shown = scene(TEXT, cell=cell, units=3, step=3)
    ids = [shown.vocabulary.index(token) for token in TEXT]
    for target in (*e.CELLS[cell].states, *e.CELLS[cell].gates):
        held = (e.Intervention(target, 0.5, 1, unit=1),)
        analysis = e.analyse(shown.spec, shown.parameters, ids[:-1], ids[1:], interventions=held)
        sheet = laid_out(replace(shown, analysis=analysis, interventions=held))
        assert any("no gradient passes through it" in text for text in strings(sheet))
        assert "held" in strings(sheet)
        for formula, rows in vectors(sheet):
            assert all(comes_out(row) for row in rows if "held" not in row), formula
            assert all(row.strip().startswith("(0)") for row in rows if "held" in row and "+" not in row)


def test_in_slow_motion_there_are_no_numbers_before_the_loss_is_known() -> None:
    last = len(e.stages(dogs().spec)) - 1
    there = strings(laid_out(replace(dogs(1), stage=last - 1)))
    assert "First the step goes forward: L2 is not known yet." in there
    assert not any(character.isdigit() for text in there for character in text if "0." in text)
    assert "·" in there
    assert strings(laid_out(replace(dogs(1), stage=last))) == strings(laid_out(dogs(1)))


def test_a_screen_reader_hears_which_way_it_goes() -> None:
    figure = equations(dogs(1), EquationsView("backward"))
    assert figure.description.startswith("Back from the loss of step 2")
