"""Pictures and numbers on the clipboard, in the forms that other programs ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from rnnviz.export import csv, png, svg

if TYPE_CHECKING:
    from rnnviz.export import Board, Look
    from rnnviz.figures.model import Figure

SVG, PNG, CSV = "image/svg+xml", "image/png", "text/csv"


def copy_picture(picture: Figure | Board, look: Look) -> None:
    """Copy a picture as dots and as shapes; a program takes what it can use. Raises ExportError."""
    image = png.painted(picture, look)
    data = QMimeData()
    data.setData(PNG, png.encoded(image, Path("picture.png"), look.scale))
    data.setData(SVG, svg.drawn(picture, look).encode("utf-8"))
    data.setImageData(image)
    QGuiApplication.clipboard().setMimeData(data)


def copy_data(figure: Figure) -> None:
    """Copy the numbers of a figure, for a spreadsheet as lines of cells. Raises ExportError."""
    data = QMimeData()
    data.setData(CSV, csv.table(figure, Path("data.csv")).encode("utf-8"))
    data.setText(csv.table(figure, Path("data.csv"), separator="\t"))
    QGuiApplication.clipboard().setMimeData(data)


def copy_text(text: str) -> None:
    """Copy a text."""
    QGuiApplication.clipboard().setText(text)
