"""The equations of the playhead's step, with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.model import Figure, Margins
from rnnviz.figures.notation import visible
from rnnviz.figures.sheet import ROW, Sheet, Style, column, vector_width

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

ROWS = 8  # the longest vector that is shown whole
FORMULA = Style("text", 15.0, 0.0, "mathematics")
SIGN = Style("text", 14.0, 0.5)
FUNCTION = Style("text", 13.0, 1.0, "mathematics")
LEFT = 4.0
WIDE = 8.2  # pixels of a letter in a function's name, at most
ACTIVATIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ", "identity": ""}


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
    t = scene.step + 1
    sheet = Sheet()
    y = _sum(sheet, scene, 14.0)
    y = _functions(sheet, scene, y + 26.0)
    margins = Margins(left=8, top=6, right=8, bottom=6)
    description = (
        f"At step {t} the network reads {visible(scene.inputs[scene.step])}: its pre-activation, "
        "its hidden state and its prediction, each with its formula."
    )
    return Figure(f"Equations at t = {t}", description, (sheet.plot("equations"),), margins=margins)


def terms(scene: Scene) -> tuple[Term, ...]:
    """Return the summands of a_t in reading order."""
    step, stored, trace = scene.step, scene.parameters, scene.analysis.trace
    found = []
    with np.errstate(over="ignore", invalid="ignore"):
        if "weight_hh_l0" in stored:
            before = trace.layers[0].h[step - 1, 0] if step else trace.initial_state["h"][0, 0]
            product = stored["weight_hh_l0"] @ before
            found.append(Term("W_H h_{t−1}", f"W_H h_{{{step}}}", "hidden", product))
        read = stored["weight_ih_l0"][:, trace.x[step, 0]]
        found.append(Term("W_X x_t", f"W_X x_{{{step + 1}}}", "input", read))
        if "bias_ih_l0" in stored:
            rest = stored.get("bias_hh_l0", 0.0)
            found.append(Term("b", "b", "muted", stored["bias_ih_l0"] + rest))
    return tuple(found)


def _sum(sheet: Sheet, scene: Scene, y: float) -> float:
    """Set a_t = W_H h_{t−1} + W_X x_t; return the height reached."""
    t = scene.step + 1
    summands = terms(scene)
    formula = " + ".join(coloured(term.role, term.general) for term in summands)
    sheet.write(LEFT, y, f"a_t = {formula}", FORMULA)
    a = scene.analysis.trace.layers[0].preactivations["h"][scene.step, 0]
    rows, complete = _rows(len(a))
    top = y + 2.9 * ROW
    middle = top + (len(rows) - complete) * ROW / 2
    x = sheet.vector(LEFT, top, column(a, rows, complete), f"a_{{{t}}}", "text")
    for n, term in enumerate(summands):
        sheet.write(x + 12, middle, "+" if n else "=", SIGN)
        x = sheet.vector(x + 24, top, column(term.value, rows, complete), term.here, term.role)
    return top + (len(rows) + (not complete) - 0.5) * ROW


def _functions(sheet: Sheet, scene: Scene, y: float) -> float:
    """Set h_t = tanh(a_t) and beside it ŷ_t = softmax(W_Y h_t); return the height reached."""
    t = scene.step + 1
    trace = scene.analysis.trace
    layer = trace.layers[0]
    name = ACTIVATIONS[scene.spec.activation]
    h, a = layer.h[scene.step, 0], layer.preactivations["h"][scene.step, 0]
    z, probabilities = trace.logits[scene.step, 0], trace.probabilities[scene.step, 0]
    state = coloured("hidden", "h_t")
    units, all_units = _rows(len(h))
    first = Applied(name, f"h_{{{t}}}", "hidden", h, f"a_{{{t}}}", "text", a)
    tokens, all_tokens = _likeliest(probabilities)
    right = LEFT + first.width(units, all_units) + 22
    sheet.write(LEFT, y, f"{state} = {name}({'a_t'})" if name else f"{state} = a_t", FORMULA)
    bias = " + b_Y" if "head.bias" in scene.parameters else ""
    sheet.write(right, y, f"ŷ_t = softmax(W_Y {state}{bias})", FORMULA)
    top = y + 2.9 * ROW
    first.set(sheet, LEFT, top, units, all_units)
    labels = tuple(visible(scene.vocabulary[row]) for row in tokens)
    for n, label in enumerate(labels):
        sheet.write(right + 6, top + n * ROW, label, Style("muted", 12.0, 0.5))
    logits = f"W_Y h_{{{t}}}{bias}"
    second = Applied("softmax", f"ŷ_{{{t}}}", "text", probabilities, logits, "text", z)
    second.set(sheet, right + 16, top, tokens, all_tokens)
    if not all_tokens:
        note = f"the {len(tokens)} likeliest of {len(probabilities)}"
        sheet.write(right + 4, top + (len(tokens) + 1) * ROW + 4, note, Style("muted", 11.0, 0.0))
    return sheet.height


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of a vector with its numbers: result = name(argument)."""

    name: str
    result: str
    role: str
    values: Floats
    argument: str
    argument_role: str
    given: Floats

    def _strings(self, rows: tuple[int, ...], complete: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return column(self.values, rows, complete), column(self.given, rows, complete)

    def _room(self) -> float:
        return 24.0 + WIDE * len(self.name)

    def width(self, rows: tuple[int, ...], complete: bool) -> float:
        """Return the pixels it takes."""
        left, right = self._strings(rows, complete)
        return vector_width(left) + self._room() + vector_width(right)

    def set(self, sheet: Sheet, x: float, y: float, rows: tuple[int, ...], complete: bool) -> None:
        """Set it with its left edge at x and its first number at y."""
        left, right = self._strings(rows, complete)
        middle = y + (len(rows) - complete) * ROW / 2
        edge = sheet.vector(x, y, left, self.result, self.role)
        sheet.write(edge + 9, middle, "=", SIGN)
        start = edge + self._room()
        if self.name:
            sheet.write(start - 3, middle, self.name, FUNCTION)
        sheet.vector(start, y, right, self.argument, self.argument_role)


def coloured(role: str, text: str) -> str:
    """Mark a part of a string to be set in the colour of a role."""
    return f"⟦{role}|{text}⟧"


def _rows(size: int) -> tuple[tuple[int, ...], bool]:
    return (tuple(range(size)), True) if size <= ROWS else (tuple(range(ROWS - 1)), False)


def _likeliest(probabilities: Floats) -> tuple[tuple[int, ...], bool]:
    """Return all rows, or those of the likeliest tokens in that order, and whether these are all."""
    if len(probabilities) <= ROWS:
        return tuple(range(len(probabilities))), True
    best = np.argsort(-probabilities, kind="stable")[: ROWS - 1]
    return tuple(best.tolist()), False
