from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from trainingjobs import DOGS, SPEC, dogs_job, edited, text_job

from rnnviz import engine as e
from rnnviz.session.training import commands


@pytest.mark.parametrize(
    ("left", "command", "then"),
    [
        (None, commands.Pause(), 0),
        (3, commands.Pause(), 0),
        (0, commands.Resume(), None),
        (0, commands.Resume(7), 7),
        (0, commands.StepOnce(), 1),
        (2, commands.StepOnce(), 3),
        (None, commands.StepOnce(), None),
    ],
)
def test_how_many_updates_are_left(left: int | None, command: commands.Command, then: int | None) -> None:
    assert command.changed(dogs_job(left=left)).left == then


def test_an_edit_changes_only_what_was_edited() -> None:
    shown = e.initialise(SPEC, seed=1)
    learned = dogs_job(parameters=e.initialise(SPEC, seed=2))
    changed = commands.EditParameters.between(shown, edited(shown, 9.0)).changed(learned)
    np.testing.assert_array_equal(changed.parameters.flat, edited(learned.parameters, 9.0).flat)


def test_edits_of_several_arrays_and_numbers_that_are_none() -> None:
    before = edited(e.initialise(SPEC), math.nan)
    after = before.replaced({"head.bias": np.full(5, math.inf)})
    command = commands.EditParameters.between(before, after)
    assert len(command.places) == 5
    np.testing.assert_array_equal(command.changed(dogs_job(parameters=before)).parameters.flat, after.flat)


def test_settings_and_task_are_replaced() -> None:
    job = text_job()
    assert commands.SetClip(0.5).changed(job).clip_norm == 0.5
    assert commands.SetTask(DOGS).changed(job).task is DOGS
    remembered = replace(job, optimizer_state=(np.ones(2),))
    changed = commands.SetOptimizer(e.SGD(0.7)).changed(remembered)
    assert changed.optimizer == e.SGD(0.7)
    assert changed.optimizer_state is remembered.optimizer_state


def test_start_forgets_the_job_before() -> None:
    job = text_job()
    assert commands.Start(job).changed(dogs_job()) is job


def test_an_impossible_job_is_refused() -> None:
    with pytest.raises(e.EngineError, match="above 0"):
        commands.SetClip(0.0).changed(dogs_job())
    with pytest.raises(e.EngineError, match="another network"):
        dogs_job(spec=replace(SPEC, hidden_size=4))
    with pytest.raises(e.EngineError, match="another network"):
        dogs_job(spec=replace(SPEC, dtype="float32"))
