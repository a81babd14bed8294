"""Stacked tracks over one time axis: input, gates and states, prediction, loss and gradient of every step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rnnviz.figures.columns import TOO_SHORT, gutter, playhead, shown_columns
from rnnviz.figures.difference import as_difference, differing, other_scene
from rnnviz.figures.emerging import so_far
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.held import held_note, with_held
from rnnviz.figures.highlight import picked_columns, with_rows
from rnnviz.figures.model import Axis, Bars, Figure, GutterLabel, Heatmap, Line, Margins, Plot
from rnnviz.figures.numbers import FINE_STEPS, largest, nice_ceiling, short, written
from rnnviz.figures.stages import known
from rnnviz.figures.states import (
    Lane,
    gate_names,
    lane_looked_at,
    lane_title,
    lanes,
    quantity,
    shared_symbol,
    state_names,
    symbol,
)
from rnnviz.figures.track_marks import (
    embedded,
    gate_cells,
    gradients,
    inputs,
    line,
    lines,
    losses,
    preactivation_cells,
    preactivation_symbol,
    predictions,
    saliency,
    state_cells,
    tokens,
)
from rnnviz.figures.tracks import BEFORE, USUAL_VIEW, TrackView, available

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.figures.scene import Scene

CLICK = "one column per step · click to move the playhead"
LABEL_AT = 0.35  # share of a bar track's height, below the number at its top
AT_SAME = "values at the same step"
FEW, MANY = 5, 12  # tracks that have room for wide gaps, and from which there is hardly any
GAP, NARROW_GAP, NO_GAP = 8.0, 4.0, 2.0  # pixels between tracks
HIDDEN_AXIS = Axis(shown=False)
PAIR = 2  # lanes of which also those not looked at show all their states
NAME_ONLY = 14.0  # pixels of a collapsed track
FOLDED = "▸ "


@register("timeline", "Timeline")
def timeline(scene: Scene, view: TrackView = USUAL_VIEW, unit: int | None = None) -> Figure:
    """Show x_t, states and gates, ŷ_t, L_t and ‖∂L/∂h_t‖ in the columns of the network, or what `view` says.

    The lane looked at shows all it has, the others their states. unit: the unit of it, from 0, whose
    activation colours the tokens, if these are shown.
    """
    columns = shown_columns(scene)
    if not columns.count:
        return Figure("Timeline", "The sequence has no step yet.", (), message=TOO_SHORT)
    plots = tuple(with_rows(scene, with_held(scene, plot)) for _, plot in tracks(scene, view, unit))
    if not plots:
        return Figure("Timeline", "No track is shown.", (), message=ALL_HIDDEN)
    plots = _with_ruler(plots)
    gap = GAP if len(plots) <= FEW else NARROW_GAP if len(plots) <= MANY else NO_GAP
    margins = Margins(left=gutter(scene.spec), top=6, bottom=22, between_rows=gap)
    said = AT_SAME if scene.baseline is not None else held_note(scene) or CLICK
    figure = Figure(
        "Timeline",
        describe(scene),
        plots,
        across=(*playhead(scene), *picked_columns(scene)),
        margins=margins,
        note=columns.note() or said,
    )
    return as_difference(scene, figure)


def _with_ruler(plots: tuple[Plot, ...]) -> tuple[Plot, ...]:
    """Return the plots with the steps beneath the last one; lines would get a frame, so theirs are apart."""
    last = plots[-1]
    ruled = replace(last.x, shown=True)
    if isinstance(next(iter(last.marks), None), Line):
        return (*plots, Plot("ruler", ruled, HIDDEN_AXIS, (), height=1.0))
    return (*plots[:-1], replace(last, x=ruled))


ALL_HIDDEN = "All tracks are hidden; choose some with the button “Tracks”."


def describe(scene: Scene) -> str:
    """Say in one sentence what the tracks show at the playhead."""
    loss = scene.analysis.loss.step[scene.step, 0]
    unit = " nats" if scene.spec.readout == "softmax" else ""
    number = f"{written(float(loss), 3)}{unit}" if known(scene, "L") else "not known yet"
    cell = "cell state, " if "c" in state_names(scene.spec) else ""
    words = [quantity(name).word or name for name in gate_names(scene)]
    gates = f"gates ({', '.join(words)}), " if words else ""
    title = lane_title(scene.spec, lane_looked_at(scene))
    where = f" of {title.replace('→', 'forwards').replace('←', 'backwards')}" if title else ""
    return (
        f"Input, hidden state, {cell}{gates}prediction, loss and gradient norm "
        f"of {scene.steps} steps{where}; "
        f"at step {scene.step + 1} the loss is {number}."
    )


def tracks(
    scene: Scene, view: TrackView = USUAL_VIEW, unit: int | None = None
) -> tuple[tuple[str, Plot], ...]:
    """Return the plots of a timeline from the top, each with the key of its track."""
    found = []
    for key in view.seen(available(scene)):
        folded = key in view.collapsed
        for whole in _name_of(scene, key) if folded else _compared(scene, key, unit):
            plot = _as_lines(whole) if key in view.lines and not folded else whole
            found.append((key, so_far(scene, key if key != "text" else "h", plot)))
    return tuple(found)


def _compared(scene: Scene, key: str, unit: int | None) -> tuple[Plot, ...]:
    """Return what a track is made of, less the values of the other sequence if there is one to compare."""
    plots = _plots(scene, key, unit)
    if scene.baseline is None:
        return plots
    other = other_scene(scene, flow=key == "dx")
    others = (None,) * len(plots) if other is None else _plots(other, key, unit)
    return tuple(differing(plot, than) for plot, than in zip(plots, others, strict=True))


def _plots(scene: Scene, key: str, unit: int | None) -> tuple[Plot, ...]:
    """Return what a track is made of: one plot, or one a lane."""
    if key == "text":
        heat = tokens(scene, unit)
        name = heat.scale.label if unit is not None else "text"
        return (_cells(scene, "text", heat, "hidden" if unit is not None else "input", 0.9, name),)
    if key in state_names(scene.spec):
        return tuple(_state(scene, lane, key) for lane in lanes(scene.spec) if _is_shown(scene, lane, key))
    if key in OTHERS:
        return (OTHERS[key](scene),)
    if key.startswith(BEFORE):
        return (_preactivation(scene, key.removeprefix(BEFORE)),)
    return (_gate(scene, key),)


def _is_shown(scene: Scene, lane: Lane, name: str) -> bool:
    first = name == state_names(scene.spec)[0]
    return first or lane == lane_looked_at(scene) or len(lanes(scene.spec)) <= PAIR


def _input(scene: Scene) -> Plot:
    many = len(gate_names(scene)) > 0 or len(lanes(scene.spec)) > 1
    return _cells(scene, "x_t", inputs(scene), "input", 0.9 if many else 1.3)


def _prediction(scene: Scene) -> Plot:
    many = len(gate_names(scene)) > 0 or len(lanes(scene.spec)) > 1
    name = shared_symbol(scene.spec, "y", scene.notation)
    return _cells(scene, name, predictions(scene), "readout", 1.1 if many else 1.3)


def _embedding(scene: Scene) -> Plot:
    return _cells(scene, "e_t", embedded(scene), "input", 0.9)


def _state(scene: Scene, lane: Lane, name: str) -> Plot:
    weight = 1.5 if lane == lane_looked_at(scene) else 0.8
    label = symbol(scene.spec, name, lane, notation=scene.notation)
    return _cells(scene, label, state_cells(scene, lane, name), quantity(name).role, weight)


def _gate(scene: Scene, name: str) -> Plot:
    lane, known = lane_looked_at(scene), quantity(name)
    label = symbol(scene.spec, name, lane, notation=scene.notation)
    heat = gate_cells(scene, lane, name)
    return _cells(scene, label, heat, known.role, 0.9, f"{label} {known.word}".rstrip())


def _preactivation(scene: Scene, name: str) -> Plot:
    lane = lane_looked_at(scene)
    label = preactivation_symbol(scene, lane, name)
    heat = preactivation_cells(scene, lane, name)
    return _cells(scene, label, heat, quantity(name).role, 1.5 if name == "h" else 0.9)


def _cells(scene: Scene, name: str, heat: Heatmap, role: str, weight: float, text: str = "") -> Plot:
    label = (GutterLabel(0.5, text or name, role),)
    return Plot(name, shown_columns(scene).axis(), HIDDEN_AXIS, (heat,), gutter=label, weight=weight)


def _loss(scene: Scene) -> Plot:
    return _bars(scene, "L_t", "loss L_t", losses(scene))


def _by_hidden(scene: Scene) -> Plot:
    return _bars(scene, "dL/dh_t", gradient_label(scene, "h"), gradients(scene, "h"))


def _by_cell(scene: Scene) -> Plot:
    return _bars(scene, "dL/dc_t", gradient_label(scene, "c"), gradients(scene, "c"))


def _by_input(scene: Scene) -> Plot:
    return _bars(scene, "dL_t/dx_k", "‖∂L_t/∂x_k‖", saliency(scene))


def gradient_label(scene: Scene, name: str) -> str:
    """Write the norm of the gradient of all losses by a state of the lane looked at."""
    subscript = "_t" if len(lanes(scene.spec)) == 1 else ""  # or there is no room for the number beside it
    return f"‖∂L/∂{symbol(scene.spec, name, lane_looked_at(scene), subscript, scene.notation)}‖"


def _bars(scene: Scene, name: str, label: str, bars: Bars) -> Plot:
    high = nice_ceiling(largest(bars.heights), FINE_STEPS)
    y = Axis(0.0, high, ticks=((high, short(high)),))
    middle = (GutterLabel(LABEL_AT * high, label, bars.role),)
    x = shown_columns(scene).axis()
    return Plot(name, x, y, (bars,), gutter=middle, weight=1.1, clip=True)


OTHERS: dict[str, Callable[[Scene], Plot]] = {
    "x": _input,
    "e": _embedding,
    "y": _prediction,
    "L": _loss,
    "dh": _by_hidden,
    "dc": _by_cell,
    "dx": _by_input,
}


def _as_lines(plot: Plot) -> Plot:
    """Return a track with a line a row instead of cells, or one line instead of bars."""
    mark = plot.marks[0]
    if isinstance(mark, Bars):
        return replace(plot, marks=(line(mark),))
    if not isinstance(mark, Heatmap) or mark.texts is not None:
        return plot
    low, high = mark.scale.low, mark.scale.high
    if low < 0:
        # Colours are compared between tracks; lines are read within one, so they fill it.
        high = nice_ceiling(largest(mark.values), FINE_STEPS)
        low = -high
    ends = tuple((end, short(end).replace("-", "−")) for end in (low, high))
    (label,) = plot.gutter
    return replace(
        plot,
        y=Axis(low, high, ticks=ends),
        marks=lines(mark, label.role),
        gutter=(replace(label, at=(low + high) / 2),),
        weight=1.4 * plot.weight,
        clip=True,
    )


def _name_of(scene: Scene, key: str) -> tuple[Plot, ...]:
    """Return a collapsed track: its name in a row of its own."""
    plot = _plots(scene, key, None)[0]
    label = GutterLabel(0.5, f"{FOLDED}{plot.gutter[0].text}", plot.gutter[0].role)
    return (Plot(plot.name, plot.x, HIDDEN_AXIS, (), gutter=(label,), height=NAME_ONLY),)
