from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from rnnviz.engine import OPTIMIZERS
from rnnviz.session.errors import EditError
from rnnviz.session.settings import TrainingSettings, usual_rate


def test_settings_are_values() -> None:
    assert TrainingSettings() == TrainingSettings(rate=0.1, clip=None, batch=16, window=25, seed=0)
    assert TrainingSettings() != TrainingSettings(clip=1.0)
    with pytest.raises(FrozenInstanceError):
        TrainingSettings().rate = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    "fields",
    [
        {"rate": 1e-300},
        {"rate": 1e6},
        {"clip": 1e-9},
        {"clip": None},
        {"batch": 1},
        {"batch": 4096},
        {"window": 2},
        {"window": 1000},
        {"seed": 0},
        {"seed": 2**32 - 1},
        {"source": "text"},
        {"optimizer": "sgd"},
    ],
)
def test_the_ends_of_every_range_are_allowed(fields: dict[str, Any]) -> None:
    (name, value), *_ = fields.items()
    assert getattr(TrainingSettings(**fields), name) == value


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"rate": 0}, "The learning rate must be above 0 and at most 1,000,000, not 0."),
        ({"rate": -0.1}, "The learning rate must be above 0 and at most 1,000,000, not -0.1."),
        ({"rate": 1.1e6}, "The learning rate must be above 0 and at most 1,000,000, not 1.1e+06."),
        ({"rate": float("inf")}, "The learning rate must be above 0 and at most 1,000,000, not inf."),
        ({"rate": float("nan")}, "The learning rate must be above 0 and at most 1,000,000, not nan."),
        ({"clip": 0}, "The gradient can be clipped to a length above 0 only, not 0."),
        ({"clip": float("nan")}, "The gradient can be clipped to a length above 0 only, not nan."),
        ({"clip": float("inf")}, "The gradient can be clipped to a length above 0 only, not inf."),
        ({"batch": 0}, "A batch has 1 to 4,096 windows, not 0."),
        ({"batch": 5000}, "A batch has 1 to 4,096 windows, not 5,000."),
        ({"window": 1}, "A window has 2 to 1,000 steps, not 1."),
        ({"window": 1001}, "A window has 2 to 1,000 steps, not 1,001."),
        ({"seed": -1}, "The seed must be from 0 to 4,294,967,295, not -1."),
        ({"source": "dogs"}, "A network learns from the sequence or the text, not from “dogs”."),
    ],
)
def test_what_is_out_of_range_is_refused_in_a_sentence(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EditError) as caught:
        TrainingSettings(**fields)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_every_optimiser_has_a_usual_rate(name: str) -> None:
    settings = TrainingSettings(rate=usual_rate(name), optimizer=name)
    assert settings.rate == OPTIMIZERS[name]().lr


def test_an_unknown_optimiser_is_refused_with_the_known_ones() -> None:
    with pytest.raises(EditError, match=r"no optimiser “lion”; choose one of .*sgd"):
        TrainingSettings(optimizer="lion")
