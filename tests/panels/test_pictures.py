"""Marks that rest, or come back in turns, are kept as pictures; those that change are drawn each time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.figures.model import Axis, Bars, Figure, Plot
from rnnviz.panels.views.pictures import IDLE, TURNS, Picture, Pictures

MARKS = [Bars(np.ones(2), "loss") for _ in range(9)]


def figure(*plots: str, high: float = 1.0) -> Figure:
    """A figure whose plots have the marks of these numbers."""
    return Figure(
        "f", "d", tuple(Plot("p", Axis(high=high), Axis(), tuple(MARKS[int(n)] for n in p)) for p in plots)
    )


def shown(pictures: Pictures, *figures: Figure) -> list[Picture]:
    found = []
    for one in figures:
        pictures.show(one)
        found.append(pictures.now)
    return found


def test_marks_are_kept_when_they_have_come_back_twice() -> None:
    found = shown(Pictures(), figure("012"), figure("013"), figure("014"), figure("015"))
    assert [one.still for one in found] == [(0,), (0,), (2,), (2,)]
    assert found[2] is found[3]


def test_a_mark_that_changes_is_no_longer_shown() -> None:
    pictures = Pictures()
    shown(pictures, *[figure("012", "34")] * 3)
    assert pictures.now.still == (3, 2)
    pictures.show(figure("016", "34"))
    assert pictures.now.still == (0, 0)
    shown(pictures, figure("017", "34"))
    assert pictures.now.still == (2, 2)


def test_figures_that_come_in_turns_have_a_picture_each() -> None:
    pictures = Pictures()
    turns = [figure("01"), figure("23"), figure("45")]
    found = shown(pictures, *turns * 4)[-3:]
    assert [one.still for one in found] == [(2,)] * 3
    assert len(set(map(id, found))) == 3
    assert shown(pictures, *turns) == found


def test_another_frame_begins_anew() -> None:
    pictures = Pictures()
    (*_, kept) = shown(pictures, *[figure("01")] * 3)
    (other,) = shown(pictures, figure("01", high=2.0))
    assert (kept.still, other.still) == ((2,), (0,))
    (two,) = shown(pictures, figure("01", "2", high=2.0))
    assert two.still == (0, 0)


def test_pictures_that_nobody_needs_are_let_go() -> None:
    pictures = Pictures()
    shown(pictures, *[figure("01"), figure("23"), figure("45")] * 3)
    assert len(pictures._all) == 4
    shown(pictures, *[figure("01")] * (IDLE + 1))
    assert [one.still for one in pictures._all] == [(0,), (2,)]


def test_a_new_size_draws_all_of_them_anew() -> None:
    pictures = Pictures()
    for one in shown(pictures, *[figure("01"), figure("23")] * 3):
        one.pixmap = object()
    pictures.redraw()
    assert {one.pixmap for one in pictures._all} == {None}


ROWS = st.text("012345", max_size=5)


@given(st.lists(st.tuples(ROWS, ROWS), max_size=60))
def test_the_picture_holds_only_what_the_figure_shows(figures: list[tuple[str, str]]) -> None:
    pictures = Pictures()
    for rows in figures:
        pictures.show(one := figure(*rows))
        kept = pictures.now
        for plot, count, marks in zip(one.plots, kept.still, kept.held, strict=True):
            assert plot.marks[:count] == marks
        assert len(pictures._all) <= TURNS + 1
