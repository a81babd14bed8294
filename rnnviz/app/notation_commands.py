"""The commands that choose the notation, and what their actions show of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from rnnviz.app.actions import Command
from rnnviz.app.network_commands import NETWORK, TRAINING
from rnnviz.figures.symbols import NOTATIONS
from rnnviz.figures.wording import SYMBOLS
from rnnviz.panels.base.tips import Tips

if TYPE_CHECKING:
    from rnnviz.app.actions import Actions
    from rnnviz.app.preferences import Preferences
    from rnnviz.engine.notation import Notation
    from rnnviz.session.playback import Playback
    from rnnviz.session.session import Session

TIPS: dict[Notation, str] = {
    "weights": "Write a_t = W_X x_t + W_H h_{t−1} + b, with W_Y and b_Y for the logits, in every panel",
    "letters": "Write U x_t + W S_{t−1} + b, with V and c for the output O_t, in every panel",
    "pytorch": "Write W_ih x_t + b_ih + W_hh h_{t−1} + b_hh, as PyTorch does, in every panel",
}


def notation_commands(playback: Playback) -> tuple[Command, ...]:
    """Return a command for every notation."""
    return tuple(
        Command(
            f"notation-{notation}",
            "View",
            f"Notation {title}",
            TIPS[notation],
            partial(_ignoring_checked, playback, notation),
            checkable=True,
        )
        for notation, title in NOTATIONS.items()
    )


def _ignoring_checked(playback: Playback, notation: Notation, _checked: bool = False) -> None:
    """Choose a notation: QAction.triggered also says whether the action is checked."""
    playback.set_notation(notation)


class NotationActions(QObject):
    """Lets actions show which notation is chosen, whoever chooses it, speak it, and remembers it."""

    def __init__(self, session: Session, actions: Actions, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._playback = playback = session.playback
        self._actions = actions
        self._preferences = preferences
        self._tips = Tips(session, self)
        self._translate()
        playback.notation_changed.connect(self._on_notation_changed)
        for notation in NOTATIONS:
            # An action that is chosen again has unchecked itself.
            actions[f"notation-{notation}"].triggered.connect(self._read_back)
        self._read_back()

    def _translate(self) -> None:
        """Keep tooltips with symbols in the notation, but for those that are set anew with the network."""
        for menu, actions in self._actions.menus.items():
            for action in actions if menu not in {NETWORK, TRAINING} else ():
                tip = action.toolTip()
                if not action.objectName().startswith("notation-") and SYMBOLS.search(tip):
                    self._tips.set(action, tip)

    def _on_notation_changed(self, notation: Notation) -> None:
        self._preferences.notation = notation
        self._read_back()

    def _read_back(self) -> None:
        for notation in NOTATIONS:
            self._actions[f"notation-{notation}"].setChecked(notation == self._playback.notation)
