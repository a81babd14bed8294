from __future__ import annotations

import io
from itertools import chain, repeat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.app.progress import LOG_SECONDS, Progress, bar, rough

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SPEC = e.NetworkSpec("rnn", 2, 1, 2)
FOUND = e.Trainer(SPEC, e.initialise(SPEC), e.SGD()).step(e.Batch([[0]], [[1]]))


class Stream(io.StringIO):
    """What a terminal, or a file, has been sent."""

    def __init__(self, encoding: str = "utf-8", terminal: bool = True) -> None:
        super().__init__()
        self._encoding, self._terminal = encoding, terminal

    @property
    def encoding(self) -> str:
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal


def clock(*seconds: float) -> Callable[[], float]:
    """Return a clock that shows 0 and then these times, and the last one ever after."""
    return chain((0.0, *seconds), repeat(seconds[-1])).__next__


def shown(stream: Stream, updates: int, times: Iterable[float], losses: Iterable[float]) -> str:
    with Progress(updates, stream, clock(*times)) as progress:
        for number, loss in enumerate(losses, 1):
            progress.tell(FOUND._replace(update=number, loss=loss, tokens=2.0))
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def test_a_terminal_has_one_line_that_is_rewritten_and_wiped_out() -> None:
    text = shown(Stream(), 10, (1.0, 2.0, 2.01, 4.0), (6.0, 2.0, 8.0, 4.0))
    first, second, third, wiped, rest = text.split("\r")[1:]
    assert first.rstrip() == "━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 1 of 10 updates (1/s), loss 3, 9 s left"
    assert second.rstrip().endswith("2 of 10 updates (1/s), loss 1, 8 s left")
    # Too soon for the third update; the fourth shows the mean of both.
    assert third.rstrip().endswith("4 of 10 updates (1/s), loss 3, 6 s left")
    assert wiped.isspace()
    assert rest == ""
    assert "\n" not in text
    assert {len(line) for line in (first, second, third, wiped)} == {99}


def test_a_file_has_a_line_now_and_then() -> None:
    times = (1.0, LOG_SECONDS, LOG_SECONDS + 1, 2 * LOG_SECONDS)
    text = shown(Stream(terminal=False), 1000, times, (2.0, 4.0, 1.0, 3.0))
    assert text == (
        "2 of 1,000 updates (0.2/s), loss 1.5, 83 min left\n4 of 1,000 updates (0.2/s), loss 1, 83 min left\n"
    )


def test_a_short_run_is_over_before_there_is_something_to_tell() -> None:
    assert shown(Stream(terminal=False), 3, (1.0, 2.0, 3.0), (2.0, 4.0, 1.0)) == ""


@given(
    columns=st.integers(1, 200),
    updates=st.integers(1, 999_999_999),
    part=st.floats(0, 1),
    seconds=st.floats(0.1, 1e6),
    loss=st.floats(0) | st.just(float("nan")),
)
def test_no_line_is_too_long_for_its_terminal(
    columns: int, updates: int, part: float, seconds: float, loss: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Stream()
    snapshot = FOUND._replace(update=max(1, int(part * updates)), loss=loss)
    with Progress(updates, stream, clock(seconds)) as progress:
        progress.tell(snapshot)
    _, line, wiped, _ = stream.getvalue().split("\r")
    assert len(line) == len(wiped) == max(1, columns - 1)


def test_a_narrow_terminal_has_the_words_without_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = shown(Stream(), 10, (1.0,), (6.0,))
    assert text.split("\r")[1].rstrip() == "1 of 10 updates (1/s), loss 3, 9 s left"


def test_training_goes_on_when_nobody_looks_any_more() -> None:
    class Closed(Stream):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    assert shown(Closed(), 10, (1.0,), (6.0, 2.0)) == ""


@pytest.mark.parametrize(
    ("part", "encoding", "expected"),
    [(0.0, "utf-8", "╌╌╌╌"), (0.5, "utf-8", "━━╌╌"), (1.0, "utf-8", "━━━━"), (0.5, "cp1252", "##..")],
)
def test_a_bar_is_drawn_in_what_the_terminal_can_show(part: float, encoding: str, expected: str) -> None:
    assert bar(part, 4, encoding) == expected


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (99.4, "99 s"), (100, "2 min"), (5940, "99 min"), (6000, "2 h")]
)
def test_a_time_is_written_roughly(seconds: float, text: str) -> None:
    assert rough(seconds) == text
