"""The choices of the export dialogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from rnnviz.app.export_choice import (
    LARGEST_POINTS,
    LARGEST_SCALE,
    LARGEST_SIDE,
    LEAST_POINTS,
    LEAST_SIDE,
    OTHER,
    SHOWN,
    ExportChoice,
)
from rnnviz.app.export_what import NetworkText, What, WindowPicture
from rnnviz.export import EXPORTERS
from rnnviz.figures.formats import FORMATS
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.export import Look

WHAT = "What is exported: a panel's figure, all panels in sight, or the network as a text"
FORMAT = "PNG has dots; SVG and PDF stay sharp at any size; CSV and NPZ hold the numbers that are drawn"
SIZE = "How large the picture is; slides and columns come with letters that suit them"
WIDTH, HEIGHT = "The width in pixels of 1/96 inch", "The height in pixels of 1/96 inch"
THEME = "The colours; every quantity keeps its own in all of them"
TRANSPARENT = "Leave out the ground, so that the picture lies on whatever is behind it"
SCALE = "How many dots a pixel of 1/96 inch has, along each side: 2 for screens, 4 for print"
POINTS = "The size of names and headings in points, 1/72 inch; lines and margins grow with them"


class ExportForm(QWidget):
    """What is exported, and how; only what matters to the format can be changed."""

    changed = Signal()

    def __init__(self, offers: Sequence[What], first: What, choice: ExportChoice) -> None:
        super().__init__()
        self.offers, self.choice = list(offers), choice
        self.what, self.suffix, self.size_, self.theme = (QComboBox() for _ in range(4))
        self.across, self.down = _side(WIDTH), _side(HEIGHT)
        self.transparent = QCheckBox("transparent ground")
        self.scale, self.points = QDoubleSpinBox(), QDoubleSpinBox()
        self._fill(first)
        self._lay_out()
        self._connect()
        self._read_back()

    @property
    def shown(self) -> What:
        """What is to be exported."""
        return self.offers[max(0, self.what.currentIndex())]

    @property
    def look(self) -> Look:
        """How it will look."""
        return self.choice.look(self.shown.shown, self.shown.zoom)

    @property
    def format(self) -> str:
        """The suffix of the file."""
        suffixes = self.shown.suffixes
        return self.choice.suffix if self.choice.suffix in suffixes else suffixes[0]

    def _fill(self, first: What) -> None:
        self.what.addItems([what.title for what in self.offers])
        titles = [what.title for what in self.offers]
        self.what.setCurrentIndex(titles.index(first.title) if first.title in titles else 0)
        self.size_.addItem("As in the window", SHOWN)
        for name, form in FORMATS.items():
            wide, high = form.inches
            self.size_.addItem(f"{form.title}, {wide:.4g} × {high:.4g} in", name)
        self.size_.addItem("Other", OTHER)
        for name, theme in THEMES.items():
            self.theme.addItem(f"{theme.title}, on white" if name == "light" else theme.title, name)
        self.scale.setRange(1.0, LARGEST_SCALE)
        self.scale.setDecimals(0)
        self.scale.setSuffix(" ×")
        self.points.setRange(LEAST_POINTS, LARGEST_POINTS)
        self.points.setDecimals(1)
        self.points.setSuffix(" pt")

    def _lay_out(self) -> None:
        sides = QWidget()
        row = QHBoxLayout(sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.across)
        row.addWidget(QLabel("×"))
        row.addWidget(self.down)
        row.addStretch(1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for words, widget, tip in (
            ("what", self.what, WHAT),
            ("format", self.suffix, FORMAT),
            ("size", self.size_, SIZE),
            ("", sides, ""),
            ("letters", self.points, POINTS),
            ("colours", self.theme, THEME),
            ("", self.transparent, TRANSPARENT),
            ("dots", self.scale, SCALE),
        ):
            if tip:
                widget.setToolTip(tip)
                widget.setAccessibleName(words or "transparent ground")
            form.addRow(words, widget)

    def _connect(self) -> None:
        self.what.currentIndexChanged.connect(self._on_changed)
        self.size_.activated.connect(self._on_size)
        for box in (self.suffix, self.theme):
            box.activated.connect(self._on_changed)
        for spin in (self.across, self.down):
            spin.valueChanged.connect(self._on_changed)
        self.scale.valueChanged.connect(self._on_changed)
        self.points.valueChanged.connect(self._on_points)
        self.transparent.toggled.connect(self._on_changed)

    def _on_size(self) -> None:
        """Begin from letters that suit the size."""
        self.choice = replace(self.choice, points=None)
        self._on_changed()

    def _on_points(self, points: float) -> None:
        self.choice = replace(self.choice, points=points)
        self._on_changed()

    def _on_changed(self) -> None:
        """Take over what the widgets say."""
        self.choice = replace(
            self.choice,
            suffix=self.suffix.currentData() or self.choice.suffix,
            size=self.size_.currentData(),
            width=self.across.value(),
            height=self.down.value(),
            theme=self.theme.currentData(),
            transparent=self.transparent.isChecked(),
            scale=self.scale.value(),
        )
        self._read_back()
        self.changed.emit()

    def _read_back(self) -> None:
        """Let the widgets say what is chosen, and offer only what matters to the format."""
        boxes = (self.suffix, self.size_, self.across, self.down, self.theme, self.transparent)
        blockers = [QSignalBlocker(box) for box in (*boxes, self.scale, self.points)]
        self._offer_formats()
        look, choice = self.look, self.choice
        self.size_.setCurrentIndex(self.size_.findData(choice.size))
        self.across.setValue(round(look.size[0]))
        self.down.setValue(round(look.size[1]))
        self.theme.setCurrentIndex(self.theme.findData(choice.theme))
        self.transparent.setChecked(choice.transparent)
        self.scale.setValue(choice.scale)
        self.points.setValue(look.points)
        for blocker in blockers:
            blocker.unblock()
        exporter = None if isinstance(self.shown, NetworkText) else EXPORTERS[self.format]
        looks = exporter is not None and exporter.looks
        for box in (self.size_, self.theme, self.transparent):
            box.setEnabled(looks)
        for side in (self.across, self.down):
            side.setEnabled(looks and choice.size == OTHER)
        self.points.setEnabled(looks and not isinstance(self.shown, WindowPicture))
        self.scale.setEnabled(exporter is not None and exporter.dots)

    def _offer_formats(self) -> None:
        self.suffix.clear()
        if isinstance(self.shown, NetworkText):
            self.suffix.addItem(self.shown.writer.title, None)
            return
        for suffix in self.shown.suffixes:
            self.suffix.addItem(EXPORTERS[suffix].title, suffix)
        self.suffix.setCurrentIndex(self.suffix.findData(self.format))


def _side(tip: str) -> QSpinBox:
    """Return a box for a length in pixels."""
    box = QSpinBox()
    box.setRange(LEAST_SIDE, LARGEST_SIDE)
    box.setKeyboardTracking(False)
    box.setToolTip(tip)
    box.setAccessibleName(tip)
    return box
