"""Saving a picture of a panel, or of the window as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog

from rnnviz.app.board import figure_of
from rnnviz.export import EXPORTERS, Look, png, save
from rnnviz.export.look import USUAL_POINTS

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow
    from rnnviz.panels.base.panel import Panel

SCALE = 2.0


def save_panel(window: MainWindow, panel: Panel) -> Path | None:
    """Ask where to and save a panel's picture as it is on the screen; None if that was not to be.

    Raises ExportError, one sentence, if it cannot be written.
    """
    path = _path(window, panel.name)
    window.contents.session.catch_up()
    figure = figure_of(panel)
    if path is None or figure is None:
        return None
    size, points = (panel.view.width(), panel.view.height()), USUAL_POINTS * panel.view.zoom
    save(figure, path, Look(size, window.theme, SCALE, points))
    return path


def save_window(window: MainWindow) -> Path | None:
    """Ask where to and save the whole window; None if that was not to be.

    Raises ExportError, one sentence, if it cannot be written.
    """
    path = _path(window, "rnnviz")
    if path is None:
        return None
    window.contents.session.catch_up()
    image = png.canvas(window.size().toTuple(), window.theme["canvas"], SCALE)
    with QPainter(image) as painter:
        window.render(painter, QPoint())
    png.write(image, path, SCALE)
    return path


def _path(window: MainWindow, name: str) -> Path | None:
    kinds = ";;".join(f"{e.title} (*{suffix})" for suffix, e in EXPORTERS.items())
    chosen, _ = QFileDialog.getSaveFileName(window, "Save picture", f"{name}.png", kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() in EXPORTERS else path.with_name(path.name + ".png")
