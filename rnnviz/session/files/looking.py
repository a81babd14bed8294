"""From a session to what a file keeps of it, and back: the document, its curves, where somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from rnnviz.engine.notation import Notation
from rnnviz.session.files.kept import Kept
from rnnviz.session.files.schema import View
from rnnviz.session.playback import SPEEDS
from rnnviz.session.selection import fitted
from rnnviz.session.sight import seen

if TYPE_CHECKING:
    from rnnviz.engine.selection import Selection
    from rnnviz.session.files.kept import Extras
    from rnnviz.session.playback import Playback
    from rnnviz.session.session import Session
    from rnnviz.session.state import DocumentState


def view_of(playback: Playback) -> View:
    """Return where the playhead is and what is looked at there."""
    return View(
        step=playback.step,
        stage=playback.stage,
        focus=playback.focus,
        sight=playback.sight,
        columns=playback.columns,
        selection=playback.selection,
        notation=playback.notation,
        loop=playback.loop,
        speed=playback.speed,
    )


def kept_of(session: Session, extras: Extras) -> Kept:
    """Return what a file would keep of a session, and what nobody knows of the file that it came from."""
    return Kept(session.document.state, session.training.record, view_of(session.playback), extras)


def show(session: Session, kept: Kept) -> None:
    """Show what a file keeps: the document, which no undo leads out of, its curves and the same place."""
    session.training.stop()
    session.document.open(kept.state)
    session.training.recall(kept.record)
    look(session.playback, kept.view, kept.state)


def from_its_start(session: Session) -> View:
    """Return the first step of another document, seen in the same way."""
    p = session.playback
    stage = None if p.stage is None else 0
    return View(stage=stage, notation=p.notation, loop=p.loop, speed=p.speed)


def look(playback: Playback, view: View, state: DocumentState) -> None:
    """Look at the same place of a document that is shown already, as far as it has such a place.

    What it has not is left as it is: where somebody looked is no reason to refuse a document.
    """
    playback.pause()
    playback.look_at_sequence(view.sight)
    if view.notation in get_args(Notation):
        playback.set_notation(view.notation)  # type: ignore[arg-type]  # just looked up
    layer, direction = view.focus
    if -1 <= layer < state.spec.num_layers and 0 <= direction < state.spec.directions:
        playback.look_at(layer, direction)
    _look_at_steps(playback, view)
    playback.set_loop(view.loop)
    if view.speed in SPEEDS:
        playback.set_speed(view.speed)
    picked = view.selection
    playback.select(fitted(picked, seen(state, view.sight)) if picked and _counts_from_0(picked) else None)


def _counts_from_0(picked: Selection) -> bool:
    """Whether no place is negative, as Python would take for one at the end."""
    places: list[int] = [picked.unit or 0, picked.layer, picked.direction, *(picked.pair or ())]
    if picked.weight is not None:
        places += [picked.weight.row, picked.weight.column]
    return all(place >= 0 for place in places)


def _look_at_steps(playback: Playback, view: View) -> None:
    playback.show_columns(None)
    playback.set_slow(view.stage is not None)
    playback.seek(view.step)
    if view.stage is not None:
        playback.seek_stage(view.stage)
    if view.columns is not None and 0 <= view.columns[0] < view.columns[1] <= playback.steps:
        playback.show_columns(view.columns)
