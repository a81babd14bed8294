"""Equations as LaTeX, to be pasted into a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.latex import latex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.figures.sheet import Equation, Sheet


def equation_at(sheet: Sheet, x: float, y: float) -> Equation | None:
    """Return the equation at a place of a sheet; None where there is none."""
    return next((one for one in sheet.equations if one.holds(x, y)), None)


def as_latex(equations: Iterable[Equation], *, general: bool = True, numbers: bool = True) -> str:
    r"""Return equations as displayed formulas, \[ … \] each: in general, with their numbers, or both."""
    found = []
    for one in equations:
        if general:
            found.append(latex(one.general))
        if numbers and (written := one.numbers()):
            found.append(written)
    return "\n".join(rf"\[ {formula} \]" for formula in found)
