"""How long somebody has said nothing, in time in which we could have heard it."""

from __future__ import annotations


class Silence:
    """Adds up the time between two looks, but never more than `longest` seconds at once.

    So a window that was blocked, or a computer that was asleep, does not take its own absence for another's.
    """

    def __init__(self, now: float, longest: float = 0.1) -> None:
        self.seconds = 0.0
        self._looked = now
        self._longest = longest

    def look(self, now: float, *, heard: bool) -> float:
        """Return how many seconds of silence there are up to `now`; none if something was heard."""
        self.seconds = 0.0 if heard else self.seconds + min(now - self._looked, self._longest)
        self._looked = now
        return self.seconds
