"""The expression that gives a number, set as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.model import Figure, Margins
from rnnviz.figures.printed import Printed, printed, told
from rnnviz.figures.sheet import LETTER, ROW, Sheet, Style
from rnnviz.figures.textruns import plain
from rnnviz.figures.why import why

if TYPE_CHECKING:
    from rnnviz.engine.selection import Selection
    from rnnviz.figures.scene import Scene

NAME = Style("text", 15.0, 0.0, "mathematics")
TERM = Style("text", 13.0, 0.0, "mathematics")
FACTORS = Style("muted", 12.0, 1.0)
VALUE = Style("text", 12.0, 1.0)
SIGN = Style("muted", 12.0, 0.5)
INDENT, GAP, FIGURE = 22.0, 22.0, 7.2  # pixels; the width of a digit
LEAST = 260.0  # pixels of width
BELOW, BETWEEN = 4.0, 14.0  # pixels from a heading to its terms, from one statement to the next


def explanation(scene: Scene, selection: Selection | None) -> Figure | None:
    """Return what explains a number, each statement with its terms and their sum; None if nothing does."""
    statements = why(scene, selection)
    if not statements:
        return None
    sheet, y = Sheet(), 14.0
    written = tuple(map(printed, statements))
    widths = _widths(written)
    for statement in written:
        y = _set(sheet, statement, y, widths) + BETWEEN
    said = "; ".join(f"{plain(s.name)} is {told(s.value)}" for s in statements)
    margins = Margins(left=4, top=4, right=4, bottom=4)
    return Figure("Why?", f"{said}.", (sheet.plot("why"),), margins=margins)


def _widths(statements: tuple[Printed, ...]) -> tuple[float, float]:
    """Return where the factors and the values end."""
    rows = [row for statement in statements for row in statement.rows]
    text = max((LETTER * TERM.size * len(plain(row.text)) for row in rows), default=0.0)
    factors = max((FIGURE * len(row.factors) for row in rows), default=0.0)
    values = max((len(row.value) for row in rows), default=0)
    first = INDENT + text + GAP + factors
    return first, max(first + GAP + max(8, values) * FIGURE, LEAST)


def _set(sheet: Sheet, statement: Printed, y: float, widths: tuple[float, float]) -> float:
    """Set one number and what gives it; return the height reached."""
    sheet.write(4.0, y, statement.heading, NAME)
    y += BELOW
    for n, row in enumerate(statement.rows):
        y += ROW
        if n:
            sheet.write(INDENT - 10, y, statement.sign, SIGN)
        sheet.write(INDENT, y, row.text, TERM)
        if row.factors:
            sheet.write(widths[0], y, row.factors, FACTORS)
        sheet.write(widths[1], y, row.value, VALUE)
    if statement.whole:
        y += ROW + 3
        sheet.write(INDENT, y, statement.whole_is, Style("muted", 12.0, 0.0))
        sheet.write(widths[1], y, statement.whole, VALUE)
    if statement.last:
        y += ROW
        sheet.write(widths[1], y, statement.last, VALUE)
    sheet.width = max(sheet.width, widths[1] + 4)
    return y + ROW / 2
