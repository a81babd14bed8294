"""Work beside the interface: it is told once, the newest wins, what is cancelled is never told."""

from __future__ import annotations

from threading import Event
from threading import enumerate as threads
from typing import TYPE_CHECKING

import pytest

from rnnviz.session.background import Background

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def told(qapp: object) -> tuple[Background, list[tuple[object, bool]]]:
    assert qapp is not None
    background, found = Background(), list[tuple[object, bool]]()
    background.found.connect(lambda result, newest: found.append((result, newest)))
    return background, found


def has_thread() -> bool:
    return any(thread.name == "rnnviz-background" for thread in threads())


def test_work_is_told_once_and_its_thread_ends(told, qtbot: QtBot) -> None:
    background, found = told
    background.ask(lambda: 7)
    assert background.is_awaited
    qtbot.waitUntil(lambda: found == [(7, True)])
    assert not background.is_awaited
    qtbot.waitUntil(lambda: not has_thread())
    background.ask(lambda: 8)
    qtbot.waitUntil(lambda: found == [(7, True), (8, True)])


def test_of_what_waits_only_the_newest_is_done(told, qtbot: QtBot) -> None:
    background, found = told
    gate, begun, done = Event(), Event(), list[int]()

    def first() -> int:
        begun.set()
        gate.wait()
        return 0

    background.ask(first)
    begun.wait()
    for number in range(1, 5):
        background.ask(lambda n=number: done.append(n) or n)
    gate.set()
    qtbot.waitUntil(lambda: not background.is_awaited)
    assert done == [4]
    assert found[-1] == (4, True)
    assert found[:-1] in ([], [(0, False)])


def test_what_is_cancelled_is_never_told(told, qtbot: QtBot) -> None:
    background, found = told
    gate = Event()
    background.ask(lambda: gate.wait() and 1)
    background.cancel()
    assert not background.is_awaited
    background.ask(lambda: 2)
    gate.set()
    qtbot.waitUntil(lambda: not background.is_awaited)
    assert found == [(2, True)]


def test_an_error_is_raised_where_it_is_seen(told, qtbot: QtBot) -> None:
    background, found = told
    with qtbot.captureExceptions() as raised:
        background.ask(lambda: 1 // 0)
        qtbot.waitUntil(lambda: not background.is_awaited)
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    background.ask(lambda: 3)
    qtbot.waitUntil(lambda: found == [(3, True)])
