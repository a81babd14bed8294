"""Which figures go on slides, and what their notes say of where the numbers come from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import rnnviz
from rnnviz.app.statusbar import network_in_words
from rnnviz.export.pptx import Slide
from rnnviz.figures.gallery import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rnnviz.figures.model import Figure
    from rnnviz.session.session import Session


def source_of(session: Session) -> str:
    """Say where the numbers of a figure come from: document, network, training, step, program."""
    moment = session.moment
    state = moment.state
    updates = f" after {state.updates:,} updates of training" if state.updates else ""
    step = f", step {moment.step + 1:,} of {state.steps:,}" if state.steps else ""
    return (
        f"All numbers are computed from “{state.title}”: {network_in_words(moment)}{updates}{step}. "
        f"Made with RNNViz {rnnviz.__version__}."
    )


def figure_named(session: Session, name: str) -> Figure:
    """Return a figure of what a session shows, by its name in the gallery."""
    from rnnviz.panels.base.curves import TrainingCurves
    from rnnviz.panels.base.scene import scene_of

    curves = TrainingCurves().of(session.training.record, session.document.state.settings.clip)
    return FIGURES[name].figure(replace(scene_of(session.moment), curves=curves))


def slides_of(session: Session, names: Sequence[str]) -> Iterator[Slide]:
    """Yield a slide for each figure, by their names; of several, those with nothing to show are left out."""
    source = source_of(session)
    for name in names:
        figure = figure_named(session, name)
        if figure.plots or len(names) == 1:
            yield Slide(figure, source)
