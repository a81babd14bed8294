"""Whether a window can open here, found out before Qt would end the program.

Qt raises when its libraries cannot load, but aborts the whole process when its platform plugin cannot, or
when the display does not answer. So on Linux a forked child tries first and its last words are read; that
costs about 4 ms. macOS and Windows always have a display.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

PACKAGES = (
    "libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
)
"""What Qt needs of Debian and Ubuntu and does not bring along."""

PATIENCE = 15.0
"""Seconds that a display has to answer."""

_CURE = f"on Debian or Ubuntu: sudo apt install {PACKAGES}"
_WITHOUT = "or draw without one: rnnviz render dogs --workspace explore -o dogs.png"
_NOWHERE = (
    "There is no display, as neither DISPLAY nor WAYLAND_DISPLAY is set; "
    f"start rnnviz in a desktop session, {_WITHOUT}"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a child fared that tried to start Qt: `answered` in time, `ok`, and what Qt `said`."""

    answered: bool
    ok: bool
    said: str


def problem() -> str | None:
    """Return the sentence that says why Qt cannot start and what to do, or None if it can.

    On Linux call it before the process has threads.
    """
    try:
        qt = import_module("PySide6.QtGui")
    except ImportError as error:
        return explain_import(str(error))
    if sys.platform != "linux" or qt.QGuiApplication.instance() is not None:
        return None
    platform = os.environ.get("QT_QPA_PLATFORM")
    if not (platform or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return _NOWHERE
    attempt = _try()
    return None if attempt.ok else explain(attempt)


def explain_import(error: str) -> str:
    """Return the sentence for an ImportError of Qt."""
    if "No module named" in error:
        return "PySide6 is not installed: install RNNViz again with python -m pip install ."
    if library := _missing(error):
        return f"Qt cannot load because the library {library} is missing; {_CURE}"
    return f"Qt cannot load ({error.strip()}); install RNNViz again into a fresh environment"


def explain(attempt: Attempt) -> str:
    """Return the sentence for an attempt that failed."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not attempt.answered:
        return f"The display {display} did not answer in {PATIENCE:.0f} seconds; check it, {_WITHOUT}"
    if unknown := re.search(r'Could not find the Qt platform plugin "(.*?)"', attempt.said):
        return _explain_unknown(unknown[1], attempt.said)
    if re.search(r"could not connect to display|Failed to create wl_display", attempt.said):
        reach = f"The display {display} cannot be reached; set DISPLAY to one that runs, {_WITHOUT}"
        return reach if display else _NOWHERE
    return _explain_plugin(attempt.said)


def _explain_unknown(plugin: str, said: str) -> str:
    known = re.search(r"Available platform plugins are: (.*?)\.?\s*$", said, re.MULTILINE)
    if not (known and os.environ.get("QT_QPA_PLATFORM")):
        return f"Qt's platform plugin “{plugin}” is missing; install RNNViz again into a fresh environment"
    return f"Qt knows no platform “{plugin}”; unset QT_QPA_PLATFORM, or set it to one of {known[1]}"


def _explain_plugin(said: str) -> str:
    plugin = re.search(r'Could not load the Qt platform plugin "(.*?)"', said)
    if plugin and (library := _missing(_loading_error(plugin[1]))):
        more = " libwayland-cursor0 libwayland-egl1" if "wayland" in library else ""
        return f"Qt cannot open a window because the library {library} is missing; {_CURE}{more}"
    if plugin:
        return f"Qt cannot load its platform plugin “{plugin[1]}”; {_CURE}"
    last = said.strip().splitlines()[-1:] or ["it ended without a word"]
    return f"Qt cannot start: {last[0].strip()}"


def _missing(error: str) -> str:
    """Return the library that a loader's message names, such as libGL.so.1, or ""."""
    found = re.search(r"(\S+): cannot open shared object file", error)
    return found[1] if found else ""


def _loading_error(plugin: str) -> str:
    """Return what the system's loader says about a platform plugin, "" if it loads."""
    import ctypes

    from PySide6.QtCore import QLibraryInfo

    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    try:
        ctypes.CDLL(f"{folder}/platforms/libq{plugin}.so")
    except OSError as error:
        return str(error)
    return ""


def _try() -> Attempt:
    """Start Qt in a forked child and return how it fared."""
    alive, held = os.pipe()  # the child holds one end: it closes when the child ends
    words = os.memfd_create("words")
    child = os.fork()
    if child == 0:
        _start_qt(words)
    os.close(held)
    with os.fdopen(words, "rb") as said:
        answered = bool(select.select([alive], [], [], PATIENCE)[0])
        os.close(alive)
        if not answered:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return Attempt(answered, status == 0, said.read().decode(errors="replace"))


def _start_qt(words: int) -> None:
    """Start Qt with its messages going to the file `words`, and end the process."""
    import resource

    try:
        os.dup2(words, 2)
        os.environ["QT_ASSUME_STDERR_HAS_CONSOLE"] = "1"  # else Qt may speak to the system's journal
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # an abort is expected, no core file
        from PySide6.QtGui import QGuiApplication

        QGuiApplication(["rnnviz"])
        os._exit(0)
    finally:
        os._exit(1)
