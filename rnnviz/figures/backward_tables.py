"""How the terms of a weight's gradient are set: as a triangle with its sums, or in lines, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.sheet import DIGIT, NUMBER, ROW, Place, Style
from rnnviz.figures.statements import LEFT
from rnnviz.figures.sums import Sum, enough, printed_sum, printed_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.engine.selection import StepPair
    from rnnviz.figures.backward_rows import Layout
    from rnnviz.figures.backward_terms import Terms
    from rnnviz.figures.sums import Table

LABEL = Style("muted", 12.0, 0.0, live=True)
RIGHT_LABEL = Style("muted", 12.0, 1.0, live=True)
STEP = Style("muted", 12.0, 1.0, "mathematics", live=True)
SMALL_STEP = Style("muted", 9.5, 1.0, live=True)
LOSS = Style("loss", 12.0, 0.0, "mathematics", live=True)
HERE = Style("selection", 12.0, 0.0, "mathematics", live=True)
SIGN = Style("text", 12.0, 0.5, live=True)
RESULT = Style("text", 12.0, 0.0, live=True)
GAP = 14.0  # pixels between two columns
FIRST = 66.0  # pixels left of the columns of a table
SUM_ROOM = 78.0  # pixels of the column of sums, at least
EQUALS = 16.0  # pixels before a sum
LINE = ROW + 3.0
INDEX = 18.0  # pixels of the step before a number of a list
NARROW = 4  # characters of a column of a table, at least
TIGHT = 1.4  # times the room of the sheet that a table may take, which is then drawn smaller
NARROWEST = 3  # numbers in a line of a list
LIST_ROOM = 460.0  # pixels of a list on a sheet of any width


class Columns(NamedTuple):
    """Where the columns of a table begin and end: those of the steps, and at the end that of the sums."""

    starts: tuple[float, ...]
    edges: tuple[float, ...]
    sums: float
    end: float


def table_of(layout: Layout, terms: Terms, total: float) -> tuple[Table, Columns] | None:
    """Return the triangle of all terms and its columns; None if it is far wider than the sheet."""
    table = printed_table(terms.cells, total, layout.decimals)
    columns = _columns(table)
    room = layout.sheet.room
    return None if room is not None and columns.end > TIGHT * room else (table, columns)


def set_double(layout: Layout, y: float, terms: Terms, table: Table, columns: Columns) -> float:
    """Set the triangle below y, the sums of rows beside it, of columns beneath; return where it ends."""
    middle = y + ROW / 2
    _set_head(layout, middle, terms, columns)
    for t, cells in enumerate(table.cells):
        middle += LINE
        heard = bool(terms.heard[t])
        style = HERE if terms.start + t == terms.here.step else LOSS
        layout.sheet.write(LEFT, middle, f"L_{{{terms.start + t + 1}}}", style)
        for k in terms.steps(t) if heard else ():
            at = columns.starts[k] + GAP / 2, columns.edges[k], middle
            _term(layout, at, cells[k], terms, terms.pair(t, k))
        _set_total(layout, columns, middle, table.rows[t] if heard else "left out", table.sign * heard)
    return _set_foot(layout, middle, columns, table)


def _columns(table: Table) -> Columns:
    left, starts, edges = LEFT + FIRST, [], []
    for column in zip(*table.cells, table.columns, strict=True):
        starts.append(left)
        left += DIGIT * max(NARROW, *map(len, column)) + GAP
        edges.append(left)
    sums = max(SUM_ROOM, DIGIT * max(map(len, (*table.rows, table.total))) + GAP + EQUALS)
    return Columns(tuple(starts), tuple(edges), sums, left + sums)


def _set_head(layout: Layout, y: float, terms: Terms, columns: Columns) -> None:
    for k, edge in enumerate(columns.edges):
        layout.sheet.write(edge, y, f"{'k = ' * (k == 0)}{terms.start + k + 1}", STEP)
    layout.sheet.write(columns.end, y, "sum over k", RIGHT_LABEL)


def _set_foot(layout: Layout, y: float, columns: Columns, table: Table) -> float:
    """Set the sums of the columns and of all beneath a line; return where it ends."""
    layout.sheet.rule(LEFT, columns.end, y + LINE / 2 + 1)
    y += LINE + 4
    layout.sheet.write(LEFT, y, "sum over t", LABEL)
    for edge, text in zip(columns.edges, table.columns, strict=True):
        layout.sheet.write(edge, y, text, NUMBER)
    _set_total(layout, columns, y, table.total, table.sign)
    layout.sheet.width = max(layout.sheet.width, columns.end + 4)
    return y + LINE


def _set_total(layout: Layout, columns: Columns, y: float, text: str, sign: str) -> None:
    if sign:
        layout.sheet.write(columns.end - columns.sums + EQUALS, y, sign, SIGN)
    layout.sheet.write(columns.end, y, text, NUMBER if sign else RIGHT_LABEL)


def _term(layout: Layout, at: tuple[float, float, float], text: str, terms: Terms, pair: StepPair) -> None:
    """Set a term, from left to right at a height, that picks its pair."""
    left, right, y = at
    sheet, end = layout.sheet, right + GAP / 2 - 1
    sheet.write(right, y, text, NUMBER)
    sheet.places.append(Place(left, end, y, "pair", 0, pair=pair))
    if pair == terms.picked:
        sheet.outline(left, end, y)


def set_row(layout: Layout, y: float, terms: Terms) -> float:
    """List what the loss of the playhead's step says to every step; return where it ends."""
    t = terms.here.step - terms.start
    steps = terms.steps(t)
    cells = terms.cells[t][steps]
    total = cells.sum()
    row = printed_sum(cells, float(total), enough(np.array([total]), layout.decimals))
    return _set_list(layout, y, "sum over k", row, terms, [terms.pair(t, k) for k in steps])


def set_rows(layout: Layout, y: float, terms: Terms, total: float) -> float:
    """List what every loss says in all, and the sum of that; return where it ends.

    Of a single sum these are the terms themselves.
    """
    row = printed_sum(terms.cells.sum(1), total, layout.decimals)
    pairs = [terms.pair(t, t) for t in range(terms.count)]
    return _set_list(layout, y, "sum over t", row, terms, pairs, pick=terms.single)


def _set_list(
    layout: Layout,
    y: float,
    name: str,
    row: Sum,
    terms: Terms,
    pairs: Sequence[StepPair],
    *,
    pick: bool = True,
) -> float:
    """Set numbers below y, in lines, each behind its step, then their sum; return where they end."""
    width = DIGIT * max(map(len, row.addends), default=1) + GAP + INDEX
    columns = max(NARROWEST, int(((layout.sheet.room or LIST_ROOM) - LEFT) // width))
    for n, (text, pair) in enumerate(zip(row.addends, pairs, strict=True)):
        right, middle = LEFT + (n % columns + 1) * width - GAP / 2, y + n // columns * LINE + ROW / 2
        layout.sheet.write(right - width + GAP / 2 + INDEX, middle, str(pair.k + 1), SMALL_STEP)
        if pick:
            _term(layout, (right - width + GAP + INDEX, right, middle), text, terms, pair)
        else:
            layout.sheet.write(right, middle, text, NUMBER)
    layout.sheet.width = max(layout.sheet.width, LEFT + min(columns, len(pairs)) * width)
    y += -(-len(pairs) // columns) * LINE
    layout.sheet.write(LEFT, y + ROW / 2, f"{name}  {row.sign}  {row.total}", RESULT)
    return y + LINE + 6
