"""The developer guide, as the program shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout

from rnnviz import resources

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Page(QTextBrowser):
    """Shows text alone: it fetches nothing, from the disk or from elsewhere."""

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:  # noqa: N802 — the name that Qt calls
        """Return nothing, whatever is asked for."""
        return None


class Guide(QDialog):
    """A window of its own, so that it can stand beside the network."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("RNNViz: developer guide")
        self.resize(820, 760)
        self.page = Page()
        self.page.setMarkdown(resources.path("guide", "developer.md").read_text(encoding="utf-8"))
        box = QVBoxLayout(self)
        box.addWidget(self.page)
