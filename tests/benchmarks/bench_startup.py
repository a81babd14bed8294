"""How long the window takes to appear and to be usable, against a bare PySide6 window in the same run.

Usage: python tests/benchmarks/bench_startup.py [--json] [--rounds N]. Draws offscreen unless QT_QPA_PLATFORM
says otherwise. Times are from the start of a process: Python's own start and every import count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A child says on a line of its own what has happened, and how many milliseconds after its start.
SAY = """
import sys, time
def say(what):
    print(what, (time.monotonic_ns() - int(sys.argv[1])) / 1e6, flush=True)
"""

BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, self.painted)
    def painted(self):
        say("bare")
        application.quit()
application = QApplication(["bare"])
window = Window()
window.resize(1600, 1000)
window.show()
application.exec()
"""

RNNVIZ = """
from PySide6.QtWidgets import QApplication
from rnnviz.app.cli import main
run = QApplication.exec
def listen(*_arguments):
    window = next(w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "MainWindow")
    window.first_frame.connect(lambda: say("first_frame"))
    window.usable.connect(lambda: say("usable"))
    window.usable.connect(QApplication.quit)
    return run()
QApplication.exec = listen
sys.exit(main([]))
"""

AIMS = {"first_frame": 2.0, "usable": 5.0}


def times(program: str, environment: Mapping[str, str]) -> dict[str, float]:
    """Run a program in a process of its own and return when what happened, in milliseconds."""
    command = [sys.executable, "-c", SAY + program, str(time.monotonic_ns())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise SystemExit(f"A window did not open: {done.stderr}")
    return {what: float(when) for what, when in map(str.split, done.stdout.splitlines())}


def measure(rounds: int) -> dict[str, float]:
    """Return medians in milliseconds and their ratios; the programs take turns, to meet the same noise."""
    seen: dict[str, list[float]] = {"bare": [], "first_frame": [], "usable": []}
    with tempfile.TemporaryDirectory() as home:  # nobody's settings
        environment = os.environ | {"HOME": home, "XDG_CONFIG_HOME": home, "PYTHONPYCACHEPREFIX": home}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
        for turn in range(rounds + 1):
            for what, when in (times(BARE, environment) | times(RNNVIZ, environment)).items():
                if turn > 0:  # the first one reads and compiles the files
                    seen[what].append(when)
    result = {f"{what}_ms": statistics.median(all_times) for what, all_times in seen.items()}
    return result | {f"{what}_ratio": result[f"{what}_ms"] / result["bare_ms"] for what in AIMS}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    result = measure(asked.rounds)
    if asked.json:
        print(json.dumps({name: round(value, 3) for name, value in result.items()}))
        return
    print(f"bare window, first frame  {result['bare_ms']:7.0f} ms")
    for what, aim in AIMS.items():
        ms, ratio = result[f"{what}_ms"], result[f"{what}_ratio"]
        print(f"rnnviz, {what.replace('_', ' '):<17} {ms:7.0f} ms   ratio {ratio:.2f} (aim: at most {aim:g})")


if __name__ == "__main__":
    main()
