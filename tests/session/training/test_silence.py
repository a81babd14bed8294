from __future__ import annotations

import pytest

from rnnviz.session.training.silence import Silence


def test_silence_adds_up_until_something_is_heard() -> None:
    silence = Silence(now=10.0)
    assert silence.look(10.05, heard=False) == pytest.approx(0.05)
    assert silence.look(10.1, heard=False) == pytest.approx(0.1)
    assert silence.look(10.15, heard=True) == 0.0
    assert silence.look(10.2, heard=False) == pytest.approx(0.05)


def test_our_own_absence_is_not_silence() -> None:
    silence = Silence(now=0.0, longest=0.1)
    assert silence.look(3600.0, heard=False) == pytest.approx(0.1)
