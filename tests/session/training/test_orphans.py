"""No process is ever left over, however the window goes."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from killing import is_gone, wait_for, wait_until_at
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from trainingjobs import text_job

from rnnviz.session.training.messages import Hello, decode
from rnnviz.session.training.pipe import BEAT
from rnnviz.session.training.run import TrainingRun
from rnnviz.session.training.worker import main

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(sys.platform != "linux", reason="asks /proc which processes there are"),
]

# A program that trains; it prints the worker's process id and then does what it is told.
PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication
from trainingjobs import text_job
from rnnviz.session.training.run import TrainingRun

def obey(state):
    if state == "running":
        print(run.pid, flush=True)
        exec(sys.argv[1])

application = QCoreApplication([])
run = TrainingRun()
run.state_changed.connect(obey)
run.start(text_job())
application.exec()
"""


@pytest.fixture
def programs() -> Iterator[list[subprocess.Popen[str]]]:
    programs: list[subprocess.Popen[str]] = []
    yield programs
    for program in programs:
        program.kill()
        program.communicate()


def opened(programs: list[subprocess.Popen[str]], then: str) -> int:
    """Start a program that trains, and return its worker's process id."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, then], stdout=subprocess.PIPE, text=True, env=environment
    )
    programs.append(program)
    assert program.stdout is not None
    return int(program.stdout.readline())


def ticking() -> QObject:
    """Let events come now and then, so that waiting looks again and again."""
    ticker = QObject()
    ticker.startTimer(10)
    return ticker


@pytest.mark.parametrize("worker_is", ["working", "stopped"])
def test_a_killed_window_takes_its_worker_along(
    programs: list[subprocess.Popen[str]], worker_is: str
) -> None:
    pid = opened(programs, "pass")
    if worker_is == "stopped":
        os.kill(pid, signal.SIGSTOP)
    programs[0].kill()
    _ticker = ticking()
    wait_for(lambda: is_gone(pid))


@pytest.mark.parametrize("end", ["application.quit()", "sys.exit()", "run.deleteLater(); application.quit()"])
def test_a_program_that_ends_ends_its_worker(programs: list[subprocess.Popen[str]], end: str) -> None:
    pid = opened(programs, end)
    assert programs[0].wait(timeout=20) == 0
    _ticker = ticking()
    wait_for(lambda: is_gone(pid))


def test_a_deleted_run_ends_its_worker() -> None:
    parent = QObject()
    run = TrainingRun(parent)
    run.start(text_job())
    wait_until_at(run, 1)
    pid = run.pid or 0
    assert not is_gone(pid)
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert is_gone(pid)


def test_a_forgotten_run_ends_its_worker() -> None:
    run = TrainingRun()
    run.start(text_job())
    wait_until_at(run, 1)
    pid = run.pid or 0
    del run
    gc.collect()
    assert is_gone(pid)


def test_a_worker_ends_when_its_pipe_is_closed() -> None:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=main, args=(theirs,))
    process.start()
    theirs.close()
    while (frame := ours.recv_bytes()) == BEAT:
        pass
    assert decode(frame) == Hello(process.pid or 0, has_qt=False)
    ours.close()
    process.join(timeout=20)
    assert process.exitcode == 0
