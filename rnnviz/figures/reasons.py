"""What explains a number: the function of a sum of terms that it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.notation import visible
from rnnviz.figures.statements import read_by
from rnnviz.figures.states import traced

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.states import Lane

MOST = 12  # terms that are written out; of more the largest, and the sum of the others
FUNCTIONS: dict[str, Callable[[float], float]] = {
    "": lambda a: a,
    "tanh": math.tanh,
    "σ": lambda a: 0.5 + 0.5 * math.tanh(a / 2),
    "ReLU": lambda a: max(0.0, a),
    "exp": lambda a: math.exp(min(a, 700.0)),
    "−ln": lambda a: -math.log(a) if a > 0 else math.inf,
    "√": lambda a: math.sqrt(a) if a >= 0 else math.nan,
}
"""What is done to a sum of terms, by how it is written."""


class Term(NamedTuple):
    """One summand: what it is called, its value, and the factors whose product that is, if it is one."""

    text: str
    value: float
    factors: tuple[float, ...] = ()


class Statement(NamedTuple):
    """A number by its name, and the function of a sum of terms that it is; no terms if it is simply given."""

    name: str
    value: float
    terms: tuple[Term, ...] = ()
    function: str = ""


def product(text: str, *factors: float) -> Term:
    """Return the product of some factors as a term."""
    return Term(text, math.prod(factors), factors)


def shortened(statement: Statement) -> Statement:
    """Return a statement of at most `MOST` terms: without products that are 0, the smallest together."""
    terms = tuple(term for term in statement.terms if term.value != 0 or not term.factors)
    if len(terms) > MOST:
        sizes = [-abs(term.value) if term.value == term.value else -math.inf for term in terms]
        kept = sorted(np.argsort(sizes, kind="stable")[: MOST - 1].tolist())
        rest = [term.value for n, term in enumerate(terms) if n not in kept]
        terms = (*(terms[n] for n in kept), Term(f"{len(rest)} others", sum(rest)))
    return statement._replace(terms=terms)


def of_gate(letter: str, gate: str) -> str:
    """Write the subscript of a weight: X, or {Xf} of a gate's."""
    return f"{{{letter}{gate}}}" if gate != "h" else letter


def read_at(scene: Scene, lane: Lane, step: int) -> tuple[Floats, list[tuple[str, str]]]:
    """Return what a layer reads at a step, each number with its name and what its column is called."""
    own = scene.steps - 1 - step if lane.direction else step
    read = np.asarray(traced(scene, lane).inputs.vectors(own, own + 1, 0)[0], float)
    role, name = "hidden" if lane.layer else "input", read_by(scene.spec, lane.layer)
    columns = [column_name(scene, lane, n) for n in range(len(read))]
    return read, [(f"⟦{role}|{name}_{{{step + 1}}}⟧[{column}]", column) for column in columns]


def column_name(scene: Scene, lane: Lane, column: int) -> str:
    """Call a column of what a layer reads by its token, or by its number."""
    return visible(scene.vocabulary[column]) if read_by(scene.spec, lane.layer) == "x" else str(column + 1)
