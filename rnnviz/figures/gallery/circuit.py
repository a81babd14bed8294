"""The cell of the playhead's step as a circuit through which its vectors flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.circuit_marks import Strip, cells, resting, strip_of
from rnnviz.figures.circuit_overlays import held, picked
from rnnviz.figures.circuit_scales import scales
from rnnviz.figures.circuit_symbols import in_colours
from rnnviz.figures.circuit_values import carried
from rnnviz.figures.circuit_wires import looks, wires
from rnnviz.figures.circuits import circuit_of
from rnnviz.figures.columns import TOO_SHORT, Columns
from rnnviz.figures.difference import as_difference
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.gallery.network import predicted
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Figure, Heatmap, Margins, Mark, Plot, Text
from rnnviz.figures.notation import place, visible
from rnnviz.figures.stages import known
from rnnviz.figures.wording import reworded

if TYPE_CHECKING:
    from rnnviz.figures.circuits import Circuit
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

UNIT = 36.0  # pixels: the width of a strip with numbers
NONE = "This cell has no circuit."


@register("circuit", "Circuit")
def circuit(scene: Scene) -> Figure:
    """Show the cell looked at as parts and wires, on each of which this step's vector stands."""
    drawn = circuit_of(scene.spec, scene.layer)
    if drawn is None or not scene.steps:
        words = "The sequence has no step yet." if drawn is not None else NONE
        return Figure("Circuit", words, (), message=TOO_SHORT if drawn is not None else NONE)
    values = [carried(scene, wire) for wire in drawn.wires]
    rows = tuple(map(len, values))
    strips = tuple(map(strip_of, drawn.wires, rows))
    symbols = tuple(in_colours(scene, wire) for wire in drawn.wires)
    marks = (
        *resting(drawn, strips, symbols, scene.notation),
        *wires(drawn, looks(scene, drawn, strips)),
        *_tokens(scene, drawn),
        *_cells(scene, drawn, values, strips),
        *held(scene, drawn, strips, rows),
        *picked(scene, drawn, strips, rows),
    )
    t = scene.step + 1
    figure = Figure(
        f"Circuit at t = {t}{place(scene)}",
        f"Step {t}: {reworded(drawn.sentence, scene.spec, scene.notation)}",
        (_plot(drawn, marks),),
        margins=Margins(left=10, top=6, right=10, bottom=8),
    )
    return as_difference(scene, figure)


def _plot(drawn: Circuit, marks: tuple[Mark, ...]) -> Plot:
    width, height = drawn.size
    x, y = Axis(0.0, width, shown=False), Axis(0.0, height, shown=False, reverse=True)
    size = (width * UNIT, height * UNIT)
    return Plot("circuit", x, y, marks, fit="natural", natural=size, centred=True)


def _cells(scene: Scene, drawn: Circuit, values: list[Floats], strips: tuple[Strip, ...]) -> list[Heatmap]:
    """Return the cells on the wires, in their order."""
    colours = scales(scene, drawn)
    return [
        cells(
            strip, vector, colours[wire.name], wire.reads[0].name == "x" and scene.analysis.trace.x.ndim == 2
        )
        for wire, vector, strip in zip(drawn.wires, values, strips, strict=True)
    ]


def _tokens(scene: Scene, drawn: Circuit) -> list[Mark]:
    """Return what the step reads and what it predicts."""
    found: list[Mark] = []
    for part in drawn.parts:
        if part.kind == "token":
            word = visible(scene.inputs[scene.step]) if part.text == "x" else _predicted(scene)
            found.append(_token(part.at, word, entered=part.text == "x"))
    return found


@memoised
def _token(at: tuple[float, float], word: str, entered: bool) -> Text:
    solid = frozenset({0}) if entered else frozenset[int]()
    frame, colour = ("circle", "input") if entered else ("box", "muted")
    return Text(np.array([at]), (word,), "text", frame, colour, solid, size=13.0, pitch=1.9)  # type: ignore[arg-type]


def _predicted(scene: Scene) -> str:
    if not known(scene, "y"):
        return "·"
    return visible(predicted(scene, Columns(scene.step, scene.step + 1, scene.steps))[0])
