"""What the code of a network is made of, whatever library it is for."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.export._files import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from rnnviz.engine import NetworkSpec
    from rnnviz.session.state import DocumentState

LITERAL = 20_000
"""The most numbers of a network that are written out; those of larger ones stand in the file as base64."""

WIDTH = 100  # characters of a line of numbers
PHI = {"tanh": "{lib}.tanh(a)", "relu": "{relu}", "sigmoid": "sigma(a)", "identity": "a"}

# A step of each cell, with what it computes behind it; {lib} is the library, {split} cuts rows into gates.
STEPS = {
    "rnn": (
        "a = W_X @ x + b_X + W_H @ h + b_H  # a_t = W_X x_t + b_X + W_H h_{t−1} + b_H",
        "h = {phi}  # h_t = φ(a_t)",
    ),
    "feedforward": (
        "a = W_X @ x + b_X  # a_t = W_X x_t + b_X",
        "h = {phi}  # h_t = φ(a_t)",
    ),
    "lstm": (
        "# a_t = W_X x_t + b_X + W_H h_{t−1} + b_H, the gates one below another",
        "a_i, a_f, a_g, a_o = {split}(W_X @ x + b_X + W_H @ h + b_H, 4)",
        "i = sigma(a_i)  # input gate: i_t = σ(a_{i,t})",
        "f = sigma(a_f)  # forget gate: f_t = σ(a_{f,t})",
        "g = {lib}.tanh(a_g)  # candidate: g_t = tanh(a_{g,t})",
        "o = sigma(a_o)  # output gate: o_t = σ(a_{o,t})",
        "c = f * c + i * g  # c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t",
        "h = o * {lib}.tanh(c)  # h_t = o_t ⊙ tanh(c_t)",
    ),
    "gru-after": (
        "x_r, x_z, x_n = {split}(W_X @ x + b_X, 3)",
        "h_r, h_z, h_n = {split}(W_H @ h + b_H, 3)",
        "r = sigma(x_r + h_r)  # reset gate: r_t = σ(W_Xr x_t + b_Xr + W_Hr h_{t−1} + b_Hr)",
        "z = sigma(x_z + h_z)  # update gate: z_t = σ(W_Xz x_t + b_Xz + W_Hz h_{t−1} + b_Hz)",
        "n = {lib}.tanh(x_n + r * h_n)  # n_t = tanh(W_Xn x_t + b_Xn + r_t ⊙ (W_Hn h_{t−1} + b_Hn))",
        "h = (1 - z) * n + z * h  # h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}",
    ),
    "gru-before": (
        "x_r, x_z, x_n = {split}(W_X @ x + b_X + b_H, 3)",
        "W_r, W_z, W_n = {split}(W_H, 3)",
        "r = sigma(x_r + W_r @ h)  # reset gate: r_t = σ(W_Xr x_t + W_Hr h_{t−1} + b_r)",
        "z = sigma(x_z + W_z @ h)  # update gate: z_t = σ(W_Xz x_t + W_Hz h_{t−1} + b_z)",
        "n = {lib}.tanh(x_n + W_n @ (r * h))  # n_t = tanh(W_Xn x_t + W_Hn (r_t ⊙ h_{t−1}) + b_n)",
        "h = (1 - z) * n + z * h  # h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}",
    ),
}


@dataclass(frozen=True, slots=True)
class Library:
    """How a library writes what the steps need; array: from a list, decoded: from base64."""

    name: str
    split: str
    relu: str
    array: str
    decoded: str


def step_lines(state: DocumentState, library: Library) -> list[str]:
    """Return the lines that compute one step of a layer; ExportError for a cell without any."""
    spec = state.spec
    kind = f"gru-{spec.gru_reset}" if spec.cell == "gru" else spec.cell
    if kind not in STEPS:
        raise ExportError(f"There is no code yet for the cell {CELLS[spec.cell].title}.")
    held = {one.target for one in state.interventions}
    lines = []
    for line in STEPS[kind]:
        lines.append(_written(line, spec, library))
        name = line.split(" ", 1)[0]
        if name in held:
            lines.append(f'{name} = held("{name}", {name}, lane, t)')
    return lines


def _written(line: str, spec: NetworkSpec, library: Library) -> str:
    """Put in what the library calls things, and leave out the biases that there are not."""
    phi = PHI[spec.activation].replace("{relu}", library.relu)
    line = line.replace("{phi}", phi).replace("{lib}", library.name).replace("{split}", library.split)
    if not spec.bias:
        for name in ("b_X", "b_H", *(f"b_{side}{gate}" for side in ("X", "H", "") for gate in "rzn")):
            line = line.replace(f" + {name}", "")
        line = line.replace("(W_Hn h_{t−1})", "W_Hn h_{t−1}")
    if spec.cell == "rnn" or spec.cell == "feedforward":
        line = line.replace("φ", {"relu": "ReLU", "sigmoid": "σ"}.get(spec.activation, spec.activation))
        line = line.replace("identity(a_t)", "a_t")
    return line


def states_of(spec: NetworkSpec) -> tuple[str, ...]:
    """Return the states that a layer starts from."""
    cell = CELLS[spec.cell]
    return cell.states if cell.recurrent else ()


def about(state: DocumentState) -> str:
    """Say in a sentence or two what network it is."""
    spec = state.spec
    many = "one layer" if spec.num_layers == 1 else f"{spec.num_layers} layers"
    ways = " in both directions" if spec.bidirectional else ""
    sentence = f"{CELLS[spec.cell].title}: {many} of {spec.hidden_size} units{ways}."
    held = " What is held at a value is held here, too." if state.interventions else ""
    reads = f" It reads {state.steps} {state.reads} out of a vocabulary of {spec.input_size}."
    if state.reads == "numbers":
        reads = f" It reads {state.steps} steps of {spec.input_size} numbers."
    return fill(sentence + reads + held, 96)


def numbers(array: NDArray[Any], library: Library, *, written: bool) -> str:
    """Return an expression for an array, written out or as base64; every number comes back exactly."""
    if not written:
        code = b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
        return library.decoded.format(code=code, dtype=array.dtype.name, shape=array.shape)
    return library.array.format(list=_nested(array.tolist()), dtype=array.dtype.name)


def _nested(values: Any, depth: int = 1) -> str:
    if not isinstance(values, list):
        return repr(values)
    if values and isinstance(values[0], list):
        inner = ",\n".join("    " * (depth + 1) + _nested(row, depth + 1) for row in values)
        return f"[\n{inner},\n{'    ' * depth}]"
    flat = f"[{', '.join(map(repr, values))}]"
    if len(flat) <= WIDTH:
        return flat
    indent = "    " * (depth + 1)
    lines = fill(", ".join(map(repr, values)), WIDTH, initial_indent=indent, subsequent_indent=indent)
    return f"[\n{lines},\n{'    ' * depth}]"


def dictionary(name: str, arrays: Iterable[tuple[str, NDArray[Any]]], library: Library) -> str:
    """Return the lines that put arrays by name into a dictionary."""
    found = list(arrays)
    written = sum(array.size for _, array in found) <= LITERAL
    lines = [f'    "{key}": {numbers(array, library, written=written)},' for key, array in found]
    return "\n".join([f"{name} = {{", *lines, "}"])


def tidied(parts: Iterable[str]) -> str:
    """Return parts of a program one below another, two empty lines between functions at most."""
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(part for part in parts if part))


def quoted(title: str) -> str:
    """Return a title as it may stand in a docstring."""
    return title.replace("\\", "/").replace('"', "”")


def lane_states(state: DocumentState, library: Library) -> str:
    """Return the lines with the states before the first step, a row a layer and direction."""
    spec = state.spec
    rows = spec.num_layers * spec.directions, spec.hidden_size
    lines = []
    for name in states_of(spec):
        given = None if state.initial is None else state.initial.get(name)
        shown = (
            f"{library.name}.zeros({rows})" if given is None else numbers(given[:, 0], library, written=True)
        )
        lines.append(f"{name.upper()}_0 = {shown}  # {name}_0, a row a layer and direction\n")
    return "".join(lines)


def not_finite(state: DocumentState) -> bool:
    """Whether the weights have infinities or NaN, whose names the program then needs."""
    return not np.isfinite(state.parameters.flat).all()


def inputs(state: DocumentState, library: Library) -> str:
    """Return the lines with what the network knows and reads."""
    if state.reads == "numbers":
        x = np.asarray(state.x)
        return f"INPUTS = {numbers(x, library, written=x.size <= LITERAL)}"
    tokens = fill(repr(list(state.vocabulary.tokens)), WIDTH, break_long_words=False, break_on_hyphens=False)
    if any("\n" in token or "  " in token for token in state.vocabulary.tokens) or "\n" in tokens:
        tokens = "[\n" + "\n".join(f"    {token!r}," for token in state.vocabulary.tokens) + "\n]"
    ids = _nested(np.asarray(state.x).tolist(), 0)
    return f"TOKENS = {tokens}\nINPUTS = {ids}  # numbers of tokens, counted from 0"


def holds(state: DocumentState, copied: str) -> str:
    """Return the lines that hold what is held, units from a step on; copied: what copies `values`."""
    if not state.interventions:
        return ""
    directions = state.spec.directions
    rows = "\n".join(
        f'    ("{one.target}", {one.layer * directions + one.direction}, {one.start}, '
        f"{'slice(None)' if one.unit is None else one.unit}, {float(one.value)!r}),"
        for one in state.interventions
    )
    return f'''
# What is held: the name, the layer and direction, from which step on, the unit, the value.
HELD = [
{rows}
]


def held(name, values, lane, t):
    """Return what a layer computed at step t, counted from 0, with what is held put in."""
    for target, where, start, unit, value in HELD:
        if (target, where) == (name, lane) and t >= start:
            values = {copied}
            values[unit] = value
    return values
'''
