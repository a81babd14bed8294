"""From the session's moment to the scene that figures draw."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.figures.scene import Scene
from rnnviz.figures.signal import in_brief
from rnnviz.session.signals import values_of

if TYPE_CHECKING:
    from rnnviz.session.reading import Reading
    from rnnviz.session.session import Moment


def scene_of(moment: Moment) -> Scene:
    """Return what figures need to know of a moment."""
    state = moment.state
    return Scene(
        spec=state.spec,
        parameters=state.parameters,
        vocabulary=state.vocabulary.tokens,
        inputs=_shown(state.inputs, state.reads),
        targets=_shown(state.targets, state.reads),
        silent=state.silent,
        analysis=moment.analysis,
        step=moment.step,
        focus=moment.focus,
        columns=moment.columns,
        reads=state.reads,
        signal=values_of(state.text) if state.reads == "numbers" else None,
        baseline=moment.baseline,
        selection=moment.selection,
        frozen=state.frozen,
        stale=moment.stale,
        spectra=moment.spectra,
        notation=moment.notation,
        stage=moment.stage,
        interventions=state.interventions,
        untouched=moment.untouched,
    )


def _shown(tokens: tuple[str, ...], reads: Reading) -> tuple[str, ...]:
    """Return tokens as figures write them: of a number the first few digits."""
    return _brief(tokens) if reads == "numbers" else tokens


@lru_cache(maxsize=8)
def _brief(steps: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(in_brief(row, 3) for row in values_of(" ".join(steps)).tolist())
