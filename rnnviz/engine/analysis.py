"""Everything the program shows of one sequence, in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.backward import Gradients, backward
from rnnviz.engine.flow import GradientFlow, gradient_flow
from rnnviz.engine.forward import forward
from rnnviz.engine.health import NonFinite, first_nonfinite
from rnnviz.engine.losses import Loss, loss_for, measure
from rnnviz.engine.verdict import Verdict, verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from rnnviz.engine.arrays import Integers
    from rnnviz.engine.interventions import Intervention
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
    interventions: Sequence[Intervention] = (),
    initial_state: Mapping[str, ArrayLike] | None = None,
    lender: Analysis | None = None,
) -> Analysis:
    """Analyse one sequence. tokens and targets: (T,), −1 in targets for no loss; T may be 0.

    Of numbers they are (T, I) and (T, O), NaN for no loss; the loss is that of the network's readout.
    steps: (start, stop) of the gradient flow and so of the verdict; all by default. initial_state: {"h":
    (L·D, 1, H), …}, zero by default. lender: an analysis whose flow and verdict are borrowed instead, since
    they take longer than all the rest.
    """
    trace = forward(spec, params, _column(tokens), initial_state, interventions=interventions)
    loss = measure(loss_for(spec), trace, _column(targets))
    gradients = backward(spec, params, trace, loss)
    if lender is None:
        flow, judged = judged_flow(spec, params, trace, loss, steps)
    else:
        flow, judged = lender.flow, lender.verdict
    return Analysis(trace, loss, gradients, flow, judged, first_nonfinite(trace, loss, gradients))


def judged_flow(
    spec: NetworkSpec, params: Parameters, trace: Trace, loss: Loss, steps: tuple[int, int] | None = None
) -> tuple[GradientFlow, Verdict]:
    """Return the gradient flow of a window of the first sequence to the top layer, and the verdict on it."""
    flow = gradient_flow(spec, params, trace, loss, steps=steps)
    return flow, verdict(spec, params, trace, flow)


def _column(integers: ArrayLike) -> Integers:
    """Return one sequence as a batch of one, (T, 1); NumPy would take an empty list for floats."""
    array = np.asarray(integers)
    return (array if array.size else array.astype(np.intp))[:, None]
