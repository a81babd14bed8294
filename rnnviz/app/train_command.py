"""Train a network without a window."""

from __future__ import annotations

import math
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from rnnviz import engine as e
from rnnviz.app.errors import CommandError, listed
from rnnviz.app.interruption import Interruption
from rnnviz.app.losses import LossTable
from rnnviz.app.progress import Progress
from rnnviz.app.sources import kept_of
from rnnviz.app.train_output import Learnt, check_output
from rnnviz.session import edits
from rnnviz.session.errors import SessionError
from rnnviz.session.learning import counted, job_of, note_of
from rnnviz.session.training.job import TextTask, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TypeAlias

    from rnnviz.session.files.kept import Kept
    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.job import Job

    Listener: TypeAlias = Callable[[e.Snapshot], None]

PROBED = 5_000
"""On how many tokens of a text the loss before and after is measured."""

EXPLODED = 1
"""The exit code when something is not finite."""

_OF_TEXTS = ("batch", "window", "seed")  # what means nothing to a single sequence


@dataclass(frozen=True, slots=True)
class Training:
    """What to train on, how often and how; what is None stays as the document has it.

    encoding: that of a text file. cell, units and layers: of the network, which runs both ways if it is
    bidirectional. csv: the file for the losses, if they are wanted. output: the file for what was learnt, if
    it is to be kept. quiet: show no progress.
    """

    source: str
    updates: int
    encoding: str | None
    cell: str | None
    units: int | None
    layers: int | None
    bidirectional: bool
    optimizer: str | None
    rate: float | None
    clip: float | None
    batch: int | None
    window: int | None
    seed: int | None
    csv: Path | None
    output: Path | None
    quiet: bool

    @property
    def settings(self) -> dict[str, float | str]:
        """The settings that are given, by name."""
        names = ("optimizer", "rate", "clip", *_OF_TEXTS)
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def train(asked: Training) -> int:
    """Train, say on standard output what came of it, and return the exit code.

    0: done. 1: something is not finite, and a sentence on standard error says what. 130 or 143: Ctrl+C or a
    request to terminate came; what was done until then is kept. Raises CommandError if it is not possible.
    """
    e.limit_threads()
    check_output(asked.output)
    try:
        return _train(asked, _kept(asked))
    except (SessionError, e.EngineError) as error:
        raise CommandError(str(error)) from error
    except MemoryError as error:
        raise CommandError("There is not enough memory; use a smaller --batch or --window.") from error


def _kept(asked: Training) -> Kept:
    """Return the source with the network and the settings that are given."""
    source = kept_of(asked.source, asked.encoding)
    return replace(source, state=_with_settings(_with_network(source.state, asked), asked))


def _with_settings(state: DocumentState, asked: Training) -> DocumentState:
    """Change the settings to what is given."""
    settings = asked.settings
    named = [f"--{name}" for name in _OF_TEXTS if name in settings]
    if state.corpus is not None:
        _check_csv(asked)
    elif named:
        raise CommandError(
            f"{asked.source} is one sequence, learnt whole at every update; leave out {listed(named)}."
        )
    return edits.with_settings(state, **settings, **({"source": "text"} if named else {}))


def _with_network(state: DocumentState, asked: Training) -> DocumentState:
    """Change the network to what is given; what can be kept of its weights is kept."""
    if asked.cell is not None:
        state = edits.with_cell(state, asked.cell)
    if asked.units is not None:
        state = edits.with_units(state, asked.units)
    if asked.layers is not None:
        state = edits.with_layers(state, asked.layers)
    return edits.with_directions(state, True) if asked.bidirectional else state


def _check_csv(asked: Training) -> None:
    """Refuse to replace the text with the table."""
    if asked.csv is not None and asked.csv.exists() and asked.csv.samefile(asked.source):
        raise CommandError(f"{asked.csv} is the text to learn; give --csv another name.")


def _train(asked: Training, kept: Kept) -> int:
    job, learnt = job_of(kept.state), Learnt(kept)
    if not asked.quiet and (note := note_of(job.task)):
        _complain(note)
    before, started = _measured(job, job.parameters), time.monotonic()
    with Interruption() as interruption:
        listeners: list[Listener] = [] if asked.output is None else [learnt.tell]
        last = _run(asked, job, interruption, kept.state.updates, listeners)
        seconds = time.monotonic() - started
        after = last if last.trouble else _measured(job, last.parameters)
    if after.trouble:
        when = "Update" if last.trouble else "After update"
        _complain(f"{when} {last.update:,}: {after.trouble.finding}; use a smaller --rate, or --clip.")
    else:
        _tell(asked, last, seconds, (before, after), math.log(len(kept.state.vocabulary)))
    if asked.output is not None:
        learnt.save(asked.output)
    if after.trouble:
        return EXPLODED
    return 0 if last.update == asked.updates else interruption.exit_code


def _tell(
    asked: Training, last: e.Snapshot, seconds: float, measured: tuple[e.Snapshot, e.Snapshot], chance: float
) -> None:
    """Say how far it came, and the loss of a token before and after."""
    done = "" if last.update == asked.updates else f"{last.update:,} of "
    losses = " -> ".join(f"{found.loss / found.tokens:.4g}" for found in measured)
    sys.stdout.write(
        f"{done}{counted(asked.updates, 'update')} in {seconds:,.1f} s: "
        f"loss {losses} nats a token, where chance is {chance:.4g}\n"
    )


def _run(
    asked: Training, job: Job, interruption: Interruption, start: int, listeners: list[Listener]
) -> e.Snapshot:
    """Train, tell of it as was asked for, and return the last update; `start` have been made before."""
    with ExitStack() as stack:
        if asked.csv is not None:
            listeners.append(stack.enter_context(LossTable(asked.csv, job.parameters)).tell)
        if not asked.quiet:
            listeners.append(stack.enter_context(Progress(asked.updates, sys.stderr)).tell)
        batches_left = islice(batches(job.task, start), asked.updates)
        return _learn(job, batches_left, listeners, interruption)


def _learn(
    job: Job, batches_left: Iterable[e.Batch], listeners: Iterable[Listener], interruption: Interruption
) -> e.Snapshot:
    """Learn until no batch is left, something is not finite or a signal has come; return the last update."""
    trainer = job.trainer()
    for batch in batches_left:
        snapshot = trainer.step(batch)
        for tell in listeners:
            tell(snapshot)
        if snapshot.trouble or interruption.exit_code:
            break
    return snapshot


def _measured(job: Job, parameters: e.Parameters) -> e.Snapshot:
    """Return what an update would find with these parameters: always on the same tokens of the same text."""
    task = job.task
    if isinstance(task, TextTask):
        task = replace(task, size=max(1, PROBED // task.length))
    return e.Trainer(job.spec, parameters, e.SGD(0.0)).step(next(batches(task, 0)))


def _complain(sentence: str) -> None:
    sys.stderr.write(f"rnnviz: {sentence}\n")
