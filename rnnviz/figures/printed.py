"""What explains a number as it is printed, so that whoever repeats it on a calculator finds the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from rnnviz.figures.arithmetic import calculation, decimals_for, number
from rnnviz.figures.reasons import FUNCTIONS

if TYPE_CHECKING:
    from rnnviz.figures.reasons import Statement, Term

DECIMALS = 4


class Row(NamedTuple):
    """A term: its name, its factors and its value."""

    text: str
    factors: str
    value: str


class Printed(NamedTuple):
    """A statement: its number, its terms, what they come to, and what the function of that is.

    rows: none of a function of one term, which stands in the heading. whole_is, whole, last: empty where
    there is nothing to add.
    """

    heading: str
    sign: str = "+"
    rows: tuple[Row, ...] = ()
    whole_is: str = ""
    whole: str = ""
    last: str = ""


def told(value: float) -> str:
    """Write a number with four decimals, a tiny one with a power of ten."""
    return number(value, DECIMALS)


def printed(statement: Statement) -> Printed:
    """Write a statement with as many decimals as its arithmetic needs."""
    if len(statement.terms) == 1 and statement.function:
        return Printed(_alone(statement))
    values = [term.value for term in statement.terms]
    whole = statement.whole(*values)
    # A function asks for so many decimals of its argument, and a sum for so many of its terms.
    decimals = DECIMALS
    if statement.function:
        decimals = decimals_for(statement.value, [whole], FUNCTIONS[statement.function], DECIMALS)
    terms = decimals_for(whole, values, statement.whole, decimals)
    found = Printed(
        f"{statement.name} = {told(statement.value)}",
        statement.sign,
        tuple(_row(term, terms) for term in statement.terms),
    )
    if len(values) > 1:
        found = found._replace(whole_is=statement.whole_is, whole=number(whole, decimals))
    return found._replace(last=_applied(statement, whole)) if statement.function else found


def _alone(statement: Statement) -> str:
    """Write a function of one term: h_5[3] = tanh(a_5[3]) = tanh(0.6564) = 0.5762."""
    (term,) = statement.terms
    return f"{statement.name} = {statement.function}({term.text}) = {_applied(statement, term.value)}"


def _applied(statement: Statement, argument: float) -> str:
    found = calculation(statement.value, [argument], FUNCTIONS[statement.function], DECIMALS)
    return f"{statement.function}({found.operands[0]}) {found.sign} {found.result}"


def _row(term: Term, decimals: int) -> Row:
    def times(*factors: float) -> float:
        return math.prod(factors)

    if not term.factors:
        return Row(term.text, "", number(term.value, decimals))
    found = calculation(term.value, term.factors, times, decimals)
    return Row(term.text, " × ".join(found.operands), found.result)
