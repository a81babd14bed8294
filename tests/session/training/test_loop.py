from __future__ import annotations

from queue import SimpleQueue
from typing import Any

import numpy as np
import pytest
from trainingjobs import dogs_job, replayed, text_job

from rnnviz.session.training import commands
from rnnviz.session.training.job import TextTask
from rnnviz.session.training.loop import Loop
from rnnviz.session.training.messages import Order, Report, decode, encode
from rnnviz.session.training.pipe import NEXT


class Window:
    """The other end of a loop, in the same thread."""

    def __init__(self) -> None:
        self.inbox: SimpleQueue[bytes] = SimpleQueue()
        self.sent: list[bytes] = []
        self.loop = Loop(self.inbox, self.sent.append)
        self.number = 0

    def tell(self, command: commands.Command) -> None:
        self.number += 1
        self.inbox.put(encode(Order(self.number, command)))
        self.loop.turn()

    def ask(self) -> None:
        self.inbox.put(NEXT)
        self.loop.turn()

    def turn(self, times: int = 1) -> None:
        for _ in range(times):
            self.loop.turn()

    def reports(self) -> list[Report]:
        found: list[Any] = [decode(frame) for frame in self.sent]
        self.sent.clear()
        return found


@pytest.fixture
def window() -> Window:
    return Window()


def test_a_new_job_is_reported_at_once(window: Window) -> None:
    window.tell(commands.Start(dogs_job()))
    (report,) = window.reports()
    assert (report.applied, report.update, report.left, report.trouble) == (1, 0, None, "")
    np.testing.assert_array_equal(report.flat, dogs_job().parameters.flat)


def test_reports_wait_to_be_asked_for_and_leave_no_update_out(window: Window) -> None:
    window.tell(commands.Start(text_job()))
    window.reports()
    window.turn(7)
    assert window.reports() == []
    window.ask()
    window.turn(5)
    window.ask()
    first, second = window.reports()
    assert (first.update, second.update) == (7, 12)
    np.testing.assert_array_equal(np.hstack([first.table, second.table]), replayed(text_job(), 12))


def test_nothing_new_is_not_reported(window: Window) -> None:
    window.tell(commands.Start(dogs_job(left=1)))
    window.ask()
    window.turn()
    assert [report.update for report in window.reports()] == [0, 1]
    window.ask()
    assert window.reports() == []


def test_a_command_is_acknowledged_even_while_paused(window: Window) -> None:
    window.tell(commands.Start(dogs_job(left=0)))
    window.ask()
    window.tell(commands.SetClip(0.5))
    assert [report.applied for report in window.reports()] == [1, 2]


def test_what_went_wrong_is_said_once(window: Window) -> None:
    window.tell(commands.Start(text_job(task=TextTask(np.array([0]), length=5, size=3))))
    window.ask()
    window.tell(commands.Pause())
    assert [bool(report.trouble) for report in window.reports()] == [True, False]


def test_another_job_drops_what_was_not_told_of_the_first(window: Window) -> None:
    window.tell(commands.Start(text_job()))
    window.turn(7)
    window.tell(commands.Start(dogs_job(update=3)))
    window.ask()
    report = window.reports()[-1]
    assert (report.applied, report.update, report.table.shape[1]) == (2, 3, 0)
