"""A window in a process of its own in which somebody edits at random, tells of every edit, and is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec

from rnnviz.session import presets
from rnnviz.session.files.journal import Lost, lost_in
from rnnviz.session.files.kept import Kept

EDITOR = Path(__file__)
UNSAVED = Path("RNNViz") / "unsaved"
"""Where the journals are, beside the settings."""

GRACE = 1.0
"""How many seconds of edits may be lost."""


class Told(msgspec.Struct):
    """What the window is after an edit, and when that was, by a clock that all processes share."""

    at: float
    text: str
    weights: list[float]


@dataclass(frozen=True)
class Killed:
    """What came of one kill. seconds: by how much what was recovered is older than the kill; wrong: or ""."""

    edits: int
    seconds: float
    wrong: str = ""


def kill_while_editing(folder: Path, seed: int) -> Killed:
    """Let a window edit for a random while, kill it, and look at what the next start would offer."""
    draw = Random(seed)
    with _editor(folder, seed) as editor:
        told = _listen(editor, draw.uniform(0.3, 4.0))
        editor.kill()
        killed = time.monotonic()
        told += [msgspec.json.decode(line, type=Told) for line in _rest(editor)]
    return _killed(folder, told, killed)


def close_while_editing(folder: Path, seed: int) -> str:
    """Let a window edit for a random while and close it as one should; return what is offered then, or ""."""
    draw = Random(seed)
    with _editor(folder, seed) as editor:
        _listen(editor, draw.uniform(0.1, 2.5))
        assert editor.stdin is not None
        editor.stdin.close()  # asks it to close, by Save or by Discard
        for _ in _rest(editor):
            pass
        code = editor.wait(timeout=60)
    found = [] if code == 0 else [f"exit code {code}"]
    for lost in lost_in(folder / UNSAVED):
        found.append(f"offers {lost.origin.title}")
        lost.discard()
    return ", ".join(found + [path.name for path in (folder / UNSAVED).glob("*")])


def recover_and_kill(folder: Path, seed: int) -> str:
    """Crash, recover, and crash again at a random moment of that; return what is lost then, or nothing."""
    draw = Random(seed)
    lost = _crashed(folder, seed)
    before = lost.read()[0]
    lost.release()
    with _editor(folder, seed, "recover") as editor:
        assert editor.stdout is not None
        editor.stdout.readline()  # it has opened and is about to recover
        time.sleep(draw.uniform(0.0, 0.6))
        editor.kill()
    found = lost_in(folder / UNSAVED)
    if len(found) != 1:
        return f"{len(found)} copies are left"
    after = found[0].read()[0]
    found[0].discard()
    same = before.state.text == after.state.text and _weights(before) == _weights(after)
    return "" if same else "another document is left"


def _crashed(folder: Path, seed: int) -> Lost:
    """Let a window edit and kill it, until that has left something: all may just have been undone."""
    while True:
        with _editor(folder, seed) as editor:
            _listen(editor, 1.2)
            editor.kill()
        if found := lost_in(folder / UNSAVED):
            return found[0]
        seed += 1000


def _editor(folder: Path, seed: int, way: str = "edit") -> subprocess.Popen[bytes]:
    words = [sys.executable, str(EDITOR), str(folder), str(seed), way]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=nowhere, env=os.environ)


def _listen(editor: subprocess.Popen[bytes], seconds: float) -> list[Told]:
    """Hear of edits until some time after the first; raises EOFError if the window is gone."""
    assert editor.stdout is not None
    told: list[Told] = []
    until = float("inf")
    while time.monotonic() < until:
        line = editor.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        if not told:
            until = time.monotonic() + seconds
        told.append(msgspec.json.decode(line, type=Told))
    return told


def _rest(editor: subprocess.Popen[bytes]) -> list[bytes]:
    """What was still in the pipe, whole lines of it."""
    assert editor.stdout is not None
    return [line for line in editor.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]


def _weights(kept: Kept) -> list[float]:
    flat: list[float] = kept.state.parameters.flat.tolist()
    return flat


def _killed(folder: Path, told: list[Told], killed: float) -> Killed:
    """Compare what is offered with what was told: it must be one of the states, and no old one."""
    found = lost_in(folder / UNSAVED)
    if len(found) > 1:
        return Killed(len(told), 0.0, f"{len(found)} documents are offered")
    # Where nothing is offered, what there was before the first edit is all that is left.
    kept = found[0].read()[0] if found else Kept(presets.load("dogs"))
    for lost in found:
        lost.discard()
    wanted = kept.state.text, _weights(kept)
    there = [n for n, state in enumerate(told) if (state.text, state.weights) == wanted]
    if found and not there:
        return Killed(len(told), 0.0, "what is offered was never in the window")
    # All edits after this state are lost; the first of them is the oldest.
    later = told[there[-1] + 1 if there else 0 :]
    return Killed(len(told), killed - later[0].at if later else 0.0)


def main(folder: str, seed: str, way: str) -> int:
    """Be that window: edit until standard input is closed, then close; or recover, and wait."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QSettings

    for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, folder)
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    from editingwindow import EditingWindow

    return EditingWindow(Path(folder), int(seed), way).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
