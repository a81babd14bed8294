"""Back through a GRU: to the candidate, to the update gate, and through the candidate to the reset gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.backward_gate import (
    by_gate,
    by_sum,
    gate,
    gradient,
    rest,
    sum_gradient,
    times,
    to_sum,
)
from rnnviz.figures.backward_numbers import Derived, Part
from rnnviz.figures.notation import weight_symbol
from rnnviz.figures.statements import coloured

if TYPE_CHECKING:
    from rnnviz.figures.backward_here import Here
    from rnnviz.figures.model import Floats


def gru(here: Here) -> tuple[tuple[Derived, ...], ...]:
    """Return the equations in the order in which a gradient passes: n, z, then r."""
    reset = _reset_after if here.spec.gru_reset == "after" else _reset_before
    return (_candidate(here), _update(here), reset(here))


def _to_state(here: Here) -> Part:
    """Return ∂L/∂h_t, of which nothing passes where h is held."""
    return gradient(here, "h", here.by_state("h"))._replace(held=here.held("h"))


def _passed(here: Here) -> Floats:
    return np.where(here.held("h"), 0.0, here.by_state("h"))


def _candidate(here: Here) -> tuple[Derived, ...]:
    """∂L/∂n_t = ∂L/∂h_t ⊙ (1 − z_t)."""
    by_n = _passed(here) * (1 - here.value("z"))
    z = coloured("forget_gate", f"{here.letter('z')}_t")
    formula = f"{by_gate(here, 'n')} = {by_gate(here, 'h')} ⊙ (1 − {z})"
    operands = (_to_state(here), rest(gate(here, "z")))
    return (Derived(formula, gradient(here, "n", by_n, ""), operands, times), to_sum(here, "n", by_n))


def _update(here: Here) -> tuple[Derived, ...]:
    """∂L/∂z_t = ∂L/∂h_t ⊙ (h_{t−1} − n_t)."""
    before, new = here.previous("h"), gate(here, "n")
    by_z = _passed(here) * (before - new.values)
    h, n = (
        coloured("hidden", f"{here.letter('h')}_{{{here.earlier}}}"),
        coloured(new.role, f"{here.letter('n')}_t"),
    )
    formula = f"{by_gate(here, 'z')} = {by_gate(here, 'h')} ⊙ ({h} − {n})"
    operands = (_to_state(here), _before(here)._replace(before="("), new._replace(sign="−", after=")"))
    first = Derived(formula, gradient(here, "z", by_z, ""), operands, lambda dh, h, n: dh * (h - n))
    return (first, to_sum(here, "z", by_z))


def _before(here: Here) -> Part:
    """Return the state that the step started from."""
    name, of = f"{here.letter('h')}_{{{here.before}}}", here.rows("h", ago=1)
    return Part("⊙", name, "hidden", here.previous("h"), of)


def _reset_after(here: Here) -> tuple[Derived, ...]:
    """∂L/∂r_t = ∂L/∂a_{n,t} ⊙ (W_Hn h_{t−1} + b_Hn)."""
    memory, h = here.preactivation("hn"), here.letter("h")
    bias = f" + {weight_symbol(here.scene, 'bias_hh', 'n')}" if here.spec.bias else ""
    weight = here.weight("W_H", "n")
    by_r = here.by_preactivation("n") * memory
    earlier = coloured("hidden", f"{h}_{{{here.earlier}}}")
    formula = f"{by_gate(here, 'r')} = {by_sum('n')} ⊙ ({weight} {earlier}{bias})"
    title = f"{weight} {h}_{{{here.before}}}{bias}"
    operands = (sum_gradient(here, "n"), Part("⊙", title, "candidate", memory, here.rows("a.hn")))
    return (Derived(formula, gradient(here, "r", by_r, ""), operands, times), to_sum(here, "r", by_r))


def _reset_before(here: Here) -> tuple[Derived, ...]:
    """∂L/∂r_t = (W_Hnᵀ ∂L/∂a_{n,t}) ⊙ h_{t−1}."""
    weight, before = here.weight("W_H", "n"), _before(here)
    passed = here.recurrent("n").T @ here.by_preactivation("n")
    by_r = passed * before.values
    earlier = coloured("hidden", f"{here.letter('h')}_{{{here.earlier}}}")
    formula = f"{by_gate(here, 'r')} = ({weight}ᵀ\u2009{by_sum('n')}) ⊙ {earlier}"
    title = f"{weight}ᵀ ∂L/∂a_{{n,{here.now}}}"
    operands = (Part("=", title, "gradient", passed, here.rows("h")), before)
    return (Derived(formula, gradient(here, "r", by_r, ""), operands, times), to_sum(here, "r", by_r))
