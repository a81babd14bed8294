"""What every panel in sight would show if the engine had run everything anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from figuredata import same

from rnnviz import engine as e
from rnnviz.panels.base.scene import scene_of

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow
    from rnnviz.session.session import Moment
    from rnnviz.session.state import DocumentState


def analysed(state: DocumentState, window: tuple[int, int]) -> e.Analysis:
    """What the engine says of a document."""
    return e.analyse(
        state.spec,
        state.parameters,
        state.x,
        state.y,
        steps=window,
        interventions=state.interventions,
        initial_state=state.initial,
    )


def fresh(moment: Moment, first: DocumentState) -> Moment:
    """The same place of the same document, with everything found anew; first: with the first sequence."""
    state = moment.state
    window = e.visible_steps(state.steps, moment.step, current=moment.window)
    free = analysed(replace(state, interventions=()), (0, 0)) if state.interventions else None
    of_effect = moment.baseline is not None and moment.baseline is moment.untouched
    of_first = None if moment.baseline is None else analysed(first, (0, 0))
    return replace(
        moment,
        analysis=analysed(state, window),
        baseline=free if of_effect else of_first,
        untouched=free,
        stale=False,
        spectra=None,
    )


def panels_not_fresh(window: MainWindow) -> list[str]:
    """The panels in sight that show anything else than what a fresh run of the engine gives."""
    session = window.contents.session
    scene = scene_of(fresh(session.moment, session.document.state))
    panels = [panel for panel in window.contents.visible_panels() if panel.follows_edits]
    return [panel.name for panel in panels if not same(panel.view.figure, panel.draw(scene))]
