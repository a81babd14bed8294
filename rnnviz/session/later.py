"""What may follow a moment later: what takes longer to find than a frame, in a large network, may last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rnnviz import engine as e

if TYPE_CHECKING:
    from rnnviz.session.state import DocumentState

MOST_UNITS = 64
MOST_STEPS = 100  # of those that the gradient flow covers


@dataclass(frozen=True, eq=False, slots=True)
class Later:
    """The gradient flow, the verdict on it, and the spectra of the layer and direction looked at.

    spectra: None for matrices so small that figures find them themselves.
    """

    flow: e.GradientFlow
    verdict: e.Verdict
    focus: tuple[int, int]
    spectra: e.Spectra | None


def comes_later(spec: e.NetworkSpec, window: tuple[int, int]) -> bool:
    """Whether flow and spectra of a network take so long that the rest should not wait for them."""
    return spec.hidden_size > MOST_UNITS or window[1] - window[0] > MOST_STEPS


def spectra_of(
    state: DocumentState, focus: tuple[int, int], earlier: e.Spectra | None = None
) -> e.Spectra | None:
    """Return the spectra of a layer and direction if the network is large; `earlier`: known ones."""
    if state.spec.hidden_size <= MOST_UNITS:
        return None
    return e.spectra(state.spec, state.parameters, *focus, earlier=earlier)


def found_later(
    state: DocumentState,
    analysis: e.Analysis,
    window: tuple[int, int],
    focus: tuple[int, int],
    earlier: e.Spectra | None,
) -> Later:
    """Return what belongs to the trace and the loss of an analysis."""
    flow, verdict = e.judged_flow(state.spec, state.parameters, analysis.trace, analysis.loss, window)
    return Later(flow, verdict, focus, spectra_of(state, focus, earlier))
