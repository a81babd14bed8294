"""How long a change keeps the GUI thread busy, from the mouse move to every visible panel painted.

    python tests/benchmarks/bench_edit.py [--json] [--frames 300] [--case rnn|dogs|lstm|stack|large …]

A network of a `CASES` entry reads characters of a vocabulary of 27 (the worked example: its own four) in a
window of 1600×1000 with every panel of the workspace Explore in sight. A frame of a drag moves the mouse by
one pixel over W_H, one of scrubbing moves it over the timeline; a frame in which a panel is not painted fails
the run. Playing lets the playhead run at 60 steps a second for three seconds and counts the pictures.

The floor is measured in the same run, interleaved with the drag: one forward, backward and flow of the
engine, and a plain fill of the same pixels. Milliseconds of GUI CPU a frame: drag, scrub, play, p50 and p95;
wall: of a drag, by the clock, so that waiting for another thread counts; fps: pictures a second while
playing. `late_ms`: what follows a drag, until nothing is stale any more, median.
"""

from __future__ import annotations

import argparse
import json
import os
import string
import sys
from contextlib import closing
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz import engine as e
from rnnviz.app.run import keep_what_lasts, make_application
from rnnviz.app.window import MainWindow
from rnnviz.figures.layout import plot_rects, to_pixels_x
from rnnviz.figures.theme import THEMES
from rnnviz.session import presets
from rnnviz.session.session import Session
from rnnviz.session.state import DocumentState
from rnnviz.session.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.panels.base.panel import Panel
    from rnnviz.panels.views.figure_view import FigureView

CASES: dict[str, dict[str, Any]] = {
    "dogs": {},
    "rnn": {"cell": "rnn", "units": 16, "steps": 40},
    "lstm": {"cell": "lstm", "units": 16, "steps": 40},
    "stack": {"cell": "gru", "units": 16, "steps": 40, "num_layers": 3, "bidirectional": True},
    "large": {"cell": "lstm", "units": 128, "steps": 500},
}
AIMS = {"dogs": 16.0, "rnn": 16.0, "lstm": 16.0, "large": 100.0}
ALPHABET = tuple(string.ascii_lowercase + " ")
SIZE = (1600, 1000)
PLAYED = 3.0  # seconds
PATIENCE = 20.0  # seconds until something stale counts as a failure


def document(case: str) -> DocumentState:
    """A random network of the size a case is about, or the worked example."""
    fields = dict(CASES[case])
    if not fields:
        return presets.load("dogs")
    generator = np.random.default_rng(0)
    size, units, steps = len(ALPHABET), fields.pop("units"), fields.pop("steps")
    spec = e.NetworkSpec(input_size=size, hidden_size=units, output_size=size, **fields)
    text = "".join(ALPHABET[n] for n in generator.integers(0, size, steps + 1))
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
        for panel in following(window):
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
        e.analyse(
            state.spec,
            state.parameters,
            state.x,
            state.y,
            steps=e.visible_steps(state.steps, 0),
        )
        for fill in self.fills:
            fill.update()
        QApplication.processEvents()
        return thread_time() - start


def following(window: MainWindow) -> list[Panel]:
    """The panels in sight that follow edits."""
    return [panel for panel in window.contents.visible_panels() if panel.follows_edits]


class Drag:
    """A mouse with its left button down; every frame moves it a little, there and back."""

    def __init__(
        self, window: MainWindow, view: FigureView, start: QPointF, step: QPointF, turn: int
    ) -> None:
        self.panels = following(window)
        self.view, self.start, self.step, self.turn = view, start, step, turn
        self.count = 0
        self.clock = 0.0
        self._send(QEvent.Type.MouseButtonPress, 0)
        QApplication.processEvents()

    def frame(self) -> float:
        """Move and wait for the picture; raises SystemExit if a panel was not painted."""
        before = [panel.view.paints for panel in self.panels]
        self.count += 1
        begin, start = perf_counter(), thread_time()
        self._send(QEvent.Type.MouseMove, 1 + abs((self.count - 1) % (2 * self.turn) - self.turn))
        QApplication.processEvents()
        spent = thread_time() - start
        self.clock = perf_counter() - begin
        for panel, paints in zip(self.panels, before, strict=True):
            if panel.view.paints == paints:
                sys.exit(f"frame {self.count}: the panel {panel.name} was not painted")
        return spent

    def close(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, 0)

    def _send(self, kind: QEvent.Type, moved: int) -> None:
        button = Qt.MouseButton.LeftButton
        pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        point = self.start + moved * self.step
        where = self.view.mapToGlobal(point)
        event = QMouseEvent(kind, point, where, pressed, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.view, event)


def drag_weight(window: MainWindow) -> Drag:
    """A drag of one recurrent weight, upwards by a pixel a frame."""
    panel = window.contents.docks["weights"].panel
    plot = next(p.name for p in panel.view.figure.plots if p.name.startswith("W_H") or "W_{H" in p.name)
    cell = panel.view.cell_rect(plot, 0, 1, 1)
    start = QPointF(cell.x + cell.w / 2, cell.y + cell.h / 2)
    return Drag(window, panel.view, start, QPointF(0, -1), 40)


def scrub(window: MainWindow) -> Drag:
    """A drag over the columns of the timeline, one a frame."""
    view, moment = window.contents.docks["timeline"].panel.view, window.contents.session.moment
    plot = view.figure.plots[0]
    rect = plot_rects(view.figure, view.width(), view.height())[0]
    first, last = moment.window
    start = QPointF(float(to_pixels_x(plot, rect, last)), rect.y + rect.h / 2)
    return Drag(window, view, start, QPointF(-1 / view.units_per_pixel(plot.name), 0), last - first - 2)


def play(window: MainWindow) -> tuple[list[float], float]:
    """Play for some seconds; return the GUI CPU of each picture and the pictures a second."""
    playback, view = window.contents.session.playback, window.contents.docks["timeline"].panel.view
    playback.set_loop(True)
    playback.set_speed(60)
    playback.first()
    playback.play()
    spent, begin, last = [], perf_counter(), thread_time()
    while (seconds := perf_counter() - begin) < PLAYED:
        paints = view.paints
        QApplication.processEvents()
        if view.paints != paints:
            spent.append(thread_time() - last)
        last = thread_time()
    playback.pause()
    return spent, len(spent) / seconds


def late(window: MainWindow) -> float:
    """Wait until nothing is stale; return how long that took."""
    begin = perf_counter()
    while window.contents.session.moment.stale:
        QApplication.processEvents()
        if perf_counter() - begin > PATIENCE:
            sys.exit("something stays stale")
    return perf_counter() - begin


def percentiles(name: str, seconds: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(np.array(seconds) * 1e3, [50, 95])
    return {f"{name}_p50": float(p50), f"{name}_p95": float(p95)}


def measure(case: str, frames: int) -> dict[str, float]:
    """Run everything of a case in a window of its own; return milliseconds and ratios."""
    state = document(case)
    window = MainWindow(THEMES["light"])
    window.fill(Session(state))
    window.show()
    window.resize(*SIZE)  # larger than the screen of the offscreen platform
    window.contents.load_charts(all_of_them=True)
    QApplication.processEvents()
    keep_what_lasts()  # as the program does once it is usable
    floor = Floor(window, state)
    with closing(drag_weight(window)) as drag:
        repeated(20, drag.frame)
        spent, least, clock = [], [], []
        for _ in range(frames):
            spent.append(drag.frame())
            clock.append(drag.clock)
            least.append(floor.frame())
    waits = []
    for _ in range(10):
        with closing(drag_weight(window)) as drag:
            drag.frame()
            waits.append(late(window))
    with closing(scrub(window)) as scrubbed:
        repeated(20, scrubbed.frame)
        moved = repeated(frames, scrubbed.frame)
    played, fps = play(window)
    floor_ms = float(np.median(least)) * 1e3
    found = percentiles("drag", spent) | percentiles("wall", clock) | percentiles("scrub", moved)
    found |= percentiles("play", played) | {"fps": fps, "late_ms": float(np.median(waits)) * 1e3}
    found |= {"floor": floor_ms, "floor_ratio": found["drag_p50"] / floor_ms, "panels": len(drag.panels)}
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return found


def repeated(times: int, run: Callable[[], float]) -> list[float]:
    return [run() for _ in range(times)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--case", choices=CASES, action="append")
    asked = parser.parse_args()
    application = make_application()
    e.limit_threads()
    found = {case: measure(case, asked.frames) for case in asked.case or CASES}
    del application
    if asked.json:
        print(json.dumps(found))
    else:
        for case, numbers in found.items():
            print(f"{case}: {report(numbers)}")
    return int(any(found[case]["drag_p95"] > aim for case, aim in AIMS.items() if case in found))


def report(n: dict[str, float]) -> str:
    parts = [
        f"{name} {n[name + '_p50']:.2f} / {n[name + '_p95']:.2f} ms" for name in ("drag", "scrub", "play")
    ]
    return (
        f"{', '.join(parts)} (p50 / p95 of GUI CPU), by the clock {n['wall_p95']:.2f} ms, "
        f"{n['fps']:.0f} fps, late {n['late_ms']:.1f} ms, "
        f"{n['floor_ratio']:.2f} × floor of {n['floor']:.2f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
