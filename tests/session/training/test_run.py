from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest
from killing import Heard, Killer, wait_for, wait_until_at, wait_until_in
from PySide6.QtCore import QCoreApplication
from trainingjobs import DOGS, SPEC, dogs_job, edited, found, replayed, text_job

from rnnviz import engine as e
from rnnviz.session.training.job import SequenceTask, TextTask
from rnnviz.session.training.messages import Hello
from rnnviz.session.training.supervisor import Supervisor

if TYPE_CHECKING:
    from rnnviz.session.training.job import Job
    from rnnviz.session.training.run import TrainingRun

has_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def started(run: TrainingRun, job: Job) -> Job:
    """Start a job that pauses by itself and return what has become of it."""
    run.start(job)
    wait_until_in(run, "paused")
    return present(run)


def present(run: TrainingRun) -> Job:
    assert run.job is not None
    return run.job


def test_training_has_a_process_of_its_own_without_qt(run: TrainingRun) -> None:
    started(run, dogs_job(left=0))
    assert run.worker == Hello(pid=run.pid or 0, has_qt=False)
    assert run.pid != os.getpid()


def test_a_worker_that_has_loaded_qt_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    Supervisor(dogs_job())._greet(Hello(1, has_qt=True))
    assert "has loaded Qt" in caplog.text


def test_a_run_from_start_to_stop(run: TrainingRun, heard: Heard) -> None:
    assert (run.state, run.job, run.pid) == ("idle", None, None)
    run.start(text_job())
    wait_until_at(run, 20)
    run.pause()
    wait_until_in(run, "paused")
    run.stop()
    assert heard.states == ["starting", "running", "paused", "stopped"]
    assert heard.sentences == []
    last = run.history.last
    np.testing.assert_array_equal(run.history.table, replayed(text_job(), last))
    np.testing.assert_array_equal(np.hstack([r.table for r in heard.records]), run.history.table)
    assert [job.update for job in heard.jobs] == [record.last for record in heard.records]
    assert (present(run).update, heard.jobs[-1].update) == (last, last)


def test_steps_pauses_and_numbered_updates(run: TrainingRun) -> None:
    started(run, text_job(left=0))
    assert run.history.last == 0
    run.step_once()
    wait_until_at(run, 1)
    run.step_once()
    run.step_once()
    wait_until_at(run, 3)
    run.resume(20)
    wait_until_at(run, 23)
    wait_until_in(run, "paused")
    np.testing.assert_array_equal(run.history.table, replayed(text_job(), 23))


def test_settings_take_effect_at_the_next_update(run: TrainingRun) -> None:
    started(run, text_job(left=5))
    task = TextTask(np.arange(5), length=2, size=1)
    run.set_rate(0.7)
    run.set_clip(0.05)
    run.set_task(task)
    run.edit_parameters(present(run).parameters, edited(present(run).parameters, 3.0, token=0))
    job = present(run)
    assert (job.optimizer, job.clip_norm, job.task) == (e.SGD(0.7), 0.05, task)
    run.resume(10)
    wait_until_at(run, 15)
    np.testing.assert_array_equal(run.history.table[:, 5:], replayed(job, 10))
    assert run.history.clipped[5:].any()


def test_impossible_settings_are_refused_and_change_nothing(run: TrainingRun) -> None:
    before = started(run, text_job(left=3))
    with pytest.raises(e.EngineError):
        run.set_rate(-1.0)
    with pytest.raises(e.EngineError):
        run.set_clip(0.0)
    run.resume(3)
    wait_until_at(run, 6)
    np.testing.assert_array_equal(run.history.table[:, 3:], replayed(before, 3))


def test_a_weight_edited_while_it_learns_never_jumps_back(run: TrainingRun, heard: Heard) -> None:
    run.start(text_job())
    wait_until_at(run, 10)
    for value in np.linspace(1, 2, 20):
        before = len(heard.jobs)
        run.edit_parameters(present(run).parameters, edited(present(run).parameters, value))
        wait_for(lambda before=before: len(heard.jobs) > before)  # type: ignore[misc]  # a default of its own
        shown = {float(job.parameters["weight_ih_l0"][0, -1]) for job in heard.jobs[before:]}
        assert shown == {value}
    others = {float(job.parameters["weight_hh_l0"][0, 0]) for job in heard.jobs}
    assert len(others) == len(heard.jobs)  # the rest has learned on, in every single snapshot


def test_another_job_begins_another_history(run: TrainingRun, heard: Heard) -> None:
    run.start(text_job())
    wait_until_at(run, 50)
    pid = run.pid
    wider = replace(SPEC, hidden_size=6)
    job = dogs_job(spec=wider, parameters=e.initialise(wider), left=30)
    heard.records.clear()
    run.start(job)
    wait_until_at(run, 30)
    wait_until_in(run, "paused")
    np.testing.assert_array_equal(run.history.table, replayed(job, 30))
    np.testing.assert_array_equal(np.hstack([r.table for r in heard.records]), run.history.table)
    assert run.pid == pid


def test_going_back_cuts_the_history(run: TrainingRun) -> None:
    started(run, text_job(left=40))
    run.stop()
    job = text_job(update=25, left=5)
    started(run, job)
    whole = np.hstack([replayed(text_job(), 25), replayed(job, 5)])
    np.testing.assert_array_equal(run.history.table, whole)
    started(run, text_job(left=0))
    assert run.history.last == 0


def test_a_job_that_begins_later_has_no_history_before(run: TrainingRun) -> None:
    started(run, text_job(update=1000, left=5))
    assert (run.history.first, run.history.last) == (1001, 1005)


def test_an_explosion_pauses_with_one_sentence(run: TrainingRun, heard: Heard) -> None:
    linear = replace(SPEC, activation="identity")
    weights = e.initialise(linear).replaced({"weight_hh_l0": np.full((3, 3), 1e300)})
    job = started(run, dogs_job(spec=linear, parameters=weights))
    assert (job.update, len(heard.sentences)) == (1, 1)
    assert "Update 1" in heard.sentences[0]
    assert np.isfinite(job.parameters.flat).all()


def test_nothing_to_learn_is_said_and_waited_for(run: TrainingRun, heard: Heard) -> None:
    run.start(text_job(task=TextTask(np.array([0]), length=5, size=3)))
    wait_for(lambda: bool(heard.sentences))
    assert "at least two" in heard.sentences[0]
    run.set_task(DOGS)
    wait_until_at(run, 3)
    assert len(heard.sentences) == 1


def test_stopping_in_the_middle_of_a_signal_is_the_end_of_it(run: TrainingRun, heard: Heard) -> None:
    run.progressed.connect(run.stop)
    run.start(text_job())
    wait_until_in(run, "stopped")
    assert (len(heard.records), len(heard.jobs), run.pid) == (1, 0, None)


def test_a_run_goes_on_after_a_stop(run: TrainingRun) -> None:
    run.start(text_job())
    wait_until_at(run, 5)
    run.stop()
    stopped = run.history.last
    run.set_rate(0.5)
    job = present(run)
    run.resume(10)
    wait_until_at(run, stopped + 10)
    np.testing.assert_array_equal(run.history.table[:, stopped:], replayed(job, 10))


def test_commands_without_a_job_do_nothing(run: TrainingRun, heard: Heard) -> None:
    run.pause()
    run.resume()
    run.step_once()
    run.set_rate(0.5)
    run.stop()
    assert (run.state, run.pid, heard.states) == ("idle", None, [])


@pytest.fixture
def killer(qapp: object) -> Killer:
    assert qapp is not None
    killer = Killer()
    killer.start()
    return killer


@has_signals
def test_nobody_would_notice_that_a_worker_was_killed(killer: Killer) -> None:
    heard = Heard(killer.run)
    recoveries = [
        killer.kill(signal.SIGKILL),
        killer.kill(signal.SIGSTOP),
        killer.kill(signal.SIGSTOP, newborn=True),
    ]
    assert killer.stop() == 0
    assert all(recovery.is_same and recovery.has_edit for recovery in recoveries)
    ended, stuck = (sum(word in sentence for sentence in heard.sentences) for word in ("ended", "answering"))
    assert (ended, stuck) == (1, 3)


@has_signals
def test_a_paused_run_stays_paused_in_another_worker(run: TrainingRun, heard: Heard) -> None:
    started(run, text_job(left=10))
    run.set_rate(0.7)
    job = present(run)
    os.kill(run.pid or 0, signal.SIGKILL)
    wait_for(lambda: bool(heard.sentences))
    wait_until_in(run, "paused")
    assert run.history.last == 10
    run.resume(5)
    wait_until_at(run, 15)
    np.testing.assert_array_equal(run.history.table[:, 10:], replayed(job, 5))


@has_signals
def test_workers_that_always_die_are_given_up(
    run: TrainingRun, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnviz.session.training.run._MOST_DEATHS", 0)
    started(run, text_job(left=10))
    os.kill(run.pid or 0, signal.SIGKILL)
    wait_until_in(run, "failed")
    assert "start it again" in heard.sentences[-1]
    assert run.pid is None
    run.resume(5)
    wait_until_at(run, 15)


def test_a_process_that_cannot_start_is_one_sentence(
    run: TrainingRun, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("rnnviz.session.training.process._spawned", refuse)
    run.start(text_job())
    assert run.state == "failed"
    assert "Resource temporarily unavailable" in heard.sentences[0]


@has_signals
def test_an_interrupt_from_the_keyboard_is_for_the_window(run: TrainingRun, heard: Heard) -> None:
    run.start(text_job())
    wait_until_at(run, 1)
    os.kill(run.pid or 0, signal.SIGINT)
    wait_until_at(run, run.history.last + 100)
    assert heard.sentences == []


def test_a_hundred_thousand_updates_arrive_value_for_value(run: TrainingRun) -> None:
    single = e.NetworkSpec("rnn", 2, 1, 2)
    task = SequenceTask(np.array([0]), np.array([1]))
    parameters = e.initialise(single)
    job = dogs_job(spec=single, parameters=parameters, optimizer=e.SGD(1e-5), task=task, left=100_000)
    run.start(job)
    columns = found(job)
    wanted: list[tuple[float, ...]] = []
    while len(wanted) < 100_000:  # both at once, to take half the time
        wanted += islice(columns, 1000)
        QCoreApplication.processEvents()
    wait_for(lambda: run.history.last == 100_000, seconds=60)
    np.testing.assert_array_equal(run.history.table, np.array(wanted).T)
    assert (np.diff(run.history.losses) < 0).all()  # each is another number than its neighbours
