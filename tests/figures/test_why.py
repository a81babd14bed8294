"""The terms that explain a number give the engine's number."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from enginerows import values
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import dogs, scene, scenes

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.notation import shown_parameters
from rnnviz.figures.printed import printed
from rnnviz.figures.reasons import AT_MOST, FUNCTIONS, MOST, Statement
from rnnviz.figures.scene import Scene
from rnnviz.figures.selecting import reachable
from rnnviz.figures.spots import spots
from rnnviz.figures.textruns import plain
from rnnviz.figures.tracks import TrackView, available
from rnnviz.figures.why import why


def assert_follows(statement: Statement) -> None:
    """The function of the terms' sum or product is the number, and each term the product of its factors."""
    assert len(statement.terms) <= MOST
    if not statement.terms:
        return
    if not all(math.isfinite(term.value) for term in statement.terms):
        return
    if statement.function == "−ln" and statement.terms[0].value < 1e-300:
        return  # the loss is known from the logits even where ŷ itself is too small for a number
    whole = FUNCTIONS[statement.function](statement.whole(*(term.value for term in statement.terms)))
    if statement.whole_is == AT_MOST:
        assert statement.value <= whole * (1 + 1e-9)
        return
    scale = max(abs(term.value) for term in statement.terms)
    # A sum forgets what is small beside its terms; what is under a square root forgets half of that.
    within = 1e-9 * (1 + scale) if statement.function != "√" else 1e-9 * (1 + abs(whole))
    assert statement.value == pytest.approx(whole, rel=1e-6, abs=within), statement
    for term in statement.terms:
        if term.factors:
            assert term.value == pytest.approx(math.prod(term.factors), rel=1e-9)


def everything(shown: Scene) -> tuple[Selection, ...]:
    """All that can be picked in the timeline."""
    keys = available(shown)
    hidden = frozenset(key for key in keys if key.startswith("a.") or key in {"dc", "e"})
    return reachable(shown, timeline(shown, TrackView(toggled=hidden)))


@given(scenes(layers=2, both=True), st.data())
@settings(max_examples=300)
def test_every_number_of_the_timeline_follows_from_its_terms(shown: Scene, data: st.DataObject) -> None:
    picked = data.draw(st.sampled_from(everything(shown)))
    found = why(shown, picked)
    for statement in found:
        assert_follows(statement)
    if picked.unit is not None:
        (spot,) = spots(replace(shown, selection=picked))
        np.testing.assert_allclose(found[0].value, values(shown, spot)[shown.step], rtol=1e-12)
    elif picked.quantity == "L" and shown.step not in shown.silent:
        np.testing.assert_equal(found[0].value, shown.analysis.loss.step[shown.step, 0])


@given(scenes(layers=2, both=True), st.data())
@settings(max_examples=200)
def test_the_gradient_of_a_weight_is_the_sum_over_its_steps(shown: Scene, data: st.DataObject) -> None:
    block = data.draw(st.sampled_from(shown_parameters(shown)))
    row = data.draw(st.integers(0, block.values.shape[0] - 1)) + block.first
    column = data.draw(st.integers(0, block.values.shape[1] - 1))
    (statement,) = why(shown, Selection(weight=WeightEntry(block.parameter, row, column)))
    gradient = np.atleast_2d(shown.analysis.gradients.parameters[block.parameter].T).T
    np.testing.assert_equal(statement.value, gradient[row, column])
    if abs(statement.value) < 1e100:
        assert_follows(statement)


@given(scenes(layers=2, both=True, shortest=3), st.data())
@settings(max_examples=150)
def test_a_number_of_the_map_is_the_norm_of_its_gradient(shown: Scene, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, shown.steps - 1))
    k = data.draw(st.integers(0, t))
    state = data.draw(st.sampled_from(sorted(shown.analysis.flow.norms)))
    found = why(shown, Selection(state, pair=StepPair(t, k)))
    np.testing.assert_equal(found[0].value, shown.analysis.flow.norms[state][t, k])
    for statement in found:
        if math.isfinite(statement.value) and 1e-100 < abs(statement.value) < 1e100:
            assert_follows(statement)


def below(cell: str, state: str = "h", steps: int = 3, **options: object) -> tuple[Scene, list[Statement]]:
    shown = scene("abcdefgh" * 3, cell=cell, units=3, step=5, gain=2.0, **options)
    return shown, list(why(shown, Selection(state, pair=StepPair(5, 5 - steps))))


@pytest.mark.parametrize(("cell", "state"), [("rnn", "h"), ("gru", "h"), ("lstm", "h"), ("lstm", "c")])
def test_below_the_diagonal_every_step_has_its_factor(cell: str, state: str) -> None:
    shown, found = below(cell, state)
    row = shown.analysis.flow.norms[state][5]
    steps = found[1]
    assert [term.value for term in steps.terms] == [row[5], *(row[n] / row[n + 1] for n in (4, 3, 2))]
    assert plain(steps.terms[1].text) == f"‖∂L6/∂{state}5‖ / ‖∂L6/∂{state}6‖"
    assert steps.whole(*(term.value for term in steps.terms)) == pytest.approx(row[2])


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("cell", "state", "gate"), [("gru", "h", "z"), ("lstm", "c", "f")])
def test_a_memory_is_kept_straight_along_its_gate(cell: str, state: str, gate: str, layers: int) -> None:
    shown, found = below(cell, state, num_layers=layers)
    vector = shown.analysis.flow.vectors(5, 2, state)
    unit = int(np.abs(vector).argmax())
    next_step, straight = found[2:4]
    assert next_step.value == straight.value == vector[unit]
    gates = shown.analysis.trace.layers[-1].gates[gate][5:2:-1, 0, unit].tolist()
    assert straight.terms[0].factors == (shown.analysis.flow.vectors(5, 5, state)[unit], *gates)
    if cell == "lstm":
        kept, read = next_step.terms
        assert kept.factors == (shown.analysis.flow.vectors(5, 3, "c")[unit], gates[-1])
        assert read.factors[0] == shown.analysis.flow.vectors(5, 2, "h")[unit]


def test_of_many_steps_those_in_the_middle_are_told_together() -> None:
    shown = scene("abcdefgh" * 6, cell="lstm", units=3, step=40)
    found = why(shown, Selection("c", pair=StepPair(40, 0)))
    for statement in found:
        assert_follows(statement)
    assert len(found[1].terms) == MOST
    assert found[1].terms[MOST // 2].text == "30 others"
    text, straight = plain(found[3].terms[0].text), found[3].terms[0]
    assert " ⋯ " in text
    assert len(straight.factors) == 2


def test_the_jacobians_of_all_steps_bound_that_of_the_way() -> None:
    shown, found = below("lstm")
    spec, parameters, trace = shown.spec, shown.parameters, shown.analysis.trace
    assert found[-1].whole_is == AT_MOST
    assert found[-1].value == pytest.approx(np.linalg.norm(e.jacobian(spec, parameters, trace, 5, 2), 2))
    norms = [np.linalg.norm(e.jacobian(spec, parameters, trace, n + 1, n), 2) for n in (4, 3, 2)]
    assert [term.value for term in found[-1].terms] == pytest.approx(norms)


def test_nothing_is_said_to_pass_what_is_held() -> None:
    shown, found = below("gru", num_layers=2, bidirectional=True)
    assert [plain(statement.name) for statement in found[:2]] == ["‖∂L6/∂h⁽²⁾→3‖"] * 2
    for statement in found:
        assert_follows(statement)
    held = replace(shown, interventions=(e.Intervention("z", 0.5, unit=1, layer=1),))
    # The norm, its steps and its bound are the engine's; a formula for one way would not know what is held.
    assert len(why(held, Selection("h", pair=StepPair(5, 2)))) == len(found) - 2 == 3


def as_read(text: str) -> float:
    """A number as it is printed: −0.54, 4.5·10⁻⁴, ∞."""
    plain_text = text.replace("−", "-").replace("∞", "inf")
    if "·10" not in plain_text:
        return float(plain_text)
    digits, power = plain_text.split("·10")
    return float(f"{digits}e{power.translate(str.maketrans('⁰¹²³⁴⁵⁶⁷⁸⁹⁻', '0123456789-'))}")


def last_digit(text: str) -> float:
    """What one in the last printed digit of a number is worth."""
    digits, _, power = text.partition("·10")
    decimals = len(digits.partition(".")[2])
    return 10.0**-decimals * (as_read(f"1·10{power}") if power else 1.0)


@given(scenes(layers=2, both=True, shortest=3), st.data())
@settings(max_examples=150)
def test_printed_arithmetic_comes_out_on_a_calculator(shown: Scene, data: st.DataObject) -> None:
    t = data.draw(st.integers(0, shown.steps - 1))
    pairs = [Selection(s, pair=StepPair(t, t // 2)) for s in shown.analysis.flow.norms]
    for statement in why(shown, data.draw(st.sampled_from([*everything(shown), *pairs]))):
        values = [statement.value, *(v for term in statement.terms for v in (term.value, *term.factors))]
        if not all(v == 0 or 1e-12 < abs(v) < 1e12 for v in values):
            continue
        found = printed(statement)
        for row in found.rows:
            factors = [as_read(part) for part in row.factors.split(" × ") if part]
            if factors:
                close = pytest.approx(as_read(row.value), abs=0.501 * last_digit(row.value))
                assert math.prod(factors) == close
        if found.whole:
            whole = statement.whole(*(as_read(row.value) for row in found.rows))
            assert whole == pytest.approx(as_read(found.whole), abs=0.501 * last_digit(found.whole))
        if found.last and " ≈ " not in found.last:
            argument, value = found.last.removesuffix(")").split(") = ")
            applied = FUNCTIONS[statement.function](as_read(argument.split("(")[1]))
            assert applied == pytest.approx(as_read(value), abs=0.501 * last_digit(value))


def test_the_worked_example_reads_as_on_a_blackboard() -> None:
    shown = dogs(step=1)
    h, a = why(shown, Selection("h", 0))
    assert plain(h.name) == "h2[1]"
    assert h.function == "tanh"
    assert [plain(term.text) for term in h.terms] == ["a2[1]"]
    assert [plain(term.text) for term in a.terms] == [
        "WX[1, o] · x2[o]",
        "WH[1, 1] · h1[1]",
        "WH[1, 2] · h1[2]",
        "WH[1, 3] · h1[3]",
    ]
    assert [round(term.value, 3) for term in a.terms] == [0.8, 0.054, 0.099, 0.072]


def test_of_many_terms_the_largest_are_told_and_the_others_summed() -> None:
    shown = scene("abcdefgh", cell="lstm", units=40, step=3)
    statement = why(shown, Selection("f", 7))[1]
    assert len(statement.terms) == MOST
    assert statement.terms[-1].text == "31 others"
    assert_follows(statement)


@pytest.mark.parametrize("reset", ["after", "before"])
def test_a_candidate_says_where_the_reset_gate_acts(reset: str) -> None:
    shown = scene("abcdefgh", cell="gru", units=3, gru_reset=reset, step=3)
    found = why(shown, Selection("n", 1))
    assert len(found) == (3 if reset == "after" else 2)
    texts = [plain(term.text) for term in found[1].terms]
    assert sum(text.count("r4[") for text in texts) == (1 if reset == "after" else 3)


@pytest.mark.parametrize("outputs", [1, 3])
def test_numbers_have_reasons_too(outputs: int) -> None:
    rng = np.random.default_rng(3)
    spec = e.NetworkSpec("lstm", outputs, 4, outputs, readout="linear")
    signal, names = rng.normal(size=(7, outputs)), tuple("uvw")[:outputs]
    wanted = signal[1:].copy()
    wanted[2, 0] = np.nan
    analysis = e.analyse(spec, e.initialise(spec), signal[:-1], wanted)
    for step in range(6):
        shown = Scene(
            spec,
            e.initialise(spec),
            names,
            ("",) * 6,
            ("",) * 6,
            frozenset(),
            analysis,
            step,
            reads="numbers",
        )
        for picked in (Selection("L"), *(Selection(q, outputs - 1) for q in "xyhc"), Selection("a.f", 1)):
            found = why(shown, picked)
            for statement in found:
                assert_follows(statement)
            assert bool(found) == (picked.quantity != "L" or outputs > 1 or step != 2)
        if outputs > 1 or step != 2:
            assert why(shown, Selection("L"))[0].value == analysis.loss.step[step, 0]


def test_what_no_expression_gives_has_no_reason() -> None:
    shown = scene("abcd")
    assert why(shown, None) == ()
    assert why(scene("a"), Selection("h", 0)) == ()
    assert why(shown, Selection("dx")) == ()
    assert why(scene("abcd", silent=frozenset({0})), Selection("L")) == ()
    assert why(shown, Selection("h", pair=StepPair(90, 1))) == ()
