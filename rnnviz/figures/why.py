"""Where a number comes from: the expression that gives it, with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.notation import visible, weight_symbol
from rnnviz.figures.reasons import Statement, Term, product, shortened
from rnnviz.figures.states import Lane, handed_on
from rnnviz.figures.symbols import quantity_letter
from rnnviz.figures.why_gradient import of_pair, of_state, of_weight
from rnnviz.figures.why_unit import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rnnviz.engine.selection import Selection
    from rnnviz.figures.scene import Scene


def why(scene: Scene, selection: Selection | None) -> tuple[Statement, ...]:
    """Return what gives a number, the number itself first; nothing for what no expression gives."""
    if selection is None or not scene.steps:
        return ()
    with np.errstate(all="ignore"):
        return tuple(shortened(statement) for statement in _statements(scene, selection))


def _statements(scene: Scene, selection: Selection) -> Iterable[Statement]:
    name, unit = selection.quantity or "h", selection.unit
    lane = Lane(selection.layer, selection.direction)
    if selection.pair is not None:
        return of_pair(scene, selection.pair, name)
    if selection.weight is not None:
        return of_weight(scene, selection.weight)
    if name in {"dh", "dc"}:
        return of_state(scene, name.removeprefix("d"), lane)
    if name in {"L", "dx"} or unit is None:
        return _loss(scene) if name == "L" else ()
    return SHARED[name](scene, unit) if name in SHARED else Unit(scene, lane, unit).statements(name)


def _prediction(scene: Scene, row: int) -> Iterator[Statement]:
    """Yield ŷ as a function of the logits, and the logit as a sum."""
    trace, step, token = scene.analysis.trace, scene.step, visible(scene.vocabulary[row])
    logits = np.asarray(trace.logits[step, 0], float)
    z, y = float(logits[row]), float(trace.probabilities[step, 0, row])
    name, logit = f"{_predicted(scene)}[{token}]", f"z_{{{step + 1}}}[{token}]"
    if trace.readout == "softmax":
        whole = float(logits.max() + np.log(np.exp(logits - logits.max()).sum()))
        yield Statement(name, y, (Term(logit, z), Term(f"−ln Σ exp(z_{{{step + 1}}})", -whole)), "exp")
    elif trace.readout == "sigmoid":
        yield Statement(name, y, (Term(logit, z),), "σ")
    read = np.asarray(trace.output[step, 0], float)
    weights = np.asarray(scene.parameters["head.weight"][row], float)
    letter = handed_on(scene.spec, scene.spec.num_layers - 1, scene.notation)
    weight, bias = (weight_symbol(scene, name) for name in ("head.weight", "head.bias"))
    terms = [
        product(f"{weight}[{token}, {n + 1}] · ⟦hidden|{letter}_{{{step + 1}}}⟧[{n + 1}]", w, h)
        for n, (w, h) in enumerate(zip(weights.tolist(), read.tolist(), strict=True))
    ]
    if "head.bias" in scene.parameters:
        terms.append(Term(f"{bias}[{token}]", float(scene.parameters["head.bias"][row])))
    yield Statement(name if trace.readout == "linear" else logit, z, tuple(terms))


def _input(scene: Scene, row: int) -> Iterator[Statement]:
    x, step = scene.analysis.trace.x, scene.step
    value = float(x[step, 0] == row) if x.ndim == 2 else float(x[step, 0, row])
    yield Statement(f"⟦input|x_{{{step + 1}}}⟧[{visible(scene.vocabulary[row])}]", value)


def _embedded(scene: Scene, row: int) -> Iterator[Statement]:
    number = int(scene.analysis.trace.x[scene.step, 0])
    value = float(scene.parameters["embedding.weight"][number, row])
    table = weight_symbol(scene, "embedding.weight")
    text = f"{table}[{visible(scene.vocabulary[number])}, {row + 1}]"
    yield Statement(f"⟦input|e_{{{scene.step + 1}}}⟧[{row + 1}]", value, (Term(text, value),))


def _predicted(scene: Scene) -> str:
    """Write ŷ of the playhead's step."""
    return f"{quantity_letter(scene.notation, scene.spec, 'y')}_{{{scene.step + 1}}}"


def _loss(scene: Scene) -> Iterator[Statement]:
    """Yield L_t of the token, or of the numbers, that were to come."""
    step, trace = scene.step, scene.analysis.trace
    if trace.readout == "linear":
        yield from _squares(scene)
    if step in scene.silent or trace.readout != "softmax":
        return
    row = scene.vocabulary.index(scene.targets[step])
    y = float(trace.probabilities[step, 0, row])
    name = f"⟦loss|L_{{{step + 1}}}⟧"
    term = Term(f"{_predicted(scene)}[{visible(scene.targets[step])}]", y)
    yield Statement(name, float(scene.analysis.loss.step[step, 0]), (term,), "−ln")
    yield from _prediction(scene, row)


def _squares(scene: Scene) -> Iterator[Statement]:
    """Yield L_t of numbers: the mean of (ŷ − y)² over those that are known."""
    step = scene.step
    wanted = np.asarray(scene.analysis.loss.targets[step, 0], float)
    apart = np.asarray(scene.analysis.trace.probabilities[step, 0], float) - wanted
    known = np.flatnonzero(~np.isnan(wanted)).tolist()
    share = () if len(known) == 1 else (1 / len(known),) if known else (0.0,)
    terms = []
    for row in known:
        name, all_of_them = visible(scene.vocabulary[row]), f" / {len(known)}" if share else ""
        text = f"({_predicted(scene)}[{name}] − y_{{{step + 1}}}[{name}])²{all_of_them}"
        terms.append(product(text, float(apart[row]), float(apart[row]), *share))
    if terms:
        loss = float(scene.analysis.loss.step[step, 0])
        yield Statement(f"⟦loss|L_{{{step + 1}}}⟧", loss, tuple(terms))


SHARED: dict[str, Callable[[Scene, int], Iterator[Statement]]] = {
    "x": _input,
    "e": _embedded,
    "y": _prediction,
}
