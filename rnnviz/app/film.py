"""What an animation goes through: the steps of a sequence, or the updates of a training run."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from rnnviz.app.train_output import Learnt
from rnnviz.session.learning import job_of
from rnnviz.session.training.job import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rnnviz.session.files.kept import Kept
    from rnnviz.session.playback import Playback
    from rnnviz.session.session import Session

TRAINING_RATE = Fraction(15)
MOST_UPDATES = 120
"""How many frames a training run has, about, unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Playing:
    """The steps from the first to the last; in slow motion the stages of each."""

    def count(self, session: Session) -> int:
        """How many frames there are."""
        playback = session.playback
        return max(1, playback.steps * (playback.stages if playback.slow else 1))

    def rate(self, session: Session) -> Fraction:
        """Frames a second, as fast as the playback is."""
        return Fraction(session.playback.speed)

    def run(self, session: Session) -> Iterator[None]:
        """Let the session show one frame after the other; each is there when this yields."""
        playback = session.playback
        playback.first()
        yield
        for _ in range(self.count(session) - 1):
            playback.next()
            yield


@dataclass(frozen=True, slots=True)
class Learning:
    """A run of `updates` from the parameters as they are, a frame before it and one every `every` updates.

    The last update always has a frame. complain: told a sentence if a number is no longer finite; what was
    shown last stays then. Raises EditError, when it runs, if there is nothing to learn.
    """

    kept: Kept
    updates: int
    every: int
    complain: Callable[[str], object]

    def count(self, _session: Session) -> int:
        """How many frames there are."""
        return 1 + -(-self.updates // self.every)

    def rate(self, _session: Session) -> Fraction:
        """Frames a second."""
        return TRAINING_RATE

    def run(self, session: Session) -> Iterator[None]:
        """Let the session show one frame after the other; each is there when this yields."""
        job, learnt = job_of(self.kept.state), Learnt(self.kept)
        trainer, trouble = job.trainer(), None
        yield
        feed = islice(batches(job.task, self.kept.state.updates), self.updates)
        for made, batch in enumerate(feed, 1):
            if trouble is None:
                snapshot = trainer.step(batch)
                learnt.tell(snapshot)
                trouble = snapshot.trouble
                if trouble is not None:
                    self.complain(f"Update {made:,}: {trouble.finding}; nothing is learnt after it.")
            if made % self.every == 0 or made == self.updates:
                session.document.open(learnt.kept.state)
                session.training.recall(learnt.kept.record)
                session.catch_up()
                yield


def usual_every(updates: int) -> int:
    """Return every how many updates there is a frame unless asked otherwise: a film of eight seconds."""
    return max(1, -(-updates // MOST_UPDATES))


def place_of(playback: Playback) -> tuple[int, int | None]:
    """Return where the playhead is, for `go_to`."""
    return playback.step, playback.stage


def go_to(playback: Playback, place: tuple[int, int | None]) -> None:
    """Return to a place that the playhead was at."""
    step, stage = place
    playback.seek(step)
    if stage is not None:
        playback.seek_stage(stage)
