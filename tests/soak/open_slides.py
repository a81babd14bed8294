"""Let LibreOffice open slides of every figure, of every cell, in every theme, and count what it finds.

    .venv/bin/python tests/soak/open_slides.py --folder slides

Needs LibreOffice (`soffice`) and poppler's `pdfinfo`. The folder keeps the slides and what LibreOffice makes
of them, to be looked at.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtGui import QGuiApplication

from rnnviz.app.slides import slides_of
from rnnviz.engine import CELLS
from rnnviz.export.pptx import save_deck
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES
from rnnviz.session import edits, presets
from rnnviz.session.session import Session


def deck(folder: Path, cell: str, theme: str) -> tuple[Path, int]:
    """Write slides of every figure that has something to show; return the file and how many there are."""
    session = Session(edits.with_cell(presets.load("dogs"), cell))
    session.playback.last()
    slides = list(slides_of(session, list(FIGURES)))
    path = folder / f"{cell}-{theme}.pptx"
    save_deck(slides, path, THEMES[theme])
    return path, len(slides)


def pages(path: Path) -> int:
    """Let LibreOffice print a deck, and return how many pages that gives."""
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    info = subprocess.run(
        ["pdfinfo", str(path.with_suffix(".pdf"))], check=True, capture_output=True, text=True, timeout=60
    )
    found = re.search(r"^Pages:\s+(\d+)$", info.stdout, re.MULTILINE)
    return int(found[1]) if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where to write; it is made if need be")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication([])
    wrong = 0
    for cell in CELLS:
        for theme in THEMES:
            path, slides = deck(folder, cell, theme)
            found = pages(path)
            wrong += found != slides
            print(f"{path.name}: {slides} slides, {found} pages", flush=True)
    del application
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
