"""Powers of the recurrent weights: what they do again and again, which eigenvalues tell only in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.gallery._registry import register
from rnnviz.figures.gallery.spectrum import NONE, NOT_FINITE
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot
from rnnviz.figures.notation import place, shown_parameters, spelled
from rnnviz.figures.numbers import decades, written
from rnnviz.figures.staleness import as_stale, spectrum_of
from rnnviz.figures.symbols import parameter_symbol

if TYPE_CHECKING:
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.notation import ShownParameter
    from rnnviz.figures.scene import Scene

FEWEST, MOST = 10, 200  # powers that are shown
MOST_WORK = 1e7  # powers times the cube of a matrix's rows: what their norms cost
TOO_LARGE = "The powers of so large matrices take too long to follow live; take fewer units."
LARGEST = 690.0  # e^±690: what an axis can still show


@register("powers", "Powers of recurrent weights")
def powers(scene: Scene) -> Figure:
    """Show ‖W_Hⁿ‖₂ against n beside ρⁿ: a matrix whose eigenvalues are small can still grow things first."""
    name = spelled(parameter_symbol(scene.notation, "W_H"))
    title = f"Powers of {name}"
    blocks = [shown for shown in shown_parameters(scene) if shown.kind == "W_H"]
    if not blocks:
        return Figure(title, NONE, (), message=NONE)
    if not all(np.isfinite(block.values).all() for block in blocks):
        return Figure(title, NOT_FINITE.format(name), (), message=NOT_FINITE.format(name))
    affordable = int(MOST_WORK / (len(blocks) * scene.spec.hidden_size**3))
    if affordable < FEWEST:
        return Figure(title, TOO_LARGE, (), message=TOO_LARGE)
    count = max(FEWEST, min(MOST, scene.steps, affordable))
    marks: list[Mark] = []
    for block in blocks:
        marks += _curves(scene, block, count, single=len(blocks) == 1)
    y = np.concatenate([mark.y for mark in marks if isinstance(mark, Line)])
    x = Axis(0.0, float(count), "n", whole=True)
    plot = Plot(
        "powers", x, Axis(*decades(y, 2, 600), log=True), tuple(marks), heading="‖Wⁿ‖ (log)", clip=True
    )
    sentence = _sentence(scene, blocks, name)
    margins = Margins(left=52, top=30, right=16, bottom=40)
    figure = Figure(
        title, sentence, (plot,), margins=margins, note=place(scene).removeprefix(" · "), caption=sentence
    )
    return as_stale(scene, figure)


def _curves(scene: Scene, block: ShownParameter, count: int, *, single: bool) -> list[Mark]:
    """Return ‖Wⁿ‖₂ of a block, and the ρⁿ of its spectral radius ρ."""
    n = np.arange(count + 1, dtype=float)
    radius = spectrum_of(scene, block).spectral_radius
    with np.errstate(all="ignore"):
        limit = np.exp(np.clip(n * np.log(radius), -LARGEST, LARGEST))
    role = "hidden" if single else block.role
    label = block.symbol
    curves: list[Mark] = [Line(n, _norms(block.values, count), role, f"‖{label}ⁿ‖")]
    if single:
        curves.insert(0, Line(n, limit, "muted", "ρⁿ", dashed=True))
    return curves


@memoised
def _norms(matrix: Floats, count: int) -> Floats:
    """Return the 2-norms of the powers 0 … count; the power is kept near 1 and its size apart."""
    power, logs = np.eye(len(matrix)), np.full(count + 1, -np.inf)
    logs[0], size = 0.0, 0.0
    for n in range(1, count + 1):
        power = matrix @ power
        norm = float(np.linalg.norm(power, 2))
        if norm == 0.0:
            break
        size += float(np.log(norm))
        power, logs[n] = power / norm, size
    sizes: Floats = np.where(np.isneginf(logs), np.nan, np.exp(np.clip(logs, -LARGEST, LARGEST)))
    return sizes


def _sentence(scene: Scene, blocks: list[ShownParameter], name: str) -> str:
    """Say whether a matrix grows things before its eigenvalues have their way."""
    if len(blocks) > 1:
        return f"How each gate's block of {name} grows or shrinks what it is applied to n times."
    found = spectrum_of(scene, blocks[0])
    radius, norm = found.spectral_radius, found.norm
    if radius < 1 <= norm and _norms(blocks[0].values, FEWEST).max() > 1 + 1e-9:
        return (
            f"ρ = {written(radius)} shrinks all in the end, but ‖{name}‖ = {written(norm)} lets it grow: "
            "the eigenvectors are far from orthogonal."
        )
    way = "shrinks" if radius < 1 else "grows" if radius > 1 else "keeps"
    return f"ρ = {written(radius)}: in the end every power {way} the largest part by that factor."
