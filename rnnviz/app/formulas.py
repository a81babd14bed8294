"""Where formulas are kept once they have been drawn."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def keep_formulas() -> None:
    """Keep formulas in the user's cache, so that the next start need not set them."""
    from rnnviz.drawing import formula  # what takes long comes after the first frame

    cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    formula.keep_in(Path(cache) / "formulas" if cache else None)
