"""The symbols in which parameters are shown; what is stored keeps PyTorch's names."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.engine.parameters import suffix
from rnnviz.figures.states import ARROWS, lane_looked_at, lane_title, quantity
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from rnnviz.engine import Parameters
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

    Booleans = NDArray[np.bool_]
    Part = tuple[str, int, Floats, str]  # of a gate: its name, its first row, its values, its role

Labels = tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ShownParameter:
    """A parameter, or the block of one gate, as a reader meets it.

    symbol: W_X, W_{Xf} of a gate, in the scene's notation; kind: W_X of both, in any. parameter: the stored
    name an edit goes to; first: the stored row of its first row. values: (rows, columns) as shown. rest: what
    is added to the stored entry to give the shown one (b is shown as b_ih + b_hh and edited through b_ih),
    which lies in `other`. role: the colour of its symbol.
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
    embeddings belong to all. Whoever asks for them in one frame is given the same objects.
    """
    names = scene.spec, scene.vocabulary, scene.layer, scene.direction, scene.notation
    for parameters, of, shown in _kept:
        if parameters is scene.parameters and of == names:
            return shown
    shown = _shown(scene)
    _kept.append((scene.parameters, names, shown))
    return shown


_kept: deque[tuple[Parameters, tuple[object, ...], tuple[ShownParameter, ...]]] = deque(maxlen=4)
"""The last answers: some panels look at one layer, and some at the network before a change."""


def _shown(scene: Scene) -> tuple[ShownParameter, ...]:
    stored = scene.parameters
    tokens = tuple(visible(token) for token in scene.vocabulary)
    shown: list[ShownParameter] = []
    if "embedding.weight" in stored:
        values = stored["embedding.weight"]
        columns = _numbers(values.shape[1])
        shown.append(ShownParameter(_named(scene, "E"), "E", "embedding.weight", values, tokens, columns))
    shown += _weights(scene, "W_X", "weight_ih", _read(scene, tokens))
    shown += _weights(scene, "W_H", "weight_hh", _numbers(scene.spec.hidden_size))
    head = stored["head.weight"]
    shown.append(ShownParameter(_named(scene, "W_Y"), "W_Y", "head.weight", head, tokens, _handed_on(scene)))
    shown += _biases(scene)
    if "head.bias" in stored:
        bias = stored["head.bias"][:, None]
        shown.append(ShownParameter(_named(scene, "b_Y"), "b_Y", "head.bias", bias, tokens, ("",)))
    return tuple(shown)


def kind_of(parameter: str, notation: Notation = "weights") -> str:
    """Return what a stored parameter is shown as, whichever layer, direction and gate it belongs to.

    b_hh counts as b wherever only the sum b is shown.
    """
    name = parameter.partition("_l")[0]
    return APART.get(name, KINDS[name]) if notation == "pytorch" else KINDS[name]


def weight_symbol(scene: Scene, parameter: str, gate: str = "") -> str:
    """Write the matrix or the bias of a gate, "h" for that of h, that a stored parameter is shown in."""
    name, block = parameter.partition("_l")[0], "" if gate == "h" else gate
    apart = name in APART and (scene.notation == "pytorch" or _stands_apart(scene, gate))
    return _named(scene, APART[name] if apart else KINDS[name], block)


def stored_as(shown: ShownParameter, stored: Mapping[str, Floats]) -> str:
    """Write what is stored of a matrix as Python does: weight_ih_l0[4:8], a name alone for all of it."""
    rows = len(shown.rows)
    if len(stored[shown.parameter]) == rows:
        return shown.parameter
    return f"{shown.parameter}[{shown.first}:{shown.first + rows}]"


KINDS = {
    "embedding.weight": "E",
    "weight_ih": "W_X",
    "weight_hh": "W_H",
    "bias_ih": "b",
    "bias_hh": "b",
    "head.weight": "W_Y",
    "head.bias": "b_Y",
}
APART = {"bias_ih": "b_X", "bias_hh": "b_H"}
"""What the biases of a cell are shown as where they stand apart."""


def place(scene: Scene) -> str:
    """Call the layer and direction looked at, if there are several: “ · layer 2 →”."""
    title = lane_title(scene.spec, lane_looked_at(scene))
    return f" · {title}" if title else ""


def _weights(scene: Scene, kind: str, stored: str, columns: Labels) -> list[ShownParameter]:
    name = stored + suffix(scene.layer, scene.direction)
    if name not in scene.parameters:
        return []
    return [
        ShownParameter(
            _named(scene, kind, gate), kind, name, block, _units(scene), columns, None, first, role
        )
        for gate, first, block, role in _blocks(scene, scene.parameters[name])
    ]


def _biases(scene: Scene) -> list[ShownParameter]:
    """Return b_ih + b_hh; the two stand apart in PyTorch, and where a reset gate reaches only one of them."""
    end, stored = suffix(scene.layer, scene.direction), scene.parameters
    if "bias_ih" + end not in stored:
        return []
    parts = {kind: stored[kind + end][:, None] for kind in APART if kind + end in stored}
    if scene.notation == "pytorch":
        return [_part(scene, kind, block) for kind in parts for block in _blocks(scene, parts[kind])]
    shown = []
    for block in _blocks(scene, parts["bias_ih"]):
        gate, first, values, role = block
        if _stands_apart(scene, gate):
            rest = parts["bias_hh"][first : first + len(values)]
            shown += [
                _part(scene, "bias_ih", block, "b"),
                _part(scene, "bias_hh", (gate, first, rest, role), "b"),
            ]
        else:
            shown.append(_sum(scene, block, parts.get("bias_hh")))
    return shown


def _stands_apart(scene: Scene, gate: str) -> bool:
    """Whether the two biases of a gate cannot be told as one in any notation."""
    return scene.spec.cell == "gru" and scene.spec.gru_reset == "after" and gate == "n"


def _part(scene: Scene, stored: str, block: Part, kind: str = "") -> ShownParameter:
    """Return one of the two biases of a gate."""
    gate, first, values, role = block
    end, part = suffix(scene.layer, scene.direction), APART[stored]
    symbol = _named(scene, part, gate)
    return ShownParameter(symbol, kind or part, stored + end, values, _units(scene), ("",), None, first, role)


def _sum(scene: Scene, block: Part, others: Floats | None) -> ShownParameter:
    """Return the two biases of a gate as one."""
    gate, first, values, role = block
    end, rest = suffix(scene.layer, scene.direction), np.zeros_like(values)
    if others is not None:
        rest = others[first : first + len(values)]
    with np.errstate(over="ignore", invalid="ignore"):
        both = values + rest
    other = "" if others is None else "bias_hh" + end
    named = (_named(scene, "b", gate), "b", "bias_ih" + end)
    return ShownParameter(*named, both, _units(scene), ("",), rest, first, role, other)


def _blocks(scene: Scene, values: Floats) -> list[Part]:
    """Return a parameter gate by gate, or whole if it has none: name, first row, values, role."""
    gates, size = CELLS[scene.spec.cell].gates, scene.spec.hidden_size
    if len(gates) == 1:
        return [("", 0, values, "text")]
    return [
        (gate, n * size, values[n * size : (n + 1) * size], quantity(gate).role)
        for n, gate in enumerate(gates)
    ]


def _named(scene: Scene, kind: str, gate: str = "") -> str:
    return parameter_symbol(scene.notation, kind, gate)


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


def spelled(symbol: str) -> str:
    """Write a symbol in plain letters: W_{Xf} as W_Xf."""
    return symbol.replace("{", "").replace("}", "")


INVISIBLE = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "␍", "\u00a0": "⍽", "\u200b": "∅", "\ufeff": "∅"}


def visible(token: str) -> str:
    """Write a token so that spaces and line ends can be seen."""
    return INVISIBLE.get(token, token if token.strip() else "␣")
