from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from rnnviz.app import display

if TYPE_CHECKING:
    from collections.abc import Iterator

linux = pytest.mark.skipif(sys.platform != "linux", reason="only X11 and Wayland can be absent")


def started(**environment: str) -> subprocess.CompletedProcess[str]:
    """Start `rnnviz` with these variables and no other trace of a display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE", "QT_LOGGING_RULES")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, "-m", "rnnviz"]
    return subprocess.run(
        command, env=kept | environment, capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def x_server() -> Iterator[str]:
    """Run an X server without a screen and yield its name, such as ":1"."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as pipe:
                yield f":{pipe.readline().strip()}"
        finally:
            server.terminate()


@linux
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY is set"),
        ({"QT_QPA_PLATFORM": "xcb"}, "neither DISPLAY nor WAYLAND_DISPLAY is set"),
        ({"DISPLAY": ":99999"}, ":99999 cannot be reached|library libx\\S+ is missing"),
        ({"WAYLAND_DISPLAY": "nowhere"}, "nowhere cannot be reached|library lib\\S+ is missing"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "no platform “nonsense”.*offscreen"),
    ],
)
def test_without_a_display_one_sentence_says_what_to_do(environment: dict[str, str], words: str) -> None:
    done = started(**environment)
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(f"rnnviz: [A-Z].*({words}).*\n", done.stderr)


def printed(code: str, **environment: str) -> str:
    """Return what a Python process of its own prints; it must end well and have nothing to complain about."""
    kept = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@linux
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_a_running_display_is_no_problem_however_often_it_is_tried() -> None:
    with x_server() as name:
        code = "from rnnviz.app.display import problem; print(problem(), problem())"
        assert printed(code, DISPLAY=name) == "None None\n"


@linux
def test_a_display_that_never_answers_is_given_up() -> None:
    code = (
        "import signal; from rnnviz.app import display; display.PATIENCE = 0.1;"
        "display._start_qt = lambda words: signal.pause(); print(display.problem())"
    )
    said = printed(code, DISPLAY="far.away:0", QT_QPA_PLATFORM="xcb")
    assert said.startswith("The display far.away:0 did not answer in")


@linux
def test_a_child_that_aborts_is_heard() -> None:
    code = (
        "import os; from rnnviz.app import display;"
        "display._start_qt = lambda words: (os.write(words, b'why'), os.abort()); print(display._try())"
    )
    assert printed(code) == "Attempt(answered=True, ok=False, said='why')\n"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            "libGL.so.1: cannot open shared object file: No such file or directory",
            "libGL.so.1 is missing.*apt install",
        ),
        ("No module named 'PySide6'", "PySide6 is not installed.*pip install"),
        ("DLL load failed while importing QtGui", "Qt cannot load .DLL load failed.*fresh environment"),
    ],
)
def test_a_qt_that_does_not_load_is_explained(error: str, words: str) -> None:
    assert re.search(words, display.explain_import(error))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            'Could not find the Qt platform plugin "xcb" in ""\nReinstalling may help.\n',
            "plugin “xcb” is missing",
        ),
        ('Could not load the Qt platform plugin "gone" in ""\n', "library \\S+libqgone.so is missing"),
        ("qt.qpa: something new\nthe last word\n", "Qt cannot start: the last word$"),
        ("", "Qt cannot start: it ended without a word$"),
    ],
)
def test_whatever_qt_says_becomes_a_sentence(said: str, words: str) -> None:
    assert re.search(words, display.explain(display.Attempt(answered=True, ok=False, said=said)))
