"""Formulas set as in a book: drawn once by a library, then from a cache, at any size.

ziamath makes them, as SVG. It is loaded when a formula is wanted that no cache knows; on disk there is one
only if `keep_in` has named a folder. Colours are put in when a formula is drawn, so one file serves every
theme.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtSvg import QSvgRenderer

from rnnviz.drawing.text import MIDDLE, SMALLEST
from rnnviz.figures.latex import coloured_latex
from rnnviz.figures.textruns import roles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rnnviz.drawing.canvas import Canvas
    from rnnviz.figures.theme import Theme

FORMAT = "1"  # another one lets files of before alone
NOMINAL = 24.0  # size in which formulas are made
VIEW = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')
OTHER = "text"  # the role of what has no colour of its own

log = logging.getLogger(__name__)
_folder: list[Path] = []


def keep_in(folder: Path | None) -> None:
    """Keep formulas in a folder, which need not exist; None keeps them in memory only."""
    _folder[:] = [] if folder is None else [folder]


def draw_formula(c: Canvas, at: tuple[float, float], runs: str, role: str, size: float) -> bool:
    """Draw a formula from the left at x, its middle line at y; say whether that is possible."""
    if size < SMALLEST:
        return True
    found = _renderer(runs, role, c.theme)
    if found is None:
        return False
    renderer, (left, top, width, height) = found
    scale, (x, y) = size / NOMINAL, at
    scale = min(scale, max(scale / 2, (c.bounds.right - x) / width))  # rather smaller than cut off
    base = y + size * MIDDLE
    area = QRectF(x + left * scale, base + top * scale, width * scale, height * scale)
    renderer.render(c.painter, area)
    return True


@lru_cache(maxsize=512)
def _renderer(
    runs: str, role: str, theme: Theme
) -> tuple[QSvgRenderer, tuple[float, float, float, float]] | None:
    svg = picture(runs)
    box = VIEW.search(svg)
    if box is None or not _is_whole(svg):
        return None
    # What is muted is muted as a whole.
    named = {name: theme.roles[role if role == "muted" else name] for name in roles(runs)}
    for name, marker in _markers(named).items():
        svg = svg.replace(marker, named[name])
    svg = svg.replace('"black"', f'"{theme.roles[role]}"')
    # Else Qt's writers of SVG and PDF outline every letter, with the pen that it begins with.
    svg = svg.replace("<svg ", '<svg stroke="none" stroke-width="0" ', 1)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    left, top, width, height = (float(number) for number in box.groups())
    return (renderer, (left, top, width, height)) if renderer.isValid() else None


def _markers(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each role that stands for it until the theme is known."""
    return {name: f"#{sha256(name.encode()).hexdigest()[:6]}" for name in names}


@lru_cache(maxsize=512)
def picture(runs: str) -> str:
    """Return a formula as SVG, its parts in the colours that stand for their roles; empty if that fails."""
    kept = _kept(runs)
    try:
        if kept is not None and kept.exists() and _is_whole(svg := kept.read_text(encoding="utf-8")):
            return svg
    except (OSError, ValueError):
        kept = None
    made = _made(runs)
    if kept is not None and made:
        _keep(kept, made)
    return made


def _is_whole(svg: str) -> bool:
    """Whether a picture has all of its file and a size."""
    box = VIEW.search(svg)
    return box is not None and float(box[3]) > 0 < float(box[4]) and svg.rstrip().endswith("</svg>")


def _made(runs: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of how it finds its own fonts
            return _set(coloured_latex(runs, _markers(roles(runs))))
    except Exception:
        log.warning("A formula could not be set: %s", runs, exc_info=True)
        return ""


def _set(latex: str) -> str:
    """Return LaTeX as SVG, by a library that takes long to load and is seldom needed."""
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # its symbols are drawn blank by Qt
    return str(Latex(latex, size=NOMINAL).svg())


def _kept(runs: str) -> Path | None:
    if not _folder:
        return None
    return _folder[0] / f"{sha256(f'{FORMAT} {runs}'.encode()).hexdigest()[:32]}.svg"


def _keep(path: Path, svg: str) -> None:
    """Write a file so that it is there whole or not at all; without it nothing is lost but time."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(svg, encoding="utf-8")
        part.replace(path)
    except OSError:
        log.info("A formula could not be kept in %s.", path.parent, exc_info=True)
