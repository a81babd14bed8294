"""Export every registered figure in every format, theme, ground and scale, and look at it elsewhere.

Usage: python tests/soak/export_all.py [--preset NAME …]. SVG is shown by rsvg, PDF by poppler, PNG by
Pillow, and must look as the picture on the screen does; tables and arrays are read back; every file must have
the same bytes when it is written again. Prints how many of each there were; exit code 1 if one was not as it
should be.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtGui import QGuiApplication
from readers import apart, background, shown

from rnnviz import export
from rnnviz.export import EXPORTERS, Look
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from rnnviz.figures.model import Figure

SIZE = (640, 400)
SCALES = (1.0, 4.0)
ALIKE = 4.0  # of 255, on average, where antialiasing differs
SEEN = (".png", ".svg", ".pdf")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", nargs="*", default=["shepherd"])
    asked = parser.parse_args()
    application = QGuiApplication.instance() or QGuiApplication(["export_all"])
    done: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for preset, name in product(asked.preset, FIGURES):
            figure = figure_of(preset, name)
            for suffix, theme, scale, transparent in product(EXPORTERS, THEMES, SCALES, (False, True)):
                look = Look(SIZE, THEMES[theme], scale, transparent=transparent)
                if why := trouble(figure, Path(folder), suffix, look):
                    wrong.append(
                        f"{preset} {name}{suffix} {theme} {scale:g} transparent={transparent}: {why}"
                    )
                done[suffix] += 1
    del application
    print("\n".join(wrong))
    counts = ", ".join(f"{count} {suffix[1:]}" for suffix, count in done.items())
    print(
        f"{len(FIGURES)} figures, {sum(done.values())} files: {counts}; {len(wrong)} not as they should be."
    )
    return bool(wrong)


def figure_of(preset: str, name: str) -> Figure:
    session = Session(presets.load(preset))
    session.playback.last()
    return FIGURES[name].figure(scene_of(session.moment))


def trouble(figure: Figure, folder: Path, suffix: str, look: Look) -> str:
    """Return what is wrong with a file; nothing if it is as it should be."""
    path = folder / f"a{suffix}"
    try:
        export.save(figure, path, look)
    except export.ExportError as error:
        return "" if not figure.plots else str(error)  # there are no numbers where there are no plots
    first = path.read_bytes()
    export.save(figure, path, look)
    if path.read_bytes() != first:
        return "the same figure gave other bytes"
    if suffix in SEEN:
        return unlike(figure, path, look)
    if suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return "" if len(list(csv.reader(file))) > 1 else "the table is empty"
    if suffix == ".npz":
        with np.load(path, allow_pickle=False) as archive:
            return "" if len(archive.files) > 2 else "there are no arrays"
    return "" if first else "the file is empty"


def unlike(figure: Figure, path: Path, look: Look) -> str:
    found = shown(path, look.scale)
    if found.shape != (*look.dots[::-1], 4):
        return f"it is {found.shape[1]} by {found.shape[0]} dots"
    if path.suffix != ".pdf" and look.transparent and background(found)[3]:
        return "its ground is not transparent"
    if look.transparent:
        return ""
    beside = path.with_name("beside.png")
    export.save(figure, beside, replace(look, scale=1.0))
    differs = apart(found, shown(beside))
    return "" if differs < ALIKE else f"it differs from the picture on the screen by {differs:.1f}"


if __name__ == "__main__":
    sys.exit(main())
