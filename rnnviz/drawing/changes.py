"""What a view need not draw again: marks compare by identity, everything else by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.model import Line, Points

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure, Plot


def unchanged(old: Figure, new: Figure) -> tuple[int, ...] | None:
    """Return how many leading marks of each plot are the same objects in both figures.

    None if anything around the marks differs: plots, axes, headings, legend, caption.
    """
    if around(old) != around(new):
        return None
    return leading(old, new)


def leading(old: Figure, new: Figure) -> tuple[int, ...]:
    """Return how many leading marks of each plot are the same objects, whatever is around them."""
    return tuple(_leading(a, b) for a, b in zip(old.plots, new.plots, strict=False))


def around(figure: Figure) -> tuple[object, ...]:
    """Return everything that is drawn or laid out apart from marks, to be compared by value."""
    whole = (figure.columns, figure.margins, figure.legend, figure.caption)
    return (*whole, figure.message if not figure.plots else "", *(_frame(plot) for plot in figure.plots))


def _frame(plot: Plot) -> tuple[object, ...]:
    """Everything drawn or laid out that is not a mark, the keys of curves included."""
    keys = tuple((mark.label, mark.role) for mark in plot.marks if isinstance(mark, (Line, Points)))
    room = (plot.weight, plot.height, plot.fit, plot.natural, plot.clip, plot.centred)
    return (plot.x, plot.y, plot.heading, plot.gutter, *room, keys)


def _leading(old: Plot, new: Plot) -> int:
    same = 0
    for a, b in zip(old.marks, new.marks, strict=False):
        if a is not b:
            break
        same += 1
    return same
