"""Choosing, arranging, zooming and colouring the timeline, and folding the network, as a user does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz import engine as e
from rnnviz.figures.layout import plot_rects
from rnnviz.figures.model import Bars, Heatmap, Line
from rnnviz.figures.picking import pick
from rnnviz.figures.theme import THEMES
from rnnviz.figures.tracks import USUAL_VIEW
from rnnviz.panels.base.reading import reading
from rnnviz.panels.network import NetworkPanel
from rnnviz.panels.timeline import TimelinePanel
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from rnnviz.figures.layout import Rect
    from rnnviz.figures.model import Plot
    from rnnviz.panels.base.panel import Panel

pytestmark = pytest.mark.usefixtures("qapp")
NONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def session(steps: int = 6, **options: object) -> Session:
    spec = e.NetworkSpec("lstm", 4, 3, 4, **options)
    text = ("dogsgod" * steps)[: steps + 1]
    return Session(DocumentState("test", spec, e.initialise(spec), Vocabulary(tuple("dogs")), text))


def shown(panel: Panel, qtbot: QtBot) -> Panel:
    qtbot.addWidget(panel)
    panel.resize(800, 460)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def focused(panel: Panel, qtbot: QtBot) -> None:
    """Give a panel the keyboard, as a click on it does."""
    panel.activateWindow()
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)


@pytest.fixture
def timeline(qtbot: QtBot) -> TimelinePanel:
    return shown(TimelinePanel(session(), THEMES["light"]), qtbot)


@pytest.fixture
def long(qtbot: QtBot) -> TimelinePanel:
    return shown(TimelinePanel(session(1000), THEMES["light"]), qtbot)


def names(panel: Panel) -> list[str]:
    return [plot.name for plot in panel.view.figure.plots]


def placed(panel: Panel, name: str) -> tuple[Plot, Rect]:
    view = panel.view
    rects = plot_rects(view.figure, view.width(), view.height())
    return next((p, r) for p, r in zip(view.figure.plots, rects, strict=True) if p.name == name)


def opened(panel: TimelinePanel) -> list[QAction]:
    panel.menu.aboutToShow.emit()
    return panel.menu.actions()


def named(actions: list[QAction], text: str) -> QAction:
    return next(action for action in actions if action.text() == text)


def wheel(panel: Panel, name: str, notches: int, modifiers: Qt.KeyboardModifier, share: float = 0.5) -> None:
    _, rect = placed(panel, name)
    at = QPointF(rect.x + share * rect.w, rect.y + rect.h / 2)
    turned = QPoint(0, 120 * notches)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, panel.view.mapToGlobal(at), QPoint(), turned, buttons, modifiers, phase, False)
    QApplication.sendEvent(panel.view, event)


def test_a_track_is_shown_and_hidden_by_the_menu(timeline: TimelinePanel) -> None:
    saliency = named(opened(timeline), "‖∂L_t/∂x_k‖, what the playhead’s loss says to every input")
    assert not saliency.isChecked()
    saliency.trigger()
    assert names(timeline)[-1] == "dL_t/dx_k"
    forget = named(opened(timeline), "f_t, the forget gate")
    assert forget.isChecked()
    forget.trigger()
    assert "f_t" not in names(timeline)
    named(opened(timeline), "Usual tracks").trigger()
    assert timeline.tracks.view == USUAL_VIEW
    assert "f_t" in names(timeline)


def context_menu(panel: TimelinePanel, name: str, qtbot: QtBot) -> QMenu:
    _, rect = placed(panel, name)
    at = QPoint(20, round(rect.y + rect.h / 2))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.view.mapToGlobal(at))
    QApplication.sendEvent(panel.view, event)
    qtbot.waitUntil(lambda: any(menu.isVisible() for menu in panel.findChildren(QMenu)))
    return next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())


def test_the_menu_of_a_tracks_name_draws_lines_collapses_and_moves_it(
    timeline: TimelinePanel, qtbot: QtBot
) -> None:
    def choose(track: str, text: str) -> None:
        menu = context_menu(timeline, track, qtbot)
        named(menu.actions(), text).trigger()
        menu.close()
        qtbot.waitUntil(lambda: not any(m.isVisible() for m in timeline.findChildren(QMenu)))

    choose("h_t", "Lines")
    lines = [m for m in placed(timeline, "h_t")[0].marks if isinstance(m, Line)]
    h = timeline.session.moment.analysis.trace.layers[0].h[:, 0].T
    assert_array_equal([line.y[1:] for line in lines], h)
    choose("i_t", "Collapse")
    assert placed(timeline, "i_t")[1].h == pytest.approx(14)
    choose("i_t", "Expand")
    choose("h_t", "Move down")
    assert names(timeline)[1:3] == ["c_t", "h_t"]
    choose("c_t", "Hide")
    assert "c_t" not in names(timeline)
    choose("L_t", "Lines")
    choose("h_t", "Heat map")
    assert isinstance(placed(timeline, "h_t")[0].marks[0], Heatmap)
    assert isinstance(placed(timeline, "L_t")[0].marks[0], Line)


def test_every_track_can_be_arranged_without_a_mouse(timeline: TimelinePanel) -> None:
    arrange = named(opened(timeline), "Arrange").menu()
    tracks = [action.menu() for action in arrange.actions()]
    assert len(tracks) == len(names(timeline))
    assert not named(tracks[0].actions(), "Move up").isEnabled()
    named(tracks[1].actions(), "Move up").trigger()
    assert names(timeline)[:2] == ["h_t", "x_t"]


def test_hidden_and_moved_tracks_stay_so_for_another_cell(timeline: TimelinePanel) -> None:
    timeline.tracks.choose(timeline.tracks.view.toggle("dx"))
    document = timeline.session.document
    spec = e.NetworkSpec("rnn", 4, 3, 4)
    document.edit(DocumentState("rnn", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogs"), "RNN")
    assert names(timeline) == ["x_t", "h_t", "ŷ_t", "L_t", "dL/dh_t", "dL_t/dx_k"]


def test_the_text_is_coloured_by_the_unit_chosen(timeline: TimelinePanel) -> None:
    timeline.units.setCurrentIndex(2)
    timeline.units.activated.emit(2)
    assert names(timeline)[0] == "text"
    heat = placed(timeline, "text")[0].marks[0]
    h = timeline.session.moment.analysis.trace.layers[0].h[:, 0, 1]
    assert_array_equal(heat.values[0], h)
    plot, rect = placed(timeline, "text")
    x = rect.x + rect.w * (2 + 0.5) / 7
    size = timeline.view.width(), timeline.view.height()
    found = pick(timeline.view.figure, *size, x, rect.y + rect.h / 2)
    assert reading(timeline.view.figure, found, timeline.session) == f"o at step 2: h₂ = {h[1]:.6g}"
    assert plot.gutter[0].text == "h_{2,t}"
    timeline.units.choose(None)
    assert np.isnan(placed(timeline, "text")[0].marks[0].values).all()


def test_a_unit_that_has_gone_colours_nothing(timeline: TimelinePanel) -> None:
    timeline.units.choose(2)
    spec = e.NetworkSpec("lstm", 4, 2, 4)
    state = DocumentState("two", spec, e.initialise(spec), Vocabulary(tuple("dogs")), "dogs")
    timeline.session.document.edit(state, "Two units")
    assert timeline.unit is None
    assert np.isnan(placed(timeline, "text")[0].marks[0].values).all()
    assert timeline.units.count() == 3


def test_lines_and_saliency_are_read(timeline: TimelinePanel) -> None:
    timeline.tracks.choose(USUAL_VIEW.toggle("dx").toggle("a.f").toggle_lines("h"))
    one, figure, view = timeline.session, timeline.view.figure, timeline.view
    one.playback.seek(3)
    figure, size = view.figure, (view.width(), view.height())
    plot, rect = placed(timeline, "h_t")
    h = one.moment.analysis.trace.layers[0].h[1, 0, 2]
    y = rect.y + rect.h * (plot.y.high - h) / (plot.y.high - plot.y.low)
    found = pick(figure, *size, rect.x + rect.w * 2.5 / 7, y)
    assert reading(figure, found, one) == f"h₃ at step 2 = {h:.6g}"
    _, rect = placed(timeline, "dL_t/dx_k")
    found = pick(figure, *size, rect.x + rect.w * 2.5 / 7, rect.bottom - 2)
    value = one.moment.analysis.flow.inputs(3)[1]
    assert reading(figure, found, one) == f"‖∂L₄/∂x₂‖ = {value:.6g}"
    cell = view.cell_rect("a_{f,t}", 0, 1, 2)
    found = pick(figure, *size, cell.x + cell.w / 2, cell.y + cell.h / 2)
    value = one.moment.analysis.trace.layers[0].preactivations["f"][2, 0, 1]
    assert reading(figure, found, one) == f"a_f₂ at step 3 = {value:.6g}"


def test_the_wheel_zooms_and_pans_what_all_figures_over_time_show(long: TimelinePanel, qtbot: QtBot) -> None:
    network = shown(NetworkPanel(long.session, THEMES["light"]), qtbot)
    wheel(long, "h_t", 1, NONE)
    assert long.session.moment.columns is None
    wheel(long, "h_t", 2, CONTROL, share=0.0)
    assert long.session.moment.columns == (0, 20)
    wheel(long, "h_t", -1, SHIFT)
    start, stop = long.session.moment.columns
    assert start > 0
    assert stop - start == 20
    for panel in (long, network):
        axis = panel.view.figure.plots[0].x
        assert (axis.low, axis.high) == (start - 0.5, stop + 0.5)
    wheel(network, "network", -9, CONTROL)
    assert long.session.moment.columns == (0, 1000)
    assert network.view.figure.plots[0].x.high == 1000.5


def test_keys_zoom_pan_and_go_back(long: TimelinePanel, qtbot: QtBot) -> None:
    focused(long, qtbot)
    long.session.playback.seek(50)
    qtbot.keyClick(long.view, Qt.Key.Key_Plus)
    start, stop = long.session.moment.columns
    assert stop - start == 40
    assert start <= 50 < stop
    qtbot.keyClick(long.view, Qt.Key.Key_Right, SHIFT)
    assert long.session.moment.columns == (start + 20, stop + 20)
    qtbot.keyClick(long.view, Qt.Key.Key_Left, SHIFT)
    qtbot.keyClick(long.view, Qt.Key.Key_Minus)
    qtbot.keyClick(long.view, Qt.Key.Key_Minus)
    start, stop = long.session.moment.columns
    assert stop - start == 160
    qtbot.keyClick(long.view, Qt.Key.Key_0)
    assert long.session.moment.columns is None


def test_the_ruler_is_dragged(long: TimelinePanel, qtbot: QtBot) -> None:
    _, rect = placed(long, "dL/dh_t")
    y = round(rect.bottom + 8)
    start = QPoint(round(rect.x + rect.w / 2), y)
    qtbot.mousePress(long.view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(long.view, start - QPoint(round(rect.w / 81 * 10) + 1, 0))
    qtbot.mouseRelease(long.view, Qt.MouseButton.LeftButton, pos=start)
    assert long.session.moment.columns == (10, 90)
    assert long.session.moment.step == 0
    long.session.playback.seek(3)
    assert 3 in range(*long.session.moment.columns)


def test_the_number_of_steps_can_be_chosen(long: TimelinePanel) -> None:
    steps = named(opened(long), "Steps side by side").menu()
    texts = [action.text() for action in steps.actions() if action.text()]
    assert texts == ["10", "20", "40", "80", "160", "320", "640", "All 1,000", "As usual (0)"]
    assert [action.text() for action in steps.actions() if action.isChecked()] == ["80"]
    named(steps.actions(), "All 1,000").trigger()
    assert long.session.moment.columns == (0, 1000)
    assert isinstance(placed(long, "L_t")[0].marks[0], Bars)
    assert len(placed(long, "L_t")[0].marks[0].heights) == 1000


def test_the_network_folds_and_unrolls(qtbot: QtBot) -> None:
    panel = shown(NetworkPanel(session(), THEMES["light"]), qtbot)
    panel.session.playback.seek(2)
    focused(panel, qtbot)
    paints = panel.view.paints
    with qtbot.waitSignal(panel.settled):
        qtbot.keyClick(panel.view, Qt.Key.Key_F)
    assert panel.folded.isChecked()
    assert panel.fold == 1.0
    assert panel.view.figure.title == "Network, folded"
    assert panel.view.paints > paints + 2  # it was seen to move
    panel.seek(1.0)
    assert panel.session.moment.step == 2
    with qtbot.waitSignal(panel.settled):
        panel.folded.click()
    assert panel.fold == 0.0
    assert "unrolled" in panel.view.figure.title


def test_it_turns_back_on_its_way(qtbot: QtBot) -> None:
    panel = shown(NetworkPanel(session(), THEMES["light"]), qtbot)
    panel.folded.click()
    qtbot.waitUntil(lambda: panel.fold > 0.1)
    with qtbot.waitSignal(panel.settled):
        panel.folded.click()
    assert panel.fold == 0.0


def test_without_animations_it_folds_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = shown(NetworkPanel(session(), THEMES["light"]), qtbot)
    monkeypatch.setattr(panel, "_is_animated", lambda: False)
    with qtbot.waitSignal(panel.settled):
        panel.folded.click()
    assert panel.fold == 1.0
    assert panel.view.figure.title == "Network, folded"
