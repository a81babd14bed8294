"""Which tracks a timeline has, and what each of them shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.figures.gallery.timeline import timeline, tracks
from rnnviz.figures.layout import plot_rects
from rnnviz.figures.model import Bars, Heatmap, Line, Plot
from rnnviz.figures.states import lane_looked_at
from rnnviz.figures.tracks import USUAL_VIEW, TrackView, available, called, is_usual

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

TEXT = "abcabc def"
LSTM = ("text", "x", "a.h", "h", "c", "f", "i", "g", "o", "y", "L", "dh", "dc", "dx")


def everything(shown: Scene, **chosen: frozenset[str]) -> TrackView:
    """All tracks at once."""
    return TrackView(frozenset(key for key in available(shown) if not is_usual(key)), **chosen)


def drawn(shown: Scene, view: TrackView, unit: int | None = None) -> dict[str, list[Plot]]:
    found: dict[str, list[Plot]] = {}
    for key, plot in tracks(shown, view, unit):
        found.setdefault(key, []).append(plot)
    return found


def mine(values: np.ndarray, shown: Scene) -> np.ndarray:
    """The part of the lane looked at: (H, T)."""
    size, direction = shown.spec.hidden_size, shown.direction
    return values[:, 0, direction * size : (direction + 1) * size].T


@given(shown=scenes(layers=3, both=True))
@settings(max_examples=60)
def test_every_quantity_has_a_track_of_the_engines_numbers(shown: Scene) -> None:
    found = drawn(shown, everything(shown))
    layer, trace = shown.analysis.trace.layers[shown.layer], shown.analysis.trace
    for name, values in layer.gates.items():
        assert_array_equal(found[name][0].marks[0].values, mine(values, shown))
    for name, values in layer.preactivations.items():
        assert_array_equal(found[f"a.{name}"][0].marks[0].values, mine(values, shown))
    assert_array_equal(found["y"][0].marks[0].values, trace.probabilities[:, 0].T)
    assert_allclose(found["dx"][0].marks[0].heights, shown.analysis.flow.inputs(shown.step))
    assert found["text"][0].marks[0].texts is not None
    assert set(found) == set(available(shown))


@given(shown=scenes(layers=2, both=True))
@settings(max_examples=40)
def test_a_gradient_has_a_track_a_state(shown: Scene) -> None:
    found, gradients = drawn(shown, everything(shown)), shown.analysis.gradients
    for key, name in (("dh", "h"), ("dc", "c")):
        if name not in e.CELLS[shown.spec.cell].states:
            assert key not in found
            continue
        (bars,) = found[key][0].marks
        steps = bars.heights[:-1] if shown.direction else bars.heights[1:]
        vectors = mine(gradients.layers[shown.layer].states[name], shown)
        with np.errstate(all="ignore"):
            wanted = np.linalg.norm(vectors, axis=0)
        ordinary = (wanted > 1e-150) & (wanted < 1e150)
        assert_allclose(steps[ordinary], wanted[ordinary], rtol=1e-12)


@given(shown=scenes(layers=2, both=True))
@settings(max_examples=40)
def test_lines_are_the_rows_of_the_cells(shown: Scene) -> None:
    view = everything(shown)
    lines = replace(view, lines=frozenset(available(shown)))
    cells, curves = drawn(shown, view), drawn(shown, lines)
    for key in set(available(shown)) - {"text"}:
        for one, other in zip(cells[key], curves[key], strict=True):
            (mark,) = one.marks
            rows = mark.values if isinstance(mark, Heatmap) else mark.heights[None]
            first = mark.left + 0.5 if isinstance(mark, Heatmap) else mark.start
            assert all(isinstance(curve, Line) for curve in other.marks)
            assert_array_equal([curve.y for curve in other.marks], rows)
            assert_array_equal(other.marks[0].x, first + np.arange(rows.shape[1]))
            known = rows[np.isfinite(rows)]
            slack = 1e-12 * max(1.0, np.abs(known).max(initial=0.0))
            assert ((known >= other.y.low - slack) & (known <= other.y.high + slack)).all()


@pytest.mark.parametrize("unit", [0, 2])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True, "focus": (0, 1)}])
def test_the_text_is_coloured_by_a_unit_as_its_track_is(unit: int, options: dict[str, object]) -> None:
    shown = scene(TEXT, **options)
    found = drawn(shown, USUAL_VIEW.toggle("text"), unit)
    words = found["text"][0].marks[0]
    assert words.texts == tuple(token if token != " " else "␣" for token in shown.inputs)
    h = next(p.marks[0] for p in found["h"] if p.weight > 1)
    rows = h.values[:, :-1] if shown.direction else h.values[:, 1:]
    assert_array_equal(words.values, rows[[unit]])
    assert (words.scale.map, words.scale.low, words.scale.high) == (h.scale.map, h.scale.low, h.scale.high)


def test_the_text_is_plain_without_a_unit_and_for_one_that_is_not_there() -> None:
    shown = scene(TEXT)
    for unit in (None, 99):
        words = drawn(shown, USUAL_VIEW.toggle("text"), unit)["text"][0].marks[0]
        assert np.isnan(words.values).all()


def test_without_a_choice_the_timeline_is_the_usual_one() -> None:
    shown = scene(TEXT, cell="lstm")
    assert [key for key, _ in tracks(shown)] == ["x", "h", "c", "f", "i", "g", "o", "y", "L", "dh"]


def test_an_embedding_has_a_track() -> None:
    shown = scene(TEXT, embedding_size=3)
    found = drawn(shown, everything(shown))
    table = shown.parameters["embedding.weight"]
    assert_array_equal(found["e"][0].marks[0].values, table[shown.analysis.trace.x[:, 0]].T)
    assert "e" not in available(scene(TEXT))


def test_a_collapsed_track_is_its_name() -> None:
    shown = scene(TEXT, cell="lstm")
    figure = timeline(shown, USUAL_VIEW.toggle_collapsed("f").toggle_collapsed("dh"))
    rects = dict(zip([p.name for p in figure.plots], plot_rects(figure, 700, 400), strict=True))
    plots = {plot.name: plot for plot in figure.plots}
    assert plots["f_t"].marks == ()
    assert "f_t" in plots["f_t"].gutter[0].text
    assert rects["f_t"].h == pytest.approx(14)
    assert rects["i_t"].h > 14
    assert plots["dL/dh_t"].x.shown


def test_if_all_are_hidden_a_sentence_says_where_they_are() -> None:
    shown = scene(TEXT)
    view = TrackView(frozenset(key for key in available(shown) if is_usual(key)))
    figure = timeline(shown, view)
    assert figure.plots == ()
    assert "Tracks" in figure.message


@given(shown=scenes(layers=2, both=True))
@settings(max_examples=20)
def test_every_track_has_a_name_of_its_own(shown: Scene) -> None:
    names = [called(shown, key) for key in available(shown)]
    assert len(set(names)) == len(names)
    assert all(names)


def test_outside_of_the_flows_window_no_saliency_is_known() -> None:
    shown = replace(scene("abcdefgh " * 40, step=200), columns=(100, 300))
    flow = shown.analysis.flow
    (bars,) = drawn(shown, everything(shown))["dx"][0].marks
    assert isinstance(bars, Bars)
    known = slice(flow.start - 100, flow.stop - 100)
    assert_array_equal(bars.heights[known], flow.inputs(200))
    assert np.isnan(np.delete(bars.heights, np.arange(len(bars.heights))[known])).all()


def test_moving_the_playhead_changes_nothing_but_the_saliency() -> None:
    shown = scene(TEXT, cell="lstm", step=2)
    view = everything(shown)
    one, other = (timeline(replace(shown, step=step), view, 0) for step in (2, 3))
    for a, b in zip(one.plots, other.plots, strict=True):
        if a.name != "dL_t/dx_k":
            assert a.gutter == b.gutter
        if isinstance(a.marks[0], Heatmap):
            assert a.marks[0] is b.marks[0]


keys = st.sampled_from(LSTM)
views = st.builds(
    TrackView, st.frozensets(keys), st.frozensets(keys), st.frozensets(keys), st.permutations(LSTM).map(tuple)
)


@given(view=views)
def test_what_was_chosen_is_remembered(view: TrackView) -> None:
    assert TrackView.from_text(view.to_text()) == view


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"toggled": 1}', "{", '"x"'])
def test_what_cannot_be_read_is_forgotten(text: str) -> None:
    assert TrackView.from_text(text) == USUAL_VIEW


@given(view=views, key=keys, down=st.sampled_from([-1, 1]))
def test_a_track_moves_past_the_next_in_sight(view: TrackView, key: str, down: int) -> None:
    if not view.shows(key):
        view = view.toggle(key)
    before = list(view.seen(LSTM))
    after = list(view.moved(key, down, LSTM).seen(LSTM))
    place = before.index(key)
    if 0 <= place + down < len(before):
        before[place], before[place + down] = before[place + down], before[place]
    assert after == before


@given(view=views, present=st.frozensets(keys))
def test_no_track_is_lost_whatever_the_order(view: TrackView, present: frozenset[str]) -> None:
    usual = tuple(key for key in LSTM if key in present)
    assert sorted(view.arranged(usual)) == sorted(usual)
    assert USUAL_VIEW.arranged(usual) == usual


def test_a_new_gate_comes_where_it_usually_does() -> None:
    view = TrackView(order=("y", "x", "h"))
    assert view.arranged(("x", "h", "f", "y")) == ("y", "x", "h", "f")


def test_the_lane_looked_at_is_the_one_of_the_preactivations() -> None:
    shown = scene(TEXT, cell="gru", num_layers=2, focus=(0, 0))
    assert lane_looked_at(shown) == (0, 0)
    (plot,) = drawn(shown, everything(shown))["a.hn"]
    assert_array_equal(plot.marks[0].values, shown.analysis.trace.layers[0].preactivations["hn"][:, 0].T)
