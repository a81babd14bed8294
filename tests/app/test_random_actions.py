"""A user without a plan acts in the real window: nothing breaks, and all of it can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from randomactions import live

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow

ACTIONS = 75


@pytest.mark.parametrize("seed", [0, 1])
def test_random_actions_break_nothing_and_can_all_be_undone(window: MainWindow, seed: int) -> None:
    live(window, ACTIONS, seed)
