"""From the loss of a step to its logits: ∂L_t/∂z_t."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.backward_numbers import Derived, Part
from rnnviz.figures.backward_sources import by
from rnnviz.figures.notation import visible
from rnnviz.figures.sheet import OMITTED
from rnnviz.figures.statements import BETWEEN, LEFT, Statement, coloured, set_statements
from rnnviz.figures.states import handed_on

if TYPE_CHECKING:
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.backward_rows import Layout
    from rnnviz.figures.model import Floats

SHOWN = 6  # rows of the vocabulary


def set_readout(layout: Layout, here: Here, y: float) -> float:
    """Set what the loss says to the logits, or that it is left out; return where it ends."""
    scene, z = here.scene, here.logit
    y = layout.heading(y, f"1  From the loss to the logits {z}")
    bias = f" + {here.weight('b_Y')}" if "head.bias" in scene.parameters else ""
    h = handed_on(here.spec, here.spec.num_layers - 1, scene.notation)
    readout, name = scene.analysis.trace.readout, f"{here.letter('y')}_t"
    said = f"{name} = {z}_t" if readout == "linear" else f"{name} = {FUNCTIONS[readout]}({z}_t)"
    formulas = [f"{z}_t = {here.weight('W_Y')} {coloured('hidden', f'{h}_t')}{bias}", said]
    y = set_statements(layout.sheet, y, [Statement(formula) for formula in formulas]) + BETWEEN
    if heard(here):
        return _set(layout, here, y)
    y = layout.sheet.formula(LEFT, y, f"{by('L_t', f'{z}_t')} = 0")
    return layout.note(y, f"The loss of step {here.now} is left out, so it says nothing.")


FUNCTIONS = {"softmax": "softmax", "sigmoid": "σ"}


def heard(here: Here) -> bool:
    """Whether the playhead's step has a loss."""
    return bool(here.scene.analysis.loss.heard[here.step, 0])


def wanted(here: Here) -> Floats:
    """Return y_t, (O,): one-hot of the target's class, or the numbers; NaN where there is none."""
    target = here.scene.analysis.loss.targets[here.step, 0]
    if np.ndim(target):
        return np.asarray(target, float)
    one_hot = np.zeros(here.spec.output_size)
    one_hot[int(target)] = 1.0
    return one_hot


def _set(layout: Layout, here: Here, y: float) -> float:
    """Set the difference of prediction and target, times what the mean over the outputs makes of it."""
    z, predicted, target = here.logit, here.letter("y"), wanted(here)
    factor, written = _factor(here, target)
    of, t, none = here.rows("y"), here.now, np.isnan(target)
    given = np.asarray(here.scene.analysis.trace.probabilities[here.step, 0], float)
    result = Part("", f"∂L_{t}/∂{z}_{t}", "gradient", here.by_logits, of)
    operands = (
        Part("=", f"{predicted}_{{{t}}}", "text", given, of, f"{written}(" * bool(written), "", none, "none"),
        Part("−", f"y_{{{t}}}", "text", target, of, "", ")" * bool(written), none, "none"),
    )
    general = f"{predicted}_t − y_t"
    formula = f"{by('L_t', f'{z}_t')} = {f'{written}({general})' if written else general}"
    derived = Derived(formula, result, operands, lambda yhat, y: factor * (yhat - y))
    rows = _rows(here, given, target, of.picked)
    labels = ["" if row == OMITTED else visible(here.scene.vocabulary[row]) for row in rows]
    return layout.labelled(y, derived, rows, labels)


def _factor(here: Here, target: Floats) -> tuple[float, str]:
    """Return what the difference is multiplied by, and how that is written: 2/O of a mean of squares."""
    if here.scene.analysis.trace.readout == "softmax":
        return 1.0, ""
    count, square = int(np.isfinite(target).sum()), here.scene.analysis.trace.readout == "linear"
    above = 2 if square else 1
    if count == 1:
        return float(above), "2 " if square else ""
    return above / count, f"{above}/{count} "


def _rows(here: Here, given: Floats, target: Floats, picked: frozenset[int]) -> tuple[int, ...]:
    """Return all rows, or the likeliest and in any case the target and what is picked."""
    size = len(given)
    if size <= SHOWN:
        return tuple(range(size))
    first = np.argsort(-np.nan_to_num(np.abs(here.by_logits)), kind="stable").tolist()
    apart = [*np.flatnonzero(target == 1)[:1].tolist(), *sorted(picked)]
    rows = list(dict.fromkeys([*apart, *first]))[: SHOWN - 1]
    return (*sorted(rows), OMITTED)
