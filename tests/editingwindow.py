"""The window that `editing` starts in a process of its own."""

from __future__ import annotations

import select
import sys
import time
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from editing import Told
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog

from rnnviz.app.asking import Question
from rnnviz.app.preferences import Preferences
from rnnviz.app.run import Opening, make_application
from rnnviz.app.window import MainWindow
from rnnviz.session import edits

if TYPE_CHECKING:
    from pathlib import Path


class EditingWindow:
    """The real window, as `rnnviz` opens it; edits at random and tells of each edit."""

    def __init__(self, folder: Path, seed: int, way: str) -> None:
        self._draw, self._way = Random(seed), way
        self._application = make_application()
        preferences = Preferences()
        self._window = MainWindow(preferences.theme)
        opening = Opening(self._window, preferences, "dogs")
        self._window.first_frame.connect(opening.fill, Qt.ConnectionType.QueuedConnection)
        self._window.usable.connect(self._on_usable)
        self._window.show()
        self._opening = opening
        self._timer = QTimer()
        self._timer.timeout.connect(self._on_timeout)
        chosen = str(folder / f"{seed}.rnnviz")
        QFileDialog.getSaveFileName = staticmethod(lambda *_args, **_more: (chosen, ""))

    def run(self) -> int:
        """Do it until the window is closed."""
        return int(self._application.exec())

    def _on_usable(self) -> None:
        self._timer.start(0)
        if self._way == "recover":
            self._tell()

    def _on_timeout(self) -> None:
        self._answer()
        if self._way == "recover":
            return
        if select.select([sys.stdin], [], [], 0)[0]:
            self._window.close()
            return
        self._edit()
        self._timer.setInterval(self._draw.choice((0, 5, 30, 150, 700)))

    def _answer(self) -> None:
        """Press a button of a question: Recover, or one of those that let the window close."""
        for question in self._window.findChildren(Question):
            if question.isVisible():
                question.answer(
                    "Recover" if self._way == "recover" else self._draw.choice(("Save", "Discard"))
                )

    def _edit(self) -> None:
        """Type, change weights, undo or redo; tell of what is there then."""
        document = self._window.contents.session.document
        kind = self._draw.randrange(6)
        if kind == 0:
            document.undo()
        elif kind == 1:
            document.redo()
        elif kind == 2:
            text = "".join(self._draw.choice("dogs") for _ in range(self._draw.randrange(1, 12)))
            document.edit(edits.with_text(document.state, text), "Type")
        else:
            state, name = document.state, self._draw.choice(list(document.state.parameters))
            values = np.array(state.parameters[name])
            values.flat[self._draw.randrange(values.size)] = self._draw.uniform(-2, 2)
            changed = replace(state, parameters=state.parameters.replaced({name: values}))
            document.edit(changed, "Change a weight")
        self._tell()

    def _tell(self) -> None:
        state = self._window.contents.session.document.state
        told = Told(time.monotonic(), state.text, state.parameters.flat.tolist())
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()
