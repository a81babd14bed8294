"""What a document asks the training process to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz import engine as e
from rnnviz.session.errors import EditError
from rnnviz.session.training.job import Job, SequenceTask, TextTask

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState
    from rnnviz.session.training.job import Task


def job_of(state: DocumentState) -> Job:
    """Return the job, from its first update on and without an end, of learning what the settings say.

    Raises EditError, one sentence, if there is nothing to learn.
    """
    return Job(
        state.spec,
        state.parameters,
        optimizer_of(state),
        task_of(state),
        clip_norm=state.settings.clip,
        frozen=tuple(state.frozen.items()),
    )


def optimizer_of(state: DocumentState) -> e.Optimizer:
    """Return the rule of an update, with the rate of the settings."""
    return e.OPTIMIZERS[state.settings.optimizer](lr=state.settings.rate)


def task_of(state: DocumentState) -> Task:
    """Return what is learnt: the sequence with its silent steps, or windows of the whole text.

    Raises EditError, one sentence, if there is nothing to learn.
    """
    return _text_task(state) if state.settings.source == "text" else _sequence_task(state)


def _sequence_task(state: DocumentState) -> SequenceTask:
    if not state.steps:
        raise EditError(
            f"A sequence of fewer than two {state.reads} has nothing to predict; type a longer one."
        )
    if len(state.silent) == state.steps:
        raise EditError("The loss of every step is left out; take at least one in again to learn from it.")
    return SequenceTask(state.x, state.y, tuple((state.initial or {}).items()))


def _text_task(state: DocumentState) -> TextTask:
    corpus, settings = state.corpus, state.settings
    if corpus is None:
        raise EditError("There is no text to learn from; open a text file or learn from the sequence.")
    if len(corpus) < 2:
        raise EditError(
            f"“{corpus.name}” has fewer than two {state.reads}; open a longer text to learn from."
        )
    return TextTask(corpus.ids, length=settings.window, size=settings.batch, seed=settings.seed)


def note_of(task: Task) -> str:
    """Return a sentence if a text is too short for the batches that are asked for, or nothing."""
    if not isinstance(task, TextTask):
        return ""
    steps = len(task.ids) - 1
    if steps < task.length:
        return f"The text has {counted(steps, 'step')}, fewer than a window: each update learns all of it."
    if (windows := steps // task.length) < task.size:
        found = f"{counted(windows, 'window')} of {task.length:,} steps"
        return f"The text has {found}, fewer than a batch: each update learns all of it."
    return ""


def counted(count: int, thing: str) -> str:
    """Return a number with its noun: 1 step, 1,000 steps."""
    return f"{count:,} {thing}{'s' * (count != 1)}"
