"""The equations of the readout and the loss as whole vectors with the numbers of the playhead's step."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.arithmetic import fixed
from rnnviz.figures.forward_rows import DECIMALS, Rule, aligned, chain, waiting, with_gaps
from rnnviz.figures.highlight import picked_rows
from rnnviz.figures.loss_equation import loss
from rnnviz.figures.notation import spelled
from rnnviz.figures.readout import (
    HIDDEN,
    Readout,
    longest_name,
    prediction_words,
    readout_words,
    short_name,
)
from rnnviz.figures.sheet import OMITTED
from rnnviz.figures.softmax_sum import Total
from rnnviz.figures.statements import ROWS, Operand, Rows, Statement, some_rows

if TYPE_CHECKING:
    from rnnviz.figures.forward_rows import Chain
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

WAITING = "·"
LEAST, BETWEEN = 4, 3  # decimals of summands and of logits
SUM_ROOM, ROOM, RESULT_ROOM = 8, 7, 4  # characters of summands, of logits and of predictions


@np.errstate(all="ignore")
def statements(scene: Scene) -> list[Statement]:
    """Return ŷ_t = softmax(W_Y h_t + b_Y) with its numbers, and the loss."""
    readout = Readout(scene)
    picked = picked_rows(scene, "y")
    numbers = readout.kind == "linear"
    if numbers or not readout.knows:  # the order of tokens would tell what is not known yet
        rows = some_rows(len(readout.y), ROWS, picked)
    else:
        rows = likeliest(readout.y, picked)
    return [prediction(readout, rows, Rows("y", picked)), loss(readout)]


def prediction(readout: Readout, rows: tuple[int, ...], of: Rows) -> Statement:
    """Return the predictions of some rows as a function of the logits, and these as sums."""
    shown = [row for row in rows if row != OMITTED]
    total = Total(readout, shown) if readout.kind == "softmax" else None
    found = _calculated(readout, shown, total)
    operands = _summands(readout, found, of)
    if len(operands) > 1 and readout.function:
        operands[0] = operands[0]._replace(before=f"{readout.function}(")
        operands[-1] = operands[-1]._replace(after=")")
        operands.append(_logits(readout, found, of, total))
    elif readout.function:
        # Without a bias there is no sum: the logits themselves stand there.
        numbers = found.result if total else found.operands[0]
        operands[0] = operands[0]._replace(before=readout.function, numbers=numbers)
    operands.append(_result(readout, found, of, total, shown))
    argument = readout.product
    formula = f"{readout.function}({argument})" if readout.function else argument
    return Statement(
        f"{readout.letter}_t = {formula}",
        tuple(_masked(readout, operand, rows) for operand in operands),
        rows,
        readout_words(readout),
        "text" if readout.knows else "muted",
        labels=tuple("" if row == OMITTED else short_name(readout.name(row)) for row in rows),
        label_room=longest_name(readout.scene.vocabulary),
        notes=_notes(readout, rows, total),
    )


def _calculated(readout: Readout, shown: list[int], total: Total | None) -> Chain:
    """Return W_Y h and b_Y, the logits and, unless softmax follows, the predictions."""
    logits = readout.logits[shown].tolist()
    free = [False] * len(shown)
    if total is not None:
        rule = Rule(_sum, least=max(LEAST, total.decimals), decimals=total.decimals)
        return chain(rule, readout.parts(shown), logits, logits, free)
    rule = Rule(_sum, "σ" if readout.kind == "sigmoid" else "", LEAST)
    return chain(rule, readout.parts(shown), logits, readout.y[shown].tolist(), free)


def _sum(*values: float) -> float:
    return math.fsum(values) if all(map(math.isfinite, values)) else sum(values)


def _summands(readout: Readout, found: Chain, of: Rows) -> list[Operand]:
    symbols = (f"{readout.weight} {readout.h}_{readout.t}", readout.bias)
    kinds = zip(("", "+"), symbols, (HIDDEN, "muted"), found.operands, strict=False)
    return [
        Operand(
            sign,
            symbol,
            role,
            numbers,
            of,
            says=partial(_says, readout, sign),
            least=SUM_ROOM,
            decimals=LEAST,
        )
        for sign, symbol, role, numbers in kinds
    ]


def _logits(readout: Readout, found: Chain, of: Rows, total: Total | None) -> Operand:
    symbol, numbers = f"{readout.logit}_{readout.t}", found.result if total else found.between
    said = f"{spelled(symbol)}: {len(readout.logits)} numbers, what {readout.function} is a function of"
    return Operand(found.signs[0], symbol, "text", numbers, of, readout.function, "", said, ROOM, BETWEEN)


def _result(readout: Readout, found: Chain, of: Rows, total: Total | None, shown: list[int]) -> Operand:
    """Return the predictions themselves."""
    sign, numbers = found.signs[1] if readout.kind == "sigmoid" else found.signs[0], found.result
    if total is not None:
        sign, numbers = total.sign, aligned([fixed(value, DECIMALS) for value in readout.y[shown].tolist()])
    symbol, said = f"{readout.letter}_{readout.t}", partial(prediction_words, readout)
    return Operand(sign, symbol, "text", numbers, of, says=said, least=RESULT_ROOM, decimals=DECIMALS)


def _masked(readout: Readout, operand: Operand, rows: tuple[int, ...]) -> Operand:
    numbers = operand.numbers if readout.knows else waiting(operand.numbers)
    return operand._replace(numbers=with_gaps(numbers, rows))


def _notes(readout: Readout, rows: tuple[int, ...], total: Total | None) -> tuple[tuple[str, ...], ...]:
    notes: list[tuple[str, ...]] = []
    if total is not None:
        of = f"{readout.logit} − {fixed(total.shift, total.decimals)}" if total.shift else readout.logit
        value = total.text if readout.knows else WAITING
        over = f", over all {len(readout.y)}" if OMITTED in rows else ""
        notes.append(
            (f"softmax({readout.logit}) = exp({of}) / Σ exp({of}), ", f"Σ exp({of}) = {value}{over}")
        )
    if OMITTED in rows:
        kind = "likeliest of" if readout.kind != "linear" and readout.knows else "of"
        notes.append((f"the {rows.index(OMITTED)} {kind} {len(readout.y)}",))
    return tuple(notes)


def _says(readout: Readout, sign: str) -> str:
    outputs, columns = readout.scene.parameters["head.weight"].shape
    if sign:
        return f"{spelled(readout.bias)}: {outputs} numbers, the bias of the readout"
    weight = spelled(readout.weight)
    return f"{weight} {readout.h}: {outputs} numbers; {weight} is {outputs}×{columns}"


def likeliest(y: Floats, picked: frozenset[int]) -> tuple[int, ...]:
    """Return all rows, or those of the likeliest tokens in that order, and a picked one after them."""
    if len(y) <= ROWS:
        return tuple(range(len(y)))
    best = np.argsort(-y, kind="stable").tolist()
    apart = [row for row in best[ROWS - 1 :] if row in picked][:1]
    return (*best[: ROWS - 1 - len(apart)], OMITTED, *apart)
