"""What the symbols of the equations stand for, and how many numbers each has."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.engine import CELLS
from rnnviz.figures.notation import spelled, visible, weight_symbol
from rnnviz.figures.states import read_by
from rnnviz.figures.symbols import parameter_symbol, quantity_letter

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.forward_step import Step, Summand

MEANING = {
    "h": "the hidden state: what the layer remembers and hands on",
    "c": "the cell state: the memory that the gates keep, write and read",
    "f": "the forget gate: 1 keeps the cell, 0 forgets it",
    "i": "the input gate: 1 writes the candidate, 0 nothing of it",
    "g": "the candidate: what may be written into the cell",
    "o": "the output gate: 1 shows the cell, 0 hides it",
    "r": "the reset gate: 0 lets the candidate forget the state",
    "z": "the update gate: 1 keeps the state, 0 takes the candidate",
    "n": "the candidate: what the state may become",
}


def says(step: Step, name: str, summand: Summand | None = None, gate: str = "", ago: int = 0) -> str:
    """Say how many numbers a vector has and what it is."""
    if summand is not None and summand.stored:
        return _of_summand(step, summand, gate)
    return _of_vector(step, name, ago)


def _of_vector(step: Step, name: str, ago: int) -> str:
    units, t = step.spec.hidden_size, step.ago if ago else step.now
    key = name.removeprefix("a.")
    if name != key:
        meant = step.letter(key) if key in MEANING else "the candidate’s memory"
        return f"{spelled(step.before(key, t))}: {units} numbers, what {meant} is a function of"
    before = ", as it was a step before" if ago and not step.lane.direction else ""
    after = ", as it is a step later" if ago and step.lane.direction else ""
    return f"{spelled(f'{step.letter(key)}_{t}')}: {units} numbers, {MEANING.get(key, key)}{before}{after}"


def _of_summand(step: Step, summand: Summand, gate: str) -> str:
    units, here = step.spec.hidden_size, spelled(summand.here)
    if not summand.reads:
        parts = " + ".join(part.partition("_l")[0] for part in summand.stored)
        return f"{here}: {units} numbers, the bias, {parts}" if parts != here else f"{here}: {units} numbers"
    matrix = spelled(weight_symbol(step.scene, summand.stored[0], gate))
    columns = step.scene.parameters[summand.stored[0]].shape[1]
    token = step.token() if summand.reads == "read" else None
    said = f"{here}: {units} numbers; {matrix} is {units}×{columns}"
    if token is None:
        return said
    name = visible(step.scene.vocabulary[token])
    return f"{said}; {step.read} is one-hot, so this is its column for “{name}”"


def words(step: Step, name: str) -> tuple[str, ...]:
    """Say of each symbol in an equation how many numbers it has and what it is."""
    return _words(step.spec, step.scene.notation, step.lane.layer, name)


@lru_cache(maxsize=256)
def _words(spec: NetworkSpec, notation: Notation, layer: int, name: str) -> tuple[str, ...]:
    units, cell = spec.hidden_size, CELLS[spec.cell]
    if name in cell.states and len(cell.gates) > 1:
        used = {"c": "cfig", "h": "hoc" if "c" in cell.states else "hzn"}[name]
        return tuple(f"{quantity_letter(notation, spec, key)}: {units}, {MEANING[key]}" for key in used)
    gate = "" if name == "h" else name
    found = [f"{quantity_letter(notation, spec, name)}: {units}, {MEANING[name]}"]
    matrices = {"W_X": spec.layer_inputs(layer)} | ({"W_H": units} if cell.recurrent else {})
    for kind, columns in matrices.items():
        found.append(f"{spelled(parameter_symbol(notation, kind, gate))}: {units}×{columns}")
    if spec.bias:
        found.append(f"{spelled(parameter_symbol(notation, 'b', gate))}: {units}, the bias")
    found.append(f"{read_by(spec, layer, notation)}: {spec.layer_inputs(layer)}, what the layer reads")
    if gate:
        found.append(f"{quantity_letter(notation, spec, 'h')}: {units}, {MEANING['h']}")
    return tuple(found)
