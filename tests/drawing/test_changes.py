"""A view keeps what an edit leaves alone, and only that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawing.pictures import figure_of

from rnnviz.drawing.changes import unchanged
from rnnviz.figures.model import Axis, Bars, Figure, GutterLabel, Line, Margins, Mark, Region, Scale

ONE, TWO, THREE = (Bars(np.ones(3), "loss") for _ in range(3))


def test_leading_marks_that_are_the_same_objects_are_counted() -> None:
    old = figure_of(ONE, TWO, THREE)
    assert unchanged(old, figure_of(ONE, TWO, THREE)) == (3,)
    assert unchanged(old, figure_of(ONE, Bars(TWO.heights, "loss"), THREE)) == (1,)
    assert unchanged(old, figure_of(TWO, ONE)) == (0,)
    assert unchanged(old, figure_of()) == (0,)


def test_every_plot_is_counted() -> None:
    a, b = figure_of(ONE, TWO).plots[0], figure_of(THREE).plots[0]
    assert unchanged(Figure("f", "d", (a, b)), Figure("f", "d", (a, replace(b, marks=(ONE,))))) == (2, 0)
    assert unchanged(Figure("f", "d", (a, b)), Figure("f", "d", (a,))) is None


def test_words_that_are_not_drawn_do_not_matter() -> None:
    old = figure_of(ONE)
    assert unchanged(old, replace(old, title="Other", description="Other.", note="other")) == (1,)
    assert unchanged(old, replace(old, across=(Region(0, 1, "selection"),))) == (1,)


@pytest.mark.parametrize(
    "change",
    [
        {"margins": Margins(1)},
        {"legend": Scale("signed", -1, 1)},
        {"caption": "More."},
        {"columns": 2},
    ],
)
def test_what_surrounds_all_plots_matters(change: dict[str, object]) -> None:
    old = figure_of(ONE)
    assert unchanged(old, replace(old, **change)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"x": Axis(0, 11, shown=False)},
        {"y": Axis(0, 10)},
        {"heading": "loss"},
        {"gutter": (GutterLabel(0, "h", "hidden"),)},
        {"weight": 2.0},
        {"fit": "square"},
        {"natural": (1.0, 1.0)},
        {"centred": True},
        {"clip": True},
    ],
)
def test_what_surrounds_a_plot_matters(change: dict[str, object]) -> None:
    old = figure_of(ONE)
    assert unchanged(old, replace(old, plots=(replace(old.plots[0], **change),))) is None


def test_axes_compare_by_value() -> None:
    assert unchanged(figure_of(ONE, x=Axis(0, 3)), figure_of(ONE, x=Axis(0, 3))) == (1,)


def test_the_names_of_curves_are_part_of_the_surroundings() -> None:
    def named(label: str) -> Mark:
        return Line(np.arange(3.0), np.arange(3.0), "loss", label)

    assert unchanged(figure_of(named("a")), figure_of(named("a"))) == (0,)
    assert unchanged(figure_of(named("a")), figure_of(named("b"))) is None


def test_a_message_matters_only_where_it_is_shown() -> None:
    empty = Figure("f", "d", (), message="Nothing yet.")
    assert unchanged(empty, replace(empty, message="Still nothing.")) is None
    assert unchanged(figure_of(ONE), replace(figure_of(ONE), message="unseen")) == (1,)
