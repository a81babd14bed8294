"""Which steps the figures over time show side by side: closer, farther, to the left or to the right."""

from __future__ import annotations

from typing import TypeAlias

from rnnviz.engine.window import CAPACITY, visible_steps

Columns: TypeAlias = tuple[int, int]
"""Steps start … stop − 1."""

SIZES = (10, 20, 40, 80, 160, 320, 640)
"""How many steps can be shown at once, besides all."""


def zoomed(columns: Columns, steps: int, closer: int, around: int) -> Columns:
    """Return the next smaller, or larger, number of steps in which `around` keeps its place if it can.

    closer: how many sizes closer, farther if negative.
    """
    start, stop = columns
    size = stop - start
    for _ in range(abs(closer)):
        size = _smaller(size) if closer > 0 else _larger(size, steps)
    share = (around + 0.5 - start) / max(1, stop - start)
    return _placed(round(around + 0.5 - share * size), size, steps)


def panned(columns: Columns, steps: int, by: int) -> Columns:
    """Return as many steps, `by` steps later."""
    start, stop = columns
    return _placed(start + by, stop - start, steps)


def following(columns: Columns, steps: int, step: int) -> Columns:
    """Return the columns if they hold the step, otherwise as many that do."""
    start, stop = columns
    return columns if start <= step < stop else visible_steps(steps, step, max(2, stop - start))


def fitted(columns: Columns, steps: int, before: int) -> Columns | None:
    """Return the columns for another number of steps; None if there is no need to choose any.

    before: the steps there were. All of them become all there are now.
    """
    if columns == (0, before):
        columns = (0, steps)
    start, stop = columns
    found = _placed(start, stop - start, steps)
    return None if is_usual(found, steps) else found


def is_usual(columns: Columns, steps: int) -> bool:
    """Tell whether columns are those that are shown anyway: all steps of a short sequence."""
    return columns == (0, steps) and steps <= CAPACITY


def _smaller(size: int) -> int:
    return max((smaller for smaller in SIZES if smaller < size), default=size)


def _larger(size: int, steps: int) -> int:
    return min((larger for larger in SIZES if size < larger < steps), default=steps)


def _placed(start: int, size: int, steps: int) -> Columns:
    """Return `size` steps from `start` on, moved so that they are all there."""
    size = min(size, steps)
    start = min(max(0, start), steps - size)
    return start, start + size
