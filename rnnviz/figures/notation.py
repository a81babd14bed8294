"""The symbols in which parameters are shown; what is stored keeps PyTorch's names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.states import ARROWS, lane_looked_at, lane_title, quantity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

    Booleans = NDArray[np.bool_]

Labels = tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ShownParameter:
    """A parameter, or the block of one gate, as a reader meets it.

    symbol: W_X, W_{Xf} of a gate; kind: W_X of both. parameter: the stored name an edit goes to; first: the
    stored row of its first row. values: (rows, columns) as shown. rest: what is added to the stored entry to
    give the shown one (b is shown as b_ih + b_hh and edited through b_ih), which lies in `other`. role: the
    colour of its symbol.
    """

    symbol: str
    kind: str
    parameter: str
    values: Floats
    rows: Labels
    columns: Labels
    rest: Floats | None = None
    first: int = 0
    role: str = "text"
    other: str = ""

    @property
    def is_square(self) -> bool:
        """Whether it is a matrix that has eigenvalues; a bias is a column."""
        return self.columns != ("",) and self.values.shape[0] == self.values.shape[1]

    @property
    def names(self) -> tuple[str, ...]:
        """The stored parameters that it is the sum of."""
        return (self.parameter, self.other) if self.other else (self.parameter,)

    def stored(self, row: int, column: int, shown: float) -> float:
        """Return what to store so that the entry shows as `shown`."""
        return shown if self.rest is None else shown - float(self.rest[row, column])

    def stored_block(self, place: tuple[slice, slice], shown: Floats) -> Floats:
        """Return what to store so that a block of entries shows as `shown`."""
        with np.errstate(over="ignore", invalid="ignore"):
            return shown if self.rest is None else shown - self.rest[place]

    def part(self, stored: Mapping[str, Floats]) -> Floats | None:
        """Return its part of arrays as large as the parameters, such as their gradients; None if unknown."""
        array = stored.get(self.parameter)
        return None if array is None else self._cut(array)

    def held(self, frozen: Mapping[str, Booleans]) -> Booleans | None:
        """Return which entries training leaves as they are, of a sum with all its parts; None for none."""
        if any(name not in frozen for name in self.names):
            return None
        held = self._cut(frozen[self.parameter])
        for name in self.names[1:]:
            held = held & self._cut(frozen[name])
        return held if held.any() else None

    def _cut(self, array: NDArray[Any]) -> NDArray[Any]:
        return array.reshape(len(array), -1)[self.first : self.first + len(self.rows)]


def shown_parameters(scene: Scene) -> tuple[ShownParameter, ...]:
    """Return W_X, W_H, W_Y and the biases, those that there are, in reading order, gate by gate.

    Of several layers and directions they are those of the one looked at; the readout and the table of
    embeddings belong to all.
    """
    stored = scene.parameters
    tokens = tuple(visible(token) for token in scene.vocabulary)
    shown: list[ShownParameter] = []
    if "embedding.weight" in stored:
        values = stored["embedding.weight"]
        shown.append(ShownParameter("E", "E", "embedding.weight", values, tokens, _numbers(values.shape[1])))
    shown += _weights(scene, "W_X", "weight_ih", _read(scene, tokens))
    shown += _weights(scene, "W_H", "weight_hh", _numbers(scene.spec.hidden_size))
    shown.append(
        ShownParameter("W_Y", "W_Y", "head.weight", stored["head.weight"], tokens, _handed_on(scene))
    )
    shown += _biases(scene)
    if "head.bias" in stored:
        shown.append(ShownParameter("b_Y", "b_Y", "head.bias", stored["head.bias"][:, None], tokens, ("",)))
    return tuple(shown)


def kind_of(parameter: str) -> str:
    """Return what a stored parameter is shown as, whichever layer, direction and gate it belongs to.

    b_hh counts as b, as only the sum b is shown.
    """
    return KINDS[parameter.partition("_l")[0]]


KINDS = {
    "embedding.weight": "E",
    "weight_ih": "W_X",
    "weight_hh": "W_H",
    "bias_ih": "b",
    "bias_hh": "b",
    "head.weight": "W_Y",
    "head.bias": "b_Y",
}


def place(scene: Scene) -> str:
    """Call the layer and direction looked at, if there are several: “ · layer 2 →”."""
    title = lane_title(scene.spec, lane_looked_at(scene))
    return f" · {title}" if title else ""


def _weights(scene: Scene, kind: str, stored: str, columns: Labels) -> list[ShownParameter]:
    name = stored + suffix(scene.layer, scene.direction)
    if name not in scene.parameters:
        return []
    return [
        ShownParameter(_of_gate(kind, gate), kind, name, block, _units(scene), columns, None, first, role)
        for gate, first, block, role in _blocks(scene, scene.parameters[name])
    ]


def _biases(scene: Scene) -> list[ShownParameter]:
    """Return b_ih + b_hh; the two stand apart for a candidate that the reset gate reaches only in part."""
    end = suffix(scene.layer, scene.direction)
    stored = scene.parameters
    if "bias_ih" + end not in stored:
        return []
    shown = []
    first_part = stored["bias_ih" + end][:, None]
    other = stored["bias_hh" + end][:, None] if "bias_hh" + end in stored else np.zeros_like(first_part)
    apart = scene.spec.cell == "gru" and scene.spec.gru_reset == "after"
    for gate, first, block, role in _blocks(scene, first_part):
        rest = other[first : first + len(block)]
        bound = (_of_gate("b", gate), "b", "bias_ih" + end)
        if apart and gate == "n":
            values = (("b_{Xn}", "bias_ih" + end, block), ("b_{Hn}", "bias_hh" + end, rest))
            shown += [
                ShownParameter(symbol, "b", stored_name, part, _units(scene), ("",), None, first, role)
                for symbol, stored_name, part in values
            ]
        else:
            with np.errstate(over="ignore", invalid="ignore"):
                both = block + rest
            partner = "bias_hh" + end if "bias_hh" + end in stored else ""
            shown.append(ShownParameter(*bound, both, _units(scene), ("",), rest, first, role, partner))
    return shown


def _blocks(scene: Scene, values: Floats) -> list[tuple[str, int, Floats, str]]:
    """Return a parameter gate by gate, or whole if it has none: name, first row, values, role."""
    gates, size = CELLS[scene.spec.cell].gates, scene.spec.hidden_size
    if len(gates) == 1:
        return [("", 0, values, "text")]
    return [
        (gate, n * size, values[n * size : (n + 1) * size], quantity(gate).role)
        for n, gate in enumerate(gates)
    ]


def _of_gate(kind: str, gate: str) -> str:
    letter, _, below = kind.partition("_")
    return f"{letter}_{{{below}{gate}}}" if below and gate else f"{letter}_{gate}" if gate else kind


def _units(scene: Scene) -> Labels:
    return _numbers(scene.spec.hidden_size)


@cache
def _numbers(count: int) -> Labels:
    return tuple(str(n + 1) for n in range(count))


def _read(scene: Scene, tokens: Labels) -> Labels:
    """Return what the layer looked at reads."""
    if scene.layer:
        return _handed_on(scene)
    return tokens if scene.spec.embedding_size is None else _numbers(scene.spec.embedding_size)


def _handed_on(scene: Scene) -> Labels:
    """Return what a layer hands on: its units, in each direction."""
    if not scene.spec.bidirectional:
        return _units(scene)
    return tuple(f"{arrow}{unit}" for arrow in ARROWS for unit in _units(scene))


INVISIBLE = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "␍", "\u00a0": "⍽", "\u200b": "∅", "\ufeff": "∅"}


def visible(token: str) -> str:
    """Write a token so that spaces and line ends can be seen."""
    return INVISIBLE.get(token, token if token.strip() else "␣")
