"""Back through an LSTM: to the output gate, to the cell state, and from that to all that wrote it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.backward_gate import by_gate, gate, gradient, times, to_sum
from rnnviz.figures.backward_numbers import Derived, Part
from rnnviz.figures.backward_sources import by
from rnnviz.figures.statements import coloured

if TYPE_CHECKING:
    from rnnviz.figures.backward_here import Here


def lstm(here: Here) -> tuple[tuple[Derived, ...], ...]:
    """Return the equations in the order in which a gradient passes: o, c, then f, i and g."""
    held, before = here.held("c"), f"{here.letter('c')}_{{{here.before}}}"
    kept = Part("⊙", before, "cell", here.previous("c"), here.rows("c", ago=1), held=held)
    earlier = f"{here.letter('c')}_{{{here.earlier}}}"
    written = (
        ("f", kept, earlier),
        ("i", gate(here, "g", held), f"{here.letter('g')}_t"),
        ("g", gate(here, "i", held), f"{here.letter('i')}_t"),
    )
    return (_output(here), (_cell(here),), *(_written(here, *one) for one in written))


def _output(here: Here) -> tuple[Derived, ...]:
    """∂L/∂o_t = ∂L/∂h_t ⊙ tanh(c_t)."""
    by_h, held, c = here.by_state("h"), here.held("h"), coloured("cell", f"{here.letter('c')}_t")
    by_o = by_h * np.where(held, 0.0, np.tanh(here.value("c")))
    formula = f"{by_gate(here, 'o')} = {by_gate(here, 'h')} ⊙ tanh({c})"
    operands = (gradient(here, "h", by_h), gate(here, "c", held)._replace(before="tanh"))
    first = Derived(formula, gradient(here, "o", by_o, ""), operands, lambda dh, c: dh * math.tanh(c))
    return (first, to_sum(here, "o", by_o))


def _cell(here: Here) -> Derived:
    """∂L/∂c_t = ∂L/∂h_t ⊙ o_t ⊙ (1 − tanh² c_t) + f_{t+1} ⊙ ∂L/∂c_{t+1}."""
    c, later = here.letter("c"), here.later
    o, cell = coloured("output_gate", f"{here.letter('o')}_t"), coloured("cell", f"{c}_t")
    f = coloured("forget_gate", f"{here.letter('f')}_{{{later}}}")
    formula = (
        f"{by_gate(here, 'c')} = {by_gate(here, 'h')} ⊙ {o} ⊙ (1 − tanh²({cell})) "
        f"+ {f} ⊙ {by('L', f'{c}_{{{later}}}')}"
    )
    read = (
        gradient(here, "h", here.by_state("h")),
        gate(here, "o", here.held("h")),
        gate(here, "c")._replace(before="(1 − tanh²", after=")"),
    )
    result = gradient(here, "c", here.by_state("c"), "")
    return Derived(formula, result, (*read, *_kept(here)), _through_cell)


def _kept(here: Here) -> tuple[Part, ...]:
    """Return what the forget gate of the step that reads c_t lets back; nothing at the end."""
    if here.after is None:
        return ()
    of, held = here.rows("c"), here.held("c", here.after)
    f, c = (f"{here.letter(name)}_{{{here.next}}}" for name in "fc")
    return (
        Part("+", f, "forget_gate", here.value("f", here.after), of, held=held),
        Part("⊙", f"∂L/∂{c}", "gradient", here.by_state("c", here.after), of),
    )


def _through_cell(dh: float, o: float, c: float, f: float = 0.0, dc: float = 0.0) -> float:
    return dh * o * (1 - math.tanh(c) ** 2) + f * dc


def _written(here: Here, name: str, factor: Part, symbol: str) -> tuple[Derived, ...]:
    """∂L/∂f_t = ∂L/∂c_t ⊙ c_{t−1}; of i and g the other one stands there."""
    by_c = here.by_state("c")
    by_value = np.where(here.held("c"), 0.0, by_c * factor.values)
    formula = f"{by_gate(here, name)} = {by_gate(here, 'c')} ⊙ {coloured(factor.role, symbol)}"
    operands = (gradient(here, "c", by_c), factor)
    return (
        Derived(formula, gradient(here, name, by_value, ""), operands, times),
        to_sum(here, name, by_value),
    )
