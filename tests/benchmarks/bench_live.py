"""What a window costs the training that it shows, and what training costs the window.

    python tests/benchmarks/bench_live.py [--json] [--seconds 30] [--learn text|sequence] [--after 0]

A plain RNN with H = 16 units and a vocabulary of 27 learns live in a window of 1600×1000 with every panel of
the workspace Explore in sight, which shows T = 40 steps. By default it learns a text of 200,000 characters,
16 windows of 40 steps an update, as people train; with `--learn sequence` only the 40 steps that are shown,
which gives the shortest updates, the longest curves and so the most work for the window and the pipe. With
`--after` it is as if so many updates had been made before: curves of a long run must cost no frame.

A frame is a snapshot of the training that every visible panel has painted; its GUI CPU is all that the GUI
thread has spent since the frame before. `training_ratio` is the updates a second of the training process of
the window over those of the same learner in a process without window and pipe. `calibration` is what is left
of the latter's speed while a second one runs beside it: with less than 0.9 the machine has no core to spare,
and the ratio says little. The three take turns in every round, to meet the same noise; ratios are medians of
the rounds. Keys: fps, frame_ms_p50, frame_ms_p95, gui_cpu_ms_p50, gui_cpu_ms_p95, training_ratio,
calibration, updates_per_s, headless_updates_per_s, pair_updates_per_s, frames, and the paints a frame of the
panels that were painted least and most: paints_least, paints_most. Ends with a sentence and exit code 1 if a
panel is not painted, if the training process has loaded Qt or if a process is left over.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import string
import sys
from contextlib import closing, suppress
from multiprocessing import active_children, get_context
from statistics import median
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

# The main module is imported by the training process, too: everything that loads Qt is imported in functions.

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection

    from numpy.typing import NDArray

    from rnnviz.session.settings import Source
    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.learner import Learner

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

UNITS, STEPS, BATCH, LENGTH = 16, 40, 16, 200_000
ALPHABET = tuple(string.ascii_lowercase + " ")
ROUNDS = 5
SETTLE = 25  # frames at the start of each round that are not measured
PATIENCE = 20.0  # seconds until something that should happen counts as a failure

AIMS = {
    "fps": (">=", 58.0),
    "frame_ms_p95": ("<=", 20.0),
    "gui_cpu_ms_p95": ("<=", 14.0),
    "training_ratio": (">=", 0.75),
    "calibration": (">=", 0.9),
}


def document(source: Source) -> DocumentState:
    """Return a network of the size the benchmark is about and a text of random words for it."""
    from rnnviz import engine as e
    from rnnviz.session.corpus import Corpus
    from rnnviz.session.settings import TrainingSettings
    from rnnviz.session.state import DocumentState
    from rnnviz.session.vocabulary import Vocabulary

    generator = np.random.default_rng(0)
    letters = np.array(ALPHABET[:-1])
    words = ["".join(generator.choice(letters, n)) for n in generator.integers(2, 9, 500)]
    text = " ".join(generator.choice(words, LENGTH // 5))[:LENGTH]
    vocabulary = Vocabulary(ALPHABET)
    ids = np.searchsorted(letters, list(text)).astype(np.int32)  # a space sorts before all letters
    ids[np.array(list(text)) == " "] = len(letters)
    settings = TrainingSettings(rate=0.01, clip=1.0, batch=BATCH, window=STEPS, source=source)
    spec = e.NetworkSpec("rnn", len(ALPHABET), UNITS, len(ALPHABET))
    return DocumentState(
        "benchmark",
        spec,
        e.initialise(spec),
        vocabulary,
        text[: STEPS + 1],
        corpus=Corpus("benchmark", ids),
        settings=settings,
    )


def learn(pipe: Connection, frame: bytes) -> None:
    """Learn for as many seconds as come through the pipe, answer how many updates a second those made."""
    from rnnviz import engine as e
    from rnnviz.session.training.learner import Learner
    from rnnviz.session.training.messages import decode

    e.limit_threads()
    learner = Learner(decode(frame).command.job)
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_speed(learner, pipe.recv()))


def _speed(learner: Learner, seconds: float) -> float:
    updates, started = 0, perf_counter()
    while perf_counter() - started < seconds:
        if not learner.can_learn:
            sys.exit(learner.trouble)
        learner.learn()
        updates += 1
        if updates % 1000 == 0:
            learner.take_table()  # or it would hold all of them
    return updates / (perf_counter() - started)


class Headless:
    """A process that learns what the window learns, without one, whenever it is asked to."""

    def __init__(self, frame: bytes) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=learn, args=(theirs, frame), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, seconds: float) -> None:
        """Learn for so long."""
        self._pipe.send(seconds)

    def updates_a_second(self) -> float:
        """Wait until that is over and return how fast it was."""
        try:
            speed: float = self._pipe.recv()
        except EOFError:
            sys.exit("A headless trainer has given up.")
        return speed

    def close(self) -> None:
        """End the process and wait until it is gone."""
        self._pipe.close()
        self._process.join()


class Frame(NamedTuple):
    """When a frame was complete, in seconds, and what the GUI thread had spent by then; the updates shown."""

    time: float
    cpu: float
    update: int


class Live:
    """The window, in which the network learns while `run` runs."""

    def __init__(self, state: DocumentState) -> None:
        from PySide6.QtCore import QEventLoop

        from rnnviz import engine as e
        from rnnviz.app.run import make_application
        from rnnviz.app.window import MainWindow
        from rnnviz.figures.theme import THEMES
        from rnnviz.session.session import Session

        e.limit_threads()
        self._wait = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        self._application = make_application()
        self._window = MainWindow(THEMES["light"])
        self._session = Session(state)
        self._window.fill(self._session)
        self._window.show()
        self._window.contents.load_charts(all_of_them=True)
        self._application.processEvents()
        self._training = self._session.training
        self._panels = self._window.contents.visible_panels()
        self._trouble = ""
        self._due: NDArray[Any] | None = None  # the paints when a snapshot came that is not yet a frame
        self._frames: list[Frame] = []
        self._training.progressed.connect(self._on_progressed)
        self._training.troubled.connect(self._on_troubled)
        self.painted = np.zeros(len(self._panels))
        self.frames = 0

    def pretend(self, updates: int) -> None:
        """Let it seem that so many updates have been made already; what they found is made up."""
        from rnnviz.session import edits
        from rnnviz.session.training.history import COLUMNS, History, Record

        state = self._session.document.state
        names = tuple(state.parameters)
        table = np.random.default_rng(0).gamma(4.0, 0.25, (len(COLUMNS) + len(names), updates))
        table[COLUMNS.index("tokens")] = 1.0
        history = History(names)
        history.append(Record(names, 1, table))
        self._training.run._history = history
        self._session.document.edit(edits.with_learnt(state, state.parameters, updates), "Pretend")

    def run(self, seconds: float) -> list[Frame]:
        """Train, and return the frames of so many seconds, the first of which is where they begin."""
        self._frames.clear()
        self._training.start()
        self._until(lambda: len(self._frames) > SETTLE)
        frames = self._watch(seconds)
        self._training.pause()
        self._until(lambda: self._training.run.state == "paused")
        return frames

    def _watch(self, seconds: float) -> list[Frame]:
        del self._frames[:-1]
        begun = self._paints()
        self._until(lambda: self._frames[-1].time - self._frames[0].time >= seconds, seconds)
        self.painted += self._paints() - begun
        self.frames += len(self._frames) - 1
        return self._frames.copy()

    def _look(self) -> None:
        """Note a frame if every visible panel has been painted since a snapshot came."""
        if self._due is not None and (self._paints() > self._due).all():
            self._due = None
            self._frames.append(Frame(perf_counter(), thread_time(), self._training.run.history.last))

    def _paints(self) -> NDArray[Any]:
        return np.array([panel.view.paints for panel in self._panels])

    def _until(self, condition: Callable[[], bool], seconds: float = 0.0) -> None:
        latest = perf_counter() + seconds + PATIENCE
        while not condition():
            if self._trouble or perf_counter() > latest:
                sys.exit(self._trouble or "The window does not show what it should.")
            self._application.processEvents(self._wait)
            self._look()

    def _on_progressed(self) -> None:
        self._look()  # a busy window may have been painted and called again at once
        self._due = self._paints()

    def _on_troubled(self, sentence: str) -> None:
        self._trouble = sentence

    def close(self) -> None:
        """End the training process; its process must not have loaded Qt, and nothing may be left of it."""
        worker = self._training.run.worker
        self._training.stop()
        if worker is None or worker.has_qt:
            sys.exit("The training process has loaded Qt, or it has never said a word.")


class Round(NamedTuple):
    """What took turns, in updates a second."""

    live: float
    alone: float
    pair: float


def measure(source: Source, seconds: float, after: int) -> dict[str, float]:
    """Let window and headless trainers take turns; return milliseconds, updates a second and ratios."""
    from rnnviz.session.learning import job_of
    from rnnviz.session.training.commands import Start
    from rnnviz.session.training.messages import Order, encode

    state = document(source)
    frame = encode(Order(1, Start(job_of(state))))
    with closing(Headless(frame)) as one, closing(Headless(frame)) as other:
        _headless(0.5, one, other)  # until both have loaded everything
        with closing(Live(state)) as live:
            if after:
                live.pretend(after)
            turns = [_round(live, one, other, seconds / ROUNDS) for _ in range(ROUNDS)]
            paints = live.painted / live.frames
    if active_children():
        sys.exit("A process is left over.")
    rounds = [turn for turn, _ in turns]
    intervals = [np.diff(np.array(frames), axis=0) for _, frames in turns]
    spent = np.concatenate(intervals) * 1e3
    frame_p50, frame_p95 = np.percentile(spent[:, 0], [50, 95])
    cpu_p50, cpu_p95 = np.percentile(spent[:, 1], [50, 95])
    return {
        "fps": 1e3 / float(spent[:, 0].mean()),
        "frame_ms_p50": float(frame_p50),
        "frame_ms_p95": float(frame_p95),
        "gui_cpu_ms_p50": float(cpu_p50),
        "gui_cpu_ms_p95": float(cpu_p95),
        "training_ratio": median(turn.live / turn.alone for turn in rounds),
        "calibration": median(turn.pair / turn.alone for turn in rounds),
        "updates_per_s": median(turn.live for turn in rounds),
        "headless_updates_per_s": median(turn.alone for turn in rounds),
        "pair_updates_per_s": median(turn.pair for turn in rounds),
        "frames": len(spent),
        "paints_least": float(paints.min()),
        "paints_most": float(paints.max()),
    }


def _round(live: Live, one: Headless, other: Headless, seconds: float) -> tuple[Round, list[Frame]]:
    before = _headless(seconds / 8, one)
    frames = live.run(seconds / 2)
    after = _headless(seconds / 8, one)
    pair = _headless(seconds / 4, one, other)
    trained = frames[-1].update - frames[0].update
    speed = trained / (frames[-1].time - frames[0].time)
    return Round(speed, (before + after) / 2, pair), frames


def _headless(seconds: float, *trainers: Headless) -> float:
    """Let trainers learn at the same time and return the mean of their speeds."""
    for trainer in trainers:
        trainer.begin(seconds)
    return sum(trainer.updates_a_second() for trainer in trainers) / len(trainers)


def report(found: Mapping[str, float]) -> str:
    """Say what was found, and beside it what is aimed at."""
    lines = []
    for name, value in found.items():
        aim = "{} {:g}".format(*AIMS[name]) if name in AIMS else ""
        lines.append(f"{name:<24} {value:10,.2f}   {aim and f'aim {aim}'}".rstrip())
    if found["calibration"] < AIMS["calibration"][1]:
        lines.append("This machine has no core to spare now, so training_ratio says little.")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--learn", choices=("text", "sequence"), default="text")
    parser.add_argument("--after", type=int, default=0, metavar="UPDATES")
    asked = parser.parse_args()
    faulthandler.dump_traceback_later(60 + 4 * asked.seconds, exit=True)  # a window that hangs ends it
    found = measure(asked.learn, asked.seconds, asked.after)
    if asked.json:
        print(json.dumps({name: round(value, 4) for name, value in found.items()}))
    else:
        print(report(found))


if __name__ == "__main__":
    main()
