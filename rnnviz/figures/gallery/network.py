"""The network unrolled in time: tokens in, boxes of units at every step, predictions out."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS
from rnnviz.figures.columns import TOO_SHORT, Columns, gutter, shown_columns
from rnnviz.figures.difference import as_difference, differing_cells, other_scene
from rnnviz.figures.emerging import numbers_so_far, words_so_far
from rnnviz.figures.folding import SPAN, Cells, Folding
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.held import held_note, outlined_holds
from rnnviz.figures.highlight import cell_outlines, picked_columns
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import (
    Arrows,
    Axis,
    Boxes,
    Figure,
    GutterLabel,
    Heatmap,
    Margins,
    Mark,
    Plot,
    Region,
    Scale,
    Text,
)
from rnnviz.figures.motion import in_slow_motion, recalled
from rnnviz.figures.notation import visible
from rnnviz.figures.signal import in_brief
from rnnviz.figures.stack import Span, Stack, Strip, at, onwards, upwards
from rnnviz.figures.states import (
    Lane,
    first_column,
    gate,
    gate_names,
    lane_looked_at,
    lanes,
    quantity,
    scale_of,
    shared_symbol,
    state_limit,
    state_names,
    states,
    symbol,
)
from rnnviz.figures.symbols import quantity_letter
from rnnviz.figures.tokens import token_outlines

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.engine.notation import Notation
    from rnnviz.figures.model import Floats
    from rnnviz.figures.scene import Scene

FOLDED = "Network, folded"
SHARED = "weights are shared by every step"
ROOMY = 12  # steps up to which boxes have room for gates
FAR = 100  # steps above which only the hidden states are drawn, without boxes and arrows


@register("network", "Network, unrolled in time")
def network(scene: Scene, fold: float = 0.0) -> Figure:
    """Show h_0, x_t, the states of every layer and direction, and ŷ_t as one column a step.

    The future is behind a veil; the lane looked at is outlined at the playhead. fold: from 0, unrolled in
    time, to 1, where one copy with loops stands for all.
    """
    columns = shown_columns(scene)
    if not columns.count:
        return Figure("Network, unrolled in time", "The sequence has no step yet.", (), message=TOO_SHORT)
    if fold > 0:
        return folded(scene, columns, min(fold, 1.0))
    spec, held = scene.spec, holdings(scene, columns)
    stack = stack_of(spec, columns, held)
    tokens = readable(scene.inputs[columns.start : columns.stop])
    chosen = words_so_far(scene, "y", predicted(scene, columns), columns.start + 1)
    near = columns.count <= FAR
    held_cells = contents(scene, columns, stack, held)
    marks = (
        *(skeleton(columns, stack, tokens, CELLS[spec.cell].recurrent, state_names(spec)) if near else ()),
        *held_cells,
        *outlined_holds(scene, held_cells),
        *((predictions(columns, stack.outputs, chosen),) if near else ()),
        *at_playhead(scene, columns, stack, tokens),
        *(in_slow_motion(scene, columns, stack, held, chosen) if near else ()),
        *cell_outlines(scene, held_cells, scene.step + 1),
    )
    marks += token_outlines(scene, "network", marks, scene.step + 1)
    plot = Plot(
        "network", columns.axis(), Axis(shown=False), marks, gutter=names(spec, stack, held, scene.notation)
    )
    margins = Margins(left=gutter(spec), top=10, bottom=10)
    figure = Figure(
        "Network, unrolled in time",
        describe(scene, chosen[_in_sight(scene, columns) - columns.start]),
        (plot,),
        across=picked_columns(scene),
        margins=margins,
        note=columns.note() or held_note(scene) or SHARED,
    )
    return as_difference(scene, figure)


def holdings(scene: Scene, columns: Columns) -> tuple[str, ...]:
    """Return what the strips of a box show from the left: gates if there is room, and the states, h last."""
    if columns.count > FAR:
        return state_names(scene.spec)[:1]
    gates = gate_names(scene) if columns.count <= ROOMY else ()
    return (*gates, *reversed(state_names(scene.spec)))


@lru_cache(maxsize=32)
def stack_of(spec: NetworkSpec, columns: Columns, held: tuple[str, ...]) -> Stack:
    """Return where the boxes stand."""
    states = sum(name in state_names(spec) for name in held)
    across = columns.count + spec.directions
    return Stack(spec.num_layers, spec.directions, across, states, len(held) - states)


def folded(scene: Scene, columns: Columns, fold: float) -> Figure:
    """Return the network on its way to one copy, or there."""
    spec = scene.spec
    gates = gate_names(scene) if fold == 1 or columns.count <= ROOMY else ()
    held = (*gates, *reversed(state_names(spec)))
    across = round((1 - fold) * (columns.count + spec.directions) + fold * SPAN)
    stack = Stack(spec.num_layers, spec.directions, across, len(state_names(spec)), len(gates))
    chosen = words_so_far(scene, "y", predicted(scene, columns), columns.start + 1)
    step = _in_sight(scene, columns)
    folding = Folding(
        fold,
        step + 1,
        columns,
        stack,
        tuple(shown_cells(scene, columns, held)),
        readable(scene.inputs[columns.start : columns.stop]),
        readable(chosen),
        state_names(spec) if CELLS[spec.cell].recurrent else (),
        lane_looked_at(scene),
        spec,
        scene.notation,
        recalled(spec, scene.stage),
    )
    axis, margins = folding.axis(), Margins(left=gutter(spec), top=10, bottom=10)
    gutters = names(spec, stack, held, scene.notation)
    marks = folding.marks()
    marks += outlined_holds(scene, marks) if fold == 1 else ()
    marks += in_slow_motion(scene, columns, stack, held, chosen, fold)
    marks += cell_outlines(scene, marks, step + 1) + token_outlines(scene, "network", marks, step + 1)
    plot = Plot("network", axis, Axis(shown=False), marks, gutter=gutters)
    description = describe(scene, chosen[step - columns.start], folded=True)
    note = f"step {step + 1} · {held_note(scene) or SHARED}"
    return as_difference(scene, Figure(FOLDED, description, (plot,), margins=margins, note=note))


def _in_sight(scene: Scene, columns: Columns) -> int:
    """Return the playhead's step, or the nearest that is shown."""
    return min(max(scene.step, columns.start), columns.stop - 1)


@lru_cache(maxsize=32)
def names(
    spec: NetworkSpec, stack: Stack, held: tuple[str, ...], notation: Notation
) -> tuple[GutterLabel, ...]:
    """Return what the rows are called: ŷ_t, what the boxes of every lane hold, in its colours, and x_t."""
    rows = [
        GutterLabel(
            stack.lane(lane).middle, _named(spec, held, lane, notation, brief=stack.gates > 0), "hidden"
        )
        for lane in reversed(stack.lanes())
    ]
    if stack.columns > FAR + spec.directions:
        return tuple(rows)
    return (
        GutterLabel(stack.outputs, shared_symbol(spec, "y", notation), "muted"),
        *rows,
        GutterLabel(stack.inputs, "x_t", "input"),
    )


def _named(spec: NetworkSpec, held: tuple[str, ...], lane: Lane, notation: Notation, *, brief: bool) -> str:
    """Name a lane's strips in their order; in brief only the last one in full."""
    *others, last = held
    written = [
        quantity_letter(notation, spec, name) if brief else symbol(spec, name, lane, notation=notation)
        for name in others
    ]
    coloured = [f"⟦{quantity(name).role}|{text}⟧" for name, text in zip(others, written, strict=True)]
    return " ".join((*coloured, symbol(spec, last, lane, notation=notation)))


def lane_at(scene: Scene, height: float) -> Lane | None:
    """Return the lane whose boxes stand at a height of the diagram, None between the rows."""
    columns = shown_columns(scene)
    stack = stack_of(scene.spec, columns, holdings(scene, columns))
    spans = ((lane, stack.lane(lane)) for lane in stack.lanes())
    return next((lane for lane, span in spans if span.bottom <= height < span.top), None)


def describe(scene: Scene, prediction: str, *, folded: bool = False) -> str:
    """Say in one sentence what the diagram shows."""
    spec, read = scene.spec, visible(scene.inputs[scene.step])
    copies = "One copy" if folded else f"{scene.steps} copies"
    many = spec.num_layers > 1
    layers = f"{spec.num_layers} layers of {spec.cell} cells" if many else f"one {spec.cell} cell"
    both = " each in both directions" if spec.bidirectional else ""
    says = f"predicts {visible(prediction)}" if prediction else "has not predicted yet"
    return (
        f"{copies} of {layers} with {spec.hidden_size} units{both}; "
        f"step {scene.step + 1} reads {read} and {says}."
    )


@lru_cache(maxsize=32)
def readable(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Write tokens so that spaces can be seen; nothing stays nothing."""
    return tuple(token and visible(token) for token in tokens)


def predicted(scene: Scene, columns: Columns) -> tuple[str, ...]:
    """Return the likeliest token of each step, a dash where there is none, or the numbers predicted."""
    probabilities = scene.analysis.trace.probabilities[columns.start : columns.stop, 0]
    if scene.spec.readout == "linear":
        return tuple(in_brief(row, 2) for row in probabilities.tolist())
    best, known = probabilities.argmax(1).tolist(), np.isfinite(probabilities.sum(1)).tolist()
    return tuple(scene.vocabulary[k] if ok else "–" for k, ok in zip(best, known, strict=True))


@memoised
def skeleton(
    columns: Columns, stack: Stack, tokens: tuple[str, ...], recurrent: bool, carried: tuple[str, ...]
) -> tuple[Mark, ...]:
    """Return what no weight changes: arrows, frames and input tokens. carried: the states passed on."""
    t = np.arange(columns.start + 1, columns.stop + 1, dtype=float)
    return (
        Arrows(upwards(t, stack.inputs, stack.layer(0).bottom), "input"),
        *_between(stack, t),
        *(_passed_on(columns, stack, carried, name) for name in carried if recurrent),
        Arrows(upwards(t, stack.layer(stack.layers - 1).top, stack.tips), "readout"),
        *_frames(columns, stack, t, recurrent),
        Text(at(t, stack.inputs), tokens, "text", "circle", "input", pitch=1.0),
    )


def _between(stack: Stack, t: Floats) -> tuple[Arrows, ...]:
    """Return the arrows from layer to layer."""
    spans = [stack.layer(n) for n in range(stack.layers)]
    ends = [upwards(t, low.top, high.bottom) for low, high in pairwise(spans)]
    return (Arrows(np.concatenate(ends), "hidden"),) if ends else ()


def _passed_on(columns: Columns, stack: Stack, carried: tuple[str, ...], name: str) -> Arrows:
    """Return the arrows of one state from step to step, backwards where the lane runs backwards."""
    # h runs below the other states, as c passes at the top of a cell.
    share = (carried.index(name) + 0.5) / len(carried)
    t = np.arange(columns.start + 1.0, columns.stop + 1)
    return Arrows(onwards(stack, t, share), quantity(name).role)


def _frames(columns: Columns, stack: Stack, t: Floats, recurrent: bool) -> tuple[Boxes, ...]:
    """Return a frame a step and layer, and one for each state that a lane starts from."""
    whole, part = stack.layer(0), stack.lane(Lane(0, 0))
    middles = [stack.layer(n).middle for n in range(stack.layers)]
    starts = [
        (columns.stop + 1.0 if lane.direction else float(columns.start), stack.lane(lane).middle)
        for lane in stack.lanes()
        if recurrent
    ]
    centres = np.concatenate([at(t, middle) for middle in middles])
    if stack.directions == 1:
        both = np.concatenate((np.array(starts).reshape(-1, 2), centres))
        return (Boxes(both, (stack.width, whole.top - whole.bottom), "frame"),)
    return (
        Boxes(centres, (stack.width, whole.top - whole.bottom), "frame"),
        Boxes(np.array(starts), (stack.width, part.top - part.bottom), "frame"),
    )


def contents(scene: Scene, columns: Columns, stack: Stack, held: tuple[str, ...]) -> tuple[Heatmap, ...]:
    """Return the cells in the boxes of all lanes, one heat map a strip."""
    strips, known = stack.strips, state_names(scene.spec)
    if columns.count > FAR:
        strips = (Strip(0.0, 1.0),)
    return tuple(
        cells(c.first, strips[n % len(held)], stack.cells(c.lane), c.values, c.scale, c.name in known)
        for n, c in enumerate(shown_cells(scene, columns, held))
    )


def shown_cells(scene: Scene, columns: Columns, held: tuple[str, ...]) -> list[Cells]:
    """Return the numbers of every strip, less those of the other if there is one to compare."""
    mine = strip_cells(scene, columns, held)
    if scene.baseline is None:
        return mine
    other = other_scene(scene)
    return differing_cells(mine, None if other is None else strip_cells(other, shown_columns(other), held))


def strip_cells(scene: Scene, columns: Columns, held: tuple[str, ...]) -> list[Cells]:
    """Return the numbers of every strip, lane by lane; a state has one scale in all of them."""
    spec, found = scene.spec, []
    kept = [name for name in state_names(spec) if name in held]
    shown = {name: [states(scene, lane, name) for lane in lanes(spec)] for name in kept}
    limits = {name: state_limit(name, spec.activation, values) for name, values in shown.items()}
    for number, lane in enumerate(lanes(spec)):
        for name in held:
            label = symbol(spec, name, lane, notation=scene.notation)
            scale = scale_of(name, limits.get(name, 1.0), label)
            if name in shown:
                first, values = first_column(scene, lane), shown[name][number]
            else:
                first, values = columns.start + 1, gate(scene, lane, name)
            found.append(Cells(lane, name, first, numbers_so_far(scene, name, values, first), scale))
    return found


@memoised
def cells(first: int, strip: Strip, span: Span, values: Floats, scale: Scale, numbers: bool) -> Heatmap:
    """Return one strip a step: one heat map whose gaps leave room between the steps. values: (n, H)."""
    return Heatmap(
        values.T,
        scale,
        first - 0.5 + strip.aside,
        span.top,
        span.bottom,
        strip.width,
        rounded=True,
        decimals=2 if numbers else None,
    )


@memoised
def predictions(columns: Columns, height: float, tokens: tuple[str, ...]) -> Text:
    """Return the likeliest next token above each step."""
    t = np.arange(columns.start + 1, columns.stop + 1, dtype=float)
    return Text(at(t, height), readable(tokens), "text", "box", "frame", pitch=1.0)


def at_playhead(scene: Scene, columns: Columns, stack: Stack, tokens: tuple[str, ...]) -> tuple[Mark, ...]:
    """Return the marks that say where we are: the veil over the future, an outline, a solid token."""
    t = scene.step + 1
    veil = Region(max(t + 0.5, columns.start - 0.5), columns.end, "veil")
    if not columns.holds(scene.step):
        return (veil,) if t <= columns.start else ()
    here = Text(
        np.array([[t, stack.inputs]], float),
        (tokens[scene.step - columns.start],),
        "text",
        "circle",
        "input",
        solid=frozenset({0}),
        pitch=1.0,
    )
    lane = lane_looked_at(scene)
    span, half = stack.lane(lane), stack.width / 2
    outline = Region(t - half, t + half, "selection", span.bottom - stack.edge, span.top + stack.edge)
    return (here, veil, outline) if columns.count <= FAR else (veil, outline)
