from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from killing import Heard, is_gone

from rnnviz.session.training.run import TrainingRun

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def run(qapp: object) -> Iterator[TrainingRun]:
    assert qapp is not None
    run = TrainingRun()
    yield run
    pid = run.pid
    run.stop()
    assert pid is None or is_gone(pid)


@pytest.fixture
def heard(run: TrainingRun) -> Heard:
    return Heard(run)
