"""Every wire of a circuit shows named arrays of the trace, and nothing in it hides anything else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.selection import Selection, WeightEntry
from rnnviz.figures.circuit_marks import strip_of
from rnnviz.figures.circuit_picking import selected, told, wire_at
from rnnviz.figures.circuits import CIRCUITS, Circuit, Reading, around, circuit_of, routes
from rnnviz.figures.gallery.circuit import UNIT, circuit
from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Boxes, Figure, Heatmap, Locks, Pipes, Region, Text
from rnnviz.figures.picking import pick
from rnnviz.figures.textruns import plain

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

NETWORKS: dict[str, dict[str, Any]] = {
    "rnn": {"cell": "rnn"},
    "relu": {"cell": "rnn", "activation": "relu", "bias": False},
    "feedforward": {"cell": "feedforward"},
    "lstm": {"cell": "lstm"},
    "lstm without biases": {"cell": "lstm", "bias": False},
    "lstm of embeddings": {"cell": "lstm", "embedding_size": 3},
    "gru": {"cell": "gru"},
    "gru without biases": {"cell": "gru", "bias": False},
    "gru, reset before": {"cell": "gru", "gru_reset": "before"},
    "upper lstm backwards": {"cell": "lstm", "num_layers": 2, "bidirectional": True, "focus": (1, 1)},
    "lower gru": {"cell": "gru", "num_layers": 2, "focus": (0, 0)},
    "lower rnn": {"cell": "rnn", "num_layers": 2, "focus": (0, 0), "embedding_size": 2},
    "upper rnn": {"cell": "rnn", "num_layers": 2, "focus": (1, 0)},
}
STEP = 3


def shown(name: str, **options: Any) -> Scene:
    return scene("abcad abc", step=STEP, **(NETWORKS[name] | {"units": 5} | options))


def drawn(scene: Scene) -> Circuit:
    found = circuit_of(scene.spec, scene.layer)
    assert found is not None
    return found


def strips(scene: Scene) -> dict[str, Heatmap]:
    """The cells of each wire."""
    (plot,) = circuit(scene).plots
    heats = [mark for mark in plot.marks if isinstance(mark, Heatmap)]
    return {wire.name: heat for wire, heat in zip(drawn(scene).wires, heats, strict=True)}


WIRES = [(name, wire.name) for name in NETWORKS for wire in drawn(shown(name)).wires]


def test_every_cell_has_a_circuit() -> None:
    assert set(CIRCUITS) == set(e.CELLS)


@given(scenes(layers=2, both=True))
@settings(max_examples=100, deadline=None)
def test_the_wires_carry_the_arrays_of_the_trace(any_scene: Scene) -> None:
    trace, step = any_scene.analysis.trace, any_scene.step
    lane = trace.layers[any_scene.layer].directions[any_scene.direction]
    found = strips(any_scene)
    for wire in drawn(any_scene).wires:
        values, (first, *others) = found[wire.name].values[:, 0], wire.reads
        if others or wire.written != "{}":
            continue
        if first.below:
            expected = trace.layers[any_scene.layer - 1].h[step, 0]
        elif first.name == "x":
            expected = np.eye(any_scene.spec.input_size)[trace.x[step, 0]]
        elif first.name == "y":
            expected = trace.probabilities[step, 0]
        elif first.name.startswith("a."):
            expected = lane.preactivations[first.name[2:]][step, 0]
        elif first.previous:
            expected = lane.previous[first.name][step, 0]
        else:
            expected = (lane.states | lane.gates)[first.name][step, 0]
        assert_array_equal(values, expected)


def test_what_the_trace_does_not_keep_is_computed_from_what_it_keeps() -> None:
    cells = strips(shown("lstm"))
    v = {name: heat.values[:, 0] for name, heat in cells.items()}
    assert_array_equal(v["kept"], v["f"] * v["c before"])
    assert_array_equal(v["written"], v["i"] * v["g"])
    assert v["kept"] + v["written"] == pytest.approx(v["c"])
    assert v["o"] * v["squashed"] == pytest.approx(v["h"])
    for name in ("gru", "gru, reset before"):
        v = {key: heat.values[:, 0] for key, heat in strips(shown(name)).items()}
        assert v["kept"] + v["written"] == pytest.approx(v["h"])
        assert_array_equal(v["rest"], 1 - v["z"])
    seen = strips(shown("gru"))
    assert_array_equal(seen["seen"].values, seen["r"].values * seen["a.hn"].values)


@pytest.mark.parametrize("name", NETWORKS)
def test_all_that_a_cell_computes_is_on_a_wire(name: str) -> None:
    here = shown(name)
    lane = here.analysis.trace.layers[here.layer].directions[here.direction]
    read = {(r.name, r.previous) for wire in drawn(here).wires for r in wire.reads if not r.below}
    names = {*lane.states, *lane.gates, *(f"a.{gate}" for gate in lane.preactivations)}
    assert {(quantity, False) for quantity in names} <= read
    if e.CELLS[here.spec.cell].recurrent:
        assert {(state, True) for state in lane.states} <= read
    assert (("y", False) in read) == (here.layer == here.spec.num_layers - 1)


def perturbed(scene: Scene, reading: Reading, step: int) -> Scene:
    """The same scene with one array of its trace changed at a step."""
    trace, layer, name = scene.analysis.trace, scene.layer, reading.name

    def moved(array: np.ndarray, at: int) -> np.ndarray:
        found = np.array(array)
        found[at] += 0.25
        return found

    def with_layer(number: int, changed: object) -> Scene:
        layers = (*trace.layers[:number], changed, *trace.layers[number + 1 :])
        return replace(scene, analysis=replace(scene.analysis, trace=replace(trace, layers=layers)))

    def with_trace(**changed: object) -> Scene:
        return replace(scene, analysis=replace(scene.analysis, trace=replace(trace, **changed)))

    if reading.below:
        lower = trace.layers[layer - 1]
        return with_layer(layer - 1, replace(lower, columns=moved(lower.columns, step)))
    if name == "y":
        return with_trace(probabilities=moved(trace.probabilities, step))
    if name == "x":
        ids = np.array(trace.x)
        ids[step] = (ids[step] + 1) % scene.spec.input_size
        return with_trace(x=ids)
    whole = trace.layers[layer]
    lane = whole.directions[scene.direction]
    if name == "e":
        rows = lane.inputs.vectors(0, trace.steps, 0)
        inputs = Vectors(moved(rows, step)[:, :, None])
        return with_layer(layer, replace(whole, directions=(replace(lane, inputs=inputs),)))
    course = lane.course
    own = trace.steps - 1 - step if scene.direction else step
    if name.startswith("a."):
        arrays = course.preactivations | {name[2:]: moved(course.preactivations[name[2:]], own)}
        course = replace(course, preactivations=arrays)
    elif name in course.gates:
        course = replace(course, gates=course.gates | {name: moved(course.gates[name], own)})
    else:
        at = own if reading.previous else own + 1
        course = replace(course, states=course.states | {name: moved(course.states[name], at)})
    others = list(whole.directions)
    others[scene.direction] = replace(lane, course=course)
    return with_layer(layer, replace(whole, directions=tuple(others)))


@pytest.mark.parametrize(("name", "wire_name"), WIRES)
def test_perturbing_an_array_changes_the_wires_that_read_it_and_no_other(name: str, wire_name: str) -> None:
    here = shown(name)
    before, wires = strips(here), drawn(here).wires
    for reading in drawn(here).wire(wire_name).reads:
        after = strips(perturbed(here, reading, STEP))
        changed = {key for key in before if not np.array_equal(before[key].values, after[key].values)}
        assert wire_name in changed
        assert changed == {wire.name for wire in wires if reading in wire.reads}


@pytest.mark.parametrize(("name", "wire_name"), WIRES)
def test_other_steps_do_not_show(name: str, wire_name: str) -> None:
    here = shown(name)
    before = strips(here)[wire_name].values
    for reading in drawn(here).wire(wire_name).reads:
        assert_array_equal(strips(perturbed(here, reading, STEP + 2))[wire_name].values, before)


def rectangles(scene: Scene) -> list[tuple[str, tuple[float, float, float, float]]]:
    """All that stands in a circuit, but the wires: what it is, its left, top, right and bottom."""
    figure, found = circuit(scene), []
    for mark in figure.plots[0].marks:
        if isinstance(mark, Boxes):  # of parts, and around cells
            across, down = mark.size[0] / 2, mark.size[1] / 2
            found += [("box", (x - across, y - down, x + across, y + down)) for x, y in mark.centres.tolist()]
    return found + words(figure)


def words(figure: Figure) -> list[tuple[str, tuple[float, float, float, float]]]:
    found = []
    for mark in figure.plots[0].marks:
        if isinstance(mark, Text):
            for (x, y), string in zip(mark.positions.tolist(), mark.strings, strict=True):
                width = 0.5 * mark.size / UNIT * max(1, len(plain(string)))
                high = 0.4 * mark.size / UNIT
                left = x - mark.align * width
                found.append((plain(string), (left, y - high, left + width, y + high)))
    return found


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 1e-6 and min(a[3], b[3]) - max(a[1], b[1]) > 1e-6


def inside(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]


@pytest.mark.parametrize("units", [2, 4, 5, 40])
@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_hides_anything_else(name: str, units: int) -> None:
    here = shown(name, units=units)
    placed = rectangles(here)
    for (one, a), (other, b) in combinations(placed, 2):
        assert not overlap(a, b) or inside(b, a) or inside(a, b), (one, other, a, b)
    width, height = drawn(here).size
    for what, area in placed:
        assert inside(area, (0.0, 0.0, width, height)), (what, area)


@pytest.mark.parametrize(("name", "wire_name"), WIRES)
def test_wires_go_from_part_to_part_through_their_cells(name: str, wire_name: str) -> None:
    here = drawn(shown(name))
    wire = here.wire(wire_name)
    lines = routes(here, wire)
    for line, way in zip(lines, wire.ways, strict=True):
        steps = np.diff(line, axis=0)
        assert ((steps == 0).sum(1) == 1).all()  # level or upright
        for end, station in ((line[0], way[0]), (line[-1], way[-1])):
            if isinstance(station, str):
                part = here.part(station.partition(":")[0])
                aside = np.abs(end - part.at) - np.array(part.size) / 2
                assert aside.max() == pytest.approx(0)
            else:
                assert any(on_line(end, other) for other in lines if other is not line)
        assert isinstance(way[-1], str)
    assert any(on_line(np.array(wire.strip), line) for line in lines)


def on_line(point: np.ndarray, line: np.ndarray) -> bool:
    return any(
        (np.minimum(a, b) <= point).all() and (point <= np.maximum(a, b)).all() for a, b in pairwise(line)
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_wires_run_through_no_part_and_no_cells_but_their_own(name: str) -> None:
    here = drawn(shown(name))
    for wire in here.wires:
        own = strip_of(wire, 5).edges
        for line in routes(here, wire):
            for piece in around(line, own):
                for start, end in pairwise(piece):
                    low, high = np.minimum(start, end), np.maximum(start, end)
                    area = (*low, *high)
                    for part in here.parts:
                        (x, y), (w, h) = part.at, part.size
                        assert not crosses(area, (x - w / 2, y - h / 2, x + w / 2, y + h / 2)), part.name
                    for other in here.wires:
                        assert not crosses(area, strip_of(other, 5).edges), (wire.name, other.name)


def crosses(line: tuple[float, ...], area: tuple[float, ...]) -> bool:
    """Whether a level or upright line runs through the inside of an area."""
    return (
        line[0] < area[2] - 1e-9
        and line[2] > area[0] + 1e-9
        and line[1] < area[3] - 1e-9
        and line[3] > area[1] + 1e-9
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_wires_never_run_along_each_other(name: str) -> None:
    here = drawn(shown(name))
    legs = [
        (wire.name, tuple(np.minimum(a, b)), tuple(np.maximum(a, b)))
        for wire in here.wires
        for line in routes(here, wire)
        for a, b in pairwise(line)
    ]
    for (one, low, high), (other, below, above) in combinations(legs, 2):
        if one != other:
            shared = [min(high[n], above[n]) - max(low[n], below[n]) for n in (0, 1)]
            assert min(shared) < -0.15 or max(shared) <= 1e-9, (one, other)


def test_around_leaves_a_hole_free() -> None:
    line = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 5.0]])
    first, second = around(line, (1.5, -1.0, 2.5, 1.0))
    assert first.tolist() == [[0, 0], [1.5, 0]]
    assert second.tolist() == [[2, 1], [2, 5]]
    assert [piece.tolist() for piece in around(line, (7, 7, 8, 8))] == [line.tolist()]
    assert [piece.tolist() for piece in around(line, (1.5, -1, 3, 9))] == [[[0, 0], [1.5, 0]]]


def test_gates_are_named_both_ways() -> None:
    text = " · ".join(word for word, _ in words(circuit(shown("lstm"))))
    for name, other in (("forget", "forget"), ("input", "read"), ("output", "write")):
        assert f"{name} gate {name[0]}" in text
        assert f"selective {other}" in text
    text = " · ".join(word for word, _ in words(circuit(shown("gru"))))
    assert "update gate z" in text
    assert "forgets and writes" in text
    assert "reset gate r" in text


def place_of(figure: Figure, heat: int, row: int) -> tuple[float, float]:
    (plot,) = figure.plots
    (rect,) = plot_rects(figure, 1000, 600)
    mark = plot.marks[heat]
    step = (mark.bottom - mark.top) / len(mark.values)
    x = float(to_pixels_x(plot, rect, mark.left + 0.5))
    return x, float(to_pixels_y(plot, rect, mark.top + (row + 0.5) * step))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_cell_is_picked_as_the_unit_that_it_is(name: str) -> None:
    here = shown(name)
    figure = circuit(here)
    marks = figure.plots[0].marks
    places = [n for n, mark in enumerate(marks) if isinstance(mark, Heatmap)]
    for place, wire in zip(places, drawn(here).wires, strict=True):
        row = len(marks[place].values) - 1
        found = pick(figure, 1000, 600, *place_of(figure, place, row))
        assert found is not None
        assert wire_at(here, figure, found) == wire
        picked = selected(here, figure, found)
        first = wire.reads[0]
        if first.below:
            width = here.spec.hidden_size
            assert picked == Selection("h", row % width, here.layer - 1, row // width)
        elif first.name in {"x", "e", "y"}:
            assert picked == Selection(first.name, row)
        else:
            assert picked == Selection(first.name, row, here.layer, here.direction)
        assert f"= {marks[place].values[row, 0]:.6g}" in told(here, figure, found)


def outlined(scene: Scene) -> set[str]:
    """The wires on which something is outlined as picked."""
    regions = [m for m in circuit(scene).plots[0].marks if isinstance(m, Region) and m.role == "selection"]
    found = set()
    for wire in drawn(scene).wires:
        left, top, right, bottom = strip_of(wire, len(strips(scene)[wire.name].values)).edges
        for region in regions:
            middle = (region.bottom + region.top) / 2
            if (region.low, region.high) == pytest.approx((left, right)) and top < middle < bottom:
                found.add(wire.name)
    return found


@given(st.sampled_from(list(NETWORKS)), st.integers(0, 4), st.sampled_from([4, 5, 20]))
@settings(max_examples=60, deadline=None)
def test_a_picked_unit_is_outlined_on_every_wire_of_its_cell(name: str, unit: int, units: int) -> None:
    here = shown(name, units=units)
    lane, row = (here.layer, here.direction), min(unit, units - 1)
    picked = replace(here, selection=Selection("h", row, *lane))
    shared = {w.name for w in drawn(here).wires if w.reads[0].name in {"x", "e", "y"} or w.reads[0].below}
    assert outlined(picked) == {wire.name for wire in drawn(here).wires} - shared
    assert outlined(replace(here, selection=Selection("y", 0))) <= {"y"}
    assert not outlined(here)


def test_of_a_picked_weight_its_two_ends_are_outlined() -> None:
    here = shown("lstm")
    forget = WeightEntry("weight_hh_l0", 5 + 2, 3)  # of the forget gate's unit 3, from unit 4
    assert outlined(replace(here, selection=Selection(weight=forget))) == {"f", "a.f", "h before"}
    out = WeightEntry("head.weight", 1, 2)
    assert outlined(replace(here, selection=Selection(weight=out))) == {"y", "h"}


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru", "gru, reset before"])
def test_slow_motion_fills_the_wires_stage_by_stage(name: str) -> None:
    whole = shown(name)
    order = e.stages(whole.spec)
    filled: set[str] = set()
    for stage in range(len(order)):
        here = replace(whole, stage=stage)
        found = strips(here)
        now = {key for key, heat in found.items() if not np.isnan(heat.values).any()}
        assert filled <= now
        (plot,) = circuit(here).plots
        pipes = [mark for mark in plot.marks if isinstance(mark, Pipes)]
        wide = max(mark.width for mark in pipes)
        fresh = sum(mark.width == wide for mark in pipes)
        calm = sum(mark.role == "disabled" for mark in pipes)
        assert fresh == len(now - filled) - (len({"h before", "c before"} & now) if stage == 0 else 0)
        assert calm == len(found) - len(now)
        filled = now
    assert filled == set(strips(whole))
    assert len({mark.width for mark in circuit(whole).plots[0].marks if isinstance(mark, Pipes)}) == 1


def test_what_is_held_has_a_padlock() -> None:
    def locks(*held: e.Intervention, step: int = STEP) -> int:
        here = replace(shown("lstm"), interventions=held, step=step)
        return sum(isinstance(mark, Locks) for mark in circuit(here).plots[0].marks)

    assert locks() == 0
    assert locks(e.Intervention("f", 0.0, start=STEP)) == 1
    assert locks(e.Intervention("f", 0.0, start=STEP), step=STEP - 1) == 0
    assert locks(e.Intervention("h", 0.5, unit=2), e.Intervention("c", 1.0)) == 2


def test_a_comparison_shows_differences() -> None:
    here = shown("gru")
    other = scene("dbcad abc", cell="gru", units=5, step=STEP)
    compared = replace(here, baseline=other.analysis)
    mine, others, found = strips(here), strips(other), strips(compared)
    for wire in drawn(here).wires:
        assert_array_equal(found[wire.name].values, mine[wire.name].values - others[wire.name].values)
        scale = found[wire.name].scale
        assert (scale.map, scale.low) == ("signed", -scale.high)
        assert scale.label.startswith("Δ")
    short = scene("dbc", cell="gru", units=5)
    assert all(np.isnan(h.values).all() for h in strips(replace(here, baseline=short.analysis)).values())
    assert "B − A" in circuit(compared).note


def test_what_is_added_up_has_one_scale() -> None:
    scales = {name: heat.scale for name, heat in strips(shown("lstm", gain=3.0)).items()}
    assert len({(scales[name].low, scales[name].high) for name in ("c before", "kept", "written", "c")}) == 1


@pytest.mark.parametrize("notation", ["weights", "letters", "pytorch"])
def test_symbols_follow_the_notation(notation: Any) -> None:
    found = {word for word, _ in words(circuit(replace(shown("lstm"), notation=notation)))}
    expected = {
        "weights": {"WHf", "WXf", "WY", "ct", "gt"},
        "letters": {"Wf", "Uf", "V", "st", "s̃t"},
        "pytorch": {"Whf", "Wif", "Wout", "ct", "gt"},
    }[notation]
    assert expected <= found


def test_few_units_have_their_numbers() -> None:
    assert strips(shown("lstm", units=4))["f"].decimals == 2
    assert strips(shown("lstm", units=5))["f"].decimals is None


def test_the_marks_that_rest_come_first_and_stay_the_same() -> None:
    here = shown("lstm")
    one, other = (circuit(replace(here, step=step)).plots[0].marks for step in (2, 3))
    rest = next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a is not b)
    assert sum(isinstance(mark, Pipes | Boxes) for mark in one[:rest]) == sum(
        isinstance(mark, Pipes | Boxes) for mark in one
    )
    assert not any(isinstance(mark, Heatmap) for mark in one[:rest])


def test_parts_say_what_they_do() -> None:
    here = shown("lstm")
    figure = circuit(here)
    (plot,), (rect,) = figure.plots, plot_rects(figure, 1000, 600)
    x, y = drawn(here).part("φ f").at
    found = pick(figure, 1000, 600, float(to_pixels_x(plot, rect, x)), float(to_pixels_y(plot, rect, y)))
    assert found is not None
    assert "between 0, closed, and 1, open" in told(here, figure, found)
