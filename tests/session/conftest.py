from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rnnviz.session import presets

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState


@pytest.fixture
def dogs() -> DocumentState:
    return presets.load("dogs")
