"""How a network learns: what the training panel sets and a file would keep."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, Literal, TypeAlias, get_args

from rnnviz.engine import OPTIMIZERS
from rnnviz.session.errors import EditError

Source: TypeAlias = Literal["sequence", "text"]

MAX_RATE = 1e6
"""A rate at which every network explodes; that is shown, and no rate above it shows more."""

MAX_BATCH = 4096
WINDOWS = (2, 1000)
MAX_SEED = 2**32 - 1


@dataclass(frozen=True)
class TrainingSettings:
    """What is learnt and how fast; two settings are equal if all their fields are.

    optimizer: the rule of an update, a key of `OPTIMIZERS`; rate: its η. clip: the longest gradient, a norm,
    None for any length. source: "sequence" learns the sequence that is shown, at every update the same;
    "text" learns batches of `batch` windows of `window` steps each, cut out of the whole text and shuffled by
    `seed`. Raises EditError, one sentence.
    """

    rate: float = 0.1
    clip: float | None = None
    batch: int = 16
    window: int = 25
    seed: int = 0
    source: Source = "sequence"
    optimizer: str = "sgd"

    def __post_init__(self) -> None:
        # NaN is refused, too: it is not between any two numbers.
        if not 0 < self.rate <= MAX_RATE:
            raise EditError(
                f"The learning rate must be above 0 and at most {MAX_RATE:,.0f}, not {self.rate:g}."
            )
        if self.clip is not None and not (self.clip > 0 and isfinite(self.clip)):
            raise EditError(f"The gradient can be clipped to a length above 0 only, not {self.clip:g}.")
        _require("A batch has {} to {} windows, not {}.", 1, MAX_BATCH, self.batch)
        _require("A window has {} to {} steps, not {}.", *WINDOWS, self.window)
        _require("The seed must be from {} to {}, not {}.", 0, MAX_SEED, self.seed)
        if self.source not in get_args(Source):
            raise EditError(f"A network learns from the sequence or the text, not from “{self.source}”.")
        if self.optimizer not in OPTIMIZERS:
            raise EditError(
                f"There is no optimiser “{self.optimizer}”; choose one of {', '.join(OPTIMIZERS)}."
            )


def _require(sentence: str, least: int, most: int, value: int) -> None:
    if not least <= value <= most:
        raise EditError(sentence.format(*(f"{number:,}" for number in (least, most, value))))


def usual_rate(optimizer: str) -> float:
    """Return the rate at which an optimiser learns unless told otherwise."""
    usual: dict[str, Any] = {field.name: field.default for field in fields(OPTIMIZERS[optimizer])}
    return float(usual["lr"])
