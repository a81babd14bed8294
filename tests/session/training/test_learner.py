from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trainingjobs import DOGS, SPEC, dogs_job, edited, replayed, text_job

from rnnviz import engine as e
from rnnviz.session.training import commands
from rnnviz.session.training.job import Job, SequenceTask, TextTask
from rnnviz.session.training.learner import Learner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

NOTHING = SequenceTask(np.array([], int), np.array([], int))


def learned(learner: Learner, updates: int) -> NDArray[Any]:
    for _ in range(updates):
        assert learner.can_learn
        learner.learn()
    return learner.take_table()


@pytest.mark.parametrize("job", [dogs_job(), text_job()], ids=["sequence", "text"])
def test_it_finds_what_the_engine_finds(job: Job) -> None:
    learner = Learner(job)
    np.testing.assert_array_equal(learned(learner, 30), replayed(job, 30))
    assert learner.job.update == 30
    assert learner.take_table().shape == (4 + len(job.parameters), 0)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=4))
def test_another_learner_goes_on_as_if_nothing_had_happened(counts: list[int]) -> None:
    whole = replayed(text_job(), sum(counts) + 1)
    job = text_job()
    ends = np.cumsum([0, *counts])
    for start, stop in pairwise(ends.tolist()):
        learner = Learner(job)
        np.testing.assert_array_equal(learned(learner, stop - start), whole[:, start:stop])
        job = learner.job
    np.testing.assert_array_equal(learned(Learner(job), 1)[:, 0], whole[:, -1])


def test_it_makes_as_many_updates_as_are_left() -> None:
    learner = Learner(dogs_job(left=2))
    learned(learner, 2)
    assert not learner.can_learn
    learner.obey(commands.StepOnce())
    learned(learner, 1)
    assert not learner.can_learn
    assert (learner.job.left, learner.job.update) == (0, 3)


def commanded(job: Job, *commands_: commands.Command) -> Job:
    for command in commands_:
        job = command.changed(job)
    return job


TOKENS = SequenceTask(np.array([3, 2]), np.array([-1, 0]))
EDIT = commands.EditParameters.between(e.initialise(SPEC), edited(e.initialise(SPEC), 3.0, token=0))


@pytest.mark.parametrize(
    "command",
    [
        EDIT,
        commands.SetOptimizer(e.SGD(0.7)),
        commands.SetClip(0.05),
        commands.SetClip(None),
        commands.SetTask(TOKENS),
        commands.SetTask(TextTask(np.arange(5), length=2, size=1)),
    ],
    ids=["weight", "rate", "clip", "no clip", "sequence", "text"],
)
def test_a_command_takes_effect_at_the_next_update(command: commands.Command) -> None:
    learner = Learner(text_job())
    learned(learner, 5)
    job = commanded(learner.job, command)
    learner.obey(command)
    table = learned(learner, 5)
    np.testing.assert_array_equal(table, replayed(job, 5))
    assert not np.array_equal(table, replayed(text_job(), 10)[:, 5:])


def assert_waits(learner: Learner, words: str) -> None:
    assert not learner.can_learn
    assert words in learner.trouble
    assert learner.trouble.count(".") == 1


@pytest.mark.parametrize(
    "task",
    [NOTHING, SequenceTask(np.array([0, 1]), np.array([-1, -1])), TextTask(np.array([0]), length=5, size=3)],
    ids=["no step", "no loss", "one character"],
)
def test_it_waits_for_something_to_learn(task: SequenceTask | TextTask) -> None:
    learner = Learner(text_job(task=task))
    assert_waits(learner, "nothing to learn" if isinstance(task, SequenceTask) else "at least two")
    learner.trouble = ""
    learner.obey(commands.Resume(7))
    assert_waits(learner, "to learn")
    learner.obey(commands.SetTask(DOGS))
    assert learner.can_learn
    learned(learner, 3)


def test_a_batch_larger_than_the_text_is_all_of_it() -> None:
    small = TextTask(np.arange(5), length=100, size=1000)
    found = learned(Learner(text_job(task=small)), 3)
    assert found[1].tolist() == [4.0, 4.0, 4.0]


def test_a_task_of_another_network_halts_with_a_sentence() -> None:
    learner = Learner(dogs_job())
    learner.obey(commands.SetTask(SequenceTask(np.array([7]), np.array([0]))))
    learner.learn()
    assert_waits(learner, "Tokens must lie in")
    assert learner.take_table().shape[1] == 0
    learner.obey(commands.SetTask(DOGS))
    learner.obey(commands.Resume())
    learned(learner, 3)


def exploding() -> Iterable[tuple[str, Job]]:
    linear = replace(SPEC, activation="identity")
    weights = e.initialise(linear).replaced({"weight_hh_l0": np.full((3, 3), 1e300)})
    yield "weights", Job(linear, weights, e.SGD(0.1), DOGS)
    yield "rate", Job(linear, e.initialise(linear), e.SGD(1e200), DOGS)
    yield "largest rate", dogs_job(optimizer=e.SGD(1.7e308))
    single = replace(SPEC, dtype="float32")
    yield "float32", Job(single, e.initialise(single), e.SGD(1e39), DOGS)


@pytest.mark.parametrize(("name", "job"), list(exploding()), ids=lambda value: str(value)[:12])
def test_an_explosion_halts_with_a_sentence_and_finite_weights(name: str, job: Job) -> None:
    learner = Learner(job)
    while learner.can_learn:
        learner.learn()
        assert learner.job.update < 20, name
    assert_waits(learner, f"Update {learner.job.update}")
    assert np.isfinite(learner.job.parameters.flat).all()
    assert learner.take_table().shape[1] == learner.job.update
    learner.obey(commands.EditParameters.between(learner.job.parameters, e.initialise(job.spec)))
    learner.obey(commands.SetOptimizer(e.SGD(0.1)))
    learner.obey(commands.Resume())
    learned(learner, 3)


def test_a_rate_of_a_million_goes_on_learning_or_says_why_not() -> None:
    learner = Learner(dogs_job(optimizer=e.SGD(1e6)))
    for _ in range(50):
        if learner.can_learn:
            learner.learn()
    assert learner.can_learn or learner.trouble
    assert np.isfinite(learner.job.parameters.flat).all()


def test_no_memory_halts_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = Learner(text_job())
    learned(learner, 4)

    def refuse(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(e.Trainer, "step", refuse)
        learner.learn()
    assert_waits(learner, "not enough memory")
    learner.obey(commands.Resume())
    np.testing.assert_array_equal(learned(learner, 4), replayed(text_job(), 8)[:, 4:])


def test_a_window_that_hangs_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnviz.session.training.learner._UNTOLD", 10)
    learner = Learner(dogs_job())
    learned(learner, 10)
    learned(learner, 10)
    for _ in range(10):
        learner.learn()
    assert not learner.can_learn
    learner.take_table()
    assert learner.can_learn
