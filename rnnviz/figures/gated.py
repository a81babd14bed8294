"""The equations of cells with gates, with the numbers of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.highlight import picked_rows
from rnnviz.figures.sheet import ROW, Sheet
from rnnviz.figures.statements import FORMULA, LEFT, Operand, Rows, coloured, height, read_by, set_row
from rnnviz.figures.states import gate_names, lane_looked_at, quantity, traced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

MOST = 4  # numbers of a vector: there are many vectors
APART = 26.0  # between two gates that share a row
FORMULA_ROW = 24.0


class Line(NamedTuple):
    """One equation: its formula, and its vectors in a row."""

    formula: str
    operands: list[Operand]


def set_gates(sheet: Sheet, scene: Scene, y: float) -> float:
    """Set every gate as a function of its preactivation, two in a row, then the states; return the height."""
    for formula in _preactivations(scene):
        sheet.write(LEFT, y, formula, FORMULA)
        y += FORMULA_ROW
    y += 4.0
    gates = [_gate(scene, name) for name in gate_names(scene)]
    for first in range(0, len(gates), 2):
        x = LEFT
        for line in gates[first : first + 2]:
            x = _set(sheet, line, x, y) + APART
        y += _deep(scene) + 26.0
    for line in _states(scene):
        _set(sheet, line, LEFT, y)
        y += _deep(scene) + 26.0
    return y - 26.0


def _set(sheet: Sheet, line: Line, x: float, y: float) -> float:
    sheet.write(x, y, line.formula, FORMULA)
    return set_row(sheet, x, y + 2.9 * ROW, line.operands, MOST)


def _deep(scene: Scene) -> float:
    return 2.9 * ROW + height(scene.spec.hidden_size, MOST)


def _gate(scene: Scene, name: str) -> Line:
    """Return g = tanh(a_g), or σ."""
    found, step = traced(scene, lane_looked_at(scene)), scene.step
    function = "tanh" if quantity(name).map == "signed" else "σ"
    role, t = quantity(name).role, step + 1
    before = f"a.{name}"
    return Line(
        f"{coloured(role, f'{name}_t')} = {function}(a_{{{name},t}})",
        [
            Operand("", f"{name}_{{{t}}}", role, found.gates[name][step, 0], _rows(scene, name)),
            Operand(
                "=",
                f"a_{{{name},{t}}}",
                "text",
                found.preactivations[name][step, 0],
                _rows(scene, before),
                function,
            ),
        ],
    )


def _preactivations(scene: Scene) -> list[str]:
    """Write what the gates are functions of: once for all that are alike, and the candidate of a GRU."""
    names, spec, lane = gate_names(scene), scene.spec, lane_looked_at(scene)
    read = read_by(spec, lane.layer)
    before = "h_{t+1}" if lane.direction else "h_{t−1}"
    alike = [name for name in names if spec.cell != "gru" or name != "n"]
    first = alike[0]
    others = f"  (likewise {', '.join(alike[1:])})"
    found = [_formula(spec, first, read, f"W_{{H{first}}} {before}", f"b_{first}") + others]
    if len(alike) < len(names):
        if spec.gru_reset == "after":
            bias = " + b_{Hn}" if spec.bias else ""
            found.append(_formula(spec, "n", read, f"r_t ⊙ (W_{{Hn}} {before}{bias})", "b_{Xn}"))
        else:
            found.append(_formula(spec, "n", read, f"W_{{Hn}} (r_t ⊙ {before})", "b_n"))
    return found


def _formula(spec: NetworkSpec, gate: str, read: str, carried: str, bias: str) -> str:
    x = coloured("input", f"W_{{X{gate}}} {read}_t")
    return f"a_{{{gate},t}} = {x} + {coloured('hidden', carried)}{f' + {bias}' if spec.bias else ''}"


def _states(scene: Scene) -> list[Line]:
    """Return what becomes of the states: c and h of an LSTM, h of a GRU."""
    lane, step = lane_looked_at(scene), scene.step
    found, t = traced(scene, lane), step + 1
    now, before = f"_{{{t}}}", f"_{{{t + 1 if lane.direction else t - 1}}}"
    gates = {name: values[step, 0] for name, values in found.gates.items()}
    states = {name: values[step, 0] for name, values in found.states.items()}
    previous = {name: values[step, 0] for name, values in found.previous.items()}
    earlier = "t+1" if lane.direction else "t−1"

    def vector(sign: str, name: str, values: Mapping[str, Floats], at: str, function: str = "") -> Operand:
        of = _rows(scene, name, ago=int(values is previous))
        return Operand(sign, name + at, quantity(name).role, values[name], of, function)

    if "c" in states:
        return [
            Line(
                f"{_named('c')} = {_named('f')} ⊙ {_named('c', earlier)} + {_named('i')} ⊙ {_named('g')}",
                [
                    vector("", "c", states, now),
                    vector("=", "f", gates, now),
                    vector("⊙", "c", previous, before),
                    vector("+", "i", gates, now),
                    vector("⊙", "g", gates, now),
                ],
            ),
            Line(
                f"{_named('h')} = {_named('o')} ⊙ tanh({_named('c')})",
                [
                    vector("", "h", states, now),
                    vector("=", "o", gates, now),
                    vector("⊙", "c", states, now, "tanh"),
                ],
            ),
        ]
    return [
        Line(
            f"{_named('h')} = (1 − {_named('z')}) ⊙ {_named('n')} + {_named('z')} ⊙ {_named('h', earlier)}",
            [
                vector("", "h", states, now),
                Operand("=", "1−z" + now, quantity("z").role, 1 - gates["z"], _rows(scene, "z")),
                vector("⊙", "n", gates, now),
                vector("+", "z", gates, now),
                vector("⊙", "h", previous, before),
            ],
        )
    ]


def _rows(scene: Scene, name: str, ago: int = 0) -> Rows:
    return Rows(name, picked_rows(scene, name, ago))


def _named(name: str, at: str = "t") -> str:
    return coloured(quantity(name).role, f"{name}_{{{at}}}")
