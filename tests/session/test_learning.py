from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rnnviz import engine as e
from rnnviz.session import edits
from rnnviz.session.corpus import Corpus, tokenised
from rnnviz.session.errors import EditError
from rnnviz.session.learning import job_of, optimizer_of, task_of
from rnnviz.session.textfiles import TextFile
from rnnviz.session.training.job import batches

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState


@pytest.fixture
def reading(dogs: DocumentState) -> DocumentState:
    file = TextFile("pets.txt", "dogs", *tokenised("dogs\nand cats\nand more"))
    return edits.with_settings(edits.with_file(dogs, file), window=4, batch=2, seed=3)


def first_batch(state: DocumentState) -> e.Batch:
    return next(batches(task_of(state), 0))


def test_the_job_is_the_network_and_its_settings(dogs: DocumentState) -> None:
    job = job_of(edits.with_settings(dogs, rate=0.5, clip=2.0))
    assert job.spec == dogs.spec
    assert job.parameters is dogs.parameters
    assert job.optimizer == optimizer_of(edits.with_settings(dogs, rate=0.5)) == e.SGD(0.5)
    assert (job.clip_norm, job.update, job.optimizer_state, job.left) == (2.0, 0, None, None)


@pytest.mark.parametrize("name", list(e.OPTIMIZERS))
def test_every_optimiser_can_learn(dogs: DocumentState, name: str) -> None:
    job = job_of(edits.with_settings(dogs, optimizer=name, rate=0.25))
    assert job.optimizer == e.OPTIMIZERS[name](lr=0.25)


def test_the_sequence_is_learnt_without_its_silent_steps(dogs: DocumentState) -> None:
    batch = first_batch(edits.toggle_silent(dogs, 1))
    assert np.asarray(batch.x).T.tolist() == [[0, 1, 2]]
    assert batch.targets.T.tolist() == [[1, -1, 3]]


def test_a_text_is_learnt_in_windows(reading: DocumentState) -> None:
    assert reading.corpus is not None
    batch = first_batch(reading)
    expected = next(e.text_batches(reading.corpus.ids, length=4, size=2, seed=3))
    assert np.array_equal(batch.x, expected.x)
    assert np.array_equal(batch.targets, expected.targets)
    assert batch.targets.shape == (4, 2)


def test_the_job_of_dogs_lowers_its_loss(dogs: DocumentState) -> None:
    job = job_of(dogs)
    trainer = e.Trainer(job.spec, job.parameters, job.optimizer, clip_norm=job.clip_norm)
    losses = [trainer.step(batch).loss for batch in islice(batches(job.task, 0), 20)]
    assert losses[-1] < losses[0]


def test_a_batch_larger_than_the_text_is_all_of_it(reading: DocumentState) -> None:
    batch = first_batch(edits.with_settings(reading, batch=4096, window=1000))
    assert reading.corpus is not None
    assert batch.targets.shape == (len(reading.corpus) - 1, 1)


def test_what_is_silent_in_the_sequence_is_no_matter_to_the_text(reading: DocumentState) -> None:
    silent = edits.with_text(reading, "")
    assert np.array_equal(first_batch(silent).targets, first_batch(reading).targets)


@pytest.mark.parametrize("text", ["", "d"])
def test_a_sequence_without_steps_cannot_be_learnt(dogs: DocumentState, text: str) -> None:
    with pytest.raises(EditError, match="nothing to predict; type a longer one"):
        job_of(edits.with_text(dogs, text))


def test_a_sequence_without_losses_cannot_be_learnt(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="loss of every step is left out"):
        job_of(replace(dogs, silent=frozenset(range(3))))


def test_a_text_that_is_not_there_cannot_be_learnt(dogs: DocumentState) -> None:
    with pytest.raises(EditError, match="no text to learn from; open a text file"):
        job_of(edits.with_settings(dogs, source="text"))


@pytest.mark.parametrize("length", [0, 1])
def test_a_text_of_one_character_cannot_be_learnt(dogs: DocumentState, length: int) -> None:
    short = replace(
        edits.with_settings(dogs, source="text"), corpus=Corpus("a.txt", np.zeros(length, np.int32))
    )
    with pytest.raises(EditError, match=r"“a\.txt” has fewer than two characters"):
        job_of(short)
