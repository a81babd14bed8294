"""Commands that hold what is picked, let go of it, and choose what panels show: A, B or a difference."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.app.actions import Command
from rnnviz.panels.base.holding import hold, is_held, let_all_go, let_go, place_of, value_at
from rnnviz.session.errors import EditError
from rnnviz.session.sight import in_sight

if TYPE_CHECKING:
    from rnnviz.app.actions import Actions
    from rnnviz.session.session import Moment, Session
    from rnnviz.session.sight import Sight

MENU, VIEW = "Knock-out", "View"
NO_UNIT = "Pick a unit of a state or a gate first, in the timeline, the network or the equations."
NO_SECOND = "There is no second sequence; choose B in the sequence panel to have one."
NO_HOLD = "Nothing is held; hold a unit or a gate first."
SIGHTS: tuple[tuple[Sight, str, str], ...] = (
    ("a", "Show sequence A", "Show the first sequence in every panel"),
    ("b", "Show sequence B", "Show the second sequence, read by the same network, in every panel"),
    ("difference", "Show B − A", "Show in every panel how far the values of B are from those of A"),
    (
        "effect",
        "Show held − untouched",
        "Show in every panel how far values are from those of the network in which nothing is held",
    ),
)


class HoldControl(QObject):
    """Carries out the commands. refused(str): one sentence why not."""

    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session

    def hold_at_zero(self) -> None:
        """Hold the unit that is picked at 0 from the playhead's step on."""
        self._hold(0.0)

    def hold_as_it_is(self) -> None:
        """Hold the unit that is picked at the value that it has at the playhead's step."""
        place = place_of(self.session, self.session.moment.selection)
        self._hold(None if place is None else value_at(self.session, place))

    def _hold(self, value: float | None) -> None:
        place = place_of(self.session, self.session.moment.selection)
        if place is None or value is None:
            self.refused.emit(NO_UNIT)
            return
        try:
            hold(self.session, place, value)
        except EditError as error:
            self.refused.emit(str(error))

    def let_go(self) -> None:
        """Let go of the unit that is picked."""
        place = place_of(self.session, self.session.moment.selection)
        if place is None:
            self.refused.emit(NO_UNIT)
        elif not is_held(self.session, place):
            self.refused.emit("What is picked is not held.")
        else:
            let_go(self.session, place)

    def let_all_go(self) -> None:
        """Let go of everything."""
        if self.session.document.state.interventions:
            let_all_go(self.session)
        else:
            self.refused.emit(NO_HOLD)

    def look_at(self, sight: Sight, _checked: bool = False) -> None:
        """Choose the sequence, or the difference, that every panel shows."""
        if in_sight(self.session.document.state, sight) != sight:
            self.refused.emit(NO_HOLD if sight == "effect" else NO_SECOND)
        else:
            self.session.playback.look_at_sequence(sight)


def hold_commands(control: HoldControl) -> tuple[Command, ...]:
    """Return the commands that hold and let go."""
    zero = "Knock out the unit that is picked: it is 0 from the playhead’s step on"
    as_is = "Let the unit that is picked keep the value that it has at the playhead’s step"
    return (
        Command("hold-zero", MENU, "Hold the picked unit at 0", zero, control.hold_at_zero, ("H",)),
        Command("hold-as-is", MENU, "Hold the picked unit as it is", as_is, control.hold_as_it_is),
        Command(
            "let-go", MENU, "Let go of the picked unit", "Compute it as its equation says", control.let_go
        ),
        Command(
            "let-all-go", MENU, "Let go of everything", "Show the untouched network again", control.let_all_go
        ),
    )


def sight_commands(control: HoldControl) -> tuple[Command, ...]:
    """Return the commands that choose what is compared."""
    return tuple(
        Command(f"sight-{sight}", VIEW, text, tip, partial(control.look_at, sight), checkable=True)
        for sight, text, tip in SIGHTS
    )


class SightActions(QObject):
    """Lets the actions show which sequence or difference is shown."""

    def __init__(self, control: HoldControl, actions: Actions) -> None:
        super().__init__(control)
        self._session = control.session
        self._actions = actions
        self._session.moment_changed.connect(self._on_moment_changed)
        for sight, _, _ in SIGHTS:
            actions[f"sight-{sight}"].triggered.connect(self._read_back)
        self._read_back()

    def _on_moment_changed(self, _old: Moment, _new: Moment) -> None:
        self._read_back()

    def _read_back(self) -> None:
        now = in_sight(self._session.document.state, self._session.playback.sight)
        for sight, _, _ in SIGHTS:
            self._actions[f"sight-{sight}"].setChecked(sight == now)
