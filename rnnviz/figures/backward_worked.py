"""Terms of a weight's gradient worked out: what the loss sends times what the weight read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.arithmetic import calculation, number
from rnnviz.figures.backward_products import bracketed
from rnnviz.figures.sheet import ROW, Place, Style
from rnnviz.figures.statements import LEFT
from rnnviz.figures.states import symbol
from rnnviz.figures.sums import enough, printed_sum

if TYPE_CHECKING:
    from rnnviz.engine.selection import StepPair
    from rnnviz.figures.backward_entry import Wording
    from rnnviz.figures.backward_rows import Layout
    from rnnviz.figures.backward_terms import Terms

NAME = Style("text", 13.0, 0.0, "mathematics", live=True)
NUMBERS = Style("text", 12.0, 0.0, live=True)
LETTER = 6.4  # pixels of a letter of a name
APART = 12.0


def set_looked_at(layout: Layout, y: float, terms: Terms, words: Wording) -> float:
    """Set the term looked at as a product, and what the map shows for it; return where it ends."""
    pair = terms.looked_at
    if pair is None:
        return y
    value = np.array([terms.value(pair)])
    y = _set_term(layout, y, terms, words, pair, enough(value, layout.decimals))
    return _set_norm(layout, y, terms, pair)


def set_single(layout: Layout, y: float, terms: Terms, words: Wording, total: float) -> float:
    """Set the terms of a single sum as products, one below the other, then their sum; return its end."""
    heard = np.flatnonzero(terms.heard).tolist()
    pairs = [terms.pair(t, t) for t in heard]
    row = printed_sum(np.array([terms.value(pair) for pair in pairs]), total, layout.decimals)
    for pair, digits in zip(pairs, row.digits, strict=True):
        y = _set_term(layout, y, terms, words, pair, digits)
    layout.sheet.rule(LEFT, LEFT + 220.0, y + 2)
    layout.sheet.write(LEFT, y + 4 + ROW / 2, f"sum over t  {row.sign}  {row.total}", NUMBERS)
    return y + 2 * ROW


def _set_term(layout: Layout, y: float, terms: Terms, words: Wording, pair: StepPair, decimals: int) -> float:
    """Set a term in symbols and with its numbers below y; return where it ends."""
    sheet, text = layout.sheet, _numbers(terms, words, pair, decimals)
    before = pair.k + 2 if terms.backwards else pair.k
    said = words.factors(f"L_{{{pair.t + 1}}}", str(pair.k + 1), str(before))
    middle, x = y + ROW * 0.6, LEFT
    sheet.write(x, middle, said, NAME)
    right = x + LETTER * len(_bare(said)) + APART
    fits = sheet.room is None or right + LETTER * len(text) <= sheet.room
    if fits:
        x = right
    else:
        x, middle = LEFT + APART, middle + 1.1 * ROW
    sheet.write(x, middle, text, NUMBERS)
    end = x + LETTER * len(text)
    sheet.width = max(sheet.width, end)
    sheet.places.append(Place(LEFT, end, middle, "pair", 0, pair=pair))
    if pair == terms.picked:
        sheet.outline(x, end, middle)
    return middle + ROW * 0.7


def _bare(runs: str) -> str:
    """Return a name without what is not set on the line: subscripts are small, colours nothing."""
    bare = "".join(part.partition("|")[2] if "|" in part else part for part in runs.split("⟦"))
    return bare.translate(UNSEEN)


UNSEEN = str.maketrans("", "", "_{}⟧")


def _numbers(terms: Terms, words: Wording, pair: StepPair, decimals: int) -> str:
    """Write a term as the product of what is sent and what was read, or as it is for a bias."""
    sent, read = terms.factors(pair)
    if not words.read("", ""):
        return f"= {number(sent, decimals)}"
    found = calculation(terms.value(pair), [sent, read], lambda a, b: a * b, decimals)
    first, second = found.operands
    return f"= {first} · {bracketed(second)} {found.sign} {found.result}"


def _set_norm(layout: Layout, y: float, terms: Terms, pair: StepPair) -> float:
    """Say how large the gradient of the state is that the gradient map shows for this pair."""
    here, flow = terms.here, terms.here.scene.analysis.flow
    if terms.single or (flow.layer, flow.direction) != tuple(here.lane):
        return y
    state = symbol(here.spec, "h", here.lane, f"_{{{pair.k + 1}}}", here.scene.notation)
    size = float(flow.hidden[pair.t - flow.start, pair.k - flow.start])
    printed = number(size, enough(np.array([size]), layout.decimals))
    said = f"‖∂L_{{{pair.t + 1}}}/∂{state}‖ = {printed} in the gradient map"
    layout.sheet.write(LEFT, y + ROW * 0.7, said, NAME)
    return y + 1.5 * ROW
