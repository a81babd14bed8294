"""What can be asked of a training besides its optimiser."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from rnnviz.engine.errors import ShapeError, SpecError
from rnnviz.engine.losses import check_readout
from rnnviz.engine.parameters import parameter_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rnnviz.engine.arrays import Booleans, Integers
    from rnnviz.engine.spec import NetworkSpec


class Options(TypedDict, total=False):
    """The options of `train` and `Trainer`; each is a property of `TrainingOptions`, which tells of it."""

    loss: str | None
    clip_norm: float | None
    clip_value: float | None
    schedule: Callable[[int], float] | None
    frozen: Mapping[str, Booleans] | None
    truncate: int | None


class TrainingOptions:
    """The options of a training, None where one is not used; a new value takes effect at the next update.

    Each raises SpecError, one sentence naming it, if it makes no sense; frozen raises ShapeError if it does
    not fit the network.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        *,
        loss: str | None = None,
        clip_norm: float | None = None,
        clip_value: float | None = None,
        schedule: Callable[[int], float] | None = None,
        frozen: Mapping[str, Booleans] | None = None,
        truncate: int | None = None,
    ) -> None:
        self.spec = spec
        self._clip_norm: float | None = None
        self._clip_value: float | None = None
        self.loss = loss
        self.clip_norm = clip_norm
        self.clip_value = clip_value
        self.schedule = schedule
        self.frozen = frozen
        self.truncate = truncate

    @property
    def loss(self) -> str | None:
        """The loss, a key of `LOSSES` that belongs to the readout; None for the first of them."""
        return self._loss

    @loss.setter
    def loss(self, loss: str | None) -> None:
        if loss is not None:
            check_readout(self.spec, loss)
        self._loss = loss

    @property
    def clip_norm(self) -> float | None:
        """How long the gradient of all parameters may be."""
        return self._clip_norm

    @clip_norm.setter
    def clip_norm(self, clip_norm: float | None) -> None:
        self._require_limit("clip_norm", clip_norm, self._clip_value)
        self._clip_norm = clip_norm

    @property
    def clip_value(self) -> float | None:
        """How far from 0 every entry of the gradient may be."""
        return self._clip_value

    @clip_value.setter
    def clip_value(self, clip_value: float | None) -> None:
        self._require_limit("clip_value", clip_value, self._clip_norm)
        self._clip_value = clip_value

    @property
    def schedule(self) -> Callable[[int], float] | None:
        """The learning rate of update n, the first being 1; it takes the place of the optimiser's."""
        return self._schedule

    @schedule.setter
    def schedule(self, schedule: Callable[[int], float] | None) -> None:
        if schedule is not None and not callable(schedule):
            raise SpecError(f"schedule must be a function of the update's number, or None, not {schedule!r}.")
        self._schedule = schedule

    @property
    def frozen(self) -> Mapping[str, Booleans] | None:
        """Which entries never change, by parameter: masks of its shape, true where one is frozen.

        Their gradient is taken for 0, also where it is measured and clipped.
        """
        return self._frozen

    @frozen.setter
    def frozen(self, frozen: Mapping[str, Booleans] | None) -> None:
        held = None if frozen is None else _places(parameter_shapes(self.spec), frozen)
        self._frozen = None if frozen is None else {name: np.array(mask) for name, mask in frozen.items()}
        self._held = held if held is not None and len(held) else None

    @property
    def truncate(self) -> int | None:
        """Of how many steps the windows are that a batch is cut into, one update each.

        The state goes on from window to window; gradients do not go back.
        """
        return self._truncate

    @truncate.setter
    def truncate(self, truncate: int | None) -> None:
        if truncate is not None:
            _require_steps(truncate)
        if truncate is not None and self.spec.bidirectional:
            raise SpecError(
                "truncate must be None for a bidirectional network, whose way back begins at the last step."
            )
        self._truncate = truncate

    def _require_limit(self, field: str, limit: float | None, other: float | None) -> None:
        """Refuse a clipping that clips everything, and the second of two."""
        if limit is None:
            return
        if not limit > 0:
            raise SpecError(f"{field} must be a number above 0, or None, not {limit!r}.")
        if other is not None:
            raise SpecError(f"{field} must be None here: a gradient is clipped by its norm or by its values.")


def _require_steps(truncate: object) -> None:
    if isinstance(truncate, bool) or not isinstance(truncate, int | np.integer) or truncate < 1:
        raise SpecError(f"truncate must be a whole number of at least 1, or None, not {truncate!r}.")


def _places(shapes: Mapping[str, tuple[int, ...]], frozen: Mapping[str, Booleans]) -> Integers:
    """Return where the frozen entries are in a flat buffer of all parameters."""
    for name, mask in frozen.items():
        if name not in shapes:
            raise ShapeError(f"frozen has no {name!r} in this network; it has {', '.join(shapes)}.")
        mask = np.asarray(mask)
        if mask.shape != shapes[name] or mask.dtype != bool:
            raise ShapeError(
                f"frozen[{name!r}] must be true or false in the shape {shapes[name]}, "
                f"not {mask.dtype} of shape {mask.shape}."
            )
    masks = (np.asarray(frozen.get(name, np.zeros(shape, bool))) for name, shape in shapes.items())
    return np.flatnonzero(np.concatenate([mask.ravel() for mask in masks]))


def scheduled_rate(schedule: Callable[[int], float], update: int) -> float:
    """Return the learning rate of an update. Raises SpecError if it makes no sense."""
    rate = schedule(update)
    if not (isfinite(rate) and rate >= 0):
        raise SpecError(
            f"schedule must give a finite rate of at least 0, not {rate!r} for update {update:,}."
        )
    return rate
