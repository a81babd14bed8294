"""The gradient of one weight as a sum over what every loss says to every step: its formulas and its terms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.arithmetic import number
from rnnviz.figures.backward_entry import entry_looked_at, gradient_of, wording
from rnnviz.figures.backward_sources import by
from rnnviz.figures.backward_tables import set_double, set_row, set_rows, table_of
from rnnviz.figures.backward_terms import Terms
from rnnviz.figures.backward_worked import set_looked_at, set_single
from rnnviz.figures.extent import extent
from rnnviz.figures.latex import latex
from rnnviz.figures.sheet import FORMULA, ROW, Equation, Style
from rnnviz.figures.statements import LEFT, coloured
from rnnviz.figures.sums import enough

if TYPE_CHECKING:
    from rnnviz.figures.backward_entry import Wording
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.backward_rows import Layout

WIDEST = 8  # steps of a table; more are listed
GRADIENT = Style("gradient", 14.0, 0.0, "mathematics", live=True)


def set_weight(layout: Layout, here: Here, y: float, kind: str) -> float:
    """Set the gradient of the weight looked at; return where it ends."""
    terms = Terms(here, entry_looked_at(here, kind))
    words, total = wording(here, terms.entry), gradient_of(here, terms.entry)
    printed = number(total, enough(np.array([total]), layout.decimals))
    y = layout.heading(y, f"4  To the weight {words.symbol}, which every step shares")
    for formula in formulas(terms, wording(here, terms.entry, general=True)):
        top, y = y, layout.sheet.formula(LEFT, y, formula)
        numbers = f"{by('L', words.name)} = {printed}"
        right = LEFT + extent(formula, FORMULA).width
        layout.sheet.equations.append(Equation(top, y, LEFT, right, formula, partial(latex, numbers)))
        y += 6.0
    if layout.waiting:
        return y
    layout.sheet.write(LEFT, y + ROW, f"∂L/∂{words.name} = {printed}", GRADIENT)
    y += 2.2 * ROW
    if here.scene.stale:
        return layout.note(y, "The terms are being computed anew.")
    return _set_terms(layout, y, terms, words, total)


def formulas(terms: Terms, words: Wording) -> tuple[str, ...]:
    """Write the gradient of the whole weight by the chain rule, and that of the entry by its terms."""
    whole = by("L", words.symbol)
    sums = _sums(terms)
    step = "t" if terms.single else "k"
    later = terms.backwards
    entry = f"{whole}{words.name.removeprefix(words.symbol)} = {sums} "
    entry += words.term("L_t", step, f"{step}+1" if later else f"{step}−1")
    chain = _chain(terms, words)
    return (f"{whole} = {sums} {chain}", entry) if chain else (entry,)


def _sums(terms: Terms) -> str:
    """Write the sums over t, and over the steps k that its loss reaches."""
    if terms.single:
        return "Σ_{t=1}^{T}"
    if terms.reached.all() and terms.count > 1:
        return "Σ_{t=1}^{T} Σ_{k=1}^{T}"
    later = terms.backwards
    return "Σ_{t=1}^{T} Σ_{k=t}^{T}" if later else "Σ_{t=1}^{T} Σ_{k=1}^{t}"


def _chain(terms: Terms, words: Wording) -> str:
    """Write the chain rule from a loss to the weight, of a plain cell; of others it has many ways."""
    here, name = terms.here, terms.entry.parameter
    h, z = here.letter("h"), here.logit
    if name.startswith("head."):
        return f"{by('L_t', f'{z}_t')} ∂{z}_t/∂{words.symbol}"
    plain = len(CELLS[here.spec.cell].gates) == 1 and here.lane.layer == here.spec.num_layers - 1
    if not plain or name == "embedding.weight":
        return ""
    first = f"{by('L_t', f'{z}_t')} ∂{z}_t/∂{coloured('hidden', f'{h}_t')}"
    if terms.single:
        return f"{first} ∂{h}_t/∂{words.symbol}"
    return f"{first} ∂{h}_t/∂{h}_k ∂{h}_k/∂{words.symbol}"


def _set_terms(layout: Layout, y: float, terms: Terms, words: Wording, total: float) -> float:
    """Set the terms: all of a short sequence, those of the playhead's loss and the sums of a long one."""
    if not terms.is_all:
        total = float(terms.cells.sum())
        y = layout.note(y, _window(terms, number(total, enough(np.array([total]), layout.decimals))))
    tables = layout._replace(decimals=enough(np.array([total]), layout.decimals))
    short = terms.count <= WIDEST
    if terms.single and short:
        return set_single(tables, layout.note(y, "What each loss adds:"), terms, words, total)
    table = table_of(tables, terms, total) if short and not terms.single else None
    if terms.single:
        y = set_rows(tables, layout.note(y, "What each loss adds, step by step:"), terms, total)
    elif table is not None:
        y = layout.note(y, "A row for the loss that sends, a column for the step it reaches:")
        y = set_double(tables, y + 2.0, terms, *table)
    else:
        y = _set_lists(tables, y, terms, total)
    return set_looked_at(layout, y, terms, words)


def _set_lists(layout: Layout, y: float, terms: Terms, total: float) -> float:
    """Set what the playhead's loss says to every step, then what every loss says in all."""
    t = terms.here.step - terms.start
    if 0 <= t < terms.count and terms.heard[t]:
        y = layout.note(y, f"What L_{{{terms.here.now}}} says at every step k that it reaches:")
        y = set_row(layout, y, terms)
    return set_rows(layout, layout.note(y, "What each loss says in all, t by t:"), terms, total)


def _window(terms: Terms, total: str) -> str:
    first, last, steps = terms.start + 1, terms.start + terms.count, terms.here.scene.steps
    return f"Of {steps} steps, {first}–{last} are listed, losses and steps; they give {total} of it."
