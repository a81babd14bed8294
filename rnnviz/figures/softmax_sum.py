"""The sum beneath softmax, with as many digits as it needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.arithmetic import MOST, comes_out, number, rounded
from rnnviz.figures.forward_rows import ABOUT, DECIMALS, SAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.figures.readout import Readout

OVERFLOW = 700.0  # e to the power of more is not a number any longer
FEWEST = 3  # decimals of logits


class Total:
    """Σ exp of all logits, printed with as many digits as softmax needs to come out.

    shift: what is taken from every logit so that exp can be computed; 0 for all but huge ones.
    """

    def __init__(self, readout: Readout, shown: Sequence[int], decimals: int = DECIMALS) -> None:
        logits, self.of_results = readout.logits, decimals
        top = float(logits.max())
        self.shift = top if not abs(top) < OVERFLOW else 0.0
        with np.errstate(all="ignore"):
            self.value = float(np.exp(logits - self.shift).sum())
        rows = [(float(logits[row]), float(readout.y[row])) for row in shown]
        whole = len(shown) == len(logits)
        # As many decimals of the sum as so many of the logits allow: a large sum cannot have many.
        tried = ((n, d) for d in range(FEWEST, MOST) for n in (3, 2, 1, 0, *range(4, d + 1)))
        found = next(((n, d) for n, d in tried if self._fits(rows, n, d, whole=whole)), None)
        self.sum_decimals: int
        self.decimals: int
        self.sum_decimals, self.decimals = found or (FEWEST, FEWEST)
        self.sign = SAME if found else ABOUT

    def _fits(self, rows: Sequence[tuple[float, float]], n: int, d: int, *, whole: bool) -> bool:
        total = rounded(self.value, n)
        shift = rounded(self.shift, d, 0)
        terms = [_exp(rounded(z, d, 0) - shift) for z, _ in rows]
        if whole and not comes_out(self.value, math.fsum(terms) if math.inf not in terms else math.inf, n):
            return False
        return total > 0 and all(
            comes_out(y, term / total, self.of_results, 0) for term, (_, y) in zip(terms, rows, strict=True)
        )

    @property
    def text(self) -> str:
        """The sum as it is printed."""
        return number(self.value, self.sum_decimals)


def _exp(power: float) -> float:
    return math.exp(power) if power < OVERFLOW else math.inf
