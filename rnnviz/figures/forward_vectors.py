"""The equations of a cell as whole vectors with the numbers of the playhead's step."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.forward_rows import BETWEEN, DECIMALS, Rule, chain, waiting, with_gaps
from rnnviz.figures.forward_step import Step, Summand
from rnnviz.figures.forward_words import says, words
from rnnviz.figures.sheet import OMITTED
from rnnviz.figures.statements import ROWS, Operand, Statement, coloured, some_rows
from rnnviz.figures.states import gate_names, quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.forward_rows import Chain
    from rnnviz.figures.scene import Scene

MOST = 4  # numbers of a vector of a cell with gates: there are many vectors
LEAST = 4  # decimals of summands
SUM_ROOM, ROOM, GATE_ROOM = 7, 6, 5  # characters: −0.3142 of summands, −0.314, 0.314


@np.errstate(all="ignore")
def statements(scene: Scene) -> list[Statement]:
    """Return every gate as a function of what it reads, then the states; of a plain cell its state alone."""
    step = Step(scene)
    rows = shown_units(step)
    if len(step.cell.gates) == 1:
        return [activation(step, "h", rows)]
    return [*(activation(step, name, rows) for name in gate_names(scene)), *_states(step, rows)]


def shown_units(step: Step) -> tuple[int, ...]:
    """Return the units that all vectors of a lane show: the first few and one that is picked."""
    names = (*step.found.gates, *step.found.states)
    picked = frozenset[int]().union(*(step.of(name).picked for name in names))
    return some_rows(step.spec.hidden_size, MOST if len(step.cell.gates) > 1 else ROWS, picked)


def activation(step: Step, name: str, rows: tuple[int, ...]) -> Statement:
    """Return f_t = σ(W_X x_t + W_H h_{t−1} + b) with its numbers."""
    summands, function = step.summands(name), step.function(name)
    units = [row for row in rows if row != OMITTED]
    columns = [step.values(summand, name, units) for summand in summands]
    a, value = (step.value(key)[units].tolist() for key in (f"a.{name}", name))
    of, before = step.of(name), step.of(f"a.{name}")
    rule = Rule(combine(summands), function, least=LEAST if len(summands) > 1 else BETWEEN)
    found = chain(rule, columns, a, value, [unit in of.held for unit in units])
    formula = f"{step.symbol(name)} = {applied(function, sum_runs(summands))}"
    operands = _summed(step, summands, name, found, rows)
    if function and len(summands) > 1:
        operands[0] = operands[0]._replace(before=f"{function}({operands[0].before}")
        operands[-1] = operands[-1]._replace(after=f"{operands[-1].after})")
        numbers = _known(step, f"a.{name}", found.between, rows)
        a_symbol = step.before(name, step.now)
        operands.append(
            Operand(
                found.signs[0],
                a_symbol,
                "text",
                numbers,
                before,
                function,
                "",
                says(step, f"a.{name}"),
                ROOM,
                BETWEEN,
            )
        )
    elif function:
        operands[0] = operands[0]._replace(before=function)
    sign = found.signs[1] if function else found.signs[0]
    operands.append(_operand(step, sign, name, found.result, rows))
    return Statement(formula, tuple(operands), rows, words(step, name), _tone(step, name))


def combine(summands: tuple[Summand, ...]) -> Callable[..., float]:
    """Return the function of the numbers of summands that gives their sum."""
    gated = next((n for n, summand in enumerate(summands) if summand.sign == "⊙"), None)
    if gated is None:
        return _plain_sum
    return partial(_gated_sum, gated)


def _plain_sum(*values: float) -> float:
    return math.fsum(values) if all(map(math.isfinite, values)) else sum(values)


def _gated_sum(gated: int, *values: float) -> float:
    """Return the sum of those before the gate, and the gate times the sum of those after it."""
    return sum(values[: gated - 1]) + values[gated - 1] * sum(values[gated:])


def sum_runs(summands: tuple[Summand, ...]) -> str:
    """Write a sum with symbols that hold at every step."""
    found = ""
    for summand in summands:
        sign = f" {summand.sign} " if summand.sign else ""
        found += f"{sign}{summand.before}{coloured(summand.role, summand.general)}{summand.after}"
    return found


def applied(function: str, argument: str) -> str:
    """Write a function of something; without one that itself."""
    return f"{function}({argument})" if function else argument


def _summed(
    step: Step, summands: tuple[Summand, ...], name: str, found: Chain, rows: tuple[int, ...]
) -> list[Operand]:
    operands = []
    for summand, numbers in zip(summands, found.operands, strict=True):
        of = step.of(summand.quantity)
        shown = _known(step, summand.quantity if not summand.stored else f"a.{name}", numbers, rows)
        said = partial(says, step, summand.quantity, summand, name)
        held = summand.before, summand.after
        room = GATE_ROOM + 1 if not summand.stored else SUM_ROOM
        operand = Operand(summand.sign, summand.here, summand.role, shown, of, *held, said, room)
        operands.append(operand._replace(decimals=LEAST if len(summands) > 1 else BETWEEN))
    return operands


def _operand(step: Step, sign: str, name: str, numbers: tuple[str, ...], rows: tuple[int, ...]) -> Operand:
    """Return a gate or a state of this step."""
    room = GATE_ROOM if quantity(name).map == "signed" else GATE_ROOM - 1
    shown = _known(step, name, numbers, rows)
    symbol, role = f"{step.letter(name)}_{step.now}", quantity(name).role
    return Operand(
        sign,
        symbol,
        role,
        shown,
        step.of(name),
        says=partial(says, step, name),
        least=room,
        decimals=DECIMALS,
    )


def _known(step: Step, name: str, numbers: tuple[str, ...], rows: tuple[int, ...]) -> tuple[str, ...]:
    return with_gaps(numbers if step.knows(name) else waiting(numbers), rows)


def _tone(step: Step, name: str) -> str:
    return "text" if step.knows(name) else "muted"


def _states(step: Step, rows: tuple[int, ...]) -> list[Statement]:
    """Return what becomes of the states: c and h of an LSTM, h of a GRU."""
    if "c" in step.cell.states:
        cell = (("", "f", 0, ""), ("⊙", "c", 1, ""), ("+", "i", 0, ""), ("⊙", "g", 0, ""))
        shown = (("", "o", 0, ""), ("⊙", "c", 0, "tanh"))
        return [
            _state(step, "c", cell, Rule(lambda f, c, i, g: f * c + i * g), rows),
            _state(step, "h", shown, Rule(lambda o, c: o * math.tanh(c)), rows),
        ]
    mixed = (("", "z", 0, "(1 −"), ("⊙", "n", 0, ""), ("+", "z", 0, ""), ("⊙", "h", 1, ""))
    return [_state(step, "h", mixed, Rule(lambda z, n, kept, h: (1 - z) * n + kept * h), rows)]


Part = tuple[str, str, int, str]  # sign, quantity, steps ago, what stands before it


def _state(step: Step, name: str, parts: tuple[Part, ...], rule: Rule, rows: tuple[int, ...]) -> Statement:
    units = [row for row in rows if row != OMITTED]
    columns = [(step.previous(key) if ago else step.value(key))[units].tolist() for _, key, ago, _ in parts]
    value = step.value(name)[units].tolist()
    held = step.of(name).held
    given = [
        result if unit not in held else rule.combine(*row)
        for result, unit, *row in zip(value, units, *columns, strict=True)
    ]
    found = chain(rule, columns, given, value, [True] * len(units))
    operands, formula = [], f"{step.symbol(name)} ="
    for (sign, key, ago, before), numbers in zip(parts, found.operands, strict=True):
        operand = _operand(step, sign, key, numbers, rows)
        if ago:
            symbol, shown = f"{step.letter(key)}_{step.ago}", with_gaps(numbers, rows)
            operand = operand._replace(
                name=symbol, numbers=shown, of=step.of(key, ago), says=partial(says, step, key, ago=1)
            )
        after = ")" * before.count("(")
        operands.append(
            operand._replace(before=before, after=after, least=operand.least + 1, decimals=BETWEEN)
        )
        symbol = step.symbol(key, step.earlier if ago else "t")
        formula += f"{f' {sign} ' if sign else ' '}{_around(before, symbol)}"
    operands.append(_operand(step, found.signs[0], name, found.result, rows))
    return Statement(formula, tuple(operands), rows, words(step, name), _tone(step, name))


def _around(before: str, symbol: str) -> str:
    return f"{before} {symbol})" if before.startswith("(") else applied(before, symbol)
