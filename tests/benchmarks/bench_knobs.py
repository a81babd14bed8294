"""How long a turn of the knob for the spectral radius keeps the GUI thread busy, until all is painted.

    python tests/benchmarks/bench_knobs.py [--json] [--frames 200]

LSTMs of H = 16 and T = 40, of H = 64 and T = 100, and of H = 128 and T = 500, whose map follows from beside
the interface. "map": the gradient map and the verdict with its knobs alone in sight; "workspace": all of the
workspace Gradients in 1600×1000. A frame moves the slider by a notch; a frame in which a panel is not painted
fails the run. Milliseconds of GUI CPU, p50 and p95, beside the aims there are.
"""

from __future__ import annotations

import argparse
import json
import os
from contextlib import closing
from time import thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from bench_edit import CASES, SIZE, document
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from rnnviz import engine as e
from rnnviz.app.run import make_application
from rnnviz.app.window import MainWindow
from rnnviz.figures.theme import THEMES
from rnnviz.panels.gradient_flow import GradientFlowPanel
from rnnviz.panels.verdict import VerdictPanel
from rnnviz.session.session import Session

CASES["wide"] = {"cell": "lstm", "units": 64, "steps": 100}
AIMS = {"lstm map": 16.0, "wide map": 100.0, "large workspace": 100.0}
MEASURED = ("lstm map", "lstm workspace", "wide map", "wide workspace", "large workspace")
MAP_SIZE = (1040, 560)


def turned(verdict: VerdictPanel, panels: list, frames: int) -> list[float]:
    """Seconds of GUI CPU of each turn of the knob."""
    slider, found = verdict.knobs.radius.slider, []
    slider.setValue(200)
    for n in range(frames + 20):
        before = [panel.view.paints for panel in panels]
        start = thread_time()
        slider.setValue(200 + 1 + n % 150)
        QApplication.processEvents()
        taken = thread_time() - start
        if any(panel.view.paints == count for panel, count in zip(panels, before, strict=True)):
            raise SystemExit("A panel was not painted.")
        if n >= 20:
            found.append(taken)
    return found


def alone(case: str, frames: int) -> list[float]:
    """The map and the knobs beside one another, nothing else."""
    session, window = Session(document(case)), QWidget()
    row = QHBoxLayout(window)
    panels = [GradientFlowPanel(session, THEMES["light"]), VerdictPanel(session, THEMES["light"])]
    for panel in panels:
        row.addWidget(panel)
    window.resize(*MAP_SIZE)
    window.show()
    QApplication.processEvents()
    found = turned(panels[1], panels, frames)
    window.close()
    return found


def workspace(case: str, frames: int) -> list[float]:
    """All panels of the workspace."""
    with closing(MainWindow(THEMES["light"])) as window:
        window.fill(Session(document(case)))
        window.resize(*SIZE)
        window.show()
        window.show_workspace("gradients")
        window.contents.load_charts(all_of_them=True)
        for _ in range(20):
            QApplication.processEvents()
        panels = [panel for panel in window.contents.visible_panels() if panel.follows_edits]
        verdict = window.contents.panel("verdict")
        assert isinstance(verdict, VerdictPanel)
        return turned(verdict, panels, frames)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--frames", type=int, default=200)
    given = parser.parse_args()
    e.limit_threads()  # as the program does
    make_application()
    results = {}
    for name in MEASURED:
        case, where = name.split()
        found = 1000 * np.array((alone if where == "map" else workspace)(case, given.frames))
        results[name] = {
            "p50": round(float(np.median(found)), 2),
            "p95": round(float(np.percentile(found, 95)), 2),
            **({"aim": AIMS[name]} if name in AIMS else {}),
        }
    if given.json:
        print(json.dumps(results))
        return
    for name, numbers in results.items():
        print(f"{name:16}", "  ".join(f"{key} {value}" for key, value in numbers.items()))


if __name__ == "__main__":
    main()
