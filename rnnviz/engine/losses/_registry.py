"""The register of losses, and which of them a network can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rnnviz.engine.errors import SpecError
from rnnviz.engine.losses._base import Loss, LossKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace

LOSSES: dict[str, LossKind] = {}

_Class = TypeVar("_Class", bound=type[LossKind])


def register(name: str) -> Callable[[_Class], _Class]:
    """Enter a class of losses, which takes no arguments, under `name`."""

    def enter(kind: _Class) -> _Class:
        LOSSES[name] = kind()
        return kind

    return enter


def loss_for(spec: NetworkSpec) -> str:
    """Return the loss that belongs to a network's readout."""
    return next(name for name, kind in LOSSES.items() if kind.readout == spec.readout)


def check_readout(spec: NetworkSpec, loss: str) -> None:
    """Refuse a loss that is unknown or that belongs to another readout, with a SpecError."""
    if loss not in LOSSES:
        raise SpecError(f"loss must be one of {', '.join(LOSSES)}, not {loss!r}.")
    _check(loss, spec.readout)


def _check(loss: str, readout: str) -> None:
    wanted = LOSSES[loss].readout
    if readout != wanted:
        raise SpecError(f"readout must be {wanted} for the loss {loss}, not {readout}.")


@np.errstate(all="ignore")
def measure(loss: str, trace: Trace, targets: ArrayLike) -> Loss:
    """Return a loss of a trace. Raises SpecError if it belongs to another readout."""
    _check(loss, trace.readout)
    kind = LOSSES[loss]
    run = kind.run(trace, kind.checked_targets(trace, targets))
    run.fill()
    return run.loss()
