"""A chart shows what the painter would draw, and lets a person look closer."""

from __future__ import annotations

import gc
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from rnnviz.drawing.painter import paint
from rnnviz.figures.colour import rgb
from rnnviz.figures.layout import plot_rects, to_data, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Arrows, Axis, Figure, Line, Margins, Plot, Points, Region, Text
from rnnviz.figures.theme import THEMES
from rnnviz.panels.views.chart_plot import UNIT, Look
from rnnviz.panels.views.chart_view import ChartView

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from rnnviz.figures.layout import Rect
    from rnnviz.figures.theme import Theme

LIGHT, DARK = THEMES["light"], THEMES["dark"]
SIZE = 480, 260
STEPS = np.arange(40.0) + 1
MARGINS = Margins(left=52, top=30, right=16, bottom=40)
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


def figure_of(*plots: Plot, columns: int = 1, title: str = "A chart") -> Figure:
    return Figure(title, "What it shows.", plots, columns=columns, margins=MARGINS)


def profile(y: NDArray[np.float64] | None = None, low: float = 1e-4) -> Figure:
    """A decaying curve on a logarithmic axis with a dashed threshold."""
    y = 0.8 ** (40 - STEPS) if y is None else y
    threshold = Line(np.array([0.5, 40.5]), np.full(2, 1e-3), "muted", "no longer heard", dashed=True)
    marks = (Line(STEPS, y, "gradient", "‖∂L_{40}/∂h_k‖"), threshold)
    axes = Axis(0.5, 40.5, "k", whole=True), Axis(low, 10.0, log=True)
    return figure_of(Plot("profile", *axes, marks, heading="profile", clip=True))


def spectrum() -> Figure:
    """Lines far beyond the axes, dots, an arrow, text and a region on a square plot."""
    angles = np.linspace(0, 2 * np.pi, 181)
    marks = (
        Line(np.array([-1e6, 1e6]), np.zeros(2), "frame"),
        Line(np.cos(angles), np.sin(angles), "muted"),
        Points(np.array([[0.7, 0.2], [0.7, -0.2], [-1.1, 0.0]]), "hidden"),
        Arrows(np.array([[0.0, 0.0, 0.5, 0.9]]), "cell"),
        Text(np.array([[0.0, 1.2]]), ("ρ(W_H)",), "text"),
        Region(-0.5, 0.5, "selection", -0.5, 0.5),
    )
    plot = Plot(
        "spectrum", Axis(-1.5, 1.5, "real"), Axis(-1.5, 1.5, "imaginary"), marks, fit="square", clip=True
    )
    return figure_of(plot)


def pair() -> Figure:
    """Two plots beside each other, the second with both axes reversed and a veil under its curve."""
    first = Plot("a", Axis(0, 40), Axis(-1, 1), (Line(STEPS, np.sin(STEPS / 4), "hidden"),))
    marks = (Region(10, 20, "veil"), Line(STEPS, STEPS / 40, "input"))
    second = Plot("b", Axis(0, 40, reverse=True), Axis(0, 1, reverse=True), marks)
    return replace(figure_of(first, second, columns=2), across=(Region(4.5, 5.5, "selection"),))


FIGURES = {"profile": profile, "spectrum": spectrum, "pair": pair}
all_figures = pytest.mark.parametrize("name", FIGURES)


def shown(qtbot: QtBot, figure: Figure, theme: Theme = LIGHT, size: tuple[int, int] = SIZE) -> ChartView:
    view = ChartView(theme)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show_figure(figure)
    with qtbot.waitExposed(view):
        view.show()
    return view


def pixels(image: QImage) -> NDArray[np.int_]:
    """(height, width, 3) colours."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(bytes(image.constBits()), np.uint8).reshape(image.height(), image.width(), 4)
    return np.asarray(raw[..., 2::-1].astype(int))


def grabbed(view: ChartView) -> NDArray[np.int_]:
    return pixels(view.grab().toImage())


def painted(figure: Figure, size: tuple[int, int], theme: Theme = LIGHT) -> NDArray[np.int_]:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme["background"]))
    with QPainter(image) as painter:
        paint(painter, figure, size, theme)
    return pixels(image)


def near(image: NDArray[np.int_], role: str, theme: Theme = LIGHT, within: int = 60) -> NDArray[np.bool_]:
    """Which pixels have nearly the colour of a role."""
    return np.asarray(np.abs(image - np.array(rgb(theme[role]))).sum(-1) <= within)


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask with every pixel's eight neighbours."""
    padded = np.pad(mask, 1)
    rows, columns = mask.shape
    return np.asarray(
        np.any([padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)
    )


def assert_agree(first: NDArray[np.int_], second: NDArray[np.int_], theme: Theme = LIGHT) -> None:
    """What is drawn in one picture is drawn in the other, at most a pixel away."""
    ground = np.array(rgb(theme["background"]))
    a, b = (np.abs(image - ground).sum(-1) > 150 for image in (first, second))
    assert a.any()
    assert not (a & ~grown(b)).any()
    assert not (b & ~grown(a)).any()


def own(view: ChartView) -> Figure:
    assert view.figure is not None
    return view.figure


def seen(view: ChartView) -> Figure:
    assert view.shown_figure is not None
    return view.shown_figure


def rect_of(view: ChartView, plot: int = 0) -> Rect:
    return plot_rects(seen(view), view.width(), view.height())[plot]


def viewport(view: ChartView) -> QWidget:
    found: QWidget = view._canvas.viewport()
    return found


def turn(view: ChartView, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at, viewport(view).mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport(view), event)


def mouse(view: ChartView, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: bool) -> None:
    changes = kind is not QEvent.Type.MouseMove
    event = QMouseEvent(
        kind, at, viewport(view).mapToGlobal(at), button if changes else Qt.MouseButton.NoButton,
        button if held else Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(viewport(view), event)


def drag(qtbot: QtBot, view: ChartView, start: QPointF, by: QPointF, button: Qt.MouseButton = LEFT) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, start, button, held=True)
    for part in (0.5, 1.0):
        qtbot.wait(12)  # pyqtgraph drops moves that follow one another within ten milliseconds
        mouse(view, QEvent.Type.MouseMove, start + by * part, button, held=True)
    mouse(view, QEvent.Type.MouseButtonRelease, start + by, button, held=False)


def double_click(view: ChartView, at: QPointF) -> None:
    for kind, held in (
        (QEvent.Type.MouseButtonPress, True),
        (QEvent.Type.MouseButtonRelease, False),
        (QEvent.Type.MouseButtonDblClick, True),
        (QEvent.Type.MouseButtonRelease, False),
    ):
        mouse(view, kind, at, LEFT, held=held)


def hover(view: ChartView, at: QPointF) -> None:
    view._canvas.scene().sigMouseMoved.emit(at)


@all_figures
def test_data_lie_where_the_layout_says(qtbot: QtBot, name: str) -> None:
    view = shown(qtbot, FIGURES[name]())
    turn(view, QPointF(200, 100), 2)
    for n, plot in enumerate(own(view).plots):
        rect = plot_rects(seen(view), *SIZE)[n]
        values = np.linspace(0.01, 1, 7)
        u, v = to_pixels_x(plot, UNIT, values), to_pixels_y(plot, UNIT, values)
        at = [view._picture._plots[n].box.mapViewToScene(QPointF(a, b)) for a, b in zip(u, v, strict=True)]
        there = seen(view).plots[n]
        np.testing.assert_allclose([p.x() for p in at], to_pixels_x(there, rect, values), atol=1e-3)
        np.testing.assert_allclose([p.y() for p in at], to_pixels_y(there, rect, values), atol=1e-3)


@all_figures
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_it_looks_as_the_painter_draws_it(qtbot: QtBot, name: str, theme: Theme) -> None:
    view = shown(qtbot, FIGURES[name](), theme)
    assert_agree(grabbed(view), painted(own(view), SIZE, theme), theme)


@all_figures
def test_what_is_exported_is_what_is_seen(qtbot: QtBot, name: str) -> None:
    view = shown(qtbot, FIGURES[name]())
    turn(view, QPointF(150, 120), 3)
    assert seen(view) is not own(view)
    assert_agree(grabbed(view), painted(seen(view), SIZE))


def test_ranges_are_the_figures_whatever_the_data(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    assert seen(view) is own(view)
    other = profile(np.full(40, 1e9))
    view.show_figure(other)
    assert seen(view) is other


def test_the_wheel_magnifies_about_the_cursor(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    rect, at = rect_of(view), QPointF(300, 90)
    before = to_data(seen(view).plots[0], rect, at.x(), at.y())
    turn(view, at, 2)
    plot = seen(view).plots[0]
    assert plot.x.high - plot.x.low < 30
    assert plot.y.high / plot.y.low < 1e4
    assert to_data(plot, rect, at.x(), at.y()) == pytest.approx(before, rel=1e-6)


def test_dragging_moves_what_is_seen_with_the_mouse(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    rect, start, by = rect_of(view), QPointF(250, 120), QPointF(60, -20)
    held = to_data(own(view).plots[0], rect, start.x(), start.y())
    drag(qtbot, view, start, by)
    there = start + by
    np.testing.assert_allclose(to_data(seen(view).plots[0], rect, there.x(), there.y()), held, rtol=1e-6)


def test_a_double_click_shows_the_whole_plot_again(qtbot: QtBot) -> None:
    view = shown(qtbot, pair())
    points = [QPointF(rect.x + 40, rect.y + 60) for rect in plot_rects(own(view), *SIZE)]
    for at in points:
        turn(view, at, 3)
    double_click(view, points[0])
    assert seen(view).plots[0] is own(view).plots[0]
    assert seen(view).plots[1] is not own(view).plots[1]
    view.reset()
    assert seen(view) is own(view)


def test_a_square_plot_stays_square(qtbot: QtBot) -> None:
    view = shown(qtbot, spectrum())
    turn(view, QPointF(120, 80), 4)
    plot, (_, _, w, h) = seen(view).plots[0], rect_of(view)
    assert (plot.x.high - plot.x.low) / w == pytest.approx((plot.y.high - plot.y.low) / h, rel=1e-6)


def test_the_right_button_neither_stretches_nor_opens_a_menu(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    drag(qtbot, view, QPointF(200, 100), QPointF(50, 50), RIGHT)
    assert seen(view) is own(view)
    assert not any(isinstance(widget, QMenu) for widget in QApplication.topLevelWidgets())


def test_a_magnified_range_stays_while_numbers_change(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    turn(view, QPointF(300, 90), 3)
    magnified = seen(view).plots[0]
    view.show_figure(profile(0.7 ** (40 - STEPS)))
    assert seen(view).plots[0].x == magnified.x
    view.show_figure(profile(low=1e-8))  # the figure's own range grew: what is seen does not
    assert seen(view).plots[0].y.low == pytest.approx(magnified.y.low)
    assert seen(view).plots[0].y.high == pytest.approx(magnified.y.high)


def test_another_x_axis_is_shown_whole(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    turn(view, QPointF(300, 90), 3)
    old = profile()
    longer = replace(old, plots=(replace(old.plots[0], x=Axis(0.5, 80.5, "k")),))
    view.show_figure(longer)
    assert seen(view) is longer


def test_the_keys_magnify_and_reset(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    QTest.keyClicks(view, "+")
    assert seen(view).plots[0].x.high < 40.5
    QTest.keyClicks(view, "--")
    assert seen(view).plots[0].x.high > 40.5
    QTest.keyClicks(view, "0")
    assert seen(view) is own(view)


def test_reaching_it_by_keyboard_is_seen(qtbot: QtBot) -> None:
    window, before, view = QWidget(), QLineEdit(), ChartView(LIGHT)
    box = QVBoxLayout(window)
    box.addWidget(before)
    box.addWidget(view)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    assert not near(grabbed(view), "accent")[1].any()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(view.hasFocus)
    assert near(grabbed(view), "accent")[1].any()
    view.clearFocus()
    assert not near(grabbed(view), "accent")[1].any()


def test_nan_breaks_a_curve(qtbot: QtBot) -> None:
    y = np.full(40, 0.1)
    y[19] = np.nan
    view = shown(qtbot, profile(y))
    curve = near(grabbed(view), "gradient", within=200)
    x = to_pixels_x(own(view).plots[0], plot_rects(own(view), *SIZE)[0], [10, 20, 30]).round().astype(int)
    row = int(to_pixels_y(own(view).plots[0], plot_rects(own(view), *SIZE)[0], 0.1))
    drawn = curve[row - 2 : row + 3]
    assert drawn[:, x[0]].any()
    assert not drawn[:, x[1]].any()
    assert drawn[:, x[2]].any()


@pytest.mark.parametrize(
    ("value", "edge"), [(0.0, "bottom"), (-3.0, "bottom"), (np.inf, "top"), (1e300, "top")]
)
def test_what_cannot_be_placed_leaves_the_plot_on_its_side(qtbot: QtBot, value: float, edge: str) -> None:
    y = np.full(40, 0.1)
    y[20] = value
    view = shown(qtbot, profile(y))
    x, top, _, h = rect_of(view)
    curve = near(grabbed(view), "gradient", within=90)[:, int(x) + 20 :]
    assert curve[int(top + h) - 2 if edge == "bottom" else int(top) + 2].any()
    assert not curve[int(top) + 2 if edge == "bottom" else int(top + h) - 2].any()


def test_any_numbers_can_be_shown(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())

    @settings(max_examples=50)
    @given(hnp.arrays(np.float64, (2, 12), elements=st.floats()), st.booleans())
    def check(numbers: NDArray[np.float64], log: bool) -> None:
        axes = Axis(1.0, 10.0, log=log), Axis(1.0, 10.0, log=log)
        marks = (Line(numbers[0], numbers[1], "hidden"), Points(numbers.T, "input"))
        view.show_figure(figure_of(Plot("any", *axes, marks, clip=True)))
        before = view.paints
        view.grab()
        hover(view, QPointF(200, 100))
        assert view.paints == before + 1

    check()


@pytest.mark.parametrize("ends", [(0.0, 0.0), (5.0, 5.0), (-1e308, 1e308), (np.nan, 1.0), (1.0, 1.0 + 1e-16)])
@pytest.mark.parametrize("log", [False, True])
def test_any_axis_can_be_shown_and_magnified(qtbot: QtBot, ends: tuple[float, float], log: bool) -> None:
    axis = Axis(*ends, log=log)
    line = Line(STEPS, STEPS, "hidden")
    view = shown(qtbot, figure_of(Plot("odd", axis, axis, (line,))))
    turn(view, QPointF(200, 100), -3)
    turn(view, QPointF(200, 100), 8)
    assert grabbed(view).shape == (SIZE[1], SIZE[0], 3)


def test_a_figure_without_plots_says_why(qtbot: QtBot) -> None:
    sentence = "A feedforward network has no recurrent weights."
    view = shown(qtbot, pair())
    view.show_figure(Figure("Spectrum", sentence, (), message=sentence))
    written = near(grabbed(view), "muted")
    assert written[SIZE[1] // 2 - 10 : SIZE[1] // 2 + 10].any()
    assert not near(grabbed(view), "hidden").any()
    turn(view, QPointF(200, 100), 3)
    view.show_figure(pair())
    assert seen(view) is own(view)
    assert near(grabbed(view), "hidden").any()


def test_nothing_is_made_anew_or_destroyed_while_figures_change(qtbot: QtBot) -> None:
    view = shown(qtbot, pair())
    boxes = [held.box for held in view._picture._plots]
    for _ in range(3):
        for figure in (profile(), spectrum(), Figure("", "", ()), pair()):
            view.show_figure(figure)
            view.grab()
    items = len(view._canvas.scene().items())
    for figure in (profile(), spectrum(), pair()):
        view.show_figure(figure)
    assert len(view._canvas.scene().items()) == items
    assert [held.box for held in view._picture._plots] == boxes


@pytest.mark.usefixtures("qapp")
def test_charts_can_come_and_go() -> None:
    # What the garbage collector frees too early ends the program, at the latest when its place is used again.
    for _ in range(20):
        view = ChartView(LIGHT)
        view.resize(*SIZE)
        view.show_figure(pair())
        view.grab()
        del view
        gc.collect()
    view = ChartView(LIGHT)
    view.resize(*SIZE)
    view.show_figure(profile())
    assert_agree(grabbed(view), painted(profile(), SIZE))


def test_marks_that_did_not_change_keep_their_points(qtbot: QtBot) -> None:
    figure = profile()
    view = shown(qtbot, figure)
    curve = view._picture._plots[0]._curves[1]
    kept = curve.getData()[1]
    plot = figure.plots[0]
    view.show_figure(replace(figure, plots=(replace(plot, marks=plot.marks),)))
    assert curve.getData()[1] is kept


def test_the_theme_changes_every_colour(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    before = view.paints
    view.set_theme(DARK)
    picture = grabbed(view)
    assert view.paints > before
    assert near(picture, "background", DARK, 0).mean() > 0.8
    assert_agree(picture, painted(own(view), SIZE, DARK), DARK)


def test_the_content_scales_apart_from_the_widget(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    view.zoom = 1.5
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT["background"]))
    with QPainter(image) as painter:
        paint(painter, own(view), SIZE, LIGHT, zoom=1.5)
    assert_agree(grabbed(view), pixels(image))


def test_pens_are_as_wide_on_a_fine_screen() -> None:
    line = Line(STEPS, STEPS, "hidden")
    assert (
        Look(LIGHT, 1.0, 2.0, True).pen(line).widthF() == 2 * Look(LIGHT, 1.0, 1.0, True).pen(line).widthF()
    )


def test_it_reads_itself_aloud(qtbot: QtBot) -> None:
    view = shown(qtbot, replace(profile(), title="Spectrum of W_H"))
    assert view.accessibleName() == "Spectrum of WH"
    assert view.accessibleDescription() == "What it shows."


def test_the_nearest_point_is_read_out(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    plot, rect = own(view).plots[0], plot_rects(own(view), *SIZE)[0]
    x, y = float(to_pixels_x(plot, rect, 38)), float(to_pixels_y(plot, rect, 0.8**2))
    hover(view, QPointF(x + 3, y - 2))
    assert view.readout == "‖∂L40/∂hk‖ (38, 0.64)"
    crosshair = grabbed(view)
    assert near(crosshair, "disabled")[round(y), int(rect.x) + 30 : int(rect.x) + 60].any()
    hover(view, QPointF(2, 2))
    assert view.readout == ""


@pytest.mark.parametrize("count", [300, 5_000, 300_000])
@pytest.mark.parametrize("x", [60.0, 200.0, 395.0])
def test_a_curve_of_any_length_is_read_where_the_mouse_is(qtbot: QtBot, count: int, x: float) -> None:
    updates = np.arange(1.0, count + 1)
    line = Line(updates, 0.5 + 1e-4 * updates / count, "hidden", "total")
    view = shown(qtbot, figure_of(Plot("long", Axis(0, 1.3 * count), Axis(0, 1), (line,))))
    rect, plot = rect_of(view), own(view).plots[0]
    hover(view, QPointF(x, rect.y + rect.h / 2))
    reading = view._reading
    last = float(to_pixels_x(plot, rect, count))
    assert abs(reading.px - min(x, last)) <= max(5.0, rect.w / count)
    assert reading.x in updates
    assert reading.y == 0.5 + 1e-4 * reading.x / count


def test_dots_are_read_rather_than_unnamed_lines(qtbot: QtBot) -> None:
    view = shown(qtbot, spectrum())
    rect = plot_rects(own(view), *SIZE)[0]
    hover(view, QPointF(rect.x + rect.w / 2, rect.y + 5))
    assert view.readout in {"(0.7, 0.2)", "(0.7, −0.2)", "(−1.1, 0)"}


def test_leaving_ends_the_crosshair(qtbot: QtBot) -> None:
    view = shown(qtbot, profile())
    hover(view, QPointF(300, 100))
    assert view.readout
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.readout == ""


def test_the_readout_follows_new_numbers(qtbot: QtBot) -> None:
    view = shown(qtbot, profile(np.full(40, 0.1)))
    hover(view, QPointF(300, 100))
    assert view.readout.endswith("0.1)")
    view.show_figure(profile(np.full(40, 0.2)))
    assert view.readout.endswith("0.2)")


def test_long_curves_are_coarse_only_while_they_change(qtbot: QtBot) -> None:
    x = np.arange(2000.0)
    figures = [
        figure_of(Plot("long", Axis(0, 2000), Axis(-2, 2), (Line(x, np.sin(x / 300) + n, "hidden"),)))
        for n in (0, 1)
    ]
    view = shown(qtbot, figures[0])
    view.show_figure(figures[1])
    with qtbot.waitSignal(view._settling.timeout):
        coarse = grabbed(view)
    fine = grabbed(view)
    colours = [len(np.unique(image.reshape(-1, 3), axis=0)) for image in (coarse, fine)]
    assert colours[0] < colours[1]  # shades between the line and its ground
    assert_agree(fine, painted(figures[1], SIZE))


def test_a_fault_in_a_mark_is_said_and_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    broken = Text(np.zeros((1, 2)), ("one", "too many"), "text")
    view = shown(qtbot, figure_of(Plot("bad", Axis(-1, 1), Axis(-1, 1), (broken,))))
    with caplog.at_level(logging.ERROR):
        picture = grabbed(view)
    assert "could not be drawn" in caplog.text
    assert near(picture, "muted")[SIZE[1] // 2 - 10 : SIZE[1] // 2 + 10].any()
    view.show_figure(profile())
    qtbot.waitSignal(view._settling.timeout).wait()
    assert_agree(grabbed(view), painted(own(view), SIZE))


def test_it_can_become_tiny(qtbot: QtBot) -> None:
    view = shown(qtbot, pair())
    for size in ((80, 48), (1, 1), SIZE):
        view.resize(*size)
        view.grab()
    assert_agree(grabbed(view), painted(own(view), SIZE))


def test_without_a_figure_it_is_empty(qtbot: QtBot) -> None:
    view = ChartView(DARK)
    qtbot.addWidget(view)
    view.resize(*SIZE)
    hover(view, QPointF(20, 20))
    assert near(grabbed(view), "background", DARK, 0).all()
    assert view.figure is None
    assert view.shown_figure is None
