"""Sentences with symbols in them, such as tooltips, written in another notation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.figures.notation import spelled
from rnnviz.figures.symbols import parameter_symbol, quantity_letter

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.scene import Scene

PARAMETERS = frozenset({"W_X", "W_H", "W_Y", "b", "b_X", "b_H", "b_Y", "E"})
# A symbol stands alone or with a step, a unit or an arrow: h, h_t, h_{t−1}, h₁, h→_t. Whatever is longer is a
# word, and letters that a sentence may need otherwise (the n-th) count only with a subscript.
SYMBOLS = re.compile(r"(?<![\w⟦])(?:[Wb]_[XHY]|[bhcŷ]|[gn](?=_))(?![A-Za-z’-])")


def verdict_of(scene: Scene) -> str:
    """Return the sentence of the verdict in the notation chosen."""
    return reworded(scene.analysis.verdict.sentence, scene.spec, scene.notation)


@lru_cache(maxsize=1024)
def reworded(text: str, spec: NetworkSpec, notation: Notation) -> str:
    """Write a sentence about W_X, W_H, W_Y, b, h_t, c_t and ŷ_t in another notation, in plain letters.

    It must not hold tokens of the user's, which may be such letters.
    """
    if notation == "weights":
        return text

    def written(found: re.Match[str]) -> str:
        name = found[0]
        if name == "b" and notation == "pytorch":
            return " + ".join(spelled(parameter_symbol(notation, kind)) for kind in ("b_X", "b_H"))
        if name in PARAMETERS:
            return spelled(parameter_symbol(notation, name))
        return quantity_letter(notation, spec, "y" if name == "ŷ" else name)

    return SYMBOLS.sub(written, text)
