"""What import-linter cannot say: which parts of Qt a package may use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import rnnviz

PACKAGE = Path(rnnviz.__file__).parent
ALLOWED = {
    "session": {"PySide6.QtCore", "PySide6.QtGui"},
    "drawing": {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtSvg"},
}


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_only_widgets_free_parts_of_qt_are_used(layer: str) -> None:
    files = sorted((PACKAGE / layer).rglob("*.py"))
    used = {name for file in files for name in imported(file) if name.startswith(("PySide6", "pyqtgraph"))}
    assert used, "the layer draws or stores with Qt, so this test looked in the wrong place"
    assert used <= ALLOWED[layer]
