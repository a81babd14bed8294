"""From the session's moment to the scene that figures draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.figures.scene import Scene

if TYPE_CHECKING:
    from rnnviz.session.session import Moment


def scene_of(moment: Moment) -> Scene:
    """Return what figures need to know of a moment."""
    state = moment.state
    return Scene(
        spec=state.spec,
        parameters=state.parameters,
        vocabulary=state.vocabulary.tokens,
        inputs=state.inputs,
        targets=state.targets,
        silent=state.silent,
        analysis=moment.analysis,
        step=moment.step,
    )
