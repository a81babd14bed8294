"""The knock-out panel: what is held, and what that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QLabel

from rnnviz.panels._registry import register
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.figure_panel import TimePanel
from rnnviz.panels.base.hold_list import HoldList
from rnnviz.panels.base.holding import hold, let_all_go, name_of, place_of
from rnnviz.panels.base.zooming import Zooming
from rnnviz.panels.views.time_view import TimeView
from rnnviz.session.errors import EditError
from rnnviz.session.sight import in_sight

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme
    from rnnviz.session.session import Moment, Session
    from rnnviz.session.sight import Sight

TRAINING = "Training goes on in the untouched network; what is held is held in what you see only."
EVERYWHERE = (
    "Show in every panel how far its values are from those of the untouched network: held − untouched"
)
PICK_FIRST = (
    "Pick a unit of a state or a gate first: click its row in the timeline or its cell in the network"
)
PICKED = "Knock it out: set it to 0 from the playhead’s step on, and see what that changes"
ALL = "Let go of all that is held; undo holds it again"


@register("knock-out")
class KnockOutPanel(TimePanel):
    """Chips of what is held, above the strip of its effect in the columns of the timeline."""

    shows_flow = False
    view_type = TimeView

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(session, theme, parent)
        view = cast("TimeView", self.view)
        view.ruled = True
        self._before: Sight = "a"  # what was looked at before the effect was
        self.zooming = Zooming(session, view, self)
        self.picked = tool_button("", "small", PICKED)
        self.everywhere = tool_button("in every panel", "small", EVERYWHERE, checked=False)
        self.all = tool_button("let go of all", "small", ALL)
        self.holds = HoldList(session, (self.picked, self.everywhere, self.all), self)
        self.training = QLabel(TRAINING)
        self.training.setProperty("class", "note")
        self.training.setWordWrap(True)
        self.box.insertWidget(0, self.holds)
        self.box.insertWidget(1, self.training)
        self.holds.refused.connect(self.refused)
        self.picked.clicked.connect(self._on_picked_clicked)
        self.everywhere.clicked.connect(self._on_everywhere_clicked)
        self.all.clicked.connect(self._on_all_clicked)
        view.menu_asked.connect(self.selecting.show_menu)
        session.training.state_changed.connect(self._read_back)
        self._read_back()

    def _on_picked_clicked(self) -> None:
        place = place_of(self.session, self.session.moment.selection)
        if place is None:
            return
        try:
            hold(self.session, place, 0.0)
        except EditError as error:
            self.refused.emit(str(error))

    def _on_everywhere_clicked(self, checked: bool) -> None:
        playback = self.session.playback
        if checked:
            self._before = playback.sight
        playback.look_at_sequence("effect" if checked else self._before)

    def _on_all_clicked(self) -> None:
        let_all_go(self.session)

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        same = (
            old.selection == new.selection
            and old.state is new.state
            and old.step == new.step
            and old.baseline is new.baseline
            and old.notation == new.notation
        )
        if not same:
            self._read_back()
        super()._on_moment_changed(old, new)

    def _read_back(self) -> None:
        session, moment = self.session, self.session.moment
        place, anything = place_of(session, moment.selection), bool(moment.state.interventions)
        name = "the picked unit" if place is None else name_of(session, place)
        self.picked.setText(f"hold {name} at 0 from step {moment.step + 1}")
        self.holds.lay_out()
        self.picked.setEnabled(place is not None)
        self.picked.setToolTip(PICK_FIRST if place is None else PICKED)
        self.everywhere.setChecked(in_sight(session.document.state, session.playback.sight) == "effect")
        self.training.setVisible(anything and session.training.is_active)
