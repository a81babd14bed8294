"""The prediction of one token, every product written out, with the numbers of the playhead's step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.selection import WeightEntry
from rnnviz.figures.arithmetic import fixed
from rnnviz.figures.forward_rows import ABOUT, SAME, Rule, digits
from rnnviz.figures.forward_unit import DECIMALS, LEAST, WAITING, combined, flat
from rnnviz.figures.highlight import picked_rows
from rnnviz.figures.loss_equation import loss
from rnnviz.figures.readout import HIDDEN, Readout, readout_words
from rnnviz.figures.softmax_sum import Total
from rnnviz.figures.statements import Statement, coloured
from rnnviz.figures.terms import MOST, Sum, Term, TermRow, few

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene


@np.errstate(all="ignore")
def statements(scene: Scene) -> list[Statement]:
    """Return the logit and the prediction of one output, and the loss."""
    readout = Readout(scene)
    row = looked_at(readout)
    total = None
    if readout.kind == "softmax":
        shown = range(len(readout.y)) if len(readout.y) <= MOST else [row]
        total = Total(readout, list(shown), DECIMALS)
    found = [_logit(readout, row, total)]
    if total is not None:
        found.append(_softmax(readout, row, total))
    return [*found, loss(readout)]


def looked_at(readout: Readout) -> int:
    """Return the output that is picked, else the one that was to come, else the largest."""
    picked = picked_rows(readout.scene, "y")
    if picked:
        return min(picked)
    wanted = readout.target
    return int(np.nan_to_num(readout.y, nan=-np.inf).argmax()) if wanted is None else wanted


def _logit(readout: Readout, row: int, total: Total | None) -> Statement:
    """Return z[k] as a sum; of a readout without softmax what becomes of it, too."""
    name, plain = readout.name(row), readout.kind == "linear"
    letter = readout.letter if plain else readout.logit
    h = coloured(HIDDEN, f"{readout.h}_t")
    bias = f" + {readout.bias}[k]" if readout.biases is not None else ""
    formula = f"{letter}_t[k] = {readout.weight}[k,·] {h}{bias}"
    if readout.kind == "sigmoid":
        formula = f"{readout.letter}_t[k] = σ({readout.weight}[k,·] {h}{bias})"
    symbols = ("k: an output, here the one that is picked, or else the target", *readout_words(readout))
    named = f"{letter}_{readout.t}[{name}]"
    if not readout.knows:
        return Statement(formula, symbols=symbols, role="muted", texts=((f"{named} = {WAITING}",),))
    rows, z, y = _rows(readout, row), float(readout.logits[row]), float(readout.y[row])
    function = "σ" if readout.kind == "sigmoid" else ""
    decimals = total.decimals if total else DECIMALS
    rule = Rule(combined(rows), function, LEAST, decimals)
    found = digits(rule, flat(rows), z, z if total else y, free=False)
    sign, shown = SAME if found.sums else ABOUT, fixed(z, found.between)
    texts: list[tuple[str, ...]] = [(f"{named} {sign} {shown}",)]
    if function:
        result = SAME if found.gives else ABOUT
        texts.append(
            (f"{readout.letter}_{readout.t}[{name}] = σ({shown}) ", f"{result} {fixed(y, found.result)}")
        )
    picked = None if readout.scene.selection is None else readout.scene.selection.weight
    total_shown = Sum(rows, found.operands, picked=picked)
    said = "the token that was to come" if row == readout.target else "the output looked at"
    notes = ((f"k is “{name}”, {said}",),)
    return Statement(formula, symbols=symbols, texts=tuple(texts), notes=notes, total=total_shown)


def _rows(readout: Readout, row: int) -> tuple[TermRow, ...]:
    weights = np.asarray(readout.scene.parameters["head.weight"][row], float).tolist()
    terms = [
        Term(pair, WeightEntry("head.weight", row, n))
        for n, pair in enumerate(zip(weights, readout.read.tolist(), strict=True))
    ]
    rows = [TermRow(coloured(HIDDEN, f"{readout.weight} {readout.h}"), few(terms))]
    if readout.biases is not None:
        bias = Term((float(readout.biases[row]),), WeightEntry("head.bias", row, 0))
        rows.append(TermRow(readout.bias, (bias,)))
    return tuple(rows)


def _softmax(readout: Readout, row: int, total: Total) -> Statement:
    """Return ŷ[k] = exp(z[k]) / Σ exp(z), the sum with all its terms."""
    y, z, name = readout.letter, readout.logit, readout.name(row)
    over, under = f"exp({z}_t[k])", f"Σ exp({z}_t[j])"
    formula = f"{y}_t[k] = {coloured('text', over)}/{coloured('text', under)}"
    symbols = readout_words(readout)
    named = f"{y}_{readout.t}[{name}]"
    if not readout.knows:
        return Statement(formula, symbols=symbols, role="muted", texts=((f"{named} = {WAITING}",),))
    shift = total.shift
    own = fixed(float(readout.logits[row]), total.decimals)
    power = f"{own} − {_in(fixed(shift, total.decimals))}" if shift else own
    whole = f"Σ exp({z}_{readout.t}{' − max' if shift else ''})"
    many = f", over all {len(readout.y):,}" if len(readout.y) > MOST else ""
    texts = (
        (f"{whole} {total.sign} {total.text}{many}",),
        (f"{named} = exp({power}) / {total.text} ", f"{total.sign} {fixed(float(readout.y[row]), DECIMALS)}"),
    )
    if many or shift:
        return Statement(formula, symbols=symbols, texts=texts)
    terms = tuple(Term((value,)) for value in readout.logits.tolist())
    exps = Sum((TermRow("Σ exp", terms),), total.decimals, function="exp")
    return Statement(formula, symbols=symbols, texts=texts, total=exps)


def _in(number: str) -> str:
    return f"({number})" if number.startswith("−") else number
