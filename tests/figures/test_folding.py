"""The network folds into one copy, and closer or farther columns show the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from PySide6.QtGui import QImage, QPainter
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.drawing.painter import paint
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.network import network
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Arrows, Boxes, Figure, Heatmap, Line, Region, Text
from rnnviz.figures.picking import pick
from rnnviz.figures.states import lanes, symbol
from rnnviz.figures.textruns import plain
from rnnviz.figures.theme import THEMES
from rnnviz.figures.tracks import TrackView, available, is_usual

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

pytestmark = pytest.mark.usefixtures("qapp")
TEXT = "abcabc def"
LONG = "abcdefgh " * 120


def marks(figure: Figure, kind: type) -> list:
    return [mark for mark in figure.plots[0].marks if isinstance(mark, kind)]


def words(figure: Figure) -> list[str]:
    return [plain(string) for mark in marks(figure, Text) for string in mark.strings]


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=60)
def test_folded_it_shows_the_step_of_the_playhead(shown: Scene) -> None:
    found = {heat.scale.label: heat for heat in marks(network(shown, 1.0), Heatmap)}
    for lane in lanes(shown.spec):
        computed = shown.analysis.trace.layers[lane.layer].directions[lane.direction]
        for name, values in {**computed.states, **computed.gates}.items():
            heat = found[symbol(shown.spec, name, lane)]
            assert_array_equal(heat.values[:, 0], values[shown.step, 0])
            assert round(heat.left + 0.5) == shown.step + 1


@given(shown=scenes(layers=3, both=True), fold=st.floats(0.001, 1.0))
@settings(max_examples=60)
def test_on_the_way_everything_stays_in_the_picture(shown: Scene, fold: float) -> None:
    figure = network(shown, fold)
    axis = figure.plots[0].x
    for box in marks(figure, Boxes):
        assert (box.centres[:, 0] > axis.low).all()
        assert (box.centres[:, 0] < axis.high).all()
    for arrows in marks(figure, Arrows):
        assert (arrows.ends[:, 2] >= axis.low).all()
        assert (arrows.ends[:, 2] <= axis.high).all()
    assert figure.description.endswith(".")


def test_it_starts_where_the_unrolled_one_stands() -> None:
    shown = scene(TEXT, cell="lstm", step=3)
    unrolled, folding = network(shown), network(shown, 1e-9)
    assert folding.plots[0].x.low == pytest.approx(unrolled.plots[0].x.low)
    assert folding.plots[0].x.high == pytest.approx(unrolled.plots[0].x.high)
    (boxes,) = marks(unrolled, Boxes)
    moving = sorted(x for mark in marks(folding, Boxes) for x in mark.centres[:, 0].tolist())
    np.testing.assert_allclose(moving, sorted(boxes.centres[:, 0]), atol=1e-6)
    assert {mark.size[1] for mark in marks(folding, Boxes)} == {boxes.size[1]}
    assert network(shown, 0.0).title == unrolled.title


@pytest.mark.parametrize(
    ("cell", "options", "loops", "named"),
    [
        ("rnn", {}, 1, {"WH"}),
        ("lstm", {}, 2, {"WH", "⊙ ft"}),
        ("gru", {"num_layers": 2, "bidirectional": True}, 4, {"WH⁽¹⁾→", "WH⁽¹⁾←", "WH⁽²⁾→", "WH⁽²⁾←"}),
        ("feedforward", {}, 0, set()),
    ],
)
def test_a_loop_stands_for_every_recurrence(
    cell: str, options: dict[str, object], loops: int, named: set[str]
) -> None:
    shown = scene(TEXT, cell=cell, step=4, **options)
    figure = network(shown, 1.0)
    assert len(marks(figure, Line)) == loops
    assert named < set(words(figure))
    assert "the same weights at every step" in words(figure)
    assert marks(network(shown, 0.4), Line) == []
    for loop in marks(figure, Line):
        assert (loop.x - 5).min() * (loop.x - 5).max() > 0  # all on one side of the box


def test_pointing_at_the_folded_box_finds_its_step() -> None:
    shown = scene(TEXT, cell="lstm", step=6)
    figure, size = network(shown, 1.0), (800.0, 300.0)
    plot, rect = figure.plots[0], plot_rects(figure, *size)[0]
    heat = next(m for m in plot.marks if isinstance(m, Heatmap) and m.scale.label == "h_t")
    x = float(to_pixels_x(plot, rect, heat.left + 0.5))
    found = pick(figure, *size, x, float(to_pixels_y(plot, rect, (heat.top + heat.bottom) / 2)))
    assert plot.marks[found.mark] is heat
    assert round(found.x) == 7


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("columns", [(0, 10), (100, 120), (300, 460), (0, 1000)])
@pytest.mark.parametrize("step", [0, 110, 999])
def test_any_columns_show_the_engines_numbers(cell: str, columns: tuple[int, int], step: int) -> None:
    shown = replace(scene(LONG[:1001], cell=cell, step=step), columns=columns)
    start, stop = columns
    h = shown.analysis.trace.layers[0].h[start:stop, 0].T
    for name in ("network", "timeline"):
        figure = FIGURES[name].figure(shown)
        heat = next(
            m for p in figure.plots for m in p.marks if isinstance(m, Heatmap) and m.scale.label == "h_t"
        )
        assert_array_equal(heat.values[:, 1:], h)
        assert (figure.plots[0].x.low, figure.plots[0].x.high) == (start - 0.5, stop + 0.5)
        assert (stop - start == 1000) or f"{start + 1:,}–{stop:,} of 1,000" in figure.note
        regions = [m for p in figure.plots for m in p.marks if isinstance(m, Region)] + list(figure.across)
        outlines = [region for region in regions if region.role == "selection"]
        assert len(outlines) == (start <= step < stop)
        assert all(start - 0.5 <= region.low <= stop + 0.5 for region in regions)
    assert len(marks(network(shown, 1.0), Boxes)) == 1
    assert e.visible_steps(1000, step) == (shown.analysis.flow.start, shown.analysis.flow.stop)


WAYS = [(name, both) for name, cell in e.CELLS.items() for both in (False, True)[: 1 + cell.recurrent]]


@pytest.mark.parametrize(("cell", "both"), WAYS)
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("steps", [0, 1, 40, 1000])
def test_every_network_draws_in_every_form(cell: str, layers: int, both: bool, steps: int) -> None:
    text = LONG[: steps + 1] if steps else ""
    shown = scene(text, cell=cell, num_layers=layers, bidirectional=both, step=steps // 2)
    keys = available(shown)
    views = [TrackView(lines=frozenset(lines)) for lines in ((), keys)]
    views = [replace(view, toggled=frozenset(k for k in keys if not is_usual(k))) for view in views]
    for columns in {None, (0, steps), (steps // 4, steps - steps // 4)}:
        chosen = replace(shown, columns=columns if columns and columns[0] < columns[1] else None)
        figures = [timeline(chosen, view, 1) for view in views]
        figures += [network(chosen, fold) for fold in (0.0, 0.3, 0.8, 1.0)]
        for figure in figures:
            assert bool(figure.plots) == (steps > 0)
            image = QImage(640, 400, QImage.Format.Format_RGB32)
            with QPainter(image) as painter:
                paint(painter, figure, (640, 400), THEMES["dark"])
