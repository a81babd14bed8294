"""The view shows what `paint` draws, whatever it keeps, and says what the mouse does."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from drawing.pictures import DARK, LIGHT, differing, extent, figure_of, picture, pixels
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from rnnviz.drawing import painter
from rnnviz.figures.model import Axis, Bars, Figure, Heatmap, Line, Mark, Plot, Region, Scale
from rnnviz.panels.views.figure_view import FAILED, FigureView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SIGNED = Scale("signed", -1, 1)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot) -> FigureView:
    view = FigureView(LIGHT)
    qtbot.addWidget(view)
    view.resize(200, 100)
    view.show()
    qtbot.waitExposed(view)
    return view


def shown(view: FigureView) -> np.ndarray:
    return pixels(view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))


def bars(height: float = 5.0, role: str = "loss") -> Bars:
    return Bars(np.full(9, height), role, 1.0)


def mouse(
    view: FigureView, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton = NONE,
    held: Qt.MouseButton = NONE, keys: Qt.KeyboardModifier = PLAIN,
) -> None:  # fmt: skip
    at = QPointF(x, y)
    QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, held, keys))


def press(view: FigureView, x: float, y: float, **options: object) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, x, y, LEFT, LEFT, **options)


def move(view: FigureView, x: float, y: float, held: Qt.MouseButton = NONE, **options: object) -> None:
    mouse(view, QEvent.Type.MouseMove, x, y, held=held, **options)


def release(view: FigureView, x: float, y: float) -> None:
    mouse(view, QEvent.Type.MouseButtonRelease, x, y, LEFT)


def turn(view: FigureView, x: float, y: float, angle: QPoint) -> QWheelEvent:
    at = QPointF(x, y)
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), angle, NONE, SHIFT, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(view, event)
    return event


def heard(signal: object) -> list[tuple[object, ...]]:
    calls: list[tuple[object, ...]] = []
    signal.connect(lambda *args: calls.append(args))
    return calls


def test_without_a_figure_there_is_only_background(view: FigureView) -> None:
    assert view.figure is None
    assert not differing(shown(view)).any()


def test_a_figure_looks_as_it_is_painted(view: FigureView) -> None:
    figure = figure_of(bars(), Region(2, 3, "selection"), x=Axis(0, 10), heading="loss")
    view.show_figure(figure)
    assert view.figure is figure
    np.testing.assert_array_equal(shown(view), picture(figure))


def test_every_figure_shown_is_painted(view: FigureView, qtbot: QtBot) -> None:
    for _ in range(3):
        before = view.paints
        view.show_figure(figure_of(bars()))
        qtbot.waitUntil(lambda before=before: view.paints == before + 1)


MARKS = (
    bars(), bars(3.0, "gradient"), Region(2, 6, "veil"), Region(1, 4, "selection"),
    Heatmap(np.linspace(-1, 1, 20).reshape(2, 10), SIGNED, 0, 2, 9, decimals=1),
    Line(np.arange(11.0), np.arange(11.0) % 4, "input", "a"),
)  # fmt: skip
steps = st.lists(
    st.one_of(
        st.tuples(st.just("marks"), st.lists(st.sampled_from(MARKS), max_size=4)),
        st.tuples(st.just("axis"), st.booleans()),
        st.tuples(st.just("size"), st.tuples(st.integers(20, 260), st.integers(20, 160))),
        st.tuples(st.just("theme"), st.sampled_from([LIGHT, DARK])),
        st.tuples(st.just("zoom"), st.sampled_from([1.0, 1.5])),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(steps=steps)
@settings(max_examples=60)
def test_whatever_happened_before_the_picture_is_right(
    view: FigureView, steps: list[tuple[str, object]]
) -> None:
    """What the view keeps from one figure to the next must never be seen."""
    marks: list[Mark] = [MARKS[0]]
    axis = False
    for kind, value in steps:
        if kind == "size":
            view.resize(*value)
        elif kind == "theme":
            view.set_theme(value)
        elif kind == "zoom":
            view.zoom = value
        else:
            marks, axis = (value, axis) if kind == "marks" else (marks, value)
            view.show_figure(figure_of(*marks, x=Axis(0, 10, shown=axis)))
        if view.figure is not None:
            theme = value if kind == "theme" else view._theme
            expected = picture(view.figure, view.width(), view.height(), theme, zoom=view.zoom)
            np.testing.assert_array_equal(shown(view), expected)


def test_what_an_edit_leaves_alone_is_not_drawn_again(
    view: FigureView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Mark] = []
    monkeypatch.setitem(painter.DRAW, Bars, lambda _canvas, mark: drawn.append(mark))
    rests, moves = bars(), [bars() for _ in range(6)]
    for mark in moves:
        before = view.paints
        view.show_figure(figure_of(rests, mark))
        qtbot.waitUntil(lambda before=before: view.paints > before)
    assert all(any(mark is m for m in drawn) for mark in moves)
    assert sum(mark is rests for mark in drawn) <= 3


def test_a_message_stands_in_for_plots(view: FigureView) -> None:
    view.show_figure(Figure("f", "Nothing.", (), message="Type at least two characters."))
    assert differing(shown(view)).any()
    view.show_figure(figure_of())
    assert not differing(shown(view)).any()


def test_it_reads_itself_aloud(view: FigureView) -> None:
    view.show_figure(Figure("Spectrum of W_H", "‖∂L/∂h_t‖ of 3 steps.", ()))
    assert view.accessibleName() == "Spectrum of WH"
    assert view.accessibleDescription() == "‖∂L/∂ht‖ of 3 steps."


def test_a_failing_mark_is_logged_and_the_view_lives_on(
    view: FigureView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setitem(painter.DRAW, Bars, fail)
        view.show_figure(figure_of(bars(), clip=True))
        qtbot.waitUntil(lambda: "broken on purpose" in caplog.text)
        said = shown(view)
    np.testing.assert_array_equal(said, picture(Figure("f", "d", (), message=FAILED)))
    view.update()
    np.testing.assert_array_equal(shown(view), picture(figure_of(bars())))


def test_a_press_a_drag_and_a_release_are_told(view: FigureView) -> None:
    view.show_figure(figure_of(Heatmap(np.zeros((1, 10)), SIGNED, 0, 0, 10)))
    pressed, dragged, released = heard(view.pressed), heard(view.dragged), heard(view.released)
    press(view, 65, 50)
    move(view, 85, 40, LEFT, keys=SHIFT)
    release(view, 85, 40)
    (pick, keys), *more = pressed
    assert not more
    assert (pick.plot, pick.row, pick.column, keys) == ("p", 0, 3, PLAIN)
    assert dragged == [(pick, 20.0, -10.0, SHIFT)]
    assert released == [()]


def test_a_drag_may_leave_the_view(view: FigureView) -> None:
    view.show_figure(figure_of(bars()))
    dragged = heard(view.dragged)
    press(view, 100, 50)
    move(view, 100, -400, LEFT)
    assert [call[1:3] for call in dragged] == [(0.0, -450.0)]


def test_slots_may_take_only_what_they_need(view: FigureView) -> None:
    view.show_figure(figure_of(bars()))
    seen: list[str] = []
    view.pressed.connect(lambda pick: seen.append(pick.plot))
    press(view, 100, 50)
    assert seen == ["p"]


def test_other_buttons_and_empty_places_are_not_pressed(view: FigureView) -> None:
    view.show_figure(figure_of(bars(), margins=replace(figure_of().margins, left=100)))
    pressed, released = heard(view.pressed), heard(view.released)
    press(view, 20, 50)
    release(view, 20, 50)
    right = Qt.MouseButton.RightButton
    mouse(view, QEvent.Type.MouseButtonPress, 150, 50, right, right)
    mouse(view, QEvent.Type.MouseButtonRelease, 150, 50, right)
    assert (pressed, released) == ([], [])


def test_what_is_under_the_mouse_is_told(view: FigureView) -> None:
    view.show_figure(figure_of(bars(), margins=replace(figure_of().margins, left=100)))
    hovered = heard(view.hovered)
    move(view, 150, 50)
    move(view, 20, 50)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert [pick and pick.index for (pick,) in hovered] == [4, None, None]


def test_a_double_click_is_told_once(view: FigureView, qtbot: QtBot) -> None:
    view.show_figure(figure_of(bars()))
    double, released = heard(view.double_clicked), heard(view.released)
    qtbot.mouseDClick(view, LEFT, pos=QPoint(100, 50))
    assert [pick.plot for (pick,) in double] == ["p"]
    assert released == []


@pytest.mark.parametrize(
    ("angle", "notches"), [(QPoint(0, 120), 1.0), (QPoint(0, -60), -0.5), (QPoint(240, 0), 2.0)]
)
def test_the_wheel_is_told_in_notches(view: FigureView, angle: QPoint, notches: float) -> None:
    view.show_figure(figure_of(bars()))
    turned = heard(view.wheel)
    event = turn(view, 100, 50, angle)
    ((pick, found, keys),) = turned
    assert (pick.plot, found, keys) == ("p", notches, SHIFT)
    assert event.isAccepted()


def test_the_wheel_scrolls_on_where_nobody_listens(view: FigureView) -> None:
    view.show_figure(figure_of(bars()))
    assert not turn(view, 100, 50, QPoint(0, 120)).isAccepted()


def test_hiding_ends_a_drag(view: FigureView) -> None:
    view.show_figure(figure_of(bars()))
    released = heard(view.released)
    press(view, 100, 50)
    view.hide()
    assert released == [()]


def test_pixels_and_data_can_be_told_from_each_other(view: FigureView) -> None:
    view.show_figure(figure_of(Heatmap(np.zeros((2, 10)), SIGNED, 0, 0, 10)))
    assert view.units_per_pixel("p") == pytest.approx(0.05)
    assert view.units_per_pixel("another") == 0
    assert tuple(view.cell_rect("p", 0, 1, 3)) == pytest.approx((60, 0, 20, 50))
    with pytest.raises(KeyError):
        FigureView.cell_rect(view, "another", 0, 0, 0)


def test_zoom_scales_and_reaches_picking(view: FigureView) -> None:
    figure = figure_of(bars(), x=Axis(0, 10), margins=replace(figure_of().margins, left=40, bottom=20))
    view.show_figure(figure)
    view.zoom = 2.0
    np.testing.assert_array_equal(shown(view), picture(figure, zoom=2.0))
    pressed = heard(view.pressed)
    press(view, 70, 50)
    assert pressed == []


def test_small_views_do_not_hurt(view: FigureView) -> None:
    plots = tuple(Plot(str(n), Axis(0, 10, "x"), Axis(0, 1, "y"), (bars(),)) for n in range(3))
    view.show_figure(Figure("f", "d", plots, caption="A caption."))
    for size in ((1, 1), (300, 2), (2, 300)):
        view.resize(*size)
        assert shown(view).shape[:2] == (view.height(), view.width())


def test_dense_displays_get_dense_pictures(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = FigureView(LIGHT)
    qtbot.addWidget(view)
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    view.resize(100, 50)
    figure = figure_of(bars(), x=Axis(0, 10, shown=True))
    view.show_figure(figure)
    below = view._drawn_below(figure)
    assert (below.width(), below.height(), below.devicePixelRatio()) == (200, 100, 2.0)


def test_painting_leaks_no_reference_to_none(view: FigureView) -> None:
    """A binding that loses one on every void call ends the program within seconds."""
    figures = [
        figure_of(bars(), MARKS[4], MARKS[5], Region(n % 9, 10, "veil"), x=Axis(0, 10)) for n in range(50)
    ]

    def repaint() -> None:
        for figure in figures:
            view.show_figure(figure)
            view.repaint()

    repaint()
    before = sys.getrefcount(None)
    repaint()
    assert abs(sys.getrefcount(None) - before) < 100


def test_nothing_is_left_outside_of_the_view(view: FigureView) -> None:
    view.show_figure(figure_of(bars(), margins=replace(figure_of().margins, left=20, right=20)))
    left, right, _, _ = extent(differing(shown(view)))
    assert left >= 20
    assert right < 180
