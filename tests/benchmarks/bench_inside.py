"""Whether playing keeps 60 frames a second with a cell's inside in sight.

    python tests/benchmarks/bench_inside.py [--json] [--seconds 5] [--case lstm|gru|rnn …] [--figures]

A network of 16 units reads 40 characters in a window of 1600×1000 that is arranged for looking inside the
cell: equations, circuit, knock-out, network and timeline are in sight, and one gate's unit is held. The
playhead runs at 60 steps a second in a loop, then in slow motion at 60 stages a second. A frame counts if
every panel in sight that follows the playhead was painted in it; its GUI CPU is that from one to the next.

Milliseconds of GUI CPU a frame, p50 and p95, and frames a second. --figures: what each panel's figure and
picture cost in it. Exit code 1 if there are fewer than 59 frames a second; half of a first and a last frame
are lost at the ends.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from dataclasses import replace
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_edit import SIZE, document, percentiles
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from rnnviz import engine as e
from rnnviz.app.run import make_application
from rnnviz.app.window import MainWindow
from rnnviz.app.workspaces import INSIDE
from rnnviz.figures.theme import THEMES
from rnnviz.session import edits
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.panels.base.panel import Panel

CASES = ("lstm", "gru", "rnn")
SEEN = {"equations", "circuit", "knock-out", "network", "timeline"}
HELD = {"lstm": "f", "gru": "z", "rnn": "h"}
WAIT = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
ENOUGH = 59.0  # frames a second


class Watch:
    """Counts the frames in which all panels in sight were painted, and their GUI CPU."""

    def __init__(self, panels: list[Panel]) -> None:
        self.panels = panels
        self.frames: list[float] = []

    def run(self, seconds: float) -> float:
        """Let the program go on for some seconds; return the frames a second."""
        painted, last = self._paints(), thread_time()
        begin = perf_counter()
        while (spent := perf_counter() - begin) < seconds:
            QApplication.processEvents(WAIT)  # without, the GUI thread would spin
            now = self._paints()
            if all(new > old for new, old in zip(now, painted, strict=True)):
                painted, start, last = now, last, thread_time()
                self.frames.append(last - start)
        return len(self.frames) / spent

    def _paints(self) -> list[int]:
        return [panel.view.paints for panel in self.panels]


class Costs:
    """Sums the GUI CPU of what each panel does: its figure, and its picture."""

    def __init__(self, panels: list[Panel]) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        for panel in panels:
            self._watch(panel, "draw", f"{panel.name} figure")
            self._watch(panel.view, "_paint", f"{panel.name} picture")

    def _watch(self, owner: object, method: str, name: str) -> None:
        plain: Callable[..., Any] | None = getattr(owner, method, None)
        if plain is None:
            return

        def timed(*arguments: Any, **named: Any) -> Any:
            start = thread_time()
            try:
                return plain(*arguments, **named)
            finally:
                self.spent[name] += thread_time() - start

        setattr(owner, method, timed)

    def a_frame(self, frames: int) -> dict[str, float]:
        """Return milliseconds a frame, the most expensive first."""
        found = {name: seconds * 1e3 / max(1, frames) for name, seconds in self.spent.items()}
        self.spent.clear()
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def shown(case: str) -> MainWindow:
    """Return a window that looks inside a cell, with everything painted."""
    state = document("lstm")
    state = state if case == "lstm" else edits.with_cell(state, case)
    state = replace(state, interventions=(e.Intervention(HELD[case], 0.0, start=10, unit=0),))
    window = MainWindow(THEMES["light"])
    window.fill(Session(state))
    window.show()
    window.resize(*SIZE)  # larger than the screen of the offscreen platform
    window.show_workspace(INSIDE.name)
    window.contents.load_charts(all_of_them=True)
    for _ in range(20):
        QApplication.processEvents()
    return window


def measure(case: str, seconds: float, *, figures: bool) -> dict[str, Any]:
    """Play steps, then stages; return milliseconds and frames a second."""
    window = shown(case)
    in_sight = window.contents.visible_panels()
    if missing := SEEN - {panel.name for panel in in_sight}:
        sys.exit(f"not in sight: {', '.join(sorted(missing))}")
    panels = [panel for panel in in_sight if panel.name in SEEN]
    costs = Costs(in_sight) if figures else None
    playback = window.contents.session.playback
    playback.set_loop(True)
    playback.set_speed(60)
    found: dict[str, Any] = {}
    for name in ("steps", "stages"):
        playback.set_slow(name == "stages")
        playback.first()
        playback.play()
        Watch(panels).run(1.0)  # caches fill
        if costs is not None:
            costs.spent.clear()
        watch = Watch(panels)
        found[f"{name}_fps"] = watch.run(seconds)
        found |= percentiles(name, watch.frames or [0.0])
        if costs is not None:
            found[f"{name}_costs"] = costs.a_frame(len(watch.frames))
        playback.pause()
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return found


def report(case: str, found: dict[str, Any]) -> str:
    lines = []
    for name in ("steps", "stages"):
        p50, p95 = found[f"{name}_p50"], found[f"{name}_p95"]
        lines.append(
            f"{case}, {name}: {found[f'{name}_fps']:.1f} fps, {p50:.2f} / {p95:.2f} ms (p50 / p95 of GUI CPU)"
        )
        lines += [f"    {what}: {ms:.2f} ms" for what, ms in found.get(f"{name}_costs", {}).items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--figures", action="store_true", help="what each panel costs")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = _found(asked, folder)
    print(json.dumps(found) if asked.json else "\n".join(report(*item) for item in found.items()))
    slowest = min(numbers[f"{name}_fps"] for numbers in found.values() for name in ("steps", "stages"))
    return int(slowest < ENOUGH)


def _found(asked: argparse.Namespace, folder: str) -> dict[str, Any]:
    """Measure with settings of its own, kept in a folder, so that every panel shows what it usually does."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for kind in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, folder)
    application = make_application()
    e.limit_threads()
    found = {case: measure(case, asked.seconds, figures=asked.figures) for case in asked.case or CASES}
    del application
    return found


if __name__ == "__main__":
    sys.exit(main())
