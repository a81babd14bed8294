from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scenes import scene, scenes

from rnnviz import engine as e
from rnnviz.engine.selection import Selection, StepPair
from rnnviz.figures.gallery.verdict import heard_by_last, step_at, verdict
from rnnviz.figures.model import Heatmap, Line, Region, Text
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import presets
from rnnviz.session.session import Session


def preset(name):
    return scene_of(Session(presets.load(name)).moment)


def said(figure):
    return " ".join(
        string for mark in figure.plots[0].marks if isinstance(mark, Text) for string in mark.strings
    )


def cells(figure):
    return next(mark for mark in figure.plots[1].marks if isinstance(mark, Heatmap))


@given(shown=scenes(shortest=3, layers=2, both=True))
def test_every_word_has_what_is_left_of_the_last_loss(shown):
    figure, heard = verdict(shown), heard_by_last(shown)
    if heard is None:
        assert figure.message
        return
    heat = cells(figure)
    norms = shown.analysis.flow.norms[e.CELLS[shown.spec.cell].memory][heard.t]
    with np.errstate(all="ignore"):
        left = norms / norms[heard.t]
    for row, column in np.ndindex(heat.values.shape):
        pair = step_at(shown, row, column)
        if pair is None:
            assert np.isnan(heat.values[row, column])
        else:
            assert pair.t == heard.t
            assert heat.values[row, column] == pytest.approx(left[pair.k], nan_ok=True)


@pytest.mark.usefixtures("qapp")
def test_the_plain_network_cannot_hear_brown_when_it_should_say_shepherd():
    figure = verdict(preset("shepherd"))
    assert said(figure).startswith("Vanishing ×0.47 per step")
    heat = cells(figure)
    assert heat.texts is not None
    assert heat.texts[:2] == ("the", "brown")
    assert heat.values.ravel()[1] < 1e-3
    struck = next(mark for mark in figure.plots[1].marks if isinstance(mark, Line))
    assert len(struck.x) == 3 * 5
    asked = next(mark for mark in figure.plots[1].marks if isinstance(mark, Text))
    assert asked.strings == ("shepherd",)
    assert "can no longer hear 5 of 14 words" in said(figure)


@pytest.mark.usefixtures("qapp")
def test_the_lstm_still_hears_the_whole_sentence():
    figure = verdict(preset("shepherd-lstm"))
    assert said(figure).startswith("Healthy")
    assert "still hears all 14 words" in said(figure)
    assert not [mark for mark in figure.plots[1].marks if isinstance(mark, Line)]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("name", "kind", "proof"),
    [
        ("shepherd", "Vanishing", "< 1: every step shrinks it"),
        ("vanish", "Vanishing", "< 1: every step shrinks it"),
        ("explode", "Exploding", "≥ 1: it may explode, but need not"),
        ("non-normal", "Exploding", "≥ 1: it may explode, but need not"),
        ("settled", "Vanishing", "≥ 1: it may explode, but need not"),
        ("remember", "Healthy", "= 1.00 ≥ 1"),
    ],
)
def test_each_preset_makes_its_point(name, kind, proof):
    words = said(verdict(preset(name)))
    assert words.startswith(kind)
    assert proof in words


def test_the_bound_is_written_in_the_notation_chosen():
    shown = scene("abcabcabc")
    assert "σ_1(W_H) · γ" in said(verdict(shown))
    assert "σ_1(W) · γ" in said(verdict(replace(shown, notation="letters")))


def test_the_picked_step_is_outlined():
    shown = replace(scene("abcabcabc"), selection=Selection("h", pair=StepPair(7, 2)))
    outlines = [mark for mark in verdict(shown).plots[1].marks if isinstance(mark, Region)]
    assert [(mark.low, mark.high) for mark in outlines if mark.role == "selection"] == [(2.0, 3.0)]


def test_without_a_loss_there_is_a_way_out():
    assert "click a target" in verdict(scene("abc", silent=frozenset({0, 1}))).message


def test_a_long_word_leaves_room_for_others():
    words = ("the", "donaudampfschifffahrt", "a", "dog")
    figure = verdict(scene(words * 4, vocabulary=words))
    texts = cells(figure).texts
    assert texts[1] == "donaudampfsch…"
    assert cells(figure).values.shape[1] > 2


def test_with_one_step_there_is_nothing_earlier_to_hear():
    assert "There is no earlier step that L_{1} could hear." in said(verdict(scene("ab")))


@pytest.mark.parametrize(
    ("text", "gates"),
    [("abc", "f_{2}, unit"), ("abcd", "f_{2} · f_{3}, unit"), ("abcde", "f_{2} · … · f_{4}, unit")],
)
def test_the_gates_that_keep_the_memory_are_named(text, gates):
    assert gates in said(verdict(scene(text, cell="lstm")))


def test_what_is_kept_is_never_written_as_zero():
    assert "keeps up to 0.0" not in said(verdict(scene("abcdefgh" * 9, cell="lstm", gain=2.0)))


@pytest.mark.parametrize(
    ("options", "title"),
    [({"num_layers": 2}, "Verdict · layer 2"), ({"bidirectional": True}, "Verdict · →"), ({}, "Verdict")],
)
def test_the_heading_says_whose_gradient_is_judged(options, title):
    assert verdict(scene("abcdefg", **options)).title == title
