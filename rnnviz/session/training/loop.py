"""The training loop: updates one after the other, and between them whatever the window wants."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from rnnviz import engine as e
from rnnviz.session.training.commands import Start
from rnnviz.session.training.learner import Learner
from rnnviz.session.training.messages import Hello, Order, Report, decode, encode
from rnnviz.session.training.pipe import NEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue


class Loop:
    """Carries out the orders of `inbox` and sends reports through `send`, both as frames."""

    def __init__(self, inbox: SimpleQueue[bytes], send: Callable[[bytes], None]) -> None:
        self._inbox = inbox
        self._send = send
        self._learner: Learner | None = None
        self._applied = 0
        self._is_wanted = True  # the window waits for a report
        self._has_news = False  # there is something to report

    def run(self) -> NoReturn:
        """Go on for ever: the process ends when its pipe closes."""
        e.limit_threads()
        self._send(encode(Hello(os.getpid(), "PySide6" in sys.modules)))
        while True:
            self.turn()

    def turn(self) -> None:
        """Make an update; or, if something has come or there is nothing to do, take in what comes next."""
        learner = self._learner
        if learner is not None and learner.can_learn and self._inbox.empty():
            learner.learn()
            self._has_news = True
        else:
            self._hear(self._inbox.get())
        if self._has_news and self._is_wanted and self._learner is not None:
            self._report(self._learner)

    def _hear(self, frame: bytes) -> None:
        if frame == NEXT:
            self._is_wanted = True
            return
        order: Order = decode(frame)
        self._applied, self._has_news = order.number, True
        if isinstance(order.command, Start):
            self._learner = Learner(order.command.job)
        elif self._learner is not None:
            self._learner.obey(order.command)

    def _report(self, learner: Learner) -> None:
        job = learner.job
        report = Report(
            applied=self._applied,
            update=job.update,
            left=job.left,
            flat=job.parameters.flat,
            optimizer_state=job.optimizer_state,
            table=learner.take_table(),
            trouble=learner.trouble,
        )
        self._send(encode(report))
        learner.trouble, self._has_news, self._is_wanted = "", False, False
