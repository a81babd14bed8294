"""What explains a number: the function of a sum of terms that it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.figures.notation import visible
from rnnviz.figures.states import read_by, traced

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene
    from rnnviz.figures.states import Lane

MOST = 12  # terms that are written out; of more the largest, and the sum of the others
AT_MOST = "at most"
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
    """A number by its name, and the function of its terms that it is; no terms if it is simply given.

    sign: "+" if the terms are summed, "×" if they are multiplied. whole_is: what their sum or product is
    called; `AT_MOST` if the number is no more than that.
    """

    name: str
    value: float
    terms: tuple[Term, ...] = ()
    function: str = ""
    sign: str = "+"
    whole_is: str = "together"

    def whole(self, *values: float) -> float:
        """Return the sum or the product of such values of the terms."""
        return math.prod(values) if self.sign == "×" else sum(values)


def product(text: str, *factors: float) -> Term:
    """Return the product of some factors as a term."""
    return Term(text, math.prod(factors), factors)


def shortened(statement: Statement) -> Statement:
    """Return a statement of at most `MOST` terms: without products that are 0, the smallest together.

    Of terms that are multiplied those in the middle are taken together.
    """
    if statement.sign == "×":
        return statement._replace(terms=_ends(statement.terms))
    terms = tuple(term for term in statement.terms if term.value != 0 or not term.factors)
    if len(terms) > MOST:
        sizes = [-abs(term.value) if term.value == term.value else -math.inf for term in terms]
        kept = sorted(np.argsort(sizes, kind="stable")[: MOST - 1].tolist())
        rest = [term.value for n, term in enumerate(terms) if n not in kept]
        terms = (*(terms[n] for n in kept), Term(f"{len(rest)} others", sum(rest)))
    return statement._replace(terms=terms)


def _ends(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the first and the last factors of many, and the product of the others between them."""
    if len(terms) <= MOST:
        return terms
    first, last = MOST // 2, len(terms) - (MOST - MOST // 2 - 1)
    rest = math.prod(term.value for term in terms[first:last])
    return (*terms[:first], Term(f"{last - first} others", rest), *terms[last:])


def read_at(scene: Scene, lane: Lane, step: int) -> tuple[Floats, list[tuple[str, str]]]:
    """Return what a layer reads at a step, each number with its name and what its column is called."""
    own = scene.steps - 1 - step if lane.direction else step
    read = np.asarray(traced(scene, lane).inputs.vectors(own, own + 1, 0)[0], float)
    role, name = "hidden" if lane.layer else "input", read_by(scene.spec, lane.layer, scene.notation)
    columns = [column_name(scene, lane, n) for n in range(len(read))]
    return read, [(f"⟦{role}|{name}_{{{step + 1}}}⟧[{column}]", column) for column in columns]


def column_name(scene: Scene, lane: Lane, column: int) -> str:
    """Call a column of what a layer reads by its token, or by its number."""
    return visible(scene.vocabulary[column]) if read_by(scene.spec, lane.layer) == "x" else str(column + 1)
