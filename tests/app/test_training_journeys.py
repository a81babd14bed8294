"""Learning while one watches, in the real window and its training process."""

from __future__ import annotations

import os
import random
import signal
import string
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from rnnviz.figures.model import Line
from rnnviz.panels.weights import Entry
from rnnviz.session.state import equal

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from rnnviz.app.window import MainWindow
    from rnnviz.panels.training import TrainingPanel

_LEFT = Qt.MouseButton.LeftButton
SECOND = "".join(random.Random(7).sample(string.ascii_lowercase, 5))


def training(window: MainWindow) -> TrainingPanel:
    return window.contents.panel("training")


def chances(window: MainWindow) -> np.ndarray:
    """The probability of each step's target."""
    moment = window.contents.session.moment
    steps = np.arange(moment.state.steps)
    return moment.analysis.trace.probabilities[steps, 0, moment.state.target_ids]


def press_train(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(training(window).train, _LEFT)


def pause(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(training(window).train, _LEFT)
    qtbot.waitUntil(lambda: not window.contents.session.training.is_active, timeout=10_000)


@pytest.fixture(autouse=True)
def _no_orphans(window: MainWindow):
    """Whatever a test does, closing the window ends the training process."""
    yield
    run = window.contents.session.training.run
    pid = run.pid
    window.close()
    assert run.pid is None
    if pid is not None:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("word", ["dogs", SECOND])
def test_it_learns_the_word_while_one_watches(window: MainWindow, qtbot: QtBot, word: str) -> None:
    line = window.contents.panel("sequence").line
    if word != "dogs":
        line.setText(word)
        line.textEdited.emit(word)
    before = window.contents.session.document.state
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: (chances(window) > 0.9).all(), timeout=10_000)
    pause(window, qtbot)
    state = window.contents.session.document.state
    assert state.updates == len(window.contents.session.training.record) > 0
    lines = {m.label: m for p in training(window).view.figure.plots for m in p.marks if isinstance(m, Line)}
    assert len(lines["total"].y) == state.updates
    assert window.contents.session.document.undo_stack.undoText() == "Train"
    window.contents.actions["undo"].trigger()
    assert window.contents.session.document.state is before
    window.contents.actions["redo"].trigger()
    assert window.contents.session.document.state is state


def test_dogs_is_learnt_within_a_hundred_updates(window: MainWindow, qtbot: QtBot) -> None:
    learner = window.contents.session.training
    for n in range(100):
        learner.step_once()
        qtbot.waitUntil(lambda n=n: window.contents.session.document.state.updates == n + 1, timeout=10_000)
        qtbot.waitUntil(lambda: not learner.is_active, timeout=10_000)
    assert (chances(window) > 0.9).all()
    assert window.contents.session.document.undo_stack.undoText() == "Train by one update"


def test_undo_during_a_run_ends_it_and_returns_to_its_start(window: MainWindow, qtbot: QtBot) -> None:
    before = window.contents.session.document.state
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: window.contents.session.document.state.updates > 50, timeout=10_000)
    window.contents.actions["undo"].trigger()
    assert window.contents.session.document.state is before
    assert not window.contents.session.training.is_active
    assert not training(window).train.isChecked()
    assert len(window.contents.session.training.record) == 0


def test_what_is_edited_during_a_run_takes_effect_and_is_not_lost(window: MainWindow, qtbot: QtBot) -> None:
    document = window.contents.session.document
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: document.state.updates > 20, timeout=10_000)
    window.contents.panel("weights").set_value(Entry("W_Y", 3, 1), 5.0)
    assert document.state.parameters["head.weight"][3, 1] == pytest.approx(5.0)
    seen = document.state.updates
    qtbot.waitUntil(lambda: document.state.updates > seen + 5, timeout=10_000)
    assert 3.5 < document.state.parameters["head.weight"][3, 1] < 6.5
    training(window).rate.setValue(1e-6)
    assert document.state.settings.rate == 1e-6
    qtbot.waitUntil(lambda: window.contents.session.training.run.job.optimizer.lr == 1e-6, timeout=10_000)
    line = window.contents.panel("sequence").line
    line.setText("god")
    line.textEdited.emit("god")
    learner = window.contents.session.training
    qtbot.waitUntil(lambda: learner.record.tokens[-1] == 2, timeout=10_000)
    pause(window, qtbot)
    assert document.undo_stack.count() == 1


def test_reset_returns_to_the_first_weights(window: MainWindow, qtbot: QtBot) -> None:
    first = window.contents.session.document.state.parameters
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: window.contents.session.document.state.updates > 20, timeout=10_000)
    qtbot.mouseClick(training(window).reset, _LEFT)
    state = window.contents.session.document.state
    assert np.array_equal(state.parameters.flat, first.flat)
    assert state.updates == 0
    assert not window.contents.session.training.is_active
    assert training(window).view.figure.message


def test_a_killed_worker_is_told_and_replaced(window: MainWindow, qtbot: QtBot) -> None:
    press_train(window, qtbot)
    document, learner = window.contents.session.document, window.contents.session.training
    qtbot.waitUntil(lambda: document.state.updates > 20, timeout=10_000)
    killed = learner.run.pid
    os.kill(killed, signal.SIGKILL)
    qtbot.waitUntil(window.contents.notice.isVisible, timeout=5_000)
    assert "another one goes on" in window.contents.notice.text()
    seen = document.state.updates
    qtbot.waitUntil(lambda: document.state.updates > seen + 5, timeout=10_000)
    assert learner.run.pid != killed
    pause(window, qtbot)


def test_the_worker_is_another_process_without_qt(window: MainWindow, qtbot: QtBot) -> None:
    press_train(window, qtbot)
    run = window.contents.session.training.run
    qtbot.waitUntil(lambda: run.worker is not None, timeout=10_000)
    assert run.worker.pid != os.getpid()
    assert not run.worker.has_qt
    pause(window, qtbot)


def test_a_rate_that_explodes_is_a_sentence_and_the_window_lives(window: MainWindow, qtbot: QtBot) -> None:
    window.contents.top_bar.network.settings.activation.textActivated.emit("identity")
    training(window).rate.setValue(1e6)
    press_train(window, qtbot)
    qtbot.waitUntil(window.contents.notice.isVisible, timeout=10_000)
    assert window.contents.notice.text().endswith(".")
    qtbot.waitUntil(lambda: not window.contents.session.training.is_active, timeout=10_000)
    assert not training(window).train.isChecked()


def test_nothing_to_learn_is_a_sentence(window: MainWindow, qtbot: QtBot) -> None:
    line = window.contents.panel("sequence").line
    line.setText("d")
    line.textEdited.emit("d")
    press_train(window, qtbot)
    assert window.contents.notice.isVisible()
    assert "fewer than two characters" in window.contents.notice.text()
    assert not training(window).train.isChecked()


def test_a_text_file_is_learnt_in_windows(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "dogs.txt"
    file.write_text("the dog\n" * 500, encoding="utf-8")
    window.contents.controller.open_path(str(file))
    panel = training(window)
    assert panel.source.currentData() == "text"
    panel.batch.setValue(8)
    panel.window_steps.setValue(12)
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: window.contents.session.document.state.updates > 50, timeout=10_000)
    assert window.contents.session.training.record.tokens[-1] == 12
    losses = training(window).scene.curves.losses
    assert losses[-5:].mean() < losses[:5].mean()
    pause(window, qtbot)


def test_a_preset_opened_during_a_run_ends_it(window: MainWindow, qtbot: QtBot) -> None:
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: window.contents.session.document.state.updates > 5, timeout=10_000)
    trained = window.contents.session.document.state
    window.contents.actions["preset-vanish"].trigger()
    assert not window.contents.session.training.is_active
    assert window.contents.session.document.undo_stack.undoText() == "Open Vanishing gradients"
    window.contents.actions["undo"].trigger()
    assert equal(window.contents.session.document.state, trained) or trained.updates > 0


def test_a_batch_larger_than_the_text_is_said_and_learnt(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "short.txt"
    file.write_text("the dog\nthe cat\n", encoding="utf-8")
    window.contents.controller.open_path(str(file))
    press_train(window, qtbot)
    assert "fewer than a window" in window.contents.notice.text()
    qtbot.waitUntil(lambda: window.contents.session.document.state.updates > 5, timeout=10_000)
    pause(window, qtbot)


def test_huge_weights_in_mid_run_are_a_sentence_and_the_window_lives(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.contents.top_bar.network.settings.activation.textActivated.emit("identity")
    document = window.contents.session.document
    training(window).rate.setValue(1e-3)
    press_train(window, qtbot)
    qtbot.waitUntil(lambda: document.state.updates > 5, timeout=10_000)
    for row in range(3):
        window.contents.panel("weights").set_value(Entry("W_H", row, row), 1e300)
    qtbot.waitUntil(window.contents.notice.isVisible, timeout=10_000)
    assert "update" in window.contents.notice.text().lower()
    qtbot.waitUntil(lambda: not window.contents.session.training.is_active, timeout=10_000)
    assert np.isfinite(document.state.parameters.flat).all()
    assert window.contents.status_bar.trouble.isVisible()
    window.contents.actions["undo"].trigger()
    assert not window.contents.status_bar.trouble.isVisible()


def test_a_file_that_vanished_is_a_sentence(window: MainWindow, tmp_path: Path) -> None:
    window.contents.controller.open_path(str(tmp_path / "gone.txt"))
    assert "gone.txt" in window.contents.notice.text()
    assert window.contents.notice.text().endswith(".")


def test_every_snapshot_is_painted(window: MainWindow, qtbot: QtBot) -> None:
    """Reports that come quickly must not keep the window from being painted between them."""
    press_train(window, qtbot)
    view = window.contents.panel("network").view
    seen: list[int] = []
    qtbot.waitUntil(lambda: window.contents.session.document.state.updates > 0, timeout=10_000)
    window.contents.session.training.progressed.connect(lambda: seen.append(view.paints))
    qtbot.waitUntil(lambda: len(seen) >= 40, timeout=20_000)
    assert len(set(seen)) > 30
    pause(window, qtbot)
