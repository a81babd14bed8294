"""A product with a matrix written out for one unit: every weight times what comes back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.arithmetic import calculation
from rnnviz.figures.sheet import ROW, Style
from rnnviz.figures.statements import BETWEEN, LEFT, flow
from rnnviz.figures.sums import enough

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.figures.backward_rows import Layout
    from rnnviz.figures.backward_sources import Source
    from rnnviz.figures.model import Floats

NAME = Style("text", 12.0, 0.0, "mathematics", live=True)
NUMBERS = Style("text", 12.0, 0.0, live=True)
LISTED = 16  # products; of more the largest are written out, the rest as one number


def set_products(layout: Layout, y: float, source: Source) -> float:
    """Set a part of the gradient of the unit looked at as its products; return where it ends."""
    unit = min(layout.unit or 0, len(source.values) - 1)
    result = float(source.values[unit])
    pieces = products(result, *source.products(unit), enough(source.values[unit : unit + 1], layout.decimals))
    layout.sheet.write(LEFT, y + ROW / 2, f"{source.here} [{unit + 1}]", NAME)
    return flow(layout.sheet, LEFT, y + ROW, pieces, NUMBERS) + BETWEEN


def products(result: float, weights: Floats, sent: Floats, decimals: int) -> tuple[str, ...]:
    """Write a sum of products in pieces that a line may be broken between, such that it comes out."""
    listed, rest = _largest(weights * sent)
    factors = np.stack([weights[listed], sent[listed]], 1).ravel().tolist()
    found = calculation(result, [*factors, *rest], _sum_of_products, decimals)
    pairs = zip(found.operands[::2], found.operands[1::2], strict=False)
    texts = [f"{a} · {bracketed(b)}" for a, b in pairs]
    if rest:
        texts.append(f"{found.operands[-1]} of the other {len(weights) - len(listed)}")
    return (f"{found.result} {found.sign} {texts[0]} ", *map(_signed, texts[1:]))


def _largest(each: Floats) -> tuple[Sequence[int], list[float]]:
    """Return which products are written out, in their order, and the sum of the others, if there are any."""
    if len(each) <= LISTED:
        return range(len(each)), []
    order = np.argsort(-np.abs(np.nan_to_num(each)), kind="stable")
    listed = sorted(order[: LISTED - 1].tolist())
    return listed, [float(np.delete(each, listed).sum())]


def _sum_of_products(*factors: float) -> float:
    pairs = zip(factors[::2], factors[1::2], strict=False)
    return sum(a * b for a, b in pairs) + (factors[-1] if len(factors) % 2 else 0.0)


def bracketed(number: str) -> str:
    """Return a number as it stands behind a sign."""
    return f"({number})" if number.startswith("−") else number


def _signed(text: str) -> str:
    """Put the sign of an addend before it."""
    return f"− {text.removeprefix('−')} " if text.startswith("−") else f"+ {text} "
