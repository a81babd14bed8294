"""The kept pictures of a view: one usually, several where figures come back in turns, as in slow motion."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, TypeAlias

from rnnviz.drawing.changes import around, leading

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from rnnviz.figures.model import Figure, Mark

    Held: TypeAlias = tuple[tuple[Mark, ...], ...]  # the leading marks of each plot

TURNS = 6  # figures looked back at, and pictures of a view: more than a step has stages
TWICE = 2  # how often marks have to come back before they are kept: drawing them once more has its price
IDLE = 32  # figures after which a picture that none of them needed is let go


class Picture:
    """What surrounds the plots and some marks, drawn once; `pixmap` is None until somebody has drawn it."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.pixmap: QPixmap | None = None
        self.used = 0

    @property
    def still(self) -> tuple[int, ...]:
        """How many leading marks of each plot it holds."""
        return tuple(map(len, self.held))

    def serves(self, figure: Figure) -> bool:
        """Whether the figure still has all of its marks."""
        return all(
            plot.marks[: len(marks)] == marks for plot, marks in zip(figure.plots, self.held, strict=True)
        )


class Pictures:
    """Finds for each figure the picture that holds most of its marks: `now`."""

    def __init__(self) -> None:
        self.now = Picture(())
        self._all: list[Picture] = []
        self._before: deque[Figure] = deque(maxlen=TURNS)
        self._around: tuple[object, ...] | None = None
        self._back: Counter[Held] = Counter()
        self._shown = 0

    def show(self, figure: Figure) -> None:
        """Choose the picture for a figure, or a new one for marks that have come back."""
        self._shown += 1
        if (frame := around(figure)) != self._around:
            self._begin(figure, frame)
        self._note(_common(self._before, figure))
        self._before.append(figure)
        self.now = max((one for one in self._all if one.serves(figure)), key=lambda one: sum(one.still))
        self.now.used = self._shown
        self._let_go()

    def redraw(self) -> None:
        """Give up what is drawn."""
        for one in self._all:
            one.pixmap = None

    def _begin(self, figure: Figure, frame: tuple[object, ...]) -> None:
        """Begin anew with an empty picture, since all of them show what surrounds the plots."""
        self._around, self._all = frame, [Picture(((),) * len(figure.plots))]
        self._before.clear()
        self._back.clear()

    def _note(self, held: Held) -> None:
        """Take note of marks that have come back."""
        if any(one.held == held for one in self._all):
            return
        self._back[held] += 1
        if self._back[held] >= TWICE:
            del self._back[held]
            self._all.append(Picture(held))
            self._all[-1].used = self._shown

    def _let_go(self) -> None:
        """Forget pictures and marks that nobody has needed for long; the empty picture stays."""
        empty, *others = self._all
        wanted = sorted((o for o in others if o.used > self._shown - IDLE), key=lambda one: -one.used)
        self._all = [empty, *wanted[:TURNS]]
        if len(self._back) > IDLE:
            self._back.clear()


def _common(before: deque[Figure], figure: Figure) -> Held:
    """Return the leading marks that a figure shares with one of those before it, as many as possible."""
    counts = max(
        (leading(old, figure) for old in reversed(before)), key=sum, default=(0,) * len(figure.plots)
    )
    return tuple(plot.marks[:count] for plot, count in zip(figure.plots, counts, strict=True))
