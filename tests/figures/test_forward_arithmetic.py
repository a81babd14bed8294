"""Whoever repeats a printed equation with a calculator gets the printed result, and it is the engine's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from calculator import agrees, digit, evaluated, latex_number, number, sides, vector_value
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import LETTERS, scenes

from rnnviz import engine as e
from rnnviz.figures import forward_unit, forward_vectors, readout_unit, readout_vectors
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.forward_step import Step
from rnnviz.figures.gallery.equations import equations, sheet_of
from rnnviz.figures.model import Text
from rnnviz.figures.numeric_latex import numeric_latex
from rnnviz.figures.scene import Scene
from rnnviz.figures.sheet import OMITTED
from rnnviz.figures.symbols import NOTATIONS, quantity_letter
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.figures.statements import Statement

ALL: dict[str, Any] = {"layers": 3, "both": True}
WIDE = 5000.0  # pixels in which no line is broken
ROUGH = 0.5 + 1e-5  # of the last digit


@st.composite
def shown_scenes(draw: st.DrawFn) -> Scene:
    """Any small network in any notation."""
    shown = draw(scenes(**ALL))
    return replace(shown, notation=draw(st.sampled_from(list(NOTATIONS))))


def is_moderate(shown: Scene) -> bool:
    """Whether no number is so large that sums of floats lose all their digits."""
    found = [np.abs(a).max(initial=0.0) for a in shown.parameters.values()]
    return bool(np.isfinite(max(found)) and max(found) < 1e3)


def strings(shown: Scene, view: EquationsView) -> list[str]:
    marks = [mark for plot in equations(shown, view, WIDE).plots for mark in plot.marks]
    return [string for mark in marks if isinstance(mark, Text) for string in mark.strings]


def check_vectors(statement: Statement) -> None:
    """Every side of an equation between vectors gives the last one."""
    latex = numeric_latex(statement._replace(texts=(), total=None))
    found = sides(latex)
    result = found[-1][1]
    for side, printed in found[:-1]:
        value = vector_value(side)
        for row, wanted in enumerate(result):
            if r"\vdots" not in wanted and np.isfinite(value[row]):
                shown = float(latex_number(wanted))
                assert abs(value[row] - shown) <= digit(latex_number(wanted)) * ROUGH, latex
        inner = side[side.find(r"\left(") : side.rfind(r"\right)") + 7]
        if printed is not found[0][1] or not inner or len(found) < 3 or "⊙" in side:
            continue
        between = found[1][1]
        for row, wanted in enumerate(between):
            if r"\vdots" not in wanted:
                shown = float(latex_number(wanted))
                assert abs(vector_value(inner)[row] - shown) <= digit(latex_number(wanted)) * ROUGH, latex


@given(shown=shown_scenes().filter(is_moderate))
@settings(max_examples=150)
def test_the_cell_comes_out_as_vectors(shown: Scene) -> None:
    there = {string.strip("\u2007") for string in strings(shown, EquationsView())}
    for statement in forward_vectors.statements(shown):
        assert "≈" not in {operand.sign for operand in statement.operands}
        check_vectors(statement)
        assert {
            number.strip("\u2007") for operand in statement.operands for number in operand.numbers
        } <= there


@given(shown=shown_scenes())
@settings(max_examples=100)
def test_vectors_are_the_engines(shown: Scene) -> None:
    step, letters = Step(shown), {}
    for name in (*step.found.states, *step.found.gates):
        letters[f"{quantity_letter(shown.notation, shown.spec, name)}_{step.now}"] = step.value(name)
    for name in step.found.preactivations:
        letters[step.before(name, step.now)] = step.value(f"a.{name}")
    found = 0
    for statement in forward_vectors.statements(shown):
        for operand in statement.operands:
            if operand.name in letters:
                found += 1
                rows = zip(operand.numbers, statement.rows, strict=True)
                assert all(agrees(text, letters[operand.name][row]) for text, row in rows if row != OMITTED)
    assert found >= len(step.cell.gates)


@given(shown=shown_scenes())
@settings(max_examples=60)
def test_summands_are_the_engines(shown: Scene) -> None:
    step = Step(shown)
    names = ["h"] if len(step.cell.gates) == 1 else list(step.found.gates)
    with np.errstate(all="ignore"):
        for name in names:
            summands = step.summands(name)
            units = list(range(shown.spec.hidden_size))
            values = np.array([step.values(summand, name, units) for summand in summands])
            total = np.array([forward_vectors.combine(summands)(*column) for column in values.T])
            a = step.value(f"a.{name}")
            size = max(1.0, float(np.abs(values).max()))
            if np.isfinite(size):
                np.testing.assert_allclose(total, a, rtol=0, atol=1e-12 * size)


@given(shown=shown_scenes().filter(is_moderate), unit=st.integers(0, 10))
@settings(max_examples=150)
def test_a_unit_comes_out_product_by_product(shown: Scene, unit: int) -> None:
    there = set(strings(shown, EquationsView(unit=unit)))
    for statement in forward_unit.statements(shown, unit) + readout_unit.statements(shown)[:-1]:
        check_texts(statement)
        if statement.total is not None:
            assert {text for *_, text in statement.total.written()} <= there


def check_texts(statement: Statement) -> None:
    """What is written out gives the first line beneath it; every line gives its last number."""
    lines = ["".join(pieces) for pieces in statement.texts]
    assert not any("≈" in line for line in lines), lines
    for n, line in enumerate(lines):
        _, *middle, last = line.split(" = ")
        expressions = [*middle]
        if n == 0 and statement.total is not None:
            expressions.append(statement.total.text())
        for expression in expressions:
            value = evaluated(expression)
            if np.isfinite(value):
                printed = last.partition(",")[0]
                assert abs(value - number(printed)) <= digit(printed) * ROUGH, (line, expression)


@given(shown=shown_scenes(), unit=st.integers(0, 10))
@settings(max_examples=60)
def test_the_unit_is_the_engines(shown: Scene, unit: int) -> None:
    unit = min(unit, shown.spec.hidden_size - 1)
    step = Step(shown)
    values = {f"{step.symbol(n, step.now)}[{unit + 1}]": step.value(n)[unit] for n in step.found.states}
    values |= {f"{step.symbol(n, step.now)}[{unit + 1}]": step.value(n)[unit] for n in step.found.gates}
    values |= {
        f"{step.before(n, step.now)}[{unit + 1}]": step.value(f"a.{n}")[unit]
        for n in step.found.preactivations
    }
    seen = set()
    for statement in forward_unit.statements(shown, unit):
        for pieces in statement.texts:
            line = "".join(pieces).replace("≈", "=")
            name, *_, last = line.split(" = ")
            assert agrees(last, values[name]), line
            seen.add(name)
    assert seen >= set(values) - {f"a_{step.now}[{unit + 1}]"}


@given(shown=shown_scenes())
@settings(max_examples=60)
def test_every_product_of_a_unit_is_there(shown: Scene) -> None:
    step = Step(shown)
    weights = e.parameter_shapes(shown.spec)
    first = forward_unit.statements(shown, 0)[0]
    assert first.total is not None
    counts = [len(row.terms) for row in first.total.rows]
    read = 1 if step.token() is not None else weights["weight_ih" + step.end][1]
    assert read in counts
    if step.cell.recurrent:
        assert shown.spec.hidden_size in counts
    notes = [row.note for row in first.total.rows if row.note]
    assert bool(notes) == (step.token() is not None)
    assert all("one-hot" in note for note in notes)


@given(shown=scenes(**ALL).filter(is_moderate))
@settings(max_examples=100)
def test_softmax_comes_out(shown: Scene) -> None:
    statement = readout_vectors.statements(shown)[0]
    _, *_, logits, y = statement.operands if len(statement.operands) > 2 else (None, *statement.operands)
    note = plain("".join(statement.notes[0]))
    total = number(note.rpartition(" = ")[2].partition(",")[0])
    rows = [row for row in statement.rows if row != OMITTED]
    for text, z, row in zip(y.numbers, logits.numbers, statement.rows, strict=True):
        if row == OMITTED:
            continue
        assert agrees(text, np.exp(number(z)) / total)
        assert agrees(text, shown.analysis.trace.probabilities[shown.step, 0, row])
        assert agrees(z, shown.analysis.trace.logits[shown.step, 0, row])
    assert len(rows) == 7  # of nine letters
    check_sum(statement)


def check_sum(statement: Statement) -> None:
    """W_Y h and b_Y give the logits."""
    *parts, logits, _ = statement.operands
    if len(parts) < 2:
        return
    for *summands, z in zip(*(operand.numbers for operand in (*parts, logits)), strict=True):
        if not z.startswith("⋮"):
            assert agrees(z, sum(number(text) for text in summands))


@given(shown=scenes(**ALL))
@settings(max_examples=100)
def test_the_loss_follows_from_the_prediction(shown: Scene) -> None:
    t = shown.step + 1
    texts = [plain(string) for string in strings(shown, EquationsView())]
    line = next(string for string in texts if string.startswith(f"L{t} ")).replace("≈", "=")
    if shown.step in shown.silent:
        assert line == f"L{t} is left out"
        return
    target = shown.targets[shown.step].replace(" ", "␣")
    loss = float(shown.analysis.loss.step[shown.step, 0])
    assert f"[{target}]" in line
    *_, last = line.split(" = ")
    assert agrees(last, loss)
    if f"−ln ŷ{t}" in line and is_moderate(shown):
        assert agrees(last, evaluated(line.split(" = ")[2]))


@given(
    seed=st.integers(0, 500),
    readout=st.sampled_from(["linear", "sigmoid"]),
    outputs=st.integers(1, 12),
    cell=st.sampled_from(sorted(e.CELLS)),
    step=st.integers(0, 3),
)
@settings(max_examples=150)
def test_numbers_come_out_too(seed: int, readout: str, outputs: int, cell: str, step: int) -> None:
    shown = of_numbers(seed, readout, outputs, cell, step)
    prediction, loss = readout_vectors.statements(shown)
    check_vectors(prediction)
    for pieces in loss.texts:
        name, *middle, last = plain("".join(pieces)).split(" = ")
        assert name == f"L{step + 1}"
        assert agrees(last.partition(",")[0], float(shown.analysis.loss.step[step, 0]))
        for expression in middle:
            assert agrees(last, evaluated(expression)), expression
    for statement in (*readout_unit.statements(shown)[:-1], *forward_unit.statements(shown, 0)):
        check_texts(statement)


def of_numbers(seed: int, readout: str, outputs: int, cell: str, step: int) -> Scene:
    """A network that reads vectors and predicts numbers, some of which are not known."""
    draw = np.random.default_rng(seed)
    spec = e.NetworkSpec(cell, 3, int(draw.integers(1, 12)), outputs, readout=readout)
    parameters = e.initialise(spec, seed=seed)
    x, y = draw.normal(size=(4, 3)), draw.uniform(size=(4, outputs))
    y[:, 1:][draw.uniform(size=(4, outputs - 1)) < 0.3] = np.nan
    analysis = e.analyse(spec, parameters, x, y)
    tokens = tuple(f"y{n}" for n in range(max(3, outputs)))
    words = ("x",) * 4
    return Scene(spec, parameters, tokens, words, words, frozenset(), analysis, step)


@pytest.mark.parametrize("stage", [0, 1])
def test_what_is_not_known_yet_is_a_dot(stage: int) -> None:
    from scenes import scene

    shown = replace(scene("abcabc", cell="lstm", step=2), stage=stage)
    f, *_, h = forward_vectors.statements(shown)
    assert {number.strip("\u2007") for number in h.operands[-1].numbers} == {"·"}
    assert ({number.strip("\u2007") for number in f.operands[-1].numbers} == {"·"}) == (stage == 0)
    assert h.role == "muted"
    texts = ["".join(pieces) for statement in forward_unit.statements(shown, 0) for pieces in statement.texts]
    assert texts[-1].endswith("= ·")
    assert any("= ·" in string for string in strings(shown, EquationsView(unit=1)))
    sheet_of(shown, EquationsView(unit=1))


def test_a_held_unit_is_said_to_be_held() -> None:
    from scenes import scene

    shown = scene("abcabc", cell="lstm", step=2)
    held = e.Intervention("f", 0.25, start=1, unit=1)
    ids = [LETTERS.index(token) for token in "abcabc"]
    analysis = e.analyse(shown.spec, shown.parameters, ids[:-1], ids[1:], interventions=(held,))
    shown = replace(shown, analysis=analysis, interventions=(held,))
    f = forward_vectors.statements(shown)[0]
    assert f.operands[-1].of.held == {1}
    assert f.operands[-1].numbers[1] == "0.25"
    texts = ["".join(pieces) for pieces in forward_unit.statements(shown, 1)[0].texts]
    assert texts[-1].endswith("is held at 0.25")
    assert not any(
        "held" in piece for pieces in forward_unit.statements(shown, 0)[0].texts for piece in pieces
    )
    for statement in forward_vectors.statements(shown)[4:]:
        check_vectors(statement)
