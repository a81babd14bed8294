"""The verdict with its proof: what is left of the last loss at every step, and what it no longer hears."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnviz.engine import CELLS, kept
from rnnviz.engine.selection import StepPair
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.links import bound_of_step
from rnnviz.figures.model import Axis, Figure, Heatmap, Line, Margins, Plot, Region, Scale, Text
from rnnviz.figures.notation import visible
from rnnviz.figures.numbers import decades, from_log, written
from rnnviz.figures.staleness import as_stale
from rnnviz.figures.states import Lane, lane_title, symbol
from rnnviz.figures.symbols import parameter_symbol
from rnnviz.figures.textruns import plain
from rnnviz.figures.wording import verdict_of

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Verdict"
NO_LOSS = "No step has a loss, so there is no gradient to follow: click a target to let its loss count."
ROOM = 84  # letters in a row of words
WORDS_APART = 3  # letters
LONGEST = 14  # letters of a word
LINE = 24.0  # pixels from one sentence to the next
KINDS = {
    "vanishing": "Vanishing",
    "exploding": "Exploding",
    "healthy": "Healthy",
    "too-short": "Too short to judge",
}
ROLES = {"vanishing": "gradient", "exploding": "warning", "healthy": "hidden", "too-short": "muted"}


class Heard(NamedTuple):
    """What is left of a loss at every step from `first` on, relative to its own step, and what is lost."""

    t: int
    first: int
    left: Floats
    lost: frozenset[int]


@register("verdict", "Verdict")
def verdict(scene: Scene) -> Figure:
    """Show the verdict, what it rests on, and the text, its words struck out that the loss cannot hear."""
    if not scene.steps:
        return Figure(TITLE, "The sequence has no step yet.", (), message=TOO_SHORT)
    heard = heard_by_last(scene)
    if heard is None:
        return Figure(TITLE, verdict_of(scene), (), message=NO_LOSS)
    scale = Scale(
        "gradient", *decades(heard.left, 3, 12), log=True, label=f"what is left of L_{{{heard.t + 1}}}"
    )
    lane = Lane(scene.analysis.flow.layer, scene.analysis.flow.direction)
    where = lane_title(scene.spec, lane)
    figure = Figure(
        f"{TITLE}{f' · {where}' if where else ''}",
        f"{verdict_of(scene)} {plain(_lost(scene, heard))}",
        (_sentences(scene, heard), _words(scene, heard, scale)),
        legend=scale,
        margins=Margins(left=12, top=8, right=12, bottom=8, between_rows=14),
    )
    return as_stale(scene, figure)


def heard_by_last(scene: Scene) -> Heard | None:
    """Return what is left of the last loss that the flow covers; None if there is none."""
    flow, found = scene.analysis.flow, scene.analysis.verdict
    losses = np.flatnonzero(flow.heard)
    if not len(losses):
        return None
    last = int(losses[-1])
    norms = flow.norms[CELLS[scene.spec.cell].memory][last, : last + 1]
    with np.errstate(all="ignore"):
        left = norms / norms[-1]
    return Heard(flow.start + last, flow.start, left, frozenset(found.unheard))


def _sentences(scene: Scene, heard: Heard) -> Plot:
    """Return the kind of the verdict in large letters, and beneath it the measure and the proof."""
    found = scene.analysis.verdict
    _, _, rest = verdict_of(scene).partition(": ")
    lines = [_upper(rest), *_proof(scene, heard), _lost(scene, heard)]
    height = 48.0 + LINE * len(lines)
    title = Text(
        np.array([[4.0, 20.0]]), (KINDS[found.kind],), ROLES[found.kind], size=26.0, weight=700, align=0.0
    )
    at = np.array([[4.0, 56.0 + LINE * n] for n in range(len(lines))])
    body = Text(at, tuple(lines), "text", size=15.0, align=0.0)
    x, y = Axis(0, 640.0, shown=False), Axis(0, height, shown=False, reverse=True)
    return Plot("verdict", x, y, (title, body), fit="natural", natural=(640.0, height), height=height)


def _proof(scene: Scene, heard: Heard) -> list[str]:
    """Say what bounds the gradient of a plain network, or what a gate lets straight through."""
    spec, flow = scene.spec, scene.analysis.flow
    if spec.cell == "rnn":
        bound = bound_of_step(scene)
        weight = parameter_symbol(scene.notation, "W_H")
        sum_ = f"σ_1({weight}) · γ = {written(bound.norm)} · {written(bound.slope)} = {written(bound.factor)}"
        if not np.isfinite(bound.factor):
            return []
        if bound.factor < 1:
            return [f"{sum_} < 1: every step shrinks it, whatever is read."]
        return [f"{sum_} ≥ 1: it may explode, but need not."]
    gate = CELLS[spec.cell].keeps
    if not gate or heard.t == heard.first:
        return []
    through = kept(spec, scene.analysis.trace, heard.t, heard.first, flow.layer, flow.direction)
    if through is None or np.isnan(through[-1]):
        return []
    name = symbol(spec, gate, Lane(flow.layer, flow.direction), "", scene.notation)
    left = from_log(float(through[-1]))
    first, last = f"{name}_{{{heard.first + 2}}}", f"{name}_{{{heard.t + 1}}}"
    gates = (
        last
        if first == last
        else f"{first} · {last}"
        if heard.t == heard.first + 2
        else f"{first} · … · {last}"
    )
    return [f"{gates}, unit by unit, keeps up to {left}."]


def _lost(scene: Scene, heard: Heard) -> str:
    """Say how much of the text the loss no longer hears."""
    count, steps = len(heard.lost), heard.t - heard.first + 1
    what = {"words": "words", "numbers": "numbers"}.get(scene.reads, "characters")
    if steps == 1:
        return f"There is no earlier step that L_{{{heard.t + 1}}} could hear."
    if not count:
        return f"L_{{{heard.t + 1}}} still hears all {steps} {what}."
    return f"L_{{{heard.t + 1}}} can no longer hear {count} of {steps} {what}: less than 10⁻³ is left there."


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def step_at(scene: Scene, row: int, column: int) -> StepPair | None:
    """Return the loss and the step of a cell of the words; None of one that holds no step."""
    heard = heard_by_last(scene)
    if heard is None:
        return None
    step = heard.first + row * columns_of_words(_all_words(scene, heard)) + column
    return StepPair(heard.t, step) if step <= heard.t else None


def _all_words(scene: Scene, heard: Heard) -> list[str]:
    """Return the tokens read so far, and the one asked for."""
    shown = (*scene.inputs[heard.first : heard.t + 1], scene.targets[heard.t])
    return [in_short(visible(token)) for token in shown]


def in_short(word: str) -> str:
    """Write a long word so that others have room beside it."""
    return word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"


def _words(scene: Scene, heard: Heard, scale: Scale) -> Plot:
    """Return the text read so far and the token asked for, in cells coloured by what is left there."""
    words = _all_words(scene, heard)
    columns = columns_of_words(words)
    rows = -(-len(words) // columns)
    values = np.full((rows, columns), np.nan)
    values.flat[: len(heard.left)] = heard.left
    texts = tuple(words[:-1]) + ("",) * (rows * columns - len(words) + 1)
    heat = Heatmap(values, scale, left=0.0, top=0.0, bottom=float(rows), fill=0.94, rounded=True, texts=texts)
    last = len(words) - 1
    asked = np.array([[last % columns + 0.5, last // columns + 0.5]])
    marks: tuple[Mark, ...] = (
        heat,
        *_struck(heard, words, columns),
        Text(asked, (words[-1],), "loss", size=13.0, weight=700, pitch=0.94),
        Region(
            last % columns + 0.03,
            last % columns + 0.97,
            "loss",
            last // columns + 0.95,
            last // columns + 0.05,
        ),
        *_picked(scene, heard, columns),
    )
    x, y = Axis(0, columns, shown=False), Axis(0, rows, shown=False, reverse=True)
    return Plot("words", x, y, marks)


def columns_of_words(words: list[str]) -> int:
    """Return how many words stand in a row, so that all rows are about equally full."""
    most = max(1, ROOM // (max(map(len, words)) + WORDS_APART))
    return -(-len(words) // -(-len(words) // most))


def _struck(heard: Heard, words: list[str], columns: int) -> tuple[Line, ...]:
    """Return one line through all the words that are lost."""
    x, y = [], []
    for step in sorted(heard.lost):
        n = step - heard.first
        half = min(0.42, 0.06 + 0.42 * len(words[n]) / max(map(len, words)))
        x += [n % columns + 0.5 - half, n % columns + 0.5 + half, np.nan]
        y += [n // columns + 0.5, n // columns + 0.5, np.nan]
    return (Line(np.array(x), np.array(y), "text"),) if x else ()


def _picked(scene: Scene, heard: Heard, columns: int) -> tuple[Region, ...]:
    """Return the outline of the step of the pair that is picked, whichever loss it is picked for."""
    pair = None if scene.selection is None else scene.selection.pair
    if pair is None or not heard.first <= pair.k <= heard.t:
        return ()
    n = pair.k - heard.first
    left, top = float(n % columns), float(n // columns)
    return (Region(left, left + 1.0, "selection", top + 1.0, top),)
