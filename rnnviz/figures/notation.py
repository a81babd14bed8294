"""The symbols in which parameters are shown; what is stored keeps PyTorch's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

Labels = tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ShownParameter:
    """A parameter as a reader meets it.

    parameter: the stored name an edit goes to. values: (rows, columns) as shown. rest: what is added to the
    stored entry to give the shown one (b is shown as b_ih + b_hh and edited through b_ih).
    """

    symbol: str
    parameter: str
    values: Floats
    rows: Labels
    columns: Labels
    rest: Floats | None = None

    def stored(self, row: int, column: int, shown: float) -> float:
        """Return what to store so that the entry shows as `shown`."""
        return shown if self.rest is None else shown - float(self.rest[row, column])


def shown_parameters(scene: Scene) -> tuple[ShownParameter, ...]:
    """Return W_X, W_H, W_Y and the biases of a network, those that it has, in reading order."""
    stored = scene.parameters
    units = tuple(str(n + 1) for n in range(scene.spec.hidden_size))
    tokens = tuple(visible(token) for token in scene.vocabulary)
    shown = [ShownParameter("W_X", "weight_ih_l0", stored["weight_ih_l0"], units, tokens)]
    if "weight_hh_l0" in stored:
        hidden = stored["weight_hh_l0"]
        shown.append(ShownParameter("W_H", "weight_hh_l0", hidden, units, units))
    shown.append(ShownParameter("W_Y", "head.weight", stored["head.weight"], tokens, units))
    if "bias_ih_l0" in stored:
        first = stored["bias_ih_l0"][:, None]
        rest = stored["bias_hh_l0"][:, None] if "bias_hh_l0" in stored else None
        both = first if rest is None else first + rest
        shown.append(ShownParameter("b", "bias_ih_l0", both, units, ("",), rest))
    if "head.bias" in stored:
        bias = stored["head.bias"][:, None]
        shown.append(ShownParameter("b_Y", "head.bias", bias, tokens, ("",)))
    return tuple(shown)


SYMBOLS = {
    "weight_ih_l0": "W_X",
    "weight_hh_l0": "W_H",
    "head.weight": "W_Y",
    "bias_ih_l0": "b",
    "head.bias": "b_Y",
}
"""What a stored parameter is shown as; bias_hh_l0 has no symbol of its own, as only the sum b is shown."""


INVISIBLE = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "␍", "\u00a0": "⍽", "\u200b": "∅", "\ufeff": "∅"}


def visible(token: str) -> str:
    """Write a token so that spaces and line ends can be seen."""
    return INVISIBLE.get(token, token if token.strip() else "␣")
