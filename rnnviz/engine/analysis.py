"""Everything the program shows of one sequence, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.backward import Gradients, backward
from rnnviz.engine.flow import GradientFlow, gradient_flow
from rnnviz.engine.forward import forward
from rnnviz.engine.health import NonFinite, first_nonfinite
from rnnviz.engine.losses import Loss, cross_entropy
from rnnviz.engine.verdict import Verdict, verdict

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Integers
    from rnnviz.engine.parameters import Parameters
    from rnnviz.engine.spec import NetworkSpec
    from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False, slots=True)
class Analysis:
    """One sequence run forwards and backwards; `trouble` is the first value that is not finite."""

    trace: Trace
    loss: Loss
    gradients: Gradients
    flow: GradientFlow
    verdict: Verdict
    trouble: NonFinite | None


def analyse(
    spec: NetworkSpec,
    params: Parameters,
    tokens: ArrayLike,
    targets: ArrayLike,
    steps: tuple[int, int] | None = None,
) -> Analysis:
    """Analyse one sequence of tokens. tokens and targets: (T,), −1 in targets for no loss; T may be 0.

    steps: (start, stop) of the gradient flow and so of the verdict; all by default.
    """
    trace = forward(spec, params, _column(tokens))
    loss = cross_entropy(trace, _column(targets))
    gradients = backward(spec, params, trace, loss)
    flow = gradient_flow(spec, params, trace, loss, steps=steps)
    judged = verdict(spec, params, trace, flow)
    return Analysis(trace, loss, gradients, flow, judged, first_nonfinite(trace, loss, gradients))


def _column(integers: ArrayLike) -> Integers:
    """Return one sequence as a batch of one, (T, 1); NumPy would take an empty list for floats."""
    array = np.asarray(integers)
    return (array if array.size else array.astype(np.intp))[:, None]
