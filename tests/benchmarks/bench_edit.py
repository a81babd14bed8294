"""How long a weight drag keeps the GUI thread busy, from the mouse move to every visible panel painted.

    python tests/benchmarks/bench_edit.py [--json] [--frames 300]

A plain RNN with H = 16 units reads T = 40 characters of a vocabulary of 27 in a window of 1600×1000. Every
frame moves the mouse by one pixel over W_H; a frame in which a visible panel is not painted fails the run.
The floor is measured in the same run, interleaved: one forward, backward and flow of the engine, and a plain
fill of the same pixels. Keys: gui_cpu_ms_p50, gui_cpu_ms_p95, floor_ms, floor_ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import string
import sys
from time import thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz import engine as e
from rnnviz.app.run import make_application
from rnnviz.app.window import MainWindow
from rnnviz.figures.theme import THEMES
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

UNITS, STEPS = 16, 40
ALPHABET = tuple(string.ascii_lowercase + " ")


def document() -> DocumentState:
    """A random network of the size the benchmark is about."""
    generator = np.random.default_rng(0)
    size = len(ALPHABET)
    spec = e.NetworkSpec("rnn", size, UNITS, size)
    text = "".join(ALPHABET[n] for n in generator.integers(0, size, STEPS + 1))
    return DocumentState("benchmark", spec, e.initialise(spec), Vocabulary(ALPHABET), text)


class Plain(QWidget):
    """A widget that fills itself with one colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor("#ffffff"))


class Floor:
    """The least that any program with these panels has to do in a frame."""

    def __init__(self, window: MainWindow, state: DocumentState) -> None:
        self.state = state
        self.holder = QWidget()
        self.holder.resize(window.size())
        self.fills = []
        for panel in (panel for panel in window.contents.visible_panels() if panel.follows_edits):
            view = panel.view
            fill = Plain(self.holder)
            corner = view.mapTo(window, view.rect().topLeft())
            fill.setGeometry(corner.x(), corner.y(), view.width(), view.height())
            self.fills.append(fill)
        self.holder.show()
        QApplication.processEvents()

    def frame(self) -> float:
        start = thread_time()
        state = self.state
        e.analyse(state.spec, state.parameters, state.input_ids, state.target_ids)
        for fill in self.fills:
            fill.update()
        QApplication.processEvents()
        return thread_time() - start


class Drag:
    """A mouse that drags one entry of W_H up and down."""

    def __init__(self, window: MainWindow) -> None:
        self.panels = [panel for panel in window.contents.visible_panels() if panel.follows_edits]
        self.view = window.contents.docks["weights"].panel.view
        cell = self.view.cell_rect("W_H", 0, 3, 5)
        self.x, self.y = cell.x + cell.w / 2, cell.y + cell.h / 2
        self.count = 0
        self._send(QEvent.Type.MouseButtonPress, self.y)
        QApplication.processEvents()

    def frame(self) -> float:
        """Move by a pixel and wait for the picture; raises SystemExit if a panel was not painted."""
        before = [panel.view.paints for panel in self.panels]
        self.count += 1
        offset = abs(self.count % 80 - 40)
        start = thread_time()
        self._send(QEvent.Type.MouseMove, self.y - offset - 1)
        QApplication.processEvents()
        spent = thread_time() - start
        for panel, paints in zip(self.panels, before, strict=True):
            if panel.view.paints == paints:
                sys.exit(f"frame {self.count}: the panel {panel.name} was not painted")
        return spent

    def _send(self, kind: QEvent.Type, y: float) -> None:
        button = Qt.MouseButton.LeftButton
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        point = QPointF(self.x, y)
        where = self.view.mapToGlobal(point)
        event = QMouseEvent(kind, point, where, pressed, button, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.view, event)


def measure(frames: int) -> dict[str, float]:
    """Run the drag and its floor in turns; return milliseconds and their ratio."""
    application = make_application()
    e.limit_threads()
    state = document()
    window = MainWindow(THEMES["light"])
    window.fill(Session(state))
    window.show()
    window.contents.load_charts(all_of_them=True)
    application.processEvents()
    drag, floor = Drag(window), Floor(window, state)
    for _ in range(20):
        drag.frame()
        floor.frame()
    spent, least = np.array([(drag.frame(), floor.frame()) for _ in range(frames)]).T * 1e3
    p50, p95 = np.percentile(spent, [50, 95])
    floor_ms = float(np.median(least))
    ratio = float(np.median(spent)) / floor_ms
    return {
        "gui_cpu_ms_p50": float(p50),
        "gui_cpu_ms_p95": float(p95),
        "floor_ms": floor_ms,
        "floor_ratio": ratio,
        "panels": len(drag.panels),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--frames", type=int, default=300)
    asked = parser.parse_args()
    found = measure(asked.frames)
    if asked.json:
        print(json.dumps(found))
        return
    print(f"GUI CPU a frame: p50 {found['gui_cpu_ms_p50']:.2f} ms, p95 {found['gui_cpu_ms_p95']:.2f} ms")
    print(
        f"{found['floor_ratio']:.2f} times the floor of {found['floor_ms']:.2f} ms, {found['panels']} panels"
    )


if __name__ == "__main__":
    main()
