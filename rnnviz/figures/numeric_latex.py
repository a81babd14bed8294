"""An equation with its numbers, as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.latex import latex

if TYPE_CHECKING:
    from rnnviz.figures.statements import Operand, Statement


def numeric_latex(statement: Statement) -> str:
    """Return an equation with its numbers in LaTeX."""
    vectors = " ".join(_operand_latex(operand) for operand in statement.operands)
    lines = [vectors] if vectors else []
    if statement.total is not None:
        lines.append(latex(statement.total.text()))
    lines += [latex("".join(pieces)) for pieces in statement.texts]
    if len(lines) < 2:
        return "".join(lines)
    return r"\begin{array}{l} " + r" \\ ".join(lines) + r" \end{array}"


def _operand_latex(operand: Operand) -> str:
    entries = r" \\ ".join(number_latex(number) for number in operand.numbers)
    name = latex(operand.before.strip("()"))
    opened = r"\left( " * operand.before.count("(")
    before = f"{opened}{name}" if operand.before.startswith("(") else f"{name} {opened}"
    after = operand.after.replace("²", "^{2}").replace(")", r" \right)")
    vector = rf"\begin{{bmatrix}} {entries} \end{{bmatrix}}"
    parts = latex(operand.sign), before.strip(), vector, after.strip()
    return " ".join(filter(None, parts))


def number_latex(number: str) -> str:
    """Return a printed number in LaTeX."""
    return r"\vdots" if number.startswith("⋮") else latex(number.strip())
