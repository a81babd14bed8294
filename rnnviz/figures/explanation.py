"""The expression that gives a number, set as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.model import Figure, Margins
from rnnviz.figures.numbers import powered, written
from rnnviz.figures.sheet import LETTER, ROW, Sheet, Style
from rnnviz.figures.textruns import plain
from rnnviz.figures.why import why

if TYPE_CHECKING:
    from rnnviz.engine.selection import Selection
    from rnnviz.figures.reasons import Statement, Term
    from rnnviz.figures.scene import Scene

NAME = Style("text", 15.0, 0.0, "mathematics")
TERM = Style("text", 13.0, 0.0, "mathematics")
FACTORS = Style("muted", 12.0, 1.0)
VALUE = Style("text", 12.0, 1.0)
SIGN = Style("muted", 12.0, 0.5)
INDENT, GAP, FIGURE = 22.0, 22.0, 7.2  # pixels; the width of a digit
LEAST = 260.0  # pixels of width
BELOW, BETWEEN = 4.0, 14.0  # pixels from a heading to its terms, from one statement to the next
DECIMALS, SMALLEST = 4, 1e-3


def explanation(scene: Scene, selection: Selection | None) -> Figure | None:
    """Return what explains a number, each statement with its terms and their sum; None if nothing does."""
    statements = why(scene, selection)
    if not statements:
        return None
    sheet, y = Sheet(), 14.0
    widths = _widths(statements)
    for statement in statements:
        y = _set(sheet, statement, y, widths) + BETWEEN
    said = "; ".join(f"{plain(s.name)} is {told(s.value)}" for s in statements)
    margins = Margins(left=4, top=4, right=4, bottom=4)
    return Figure("Why?", f"{said}.", (sheet.plot("why"),), margins=margins)


def told(value: float) -> str:
    """Write a number with four decimals, a tiny one with a power of ten."""
    return powered(value, 2) if 0 < abs(value) < SMALLEST else written(value, DECIMALS)


def _widths(statements: tuple[Statement, ...]) -> tuple[float, float]:
    """Return where the factors and the values end."""
    terms = [term for statement in statements for term in _listed(statement)]
    text = max((LETTER * TERM.size * len(plain(term.text)) for term in terms), default=0.0)
    factors = max((FIGURE * len(_factors(term)) for term in terms), default=0.0)
    first = INDENT + text + GAP + factors
    return first, max(first + GAP + 8 * FIGURE, LEAST)


def _listed(statement: Statement) -> tuple[Term, ...]:
    """Return the terms that have a row each: not the one argument of a function."""
    alone = len(statement.terms) == 1 and statement.function
    return () if alone else statement.terms


def _factors(term: Term) -> str:
    return " × ".join(told(factor) for factor in term.factors)


def _set(sheet: Sheet, statement: Statement, y: float, widths: tuple[float, float]) -> float:
    """Set one number and what gives it; return the height reached."""
    listed, function = _listed(statement), statement.function
    sheet.write(4.0, y, _heading(statement), NAME)
    y += BELOW
    for n, term in enumerate(listed):
        y += ROW
        if n:
            sheet.write(INDENT - 10, y, "+", SIGN)
        sheet.write(INDENT, y, term.text, TERM)
        if term.factors:
            sheet.write(widths[0], y, _factors(term), FACTORS)
        sheet.write(widths[1], y, told(term.value), VALUE)
    if len(listed) > 1:
        y += ROW + 3
        whole = sum(term.value for term in listed)
        sheet.write(INDENT, y, "together", Style("muted", 12.0, 0.0))
        sheet.write(widths[1], y, told(whole), Style("text", 12.0, 1.0))
        if function:
            y += ROW
            sheet.write(widths[1], y, f"{_applied(function, told(whole))} = {told(statement.value)}", VALUE)
    sheet.width = max(sheet.width, widths[1] + 4)
    return y + ROW / 2


def _heading(statement: Statement) -> str:
    """Write h_5[3] = tanh(a_5[3]) = tanh(0.6564) = 0.5762, or the name and the number alone."""
    value, listed = told(statement.value), _listed(statement)
    if statement.terms and not listed:
        (term,) = statement.terms
        shown = _applied(statement.function, term.text)
        return f"{statement.name} = {shown} = {_applied(statement.function, told(term.value))} = {value}"
    return f"{statement.name} = {value}"


def _applied(function: str, argument: str) -> str:
    return f"{function}({argument})"
