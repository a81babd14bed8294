"""The short form of `tests/soak/kill_editing.py`: windows that are killed, closed, and killed once more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from editing import GRACE, close_while_editing, kill_while_editing, recover_and_kill

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="listens to pipes in another way there")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_window_loses_at_most_a_second(seed: int, tmp_path: Path) -> None:
    killed = kill_while_editing(tmp_path, seed)
    assert killed.wrong == ""
    assert killed.seconds <= 2 * GRACE  # other tests may be running beside this one


@pytest.mark.parametrize("seed", [3, 4])
def test_a_closed_window_leaves_nothing_to_offer(seed: int, tmp_path: Path) -> None:
    assert close_while_editing(tmp_path, seed) == ""


def test_a_crash_while_a_crash_is_recovered_loses_nothing(tmp_path: Path) -> None:
    assert recover_and_kill(tmp_path, 5) == ""
