"""The two ends of the pipe: what is said with a single byte, and who may speak when.

The worker sends a beat ten times a second, whatever it is doing, so that silence means that it is dead or
stuck. It sends a report only when the window has asked for the next one, which the window does once a frame;
so a window that is busy gets fewer and longer reports, and nothing ever piles up in the pipe.
"""

from __future__ import annotations

BEAT = b"."
"""From the worker: I am alive."""

NEXT = b"?"
"""From the window: I have shown your last report, send the next when there is something new."""

BEAT_SECONDS = 0.1
