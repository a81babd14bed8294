"""What users do with the sequence, in the real window: words, order, starts, and two sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from figuredata import same
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from rnnviz.figures.layout import plot_rects, to_pixels_x, to_pixels_y
from rnnviz.figures.model import Text
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import edits
from rnnviz.session.session import Session
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.sequence import SequencePanel
    from rnnviz.panels.views.figure_view import FigureView

LEFT = Qt.MouseButton.LeftButton


def sequence(window: MainWindow) -> SequencePanel:
    panel: SequencePanel = window.contents.docks["sequence"].panel
    return panel


def mouse(view: FigureView, kind: QEvent.Type, x: float, y: float) -> None:
    point = QPointF(x, y)
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    event = QMouseEvent(kind, point, view.mapToGlobal(point), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)


def choose(qtbot: QtBot, box: object, text: str) -> None:
    """Choose an entry of a box by the keyboard, as a user does who types its name."""
    box.setFocus()
    place = box.findText(text)
    assert place >= 0
    while box.currentIndex() != place:
        qtbot.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up)


def read(window: MainWindow, qtbot: QtBot, reads: str) -> None:
    """Choose what a token is, in the settings of the sequence."""
    panel = sequence(window)
    qtbot.mouseClick(panel.more, LEFT)
    button = next(button for button in panel.settings.reads.buttons() if button.text() == reads)
    qtbot.mouseClick(button, LEFT)
    panel.settings.hide()


def type_text(window: MainWindow, qtbot: QtBot, text: str) -> None:
    line = sequence(window).line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def assert_fresh(window: MainWindow) -> None:
    """Each visible panel shows what a new session on the same document, looked at in the same way, shows."""
    session = window.contents.session
    fresh = Session(session.document.state)
    fresh.playback.look_at_sequence(session.playback.sight)
    fresh.playback.seek(session.playback.step)
    fresh.playback.select(session.playback.selection)
    for panel in filter(lambda panel: panel.follows_edits, window.contents.visible_panels()):
        assert same(panel.view.figure, panel.draw(scene_of(fresh.moment))), panel.name


def inputs_shown(window: MainWindow) -> tuple[str, ...]:
    marks = [mark for plot in sequence(window).view.figure.plots for mark in plot.marks]
    return next(mark.strings for mark in marks if isinstance(mark, Text))


def undo_all(window: MainWindow) -> None:
    while window.contents.session.document.undo_stack.canUndo():
        window.contents.actions["undo"].trigger()


def test_words_are_typed_and_read(window: MainWindow, qtbot: QtBot) -> None:
    document = window.contents.session.document
    before = document.state
    read(window, qtbot, "words")
    assert document.state.tokens == ("dogs",)
    type_text(window, qtbot, "the dog, the cat ")
    assert document.state.text == "the dog, the cat "
    assert inputs_shown(window) == ("the", "dog", ",", "the")
    assert_fresh(window)
    read(window, qtbot, "characters")
    assert document.state.tokens == tuple("the dog, the cat ")
    assert_fresh(window)
    undo_all(window)
    assert document.state is before
    assert sequence(window).more.text() == "abc"


def test_words_are_pasted(window: MainWindow, qtbot: QtBot, qapp: object) -> None:
    read(window, qtbot, "words")
    line = sequence(window).line
    line.selectAll()
    qapp.clipboard().setText("It’s 3.14, isn’t it?")
    line.paste()
    line.textEdited.emit(line.text())
    state = window.contents.session.document.state
    assert state.tokens == ("It’s", "3.14", ",", "isn’t", "it", "?")


def test_a_text_file_is_opened_as_words(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    read(window, qtbot, "words")
    file = tmp_path / "story.txt"
    file.write_text("A dog saw a cat.\nThe cat ran.\n", encoding="utf-8")
    window.contents.controller.open_path(str(file))
    state = window.contents.session.document.state
    assert state.tokens == ("A", "dog", "saw", "a", "cat", ".")
    assert state.corpus is not None
    assert [state.vocabulary.tokens[n] for n in state.corpus.ids[-4:]] == ["The", "cat", "ran", "."]
    assert_fresh(window)


def test_the_order_matters(window: MainWindow, qtbot: QtBot) -> None:
    document = window.contents.session.document
    before, orders = document.state, set()
    loss = window.contents.status_bar.loss.text()
    for _ in range(4):
        qtbot.mouseClick(sequence(window).settings.shuffle, LEFT)
        orders.add(document.state.text)
        assert sorted(document.state.text) == sorted("dogs")
        assert sequence(window).line.text() == document.state.text
        assert_fresh(window)
    assert len(orders) > 1
    assert window.contents.status_bar.loss.text() != loss
    undo_all(window)
    assert document.state is before


def test_what_cannot_be_shuffled_is_said(window: MainWindow, qtbot: QtBot) -> None:
    type_text(window, qtbot, "ddd")
    with qtbot.waitSignal(sequence(window).refused) as heard:
        qtbot.mouseClick(sequence(window).settings.shuffle, LEFT)
    assert heard.args == ["There is no other order of these characters; type two that differ."]


def test_the_start_is_typed_drawn_and_zero_again(window: MainWindow, qtbot: QtBot) -> None:
    session, panel = window.contents.session, sequence(window)
    document, before = session.document, session.document.state
    qtbot.mouseClick(panel.more, LEFT)
    editor = panel.settings.start
    assert editor.isVisible()
    editor.table.setCurrentCell(1, 0)
    qtbot.keyClick(editor.table, Qt.Key.Key_F2)
    field = editor.table.focusWidget()
    qtbot.keyClicks(field, "0,5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document.state.initial is not None)
    assert document.state.initial["h"].tolist() == [[[0, 0.5, 0]]]
    assert document.undo_stack.undoText() == "Change h₀[2]"
    assert session.moment.analysis.trace.initial_state["h"].tolist() == [[[0, 0.5, 0]]]
    assert_fresh(window)
    with qtbot.waitSignal(panel.refused) as heard:
        editor.table.item(0, 0).setText("much")
    assert "“much” is not a number to start from" in heard.args[0]
    assert editor.table.item(0, 0).text() == "0"
    qtbot.mouseClick(editor.random, LEFT)
    drawn = document.state.initial["h"]
    qtbot.mouseClick(editor.random, LEFT)
    assert not np.array_equal(document.state.initial["h"], drawn)
    assert_fresh(window)
    qtbot.mouseClick(editor.zero, LEFT)
    assert equal(document.state, before)
    panel.settings.hide()
    undo_all(window)
    assert document.state is before


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_every_state_of_every_layer_and_direction_can_start_anywhere(
    window: MainWindow, qtbot: QtBot, cell: str
) -> None:
    control = window.contents.controller.network
    control.use_cell(cell)
    control.use_layers(2)
    control.use_both_directions(True)
    panel = sequence(window)
    qtbot.mouseClick(panel.more, LEFT)
    table = panel.settings.start.table
    heads = [table.horizontalHeaderItem(n).text() for n in range(table.columnCount())]
    assert heads[:2] == (["h⁽¹⁾→₀", "c⁽¹⁾→₀"] if cell == "lstm" else ["h⁽¹⁾→₀", "h⁽¹⁾←₀"])
    table.item(2, table.columnCount() - 1).setText("-1")
    state = window.contents.session.document.state
    name = "c" if cell == "lstm" else "h"
    assert state.initial[name][3, 0, 2] == -1
    assert sum(np.count_nonzero(start) for start in state.initial.values()) == 1
    panel.settings.hide()


def test_a_feed_forward_layer_says_that_it_has_no_start(window: MainWindow, qtbot: QtBot) -> None:
    window.contents.controller.network.use_cell("feedforward")
    panel = sequence(window)
    qtbot.mouseClick(panel.more, LEFT)
    assert panel.settings.start.words.text() == "A feed-forward layer starts from no state."
    assert not panel.settings.start.table.isVisible()
    assert not panel.settings.start.random.isEnabled()
    panel.settings.hide()


def test_two_sequences_on_one_network(window: MainWindow, qtbot: QtBot) -> None:
    session, panel = window.contents.session, sequence(window)
    document, before = session.document, session.document.state
    choose(qtbot, panel.sights, "B")
    assert document.state.other == "dogs"
    type_text(window, qtbot, "gods!")
    assert (document.state.text, document.state.other) == ("dogs", "gods!")
    assert inputs_shown(window) == tuple("gods")
    assert_fresh(window)
    qtbot.mouseClick(panel.last_only, LEFT)
    assert (document.state.silent, document.state.other_silent) == (frozenset(), {0, 1, 2})
    choose(qtbot, panel.sights, "A")
    assert panel.line.text() == "dogs"
    assert not panel.last_only.isChecked()
    assert inputs_shown(window) == tuple("dog")
    assert_fresh(window)
    choose(qtbot, panel.sights, "B − A")
    assert session.moment.baseline is not None
    assert panel.line.text() == "gods!"
    assert_fresh(window)
    qtbot.mouseClick(panel.settings.shuffle, LEFT)
    assert document.state.text == "dogs"
    assert sorted(document.state.other) == sorted("gods!")
    assert_fresh(window)
    undo_all(window)
    assert document.state is before
    assert panel.sights.currentText() == "A"
    assert_fresh(window)


def test_the_second_sequence_can_be_removed(window: MainWindow, qtbot: QtBot) -> None:
    panel, document = sequence(window), window.contents.session.document
    before = document.state
    choose(qtbot, panel.sights, "B")
    qtbot.mouseClick(panel.remove, LEFT)
    assert equal(document.state, before)
    assert panel.sights.currentText() == "A"
    assert_fresh(window)


def test_playing_goes_on_in_the_sequence_that_is_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    panel, session = sequence(window), window.contents.session
    choose(qtbot, panel.sights, "B")
    type_text(window, qtbot, "dogsdogsdogs")
    session.playback.last()
    assert session.moment.step == 10
    choose(qtbot, panel.sights, "A")
    assert session.moment.step == 2
    assert_fresh(window)


def test_numbers_are_typed_and_read(window: MainWindow, qtbot: QtBot) -> None:
    document, panel = window.contents.session.document, sequence(window)
    before = document.state
    read(window, qtbot, "numbers")
    assert document.state.spec.readout == "linear"
    assert panel.view.figure.plots[0].name == "signal"
    type_text(window, qtbot, "0,5 -1")
    assert document.state.text == "0,5 -1"
    assert document.state.x.tolist() == [[0.5]]
    qtbot.keyClicks(panel.line, " 2e")
    assert document.state.text == "0,5 -1 2"
    assert panel.line.text() == "0,5 -1 2e"
    with qtbot.waitSignal(panel.refused) as heard:
        qtbot.keyClick(panel.line, Qt.Key.Key_Return)
    assert heard.args == ["Step 3 reads “2e”, which is not a number; type one such as 0.5."]
    assert panel.line.text() == document.state.text
    assert "nats" not in window.contents.status_bar.loss.text()
    assert_fresh(window)
    read(window, qtbot, "words")
    assert document.state.tokens == ("0,5", "-", "1", "2")
    assert_fresh(window)
    undo_all(window)
    assert document.state is before
    assert_fresh(window)


def test_a_signal_is_drawn_with_the_mouse(window: MainWindow, qtbot: QtBot) -> None:
    document, panel = window.contents.session.document, sequence(window)
    read(window, qtbot, "numbers")
    qtbot.mouseClick(panel.settings.canvas, LEFT)
    flat = document.state
    assert flat.x.tolist() == [[0.0]] * 99
    count = document.undo_stack.count()
    view, plot = panel.view, panel.view.figure.plots[0]
    rect = plot_rects(view.figure, view.width(), view.height())[0]
    across, down = [20, 40, 60, 60], [0.0, 0.8, -0.8, -9]
    places = list(zip(to_pixels_x(plot, rect, across), to_pixels_y(plot, rect, down), strict=True))
    mouse(view, QEvent.Type.MouseButtonPress, *places[0])
    assert document.state is flat
    assert window.contents.session.playback.step == 19
    for place in places[1:]:
        mouse(view, QEvent.Type.MouseMove, *place)
        assert_fresh(window)
    mouse(view, QEvent.Type.MouseButtonRelease, *places[-1])
    drawn = document.state.x[:, 0]
    assert abs(drawn[39] - 0.8) < 0.06
    assert abs(drawn[49]) < 0.1
    assert drawn[59] == -1
    assert not drawn[:18].any()
    assert not drawn[61:].any()
    assert document.undo_stack.count() == count + 1
    assert document.undo_stack.undoText() == "Draw the signal"
    window.contents.actions["undo"].trigger()
    assert document.state is flat
    assert_fresh(window)


def test_a_table_of_numbers_is_opened_and_learnt(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    session = window.contents.session
    read(window, qtbot, "numbers")
    file = tmp_path / "signal.csv"
    file.write_text("sin;cos\n" + "\n".join(f"{n % 3},5;{n % 2},25" for n in range(30)), encoding="utf-8")
    window.contents.controller.open_path(str(file))
    state = session.document.state
    assert state.vocabulary.tokens == ("sin", "cos")
    assert state.x[:3].tolist() == [[0.5, 0.25], [1.5, 1.25], [2.5, 0.25]]
    assert_fresh(window)
    loss = session.moment.analysis.loss.total
    session.document.edit(edits.with_settings(session.document.state, rate=0.01), "Rate")
    session.training.start()
    qtbot.waitUntil(lambda: session.document.state.updates > 20, timeout=20_000)
    session.training.pause()
    qtbot.waitUntil(lambda: not session.training.is_active, timeout=10_000)
    assert session.moment.analysis.loss.total < loss
    assert_fresh(window)
    session.training.stop()


def test_two_signals_are_compared(window: MainWindow, qtbot: QtBot) -> None:
    panel = sequence(window)
    read(window, qtbot, "numbers")
    type_text(window, qtbot, "0 1 0 1 0 1")
    choose(qtbot, panel.sights, "B")
    type_text(window, qtbot, "0 1 1 1")
    choose(qtbot, panel.sights, "B − A")
    assert_fresh(window)
    timeline = window.contents.docks["timeline"].panel.view.figure
    (track,) = next(plot for plot in timeline.plots if plot.name == "x_t").marks
    assert track.values.tolist() == [[0, 0, 1]]
