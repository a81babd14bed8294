"""A panel as a card that can be moved, floated and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
)

from rnnviz.app.icons import icon
from rnnviz.panels.base.buttons import tool_button
from rnnviz.panels.base.live_label import LiveLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from rnnviz.figures.theme import Theme
    from rnnviz.panels.base.panel import Panel


class CardTitle(QFrame):
    """The heading of a card: its title, a short fact at the right, and a menu."""

    def __init__(self, title: str, controls: tuple[QWidget, ...], menu: QMenu) -> None:
        super().__init__()
        self.setObjectName("cardTitle")
        self.heading = QLabel(title)
        self.heading.setProperty("class", "heading")
        self.note = LiveLabel(Qt.AlignmentFlag.AlignRight, whole=True)
        self.note.setProperty("class", "note")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.more = tool_button("", "quiet", f"{title}: save a picture, export, copy, float, close")
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setAccessibleName(f"Menu of {title}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 4)
        row.setSpacing(8)
        row.addWidget(self.heading)
        row.addWidget(self.note, 1)
        for control in controls:
            row.addWidget(control)
        row.addWidget(self.more)


class PanelDock(QDockWidget):
    """A dock around one panel; asks for what it shows to be saved, exported and copied."""

    save_requested = Signal(object)  # the Panel
    export_requested = Signal(object)
    picture_requested = Signal(object)
    data_requested = Signal(object)

    def __init__(self, panel: Panel, theme: Theme, parent: QWidget) -> None:
        super().__init__(panel.title, parent)
        self.panel = panel
        self.setObjectName(f"dock-{panel.name}")
        menu = QMenu(self)
        menu.addAction("Save picture…", self._on_save)
        menu.addAction("Export…", self._on_export)
        menu.addAction("Copy picture", self._on_picture)
        menu.addAction("Copy data", self._on_data)
        menu.addSeparator()
        menu.addAction("Float or dock", self._on_float)
        menu.addAction("Close", self.close)
        self.card_title = CardTitle(panel.title, panel.heading_controls(), menu)
        self.setTitleBarWidget(self.card_title)
        body = QFrame()
        body.setObjectName("cardBody")
        box = QVBoxLayout(body)
        box.setContentsMargins(1, 0, 1, 1)
        box.addWidget(panel)
        self.setWidget(body)
        panel.headline_changed.connect(self._on_headline_changed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Show the card and its panel in other colours."""
        self.card_title.more.setIcon(icon("more", theme))
        self.panel.set_theme(theme)

    def _on_headline_changed(self, title: str, note: str) -> None:
        if self.card_title.heading.text() != title:
            self.card_title.heading.setText(title)
        self.card_title.note.setText(note)

    def _on_save(self) -> None:
        self.save_requested.emit(self.panel)

    def _on_export(self) -> None:
        self.export_requested.emit(self.panel)

    def _on_picture(self) -> None:
        self.picture_requested.emit(self.panel)

    def _on_data(self) -> None:
        self.data_requested.emit(self.panel)

    def _on_float(self) -> None:
        self.setFloating(not self.isFloating())
