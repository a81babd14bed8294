"""The equation of a step's loss with its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.arithmetic import MOST, calculated, comes_out, fixed, number, rounded
from rnnviz.figures.forward_rows import ABOUT, SAME
from rnnviz.figures.stages import known
from rnnviz.figures.statements import Statement, coloured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rnnviz.figures.readout import Readout

DECIMALS = 3
TINY = 1e-300  # a probability of which the logarithm is not to be had
MOST_TERMS = 8  # of a mean that are written out
WAITING = "·"
TARGET = "target: the token that was to come, which stands beneath its step in the sequence"


def loss(readout: Readout) -> Statement:
    """Return L_t of the token, or of the numbers, that were to come."""
    t, scene = readout.t, readout.scene
    name = coloured("loss", f"L_{t}")
    formula, symbols = _general(readout)
    tone = "text" if known(scene, "L") else "muted"
    if scene.step in scene.silent:
        return Statement(formula, symbols=symbols, role="muted", texts=((f"{name} is left out",),))
    if not known(scene, "L"):
        return Statement(formula, symbols=symbols, role=tone, texts=((f"{name} = {WAITING}",),))
    value = float(scene.analysis.loss.step[scene.step, 0])
    pieces = _of_class(readout, value) if readout.kind == "softmax" else _of_numbers(readout, value)
    return Statement(formula, symbols=symbols, role=tone, texts=((f"{name} = ", *pieces),))


def _general(readout: Readout) -> tuple[str, tuple[str, ...]]:
    y = readout.letter
    name = coloured("loss", "L_t")
    if readout.kind == "softmax":
        return f"{name} = −ln {y}_t[target]", ("L: one number, the loss of this step", TARGET)
    said = ("L: one number, the loss of this step", "y: the numbers that were to come")
    mean = "mean " if len(readout.y) > 1 else ""
    if readout.kind == "linear":
        return f"{name} = {mean}({y}_t − y_t)²", said
    return f"{name} = −{mean}(y_t ln {y}_t + (1 − y_t) ln(1 − {y}_t))", said


def _of_class(readout: Readout, value: float) -> tuple[str, ...]:
    row = readout.target
    if row is None:
        return (fixed(value, DECIMALS),)
    p, name = float(readout.y[row]), readout.name(row)
    if not p > TINY and value == value:
        return _of_logits(readout, row, value)
    n, sign = _decimals(value, (p,), lambda p: -math.log(p))
    symbol = f"{readout.letter}_{readout.t}[{name}]"
    return f"−ln {symbol} ", f"= −ln {number(p, n)} ", f"{sign} {fixed(value, DECIMALS)}"


def _of_logits(readout: Readout, row: int, value: float) -> tuple[str, ...]:
    """Return the loss by the logits, of which the probability has no digit left."""
    top, z = float(readout.logits.max()), float(readout.logits[row])
    with np.errstate(all="ignore"):
        whole = top + float(np.log(np.exp(readout.logits - top).sum()))
    n, sign = _decimals(value, (whole, z), lambda whole, z: whole - z)
    logit = f"{readout.logit}_{readout.t}"
    said = f"{number(whole, n)} − {held(number(z, n))}"
    return (
        f"ln Σ exp({logit}) − {logit}[{readout.name(row)}] ",
        f"= {said} ",
        f"{sign} {fixed(value, DECIMALS)}",
    )


def _of_numbers(readout: Readout, value: float) -> tuple[str, ...]:
    """Return the mean of what each number adds."""
    wanted = np.asarray(readout.scene.analysis.loss.targets[readout.scene.step, 0], float)
    known_ones = np.flatnonzero(~np.isnan(wanted)).tolist()
    count = len(known_ones)
    if not 0 < count <= MOST_TERMS:
        return (f"{number(value, DECIMALS)}, the mean of {count:,}",)
    pairs = [value for row in known_ones for value in (float(readout.y[row]), float(wanted[row]))]
    one = _square if readout.kind == "linear" else _cross_entropy
    n, sign = _decimals(value, pairs, lambda *given: _mean(one, given), plain=False)
    told = _told_square if readout.kind == "linear" else _told_entropy
    terms = [told(*(number(v, n) for v in pairs[at : at + 2])) for at in range(0, len(pairs), 2)]
    opened, closed = ("(", f") / {count} ") if count > 1 else ("", " ")
    minus = "" if readout.kind == "linear" else "−"
    pieces = [f"{minus}{opened}{terms[0]}", *(f" + {term}" for term in terms[1:])]
    pieces[-1] += closed
    return (*pieces, f"{sign} {number(value, DECIMALS)}")


def _mean(one: Callable[[float, float], float], given: Sequence[float]) -> float:
    return math.fsum(one(given[n], given[n + 1]) for n in range(0, len(given), 2)) / (len(given) // 2)


def _square(y: float, wanted: float) -> float:
    return (y - wanted) ** 2


def _cross_entropy(y: float, wanted: float) -> float:
    right = wanted * math.log(y) if wanted else 0.0
    wrong = (1 - wanted) * math.log(1 - y) if wanted != 1 else 0.0
    return -right - wrong


def _told_square(y: str, wanted: str) -> str:
    return f"({y} − {held(wanted)})²"


def _told_entropy(y: str, wanted: str) -> str:
    return f"({wanted}·ln {y} + (1 − {wanted})·ln(1 − {y}))"


def held(text: str) -> str:
    """Put a negative number into parentheses, to stand behind a sign."""
    return f"({text})" if text.startswith("−") else text


def _decimals(
    value: float, operands: Sequence[float], compute: Callable[..., float], *, plain: bool = True
) -> tuple[int, str]:
    """Return how many decimals operands need for the loss to come out, and the sign for whether it does."""
    smallest = {"smallest": 0.0} if plain else {}
    for n in range(DECIMALS, MOST + 1):
        found = calculated(compute, [rounded(operand, n) for operand in operands])
        if comes_out(value, found, DECIMALS, **smallest):
            return n, SAME
    return DECIMALS, ABOUT
