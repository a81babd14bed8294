"""Which steps of a long sequence are looked at, and analysed in full, at once."""

from __future__ import annotations

CAPACITY = 80


def visible_steps(
    steps: int, step: int, capacity: int = CAPACITY, current: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Return the window (start, stop) of steps to show so that `step` is inside.

    All `steps` if they fit into `capacity` (at least 2). Otherwise a page: pages start at multiples of half
    the capacity, so two neighbours overlap by half, and the last may be shorter. `current`, the page shown so
    far, stays while it holds the step; without it, the page that shows most of what leads to the step is
    chosen. A step outside the sequence counts as the nearest one inside.
    """
    if steps <= capacity:
        return 0, max(0, steps)
    step = min(max(step, 0), steps - 1)
    if current is not None and current[0] <= step < current[1] and _is_page(current, steps, capacity):
        return current
    half = capacity // 2
    start = max(0, (step // half - 1) * half)
    return start, min(start + capacity, steps)


def _is_page(window: tuple[int, int], steps: int, capacity: int) -> bool:
    """Whether `visible_steps` could have given this window for a sequence of this length."""
    start, stop = window
    return start % (capacity // 2) == 0 and stop == min(start + capacity, steps)
