"""The same network in each notation: only the letters differ."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.notation import Notation
from rnnviz.engine.selection import Selection, StepPair, WeightEntry
from rnnviz.figures.explanation import explanation
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.gallery.network import network
from rnnviz.figures.gallery.timeline import timeline
from rnnviz.figures.gallery.weights import weights
from rnnviz.figures.model import Heatmap, Line, Region
from rnnviz.figures.notation import KINDS, kind_of, shown_parameters, stored_as
from rnnviz.figures.scene import Curves
from rnnviz.figures.selecting import reachable
from rnnviz.figures.spots import labels
from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.tracks import TrackView, available, called, is_usual
from rnnviz.figures.why import why
from rnnviz.figures.wording import reworded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.model import Figure
    from rnnviz.figures.scene import Scene

ALL = tuple(NOTATIONS)
TOKENS = tuple("0123")  # which no symbol is
AFTER = "(?![A-Za-z])"
# A letter with a step, a layer or an arrow, or in the colour of a state: c alone is also a bias.
STATE = "(?<![A-Za-z_'’]){0}(?=[_⁽→←↔₀-₉])|⟦(?:hidden|cell|candidate)\\|{0}⟧"

NETWORKS = [
    {"cell": cell, "num_layers": layers, "bidirectional": both}
    for cell, layers, both in product(sorted(e.CELLS), (1, 2), (False, True))
    if e.CELLS[cell].recurrent or not both
] + [
    {"cell": "gru", "gru_reset": "before"},
    {"cell": "lstm", "embedding_size": 2},
    {"cell": "rnn", "bias": False},
]
networks = pytest.mark.parametrize("options", NETWORKS, ids=lambda o: "-".join(map(str, o.values())))
notations = pytest.mark.parametrize("notation", ALL)


def written(notation: Notation, **options: Any) -> Scene:
    """A scene with a training behind it, in a notation."""
    shown = scene("0123012301", vocabulary=TOKENS, units=3, step=4, **options)
    updates = np.arange(1.0, 4.0)
    norms = dict.fromkeys(shown.parameters, updates)
    ends = np.array([1.0, 3.0])
    curves = Curves(updates, updates, ends, norms, updates, ends, None, None)
    return replace(shown, curves=curves, notation=notation)


def texts(part: Any) -> Iterator[str]:
    """All that can be read in a figure."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from texts(each)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in {"role", "frame_role", "frame", "family", "fit", "map"}:
                yield from texts(getattr(part, field.name))


def foreign(notation: Notation, spec: NetworkSpec) -> re.Pattern[str]:
    """What must not be read in a notation."""
    of_weights = ["W_\\{?[XHY]", "b_\\{?[XHY]"]
    of_letters = [f"(?<![A-Za-z_]){letter}{AFTER}" for letter in "UVSO"]
    of_pytorch = ["W_\\{?(?:ih|hh|out)", "b_\\{?(?:ih|hh|out)"]
    if notation == "weights":
        return re.compile("|".join(of_letters + of_pytorch))
    if notation == "pytorch":
        return re.compile("|".join(of_weights + of_letters))
    states = {"lstm": "cg", "gru": "hn"}.get(spec.cell, "h")
    return re.compile("|".join([*of_weights, *of_pytorch, "ŷ", *(STATE.format(s) for s in states)]))


def assert_belongs(found: Any, shown: Scene) -> None:
    pattern = foreign(shown.notation, shown.spec)
    for text in texts(found):
        hidden = text.startswith("dL/d")  # the name of a track that nobody reads
        assert hidden or pattern.search(text) is None, text


def picked(shown: Scene) -> list[Selection]:
    """One of everything that can be picked."""
    cell = e.CELLS[shown.spec.cell]
    quantities = [*cell.states, *cell.gates, *(f"a.{gate}" for gate in cell.gates), "y", "x"]
    found = [Selection(name, 1) for name in dict.fromkeys(quantities) if name != "hn"]
    found += [Selection(weight=WeightEntry(name, 1, 0)) for name in shown.parameters]
    return [*found, Selection("dh"), Selection("L"), Selection("h", pair=StepPair(4, 1))]


def test_there_are_the_notations_that_there_are() -> None:
    assert get_args(Notation) == ALL


@networks
@notations
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_symbol_belongs_to_the_notation(name: str, notation: Notation, options: dict[str, Any]) -> None:
    shown = written(notation, **options)
    assert_belongs(FIGURES[name].figure(shown), shown)


@networks
@notations
def test_so_does_every_symbol_of_the_folded_network_and_of_the_tracks(
    notation: Notation, options: dict[str, Any]
) -> None:
    shown = written(notation, **options)
    assert_belongs(network(shown, 1.0), shown)
    every = TrackView(frozenset(key for key in available(shown) if not is_usual(key)))
    assert_belongs(timeline(shown, every, 1), shown)
    assert_belongs(tuple(called(shown, key) for key in available(shown)), shown)


@networks
@notations
def test_so_does_every_symbol_of_the_reasons(notation: Notation, options: dict[str, Any]) -> None:
    shown, usual = written(notation, **options), written("weights", **options)
    for selection in picked(shown):
        found, told = why(shown, selection), why(usual, selection)
        assert_belongs(tuple(tuple(s) for s in found), shown)
        assert_belongs(explanation(shown, selection) or (), shown)
        assert [s.value for s in found] == [s.value for s in told]
        for statement, other in zip(found, told, strict=True):
            assert sum(t.value for t in statement.terms) == pytest.approx(sum(t.value for t in other.terms))


def numbers(figure: Figure) -> list[np.ndarray]:
    """Every number that a figure over time draws."""
    arrays = []
    for plot in figure.plots:
        for mark in plot.marks:
            shown = (getattr(mark, name, None) for name in ("values", "heights", "positions", "y"))
            arrays += [values for values in shown if isinstance(values, np.ndarray)]
    return arrays


@networks
@pytest.mark.parametrize(
    "name", ["network", "timeline", "sequence", "spectrum", "gradient-flow", "gradient-profile"]
)
def test_the_numbers_are_the_same(name: str, options: dict[str, Any]) -> None:
    usual, *others = (numbers(FIGURES[name].figure(written(notation, **options))) for notation in ALL)
    for other in others:
        for one, two in zip(usual, other, strict=True):
            assert_array_equal(one, two)


@given(shown=scenes(layers=2, both=True), notation=st.sampled_from(ALL))
@settings(max_examples=60)
def test_the_shown_parameters_are_the_stored_ones(shown: Scene, notation: Notation) -> None:
    shown = replace(shown, notation=notation)
    found = shown_parameters(shown)
    assert len({p.symbol for p in found}) == len(found)
    seen: dict[str, list[np.ndarray]] = {}
    for p in found:
        part = p.part(shown.parameters)
        back = p.stored_block((slice(None), slice(None)), p.values)
        assert_allclose(back, part, rtol=1e-9, atol=1e-12 * np.abs(p.values).max(initial=0.0))
        seen.setdefault(p.parameter, []).append(part)
    for name, parts in seen.items():
        stored = shown.parameters[name].reshape(len(shown.parameters[name]), -1)
        whole = np.concatenate(parts)
        assert_array_equal(whole, stored if len(whole) == len(stored) else stored[-len(whole) :])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_pytorch_has_both_biases_apart(cell: str) -> None:
    usual, apart = written("weights", cell=cell), written("pytorch", cell=cell)
    sums = {p.parameter: p.values for p in shown_parameters(usual) if p.other}
    kinds = {p.kind for p in shown_parameters(apart)}
    assert kinds == {"W_X", "W_H", "W_Y", "b_X", "b_H", "b_Y"}
    parts = {kind: [p for p in shown_parameters(apart) if p.kind == kind] for kind in ("b_X", "b_H")}
    assert not any(p.other or p.rest is not None for each in parts.values() for p in each)
    both = [x.values + h.values for x, h in zip(parts["b_X"], parts["b_H"], strict=True)]
    if cell != "gru":  # of whose candidate they stand apart anyway
        together = np.concatenate([p.values for p in shown_parameters(usual) if p.kind == "b"])
        assert_allclose(np.concatenate(both), together)
        assert set(sums) == {"bias_ih_l0"}


def test_what_pytorch_stores_is_named_with_its_rows() -> None:
    lstm, rnn = written("pytorch", cell="lstm"), written("pytorch", num_layers=2, bidirectional=True)
    found = {p.symbol: stored_as(p, lstm.parameters) for p in shown_parameters(lstm)}
    assert found["W_{if}"] == "weight_ih_l0[3:6]"
    assert found["b_{ho}"] == "bias_hh_l0[9:12]"
    assert found["W_{out}"] == "head.weight"
    found = {p.symbol: stored_as(p, rnn.parameters) for p in shown_parameters(replace(rnn, focus=(0, 1)))}
    assert found["W_{hh}"] == "weight_hh_l0_reverse"


@pytest.mark.parametrize(
    ("notation", "cell", "wanted"),
    [
        ("letters", "rnn", "U W V b c"),
        ("letters", "gru", "U_r U_z U_n W_r W_z W_n V b_r b_z b_{Un} b_{Wn} c"),
        ("letters", "lstm", "U_i U_f U_g U_o W_i W_f W_g W_o V b_i b_f b_g b_o c"),
        ("pytorch", "rnn", "W_{ih} W_{hh} W_{out} b_{ih} b_{hh} b_{out}"),
        ("pytorch", "feedforward", "W_{ih} W_{out} b_{ih} b_{out}"),
        (
            "pytorch",
            "gru",
            "W_{ir} W_{iz} W_{in} W_{hr} W_{hz} W_{hn} W_{out} "
            "b_{ir} b_{iz} b_{in} b_{hr} b_{hz} b_{hn} b_{out}",
        ),
    ],
)
def test_matrices_have_the_symbols_of_the_notation(notation: Notation, cell: str, wanted: str) -> None:
    found = shown_parameters(written(notation, cell=cell))
    assert [p.symbol for p in found] == wanted.split()
    assert [plot.name for plot in weights(written(notation, cell=cell)).plots] == wanted.split()


@pytest.mark.parametrize("name", KINDS)
def test_biases_have_a_kind_of_their_own_where_they_stand_apart(name: str) -> None:
    stored = name if "." in name else f"{name}_l0"
    apart = {"bias_ih": "b_X", "bias_hh": "b_H"}
    assert kind_of(stored, "letters") == kind_of(stored)
    assert kind_of(stored, "pytorch") == apart.get(name, kind_of(stored))


@networks
@notations
def test_heat_maps_and_tracks_are_known_by_what_they_are_called(
    notation: Notation, options: dict[str, Any]
) -> None:
    shown, usual = written(notation, **options), written("weights", **options)
    every = TrackView(frozenset(key for key in available(shown) if not is_usual(key)))
    for draw in (network, lambda s: timeline(s, every)):
        heats = [
            m for plot in draw(shown).plots for m in plot.marks if isinstance(m, Heatmap) and not m.texts
        ]
        known = labels(shown)
        assert heats
        assert all(heat.scale.label in known for heat in heats)
        assert reachable(shown, draw(shown)) == reachable(usual, draw(usual))


@networks
@notations
def test_what_is_picked_is_marked_in_the_same_places(notation: Notation, options: dict[str, Any]) -> None:
    for selection in picked(written(notation, **options)):
        found = []
        for each in (notation, "weights"):
            shown = replace(written(each, **options), selection=selection)
            drawn = (FIGURES[name].figure(shown) for name in ("network", "timeline", "gradient-flow"))
            regions = [m for f in drawn for p in f.plots for m in p.marks if isinstance(m, Region)]
            found.append([(m.low, m.high, m.bottom, m.top) for m in regions if m.role == "selection"])
        assert found[0] == found[1]


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_a_picked_bias_is_outlined_wherever_it_is_shown(cell: str) -> None:
    for name, notation in product(("bias_ih_l0", "bias_hh_l0"), ALL):
        shown = replace(written(notation, cell=cell), selection=Selection(weight=WeightEntry(name, 2, 0)))
        found = [
            plot.name
            for plot in weights(shown).plots
            if any(isinstance(m, Region) and m.role == "selection" for m in plot.marks)
        ]
        apart = {"bias_ih_l0": "b_{ih}", "bias_hh_l0": "b_{hh}"}[name]
        gate = {"bias_ih_l0": "b_{ir}", "bias_hh_l0": "b_{hr}"}[name]
        wanted = (
            {"rnn": apart, "gru": gate}[cell] if notation == "pytorch" else {"rnn": "b", "gru": "b_r"}[cell]
        )
        assert found == [wanted]


def test_the_norms_of_training_are_called_as_the_weights_are() -> None:
    found = {}
    for notation in ALL:
        plot = FIGURES["training"].figure(written(notation)).plots[1]
        found[notation] = [m.label for m in plot.marks if isinstance(m, Line)]
    assert found == {
        "weights": ["W_X", "W_H", "b", "W_Y", "b_Y", "total"],
        "letters": ["U", "W", "b", "V", "c", "total"],
        "pytorch": ["W_{ih}", "W_{hh}", "b_{ih}", "b_{hh}", "W_{out}", "b_{out}", "total"],
    }


@networks
@pytest.mark.parametrize("name", ["network", "timeline"])
def test_what_does_not_change_stays_the_same_object_in_each_notation(
    name: str, options: dict[str, Any]
) -> None:
    shown = written("weights", **options)
    drawn = {}
    for notation in (*ALL, *ALL):
        heats = [
            mark
            for plot in FIGURES[name].figure(replace(shown, notation=notation)).plots
            for mark in plot.marks
            if isinstance(mark, Heatmap)
        ]
        assert all(one is two for one, two in zip(drawn.get(notation, heats), heats, strict=True))
        drawn[notation] = heats


@pytest.mark.parametrize(
    ("notation", "cell", "wanted"),
    [
        ("letters", "rnn", "S_t = φ(U x_t + W S_{t−1} + b), ∂L₉/∂S₁, O_t of V [S→_t, S←_t] + c, a gate"),
        ("letters", "lstm", "h_t = φ(U x_t + W h_{t−1} + b), ∂L₉/∂h₁, O_t of V [h→_t, h←_t] + c, a gate"),
        (
            "pytorch",
            "rnn",
            "h_t = φ(W_ih x_t + W_hh h_{t−1} + b_ih + b_hh), ∂L₉/∂h₁, "
            "ŷ_t of W_out [h→_t, h←_t] + b_out, a gate",
        ),
    ],
)
def test_a_sentence_is_written_in_another_notation(notation: Notation, cell: str, wanted: str) -> None:
    spec = e.NetworkSpec(cell, 4, 3, 4)
    usual = "h_t = φ(W_X x_t + W_H h_{t−1} + b), ∂L₉/∂h₁, ŷ_t of W_Y [h→_t, h←_t] + b_Y, a gate"
    assert reworded(usual, spec, "weights") == usual
    assert reworded(usual, spec, notation) == wanted


def test_words_stay_words() -> None:
    spec = e.NetworkSpec("gru", 4, 3, 4)
    usual = "Choose the n-th of both, h or c; the candidate n_t begins with gates"
    wanted = "Choose the n-th of both, S or c; the candidate S̃_t begins with gates"
    assert reworded(usual, spec, "letters") == wanted
