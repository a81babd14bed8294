"""Where the playhead is, and where it goes: from step to step, or in slow motion from stage to stage."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A step, and the stage of it that has been reached, both from 0; stage None: the whole step."""

    step: int
    stage: int | None = None


class Course(NamedTuple):
    """All places there are: so many steps of so many stages each, which count in slow motion only."""

    steps: int
    stages: int
    slow: bool

    @property
    def total(self) -> int:
        """How many places there are."""
        return self.steps * self._each

    @property
    def first(self) -> Place:
        """The first place; the first step even if there is none."""
        return self.at(0)

    @property
    def last(self) -> Place:
        """The last place; the first step even if there is none."""
        return self.at(self.total - 1)

    def at(self, number: int) -> Place:
        """Return a place by its number from 0, or the nearest that exists."""
        step, stage = divmod(max(0, min(number, self.total - 1)), self._each)
        return Place(step, stage if self.slow else None)

    def number(self, place: Place) -> int:
        """Return the number of a place."""
        return place.step * self._each + (place.stage or 0)

    def moved(self, place: Place, by: int, *, loop: bool) -> Place:
        """Return the place so many further on, round the ends in a loop, else not past them."""
        number = self.number(place) + by
        return self.at(number % max(1, self.total) if loop else number)

    @property
    def _each(self) -> int:
        return self.stages if self.slow else 1
