"""What gives a gradient: of a weight, of a state, or one of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.notation import visible, weight_symbol
from rnnviz.figures.reasons import Statement, Term, column_name, product
from rnnviz.figures.spots import gate_of_row, parameter_lane
from rnnviz.figures.states import Lane, before_symbol, handed_on, read_by, symbol, traced
from rnnviz.figures.why_path import path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rnnviz.engine.selection import StepPair, WeightEntry
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene


class Series(NamedTuple):
    """A number of every step, and what it is called at a step, from 1."""

    values: Floats
    called: Callable[[int], str]


def of_state(scene: Scene, state: str, lane: Lane) -> Iterator[Statement]:
    """Yield the norm of the gradient of all losses by a state at the playhead."""
    size = scene.spec.hidden_size
    part = slice(lane.direction * size, (lane.direction + 1) * size)
    vector = scene.analysis.gradients.layers[lane.layer].states[state][scene.step, 0, part]
    name = f"∂L/∂{symbol(scene.spec, state, lane, f'_{{{scene.step + 1}}}', scene.notation)}"
    yield _norm(name, vector, float(np.linalg.norm(np.asarray(vector, float))))


def _norm(name: str, vector: Floats, value: float) -> Statement:
    terms = tuple(
        product(f"({name}[{n + 1}])²", v, v) for n, v in enumerate(np.asarray(vector, float).tolist())
    )
    return Statement(f"⟦gradient|‖{name}‖⟧", value, terms, "√")


def of_pair(scene: Scene, pair: StepPair, state: str) -> Iterator[Statement]:
    """Yield the norm of a gradient in the map, and where its largest component comes from."""
    flow, (t, k) = scene.analysis.flow, pair
    if not flow.start <= min(pair) <= max(pair) < flow.stop or state not in flow.norms:
        return
    lane = Lane(flow.layer, flow.direction)
    at = symbol(scene.spec, state, lane, f"_{{{k + 1}}}", scene.notation)
    name, vector = f"∂L_{{{t + 1}}}/∂{at}", flow.vectors(t, k, state)
    yield _norm(name, vector, float(flow.norms[state][t - flow.start, k - flow.start]))
    if t != k:
        yield from path(scene, pair, state)
        return
    in_one_way = flow.layer == scene.spec.num_layers - 1 and not scene.spec.bidirectional
    if in_one_way and state == "h" and np.isfinite(vector).all() and vector.any():
        unit = int(np.abs(vector).argmax())
        found = _from_logits(scene, t, unit)
        yield Statement(f"⟦gradient|{name}⟧[{unit + 1}]", float(vector[unit]), found)


def _from_logits(scene: Scene, t: int, unit: int) -> tuple[Term, ...]:
    """Return the terms of ∂L_t/∂h_t[unit]: what the readout sends back."""
    matrix = weight_symbol(scene, "head.weight")
    weights = np.asarray(scene.parameters["head.weight"][:, unit], float).tolist()
    sent = np.asarray(scene.analysis.loss.logit_gradients[t, 0], float).tolist()
    return tuple(
        product(f"∂L_{{{t + 1}}}/∂z_{{{t + 1}}}[{token}] · {matrix}[{token}, {unit + 1}]", gradient, weight)
        for token, gradient, weight in zip(map(visible, scene.vocabulary), sent, weights, strict=True)
    )


def of_weight(scene: Scene, entry: WeightEntry) -> Iterator[Statement]:
    """Yield ∂L/∂w as a sum over the steps at which a weight is used."""
    name, row, column = entry
    gradient = float(np.atleast_1d(scene.analysis.gradients.parameters[name][row])[column])
    if name == "embedding.weight":
        table = weight_symbol(scene, name)
        yield Statement(f"⟦gradient|∂L/∂{table}⟧[{visible(scene.vocabulary[row])}, {column + 1}]", gradient)
        return
    if name.startswith("head."):
        shown, sent, read = _of_readout(scene, entry)
    else:
        shown, sent, read = _of_cell(scene, entry)
    terms = []
    for n, by_sum in enumerate(sent.values.tolist()):
        if read is None:
            terms.append(Term(f"∂L/∂{sent.called(n + 1)}", by_sum))
        else:
            factors = by_sum, float(read.values[n])
            terms.append(product(f"∂L/∂{sent.called(n + 1)} · {read.called(n + 1)}", *factors))
    yield Statement(f"⟦gradient|∂L/∂{shown}⟧", gradient, tuple(terms))


def _of_readout(scene: Scene, entry: WeightEntry) -> tuple[str, Series, Series | None]:
    """Return the name of a weight of the readout, what comes back to it and what it multiplies."""
    token, number = visible(scene.vocabulary[entry.row]), entry.column + 1
    by_logit = np.asarray(scene.analysis.loss.logit_gradients[:, 0, entry.row], float)
    sent = Series(by_logit, lambda step: f"z_{{{step}}}[{token}]")
    if entry.parameter == "head.bias":
        return f"{weight_symbol(scene, entry.parameter)}[{token}]", sent, None
    letter = handed_on(scene.spec, scene.spec.num_layers - 1, scene.notation)
    output = np.asarray(scene.analysis.trace.output[:, 0, entry.column], float)
    read = Series(output, lambda step: f"{letter}_{{{step}}}[{number}]")
    return f"{weight_symbol(scene, entry.parameter)}[{token}, {number}]", sent, read


def _of_cell(scene: Scene, entry: WeightEntry) -> tuple[str, Series, Series | None]:
    """Return the name of a weight of a cell, what comes back to it and what it multiplies."""
    kind, lane = parameter_lane(entry.parameter)
    gate, unit = gate_of_row(scene.spec, entry.row), entry.row % scene.spec.hidden_size + 1
    sent, name = _sent(scene, kind, lane, entry.row), weight_symbol(scene, kind, gate)
    if kind.startswith("bias"):
        return f"{name}[{unit}]", sent, None
    if kind == "weight_hh":
        return f"{name}[{unit}, {entry.column + 1}]", sent, _carried(scene, lane, gate, entry.column)
    column = column_name(scene, lane, entry.column)
    return f"{name}[{unit}, {column}]", sent, _read(scene, lane, entry.column)


def _sent(scene: Scene, kind: str, lane: Lane, row: int) -> Series:
    """Return ∂L/∂a of the preactivation that a weight enters."""
    spec = scene.spec
    gate, unit = gate_of_row(spec, row), row % spec.hidden_size
    found = scene.analysis.gradients.layers[lane.layer].preactivations
    name = "hn" if kind.endswith("_hh") and gate == "n" and "hn" in found else gate
    values = np.asarray(found[name][:, 0, lane.direction * spec.hidden_size + unit], float)

    def called(step: int) -> str:
        written = before_symbol(spec, name, lane, f"{{{step}}}" if name == "h" else str(step), scene.notation)
        return f"{written}[{unit + 1}]"

    return Series(values, called)


def _carried(scene: Scene, lane: Lane, gate: str, column: int) -> Series:
    """Return the state of the step before, reset where the gate is applied to it first."""
    spec, found = scene.spec, traced(scene, lane)
    values = np.asarray(found.previous["h"][:, 0, column], float)
    reset = spec.cell == "gru" and spec.gru_reset == "before" and gate == "n"
    if reset:
        values = values * np.asarray(found.gates["r"][:, 0, column], float)
    ago = -1 if lane.direction else 1

    def called(step: int) -> str:
        state = symbol(spec, "h", lane, f"_{{{step - ago}}}", scene.notation)
        gates = f"{symbol(spec, 'r', lane, f'_{{{step}}}', scene.notation)}[{column + 1}] · " if reset else ""
        return f"{gates}{state}[{column + 1}]"

    return Series(values, called)


def _read(scene: Scene, lane: Lane, column: int) -> Series:
    """Return a number that a layer reads."""
    values = np.asarray(traced(scene, lane).inputs.vectors(0, scene.steps, 0)[:, column], float)
    letter = read_by(scene.spec, lane.layer, scene.notation)
    name = column_name(scene, lane, column)
    return Series(values[::-1] if lane.direction else values, lambda step: f"{letter}_{{{step}}}[{name}]")
