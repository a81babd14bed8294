"""The equations of one unit of a cell, every product written out, with the numbers of the playhead's step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.selection import WeightEntry
from rnnviz.figures.arithmetic import fixed
from rnnviz.figures.forward_rows import ABOUT, SAME, Digits, Rule, digits
from rnnviz.figures.forward_step import Step, Summand
from rnnviz.figures.forward_words import words
from rnnviz.figures.notation import visible, weight_symbol
from rnnviz.figures.statements import Statement, coloured
from rnnviz.figures.states import gate_names, quantity
from rnnviz.figures.terms import Sum, Term, TermRow, few

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.scene import Scene

DECIMALS, LEAST = 3, 2  # of what a unit computes, and of what it is computed from, at least
WAITING = "·"


@np.errstate(all="ignore")
def statements(scene: Scene, unit: int) -> list[Statement]:
    """Return all that a unit computes, each number of it as a sum of products."""
    one = Unit(scene, min(unit, scene.spec.hidden_size - 1))
    if len(one.step.cell.gates) == 1:
        return one.activation("h")
    found = [statement for name in gate_names(scene) for statement in one.activation(name)]
    return [*found, *one.states()]


class Unit:
    """One unit of the lane looked at."""

    def __init__(self, scene: Scene, unit: int) -> None:
        self.step, self.unit = Step(scene), unit
        self.index = f"[{unit + 1}]"

    def at(self, name: str) -> float:
        """Return the unit's number of a gate or a state, or of what one is a function of."""
        return float(self.step.value(name)[self.unit])

    def symbol(self, name: str, at: str = "t") -> str:
        """Write the unit's number of a quantity."""
        return f"{self.step.symbol(name, at)}{self.index}"

    def activation(self, name: str) -> list[Statement]:
        """Return a gate as a function of a sum of products; of a GRU's candidate the inner sum before it."""
        summands = self.step.summands(name)
        gated = next((n for n, summand in enumerate(summands) if summand.sign == "⊙"), None)
        if gated is None:
            return [self._of_sum(name, summands)]
        inner, outer = summands[gated:], summands[: gated - 1]
        hidden = "hn"
        kept = TermRow(
            f"{coloured(quantity('r').role, 'r')} · a_{{hn}}",
            (Term((self.at("r"), self.at(f"a.{hidden}"))),),
        )
        reset = f" + {self.symbol('r')} · {self.step.before(hidden)}{self.index}"
        return [self._sum_alone(hidden, inner), self._of_sum(name, outer, kept, reset)]

    def _of_sum(
        self, name: str, summands: tuple[Summand, ...], more: TermRow | None = None, reset: str = ""
    ) -> Statement:
        """Return f_t[n] = σ(…) with what is in the parentheses written out."""
        step, function = self.step, self.step.function(name)
        formula = f"{self.symbol(name)} = {_applied(function, self._general(summands) + reset)}"
        symbols, tone = words(step, name), "text" if step.knows(name) else "muted"
        before = step.before(name, step.now) + self.index
        if not step.knows(f"a.{name}"):
            return Statement(formula, symbols=symbols, role=tone, texts=((f"{before} = {WAITING}",),))
        rows = self._rows(name, summands) + ((more,) if more else ())
        a, value, held = self.at(f"a.{name}"), self.at(name), self.unit in step.of(name).held
        found = digits(Rule(combined(rows), function, LEAST, DECIMALS), flat(rows), a, value, free=held)
        between = (f"{before} {SAME if found.sums else ABOUT} {fixed(a, found.between)}",)
        texts = ((between,) if function or held else ()) + (self._given(name, found, a, value, held=held),)
        total = Sum(rows, found.operands, picked=self._picked())
        return Statement(formula, symbols=symbols, role=tone, texts=texts, total=total)

    def _given(self, name: str, found: Digits, a: float, value: float, *, held: bool) -> tuple[str, ...]:
        """Return the line that ends with the unit's number of a gate or of h."""
        step, named, function = self.step, self.symbol(name, self.step.now), self.step.function(name)
        if held:
            return (f"{named} is held at {fixed(value, DECIMALS)}",)
        if not step.knows(name):
            return (f"{named} = {WAITING}",)
        result = fixed(value, found.result)
        if not function:
            return (f"{named} {SAME if found.sums else ABOUT} {result}",)
        sign = SAME if found.gives else ABOUT
        return (f"{named} = {function}({fixed(a, found.between)}) ", f"{sign} {result}")

    def _sum_alone(self, name: str, summands: tuple[Summand, ...]) -> Statement:
        """Return what the reset gate of a GRU lets through."""
        step = self.step
        formula = f"{step.before(name)}{self.index} = {self._general(summands)}"
        before = step.before(name, step.now) + self.index
        if not step.knows(f"a.{name}"):
            return Statement(formula, role="muted", texts=((f"{before} = {WAITING}",),))
        rows, value = self._rows("n", summands), self.at(f"a.{name}")
        found = digits(Rule(combined(rows), "", LEAST, DECIMALS), flat(rows), value, value, free=False)
        sign = SAME if found.sums else ABOUT
        total = Sum(rows, found.operands, picked=self._picked())
        return Statement(formula, texts=((f"{before} {sign} {fixed(value, found.result)}",),), total=total)

    def _picked(self) -> WeightEntry | None:
        selection = self.step.scene.selection
        return None if selection is None else selection.weight

    def _general(self, summands: tuple[Summand, ...]) -> str:
        """Write the sum with the row of each matrix that counts."""
        found = []
        for summand in summands:
            if not summand.reads:
                found.append(coloured(summand.role, f"{summand.general}{self.index}"))
                continue
            weight, _, read = summand.general.partition(" ")
            found.append(coloured(summand.role, f"{weight}[{self.unit + 1},·] {read}"))
        return " + ".join(found)

    def _rows(self, name: str, summands: tuple[Summand, ...]) -> tuple[TermRow, ...]:
        return tuple(self._row(name, summand) for summand in summands)

    def _row(self, name: str, summand: Summand) -> TermRow:
        """Return the products of a matrix's row with a vector, or the bias."""
        step, stored = self.step, self.step.scene.parameters
        row = step.row(name, self.unit)
        if not summand.reads:
            value = math.fsum(float(stored[part][row]) for part in summand.stored)
            entry = WeightEntry(summand.stored[0], row, 0)
            return TermRow(coloured("text", summand.general), (Term((value,), entry),))
        weights, parameter = stored[summand.stored[0]][row], summand.stored[0]
        title = coloured(summand.role, self._title(name, summand))
        token = step.token() if summand.reads == "read" else None
        if token is not None:
            name = visible(step.scene.vocabulary[token])
            said = f"x_{step.now} is one-hot: only the column for “{name}” counts"
            return TermRow(
                title, (Term((float(weights[token]), 1.0), WeightEntry(parameter, row, token)),), said
            )
        factors = [np.asarray(weights, float).tolist(), *self._read(summand.reads)]
        terms = [
            Term(values, WeightEntry(parameter, row, n))
            for n, values in enumerate(zip(*factors, strict=True))
        ]
        return TermRow(title, few(terms))

    def _read(self, reads: str) -> list[list[float]]:
        """Return the vectors that a row is multiplied by."""
        if reads == "rh":
            return [self.step.value("r").tolist(), self.step.previous("h").tolist()]
        return [self.step.operand(reads).tolist()]

    def _title(self, name: str, summand: Summand) -> str:
        weight = weight_symbol(self.step.scene, summand.stored[0], "" if name == "h" else name)
        if summand.reads == "rh":
            return f"{weight} (r ⊙ {self.step.letter('h')})"
        return f"{weight} {self.step.read if summand.reads == 'read' else self.step.letter('h')}"

    def states(self) -> list[Statement]:
        """Return the unit's states: c and h of an LSTM, h of a GRU."""
        if "c" in self.step.cell.states:
            return [self._cell(), self._shown()]
        z, n, h = (self.symbol(*which) for which in (("z",), ("n",), ("h", self.step.earlier)))
        before = float(self.step.previous("h")[self.unit])
        return [
            self._state(
                "h",
                f"(1 − {z}) · {n} + {z} · {h}",
                (self.at("z"), self.at("n"), before),
                lambda z, n, h: (1 - z) * n + z * h,
                lambda z, n, h: (f"(1 − {z})·{_in(n)} ", f"+ {z}·{_in(h)} "),
            )
        ]

    def _cell(self) -> Statement:
        """Return c_t = f_t · c_{t−1} + i_t · g_t."""
        f, i, g = (self.symbol(name) for name in "fig")
        before = float(self.step.previous("c")[self.unit])
        return self._state(
            "c",
            f"{f} · {self.symbol('c', self.step.earlier)} + {i} · {g}",
            (self.at("f"), before, self.at("i"), self.at("g")),
            lambda f, c, i, g: f * c + i * g,
            lambda f, c, i, g: (f"{f}·{_in(c)} ", f"+ {i}·{_in(g)} "),
        )

    def _shown(self) -> Statement:
        """Return h_t = o_t · tanh(c_t)."""
        return self._state(
            "h",
            f"{self.symbol('o')} · tanh({self.symbol('c')})",
            (self.at("o"), self.at("c")),
            lambda o, c: o * math.tanh(c),
            lambda o, c: (f"{o}·tanh({c}) ",),
        )

    def _state(
        self,
        name: str,
        formula: str,
        operands: tuple[float, ...],
        compute: Callable[..., float],
        told: Callable[..., tuple[str, ...]],
    ) -> Statement:
        step, value, named = self.step, self.at(name), self.symbol(name, self.step.now)
        general = f"{self.symbol(name)} = {formula}"
        tone = "text" if step.knows(name) else "muted"
        if not step.knows(name):
            return Statement(
                general, symbols=words(step, name), role=tone, texts=((f"{named} = {WAITING}",),)
            )
        if self.unit in step.of(name).held:
            text: tuple[str, ...] = (f"{named} is held at {fixed(value, DECIMALS)}",)
        else:
            found = digits(Rule(compute, "", LEAST, DECIMALS), operands, value, value, free=False)
            pieces = told(*(fixed(operand, found.operands) for operand in operands))
            sign = SAME if found.sums else ABOUT
            text = (f"{named} = ", *pieces, f"{sign} {fixed(value, found.result)}")
        return Statement(general, symbols=words(step, name), role=tone, texts=(text,))


def _in(number: str) -> str:
    """Put a negative number into parentheses."""
    return f"({number})" if number.startswith("−") else number


def _applied(function: str, argument: str) -> str:
    return f"{function}({argument})" if function else argument


def flat(rows: tuple[TermRow, ...]) -> list[float]:
    """Return all factors in a row."""
    return [factor for row in rows for term in row.terms for factor in term.factors]


def combined(rows: tuple[TermRow, ...]) -> Callable[..., float]:
    """Return the function of all factors that gives the sum of their products."""
    counts = [len(term.factors) for row in rows for term in row.terms]

    def total(*factors: float) -> float:
        found, start = [], 0
        for count in counts:
            found.append(math.prod(factors[start : start + count]))
            start += count
        return math.fsum(found) if all(map(math.isfinite, found)) else sum(found)

    return total
