"""The Jacobian of every step of the window, found once for all figures that show them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.engine import CELLS, chain, step_bound

if TYPE_CHECKING:
    from rnnviz.engine import Analysis, Chain, NetworkSpec, Parameters, StepBound
    from rnnviz.figures.scene import Scene

MOST_WORK = 3e7
"""Steps times the cube of a Jacobian's rows, which is what singular values cost: as much as can be live."""


def state_size(spec: NetworkSpec) -> int:
    """Return S, how many numbers a layer hands from step to step: the rows of a Jacobian."""
    return spec.hidden_size * len(CELLS[spec.cell].states)


def is_live(spec: NetworkSpec, steps: int) -> bool:
    """Whether so many Jacobians can be found while something is dragged."""
    return steps * state_size(spec) ** 3 <= MOST_WORK


def links_between(scene: Scene, t: int, k: int) -> Chain:
    """Return the chain from s_t back to s_k of the flow's layer and direction, from 0."""
    return _links(scene.spec, scene.parameters, scene.analysis, t, k)


@lru_cache(maxsize=4)
def _links(spec: NetworkSpec, params: Parameters, analysis: Analysis, t: int, k: int) -> Chain:
    flow = analysis.flow
    return chain(spec, params, analysis.trace, t, k, flow.layer, flow.direction)


def bound_of_step(scene: Scene) -> StepBound:
    """Return what the weights alone say of a step of a plain network, in the flow's layer and direction."""
    flow = scene.analysis.flow
    return _bound(scene.spec, scene.parameters, flow.layer, flow.direction)


@lru_cache(maxsize=2)
def _bound(spec: NetworkSpec, params: Parameters, layer: int, direction: int) -> StepBound:
    return step_bound(spec, params, layer, direction)
