"""Every action of the window: its words, its keys, what it does; menus and buttons share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from rnnviz.app.icons import DRAWN, icon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme


@dataclass(frozen=True, slots=True)
class Command:
    """What an action is called, where its menu is, how it is reached and what it does."""

    name: str
    menu: str
    text: str
    tip: str
    run: Callable[..., object]
    keys: tuple[str, ...] = ()
    checkable: bool = False


class Actions:
    """The window's actions by name."""

    def __init__(self, window: QWidget, commands: tuple[Command, ...], theme: Theme) -> None:
        self._actions: dict[str, QAction] = {}
        self.menus: dict[str, list[QAction]] = {}
        for command in commands:
            action = QAction(command.text, window)
            action.setObjectName(command.name)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.setCheckable(command.checkable)
            shown = f" ({QKeySequence(command.keys[0]).toString(_NATIVE)})" if command.keys else ""
            action.setToolTip(command.tip + shown)
            action.triggered.connect(command.run)
            window.addAction(action)  # so that its key works although no menu bar shows it
            self._actions[command.name] = action
            self.menus.setdefault(command.menu, []).append(action)
        self.set_theme(theme)

    def __getitem__(self, name: str) -> QAction:
        """Return an action by its command's name; KeyError if there is none."""
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        """Iterate over the actions in the order of the menus."""
        return iter(self._actions.values())

    def add(self, menu: str, action: QAction) -> None:
        """Add an action that Qt has made to a menu and to the palette."""
        self.menus.setdefault(menu, []).append(action)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons of those actions that have one."""
        for name, action in self._actions.items():
            if name in DRAWN:
                action.setIcon(icon(name, theme))


_NATIVE = QKeySequence.SequenceFormat.NativeText
