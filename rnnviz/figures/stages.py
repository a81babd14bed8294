"""What a step shows in slow motion: only what has been computed so far."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.engine import stages

if TYPE_CHECKING:
    from rnnviz.engine import NetworkSpec
    from rnnviz.figures.scene import Scene


def known(scene: Scene, quantity: str) -> bool:
    """Return whether a quantity of the playhead's step, called as in a `Selection`, has been computed."""
    return scene.stage is None or quantity not in _later(scene.spec, scene.stage)


def is_new(scene: Scene, quantity: str) -> bool:
    """Return whether it is at this stage that a quantity has been computed."""
    return scene.stage is not None and quantity in stages(scene.spec)[scene.stage].computes


@lru_cache(maxsize=64)
def _later(spec: NetworkSpec, stage: int) -> frozenset[str]:
    return frozenset(name for later in stages(spec)[stage + 1 :] for name in later.computes)
