"""How much room a formula takes, about: laid out without the library that draws it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rnnviz.figures.textruns import styled

SCRIPT = 0.7  # of the size
UPRIGHT, LETTER, SIGN, SPACE = 0.46, 0.53, 1.15, 0.12  # of the size; a sign has room on both sides
BAR = 0.4  # of the size, by which the line of a fraction is longer than what stands above and below it
SAFE = 1.05  # estimates are a little too large rather than too small
WIDE = {"W": 0.94, "m": 0.8, "w": 0.72, "∂": 0.55, "Σ": 1.2, "Π": 1.2, "√": 0.7, "softmax": 3.4}
NARROW = frozenset("(){}[]|‖,;:.·ijltfIrs⁽⁾′²⁻¹")
SIGNS = frozenset("=+−⊙×≈≤≥→/")
FRACTION = re.compile(r"(∂[^\s/()‖]*)/(∂[^\s/()‖]*)")
OVER = re.compile(r"⟦\w+\|([^⟦⟧]*)⟧/⟦\w+\|([^⟦⟧]*)⟧")
COLOUR = re.compile(r"⟦\w+\||⟧")


class Extent(NamedTuple):
    """Pixels: the width, and how far it reaches above and below its middle line."""

    width: float
    above: float
    below: float


@lru_cache(maxsize=8192)
def extent(text: str, size: float) -> Extent:
    """Return the room of a formula whose letters are `size` pixels high; fractions and sums are taller."""
    lines = len(OVER.findall(text))
    bare = COLOUR.sub("", OVER.sub(lambda found: max(found[1], found[2], key=_width), text))
    lines += len(FRACTION.findall(bare))
    width = SAFE * _width(FRACTION.sub(lambda found: max(found[1], found[2], key=_width), bare)) + BAR * lines
    above, below = 0.62, 0.75
    if lines:
        above, below = 1.2, 1.6 if "Σ" in bare else 1.3
    if "Σ_{" in bare or "Π_{" in bare:
        above, below = 1.3, 1.5
    return Extent(width * size, above * size, below * size)


@lru_cache(maxsize=8192)
def _width(text: str) -> float:
    """Return a width as a multiple of the size."""
    if "Σ_{" in text or "Π_{" in text:
        text = re.sub(r"([ΣΠ])_\{[^}]*\}(?:\^\{[^}]*\})?", r"\1 ", text)
    return sum(
        sum(map(_letter, run.text)) * (SCRIPT if run.subscript or run.raised else 1.0)
        for run in styled(text, mathematics=True)
    )


def _letter(letter: str) -> float:
    if letter in WIDE:
        return WIDE[letter]
    if letter in NARROW:
        return 0.36
    if letter in SIGNS:
        return SIGN
    if "\u0300" <= letter <= "\u036f":
        return 0.0
    return SPACE if letter == " " else LETTER
