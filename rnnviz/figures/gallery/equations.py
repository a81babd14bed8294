"""The equations of the playhead's step, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.engine.selection import Selection
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.gated import set_gates
from rnnviz.figures.highlight import picked_rows
from rnnviz.figures.model import Figure, Margins
from rnnviz.figures.notation import place, visible
from rnnviz.figures.numbers import written
from rnnviz.figures.sheet import OMITTED, ROW, Sheet, Style, column
from rnnviz.figures.statements import (
    ACTIVATIONS,
    FORMULA,
    LEFT,
    ROWS,
    SIGN,
    Applied,
    Rows,
    coloured,
    handed_on,
    read_by,
    some_rows,
)
from rnnviz.figures.states import lane_looked_at, traced

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

STATE = coloured("hidden", "h_t")


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of the pre-activation: its symbol at any step, at this step, its colour and its value."""

    general: str
    here: str
    role: str
    value: Floats


@register("equations", "Equations")
def equations(scene: Scene) -> Figure:
    """Show a_t, h_t and ŷ_t of the playhead's step: each formula, then the same with its numbers."""
    if not scene.steps:
        return Figure("Equations", "The sequence has no step yet.", (), message=TOO_SHORT)
    t, sheet = scene.step + 1, _sheet(scene)
    margins = Margins(left=8, top=6, right=8, bottom=6)
    description = (
        f"At step {t} the network reads {visible(scene.inputs[scene.step])}: its pre-activation, "
        "its hidden state and its prediction, each with its formula."
    )
    return Figure(
        f"Equations at t = {t}{place(scene)}", description, (sheet.plot("equations"),), margins=margins
    )


def _sheet(scene: Scene) -> Sheet:
    sheet = Sheet()
    gated = len(CELLS[scene.spec.cell].gates) > 1
    y = set_gates(sheet, scene, 14.0) if gated else _sum(sheet, scene, 14.0)
    _functions(sheet, scene, y + 26.0, with_state=not gated)
    return sheet


def component_at(scene: Scene, x: float, y: float) -> Selection | None:
    """Return the number that stands at a place of the equations; None where there is none."""
    if not scene.steps:
        return None
    for number in _sheet(scene).places:
        if number.left <= x < number.right and abs(y - number.y) <= ROW / 2:
            lane = () if number.quantity == "y" else (scene.layer, scene.direction)
            return Selection(number.quantity, number.row, *lane)
    return None


def terms(scene: Scene) -> tuple[Term, ...]:
    """Return the summands of a_t in reading order, of the layer and direction looked at."""
    step, stored, found = scene.step, scene.parameters, traced(scene, lane_looked_at(scene))
    end = suffix(scene.layer, scene.direction)
    before = step + 2 if scene.direction else step
    summands = []
    with np.errstate(over="ignore", invalid="ignore"):
        if "weight_hh" + end in stored:
            product = stored["weight_hh" + end] @ found.previous["h"][step, 0]
            general = "W_H h_{t+1}" if scene.direction else "W_H h_{t−1}"
            summands.append(Term(general, f"W_H h_{{{before}}}", "hidden", product))
        own = scene.steps - 1 - step if scene.direction else step
        read = stored["weight_ih" + end] @ found.inputs.vectors(own, own + 1, 0)[0]
        name = read_by(scene.spec, scene.layer)
        summands.append(Term(f"W_X {name}_t", f"W_X {name}_{{{step + 1}}}", "input", read))
        if "bias_ih" + end in stored:
            rest = stored.get("bias_hh" + end, 0.0)
            summands.append(Term("b", "b", "muted", stored["bias_ih" + end] + rest))
    return tuple(summands)


def _sum(sheet: Sheet, scene: Scene, y: float) -> float:
    """Set a_t = W_H h_{t−1} + W_X x_t; return the height reached."""
    t = scene.step + 1
    summands = terms(scene)
    formula = " + ".join(coloured(term.role, term.general) for term in summands)
    sheet.write(LEFT, y, f"a_t = {formula}", FORMULA)
    a = traced(scene, lane_looked_at(scene)).preactivations["h"][scene.step, 0]
    of = Rows("a.h", picked_rows(scene, "a.h"))
    rows = some_rows(len(a), picked=of.picked)
    top = y + 2.9 * ROW
    middle = top + (len(rows) - 1) * ROW / 2
    x = sheet.vector(LEFT, top, column(a, rows), f"a_{{{t}}}", "text")
    of.set(sheet, (LEFT, x), top, rows)
    for n, term in enumerate(summands):
        sheet.write(x + 12, middle, "+" if n else "=", SIGN)
        left, x = x + 24, sheet.vector(x + 24, top, column(term.value, rows), term.here, term.role)
        of.set(sheet, (left, x), top, rows)
    return top + (len(rows) - 0.5) * ROW


def _functions(sheet: Sheet, scene: Scene, y: float, *, with_state: bool) -> None:
    """Set h_t = tanh(a_t), unless something else has set it, and beside it ŷ_t = softmax(W_Y h_t)."""
    t, top, right = scene.step + 1, y + 2.9 * ROW, LEFT
    if with_state:
        found = traced(scene, lane_looked_at(scene))
        h, a = found.h[scene.step, 0], found.preactivations["h"][scene.step, 0]
        name = ACTIVATIONS[scene.spec.activation]
        of = Rows("h", picked_rows(scene, "h"))
        units = some_rows(len(h), picked=of.picked)
        first = Applied(name, f"h_{{{t}}}", "hidden", h, f"a_{{{t}}}", "text", a, of)
        right += first.width(units) + 22
        sheet.write(LEFT, y, f"{STATE} = {name}(a_t)" if name else f"{STATE} = a_t", FORMULA)
        first.set(sheet, LEFT, top, units)
    _read_out(sheet, scene, right, y)


def _read_out(sheet: Sheet, scene: Scene, left: float, y: float) -> None:
    """Set ŷ_t = softmax(W_Y h_t) with its numbers, and the loss that follows."""
    t, trace, top = scene.step + 1, scene.analysis.trace, y + 2.9 * ROW
    z, probabilities = trace.logits[scene.step, 0], trace.probabilities[scene.step, 0]
    of = Rows("y", picked_rows(scene, "y"))
    tokens = _likeliest(probabilities, of.picked)
    bias = " + b_Y" if "head.bias" in scene.parameters else ""
    h = handed_on(scene.spec, scene.spec.num_layers - 1)
    product, linear = f"W_Y {coloured('hidden', f'{h}_t')}{bias}", trace.readout == "linear"
    sheet.write(left, y, f"ŷ_t = {product}" if linear else f"ŷ_t = softmax({product})", FORMULA)
    labels = tuple("" if row == OMITTED else visible(scene.vocabulary[row]) for row in tokens)
    for n, label in enumerate(labels):
        sheet.write(left + 6, top + n * ROW, label, Style("muted", 12.0, 0.5))
    logits = f"W_Y {h}_{{{t}}}{bias}"
    second = Applied("" if linear else "softmax", f"ŷ_{{{t}}}", "text", probabilities, logits, "text", z, of)
    second.set(sheet, left + 16, top, tokens)
    if OMITTED in tokens:
        note = f"the {tokens.index(OMITTED)} likeliest of {len(probabilities)}"
        sheet.write(left + 4, top + len(tokens) * ROW + 4, note, Style("muted", 11.0, 0.0))
    _loss(sheet, scene, left, sheet.height + 20.0)


def _loss(sheet: Sheet, scene: Scene, left: float, y: float) -> None:
    """Set L_t = −ln ŷ_t of the token that was to come, or (ŷ_t − y_t)² of a number."""
    t = scene.step + 1
    if scene.step in scene.silent:
        sheet.write(left, y, f"L_{{{t}}} is left out", Style("muted", 13.0, 0.0, "mathematics"))
        return
    value = written(float(scene.analysis.loss.step[scene.step, 0]))
    target = visible(scene.targets[scene.step])
    name = coloured("loss", f"L_{{{t}}}")
    if scene.analysis.trace.readout == "linear":
        mean = "mean of " if scene.spec.output_size > 1 else ""
        sheet.write(left, y, f"{name} = {mean}(ŷ_{{{t}}} − y_{{{t}}})² = {value}", FORMULA)
        return
    sheet.write(left, y, f"{name} = −ln ŷ_{{{t}}}[{target}] = {value}", FORMULA)


def _likeliest(probabilities: Floats, picked: frozenset[int]) -> tuple[int, ...]:
    """Return all rows, or those of the likeliest tokens in that order, and a picked one after them."""
    if len(probabilities) <= ROWS:
        return tuple(range(len(probabilities)))
    best = np.argsort(-probabilities, kind="stable").tolist()
    apart = [row for row in best[ROWS - 1 :] if row in picked][:1]
    return (*best[: ROWS - 1 - len(apart)], OMITTED, *apart)
