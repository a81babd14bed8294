"""Act in a real window at random, by mouse and keyboard, and see whether it stands that and can undo it all.

Usage: python tests/soak/random_actions.py [--actions N] [--seed N] [--runs N]. After every 25 actions each
panel in sight must show what a fresh run of the engine gives; in the end undo must lead back to the same
document, to the last bit. Ends with the actions that led there and exit code 1 otherwise.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication
from randomactions import TroubleError, live

from rnnviz import engine as e
from rnnviz.app.run import make_application
from rnnviz.app.window import MainWindow
from rnnviz.figures.theme import THEMES
from rnnviz.session import presets
from rnnviz.session.session import Session


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, default=1, help="seeds, one after the other")
    asked = parser.parse_args()
    faulthandler.enable()
    with tempfile.TemporaryDirectory() as folder:
        for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
            QSettings.setPath(form, QSettings.Scope.UserScope, folder)
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        application = make_application()
        e.limit_threads()
        good = [run(asked.actions, asked.seed + n) for n in range(asked.runs)]
        del application
    return 0 if all(good) else 1


def run(actions: int, seed: int) -> bool:
    """Act in a window of its own; say how it went."""
    window = MainWindow(THEMES["light"])
    window.fill(Session(presets.load("dogs")))
    window.show()
    window.contents.load_charts(all_of_them=True)
    QApplication.processEvents()
    started = perf_counter()
    try:
        live(window, actions, seed)
    except TroubleError as trouble:
        print(f"seed {seed}: {trouble}")
        return False
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    print(f"seed {seed}: {actions} actions and their undo in {perf_counter() - started:.1f} s, nothing wrong")
    return True


if __name__ == "__main__":
    sys.exit(main())
