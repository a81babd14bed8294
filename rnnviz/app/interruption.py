"""Ctrl+C as a wish to stop at the next good moment, not an exception in the middle of something."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType, TracebackType


class Interruption:
    """Notes Ctrl+C, and a request to terminate, during a `with` block in the main thread.

    A second one acts as it always does: an exception, or the end of the process. What the process was started
    to ignore stays ignored, such as the Ctrl+C of a shell's background job.
    """

    def __init__(self) -> None:
        self._exit_code = 0
        self._before: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """What shells expect of a command that a signal stopped, 128 + its number; 0 if none has come."""
        return self._exit_code

    def __enter__(self) -> Interruption:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                self._before[number] = signal.signal(number, self._note)
        return self

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._exit_code = 128 + number
        self._restore()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
