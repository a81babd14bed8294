"""The equations of a step with their numbers, as a LaTeX document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnviz.export._files import ExportError
from rnnviz.export._registry import Subject, register_writer
from rnnviz.figures.copying import as_latex
from rnnviz.figures.equations_view import EquationsView
from rnnviz.figures.gallery.equations import sheet_of, weights
from rnnviz.figures.latex import quoted

if TYPE_CHECKING:
    from rnnviz.figures.scene import Scene

ROOM = 900.0  # pixels into which the program would break lines; LaTeX is given whole equations
HEAD = r"""\documentclass{article}
\usepackage{amsmath, amssymb}
\setcounter{MaxMatrixCols}{64}
\begin{document}
"""


@register_writer("latex", ".tex", "LaTeX equations")
def text(subject: Subject) -> str:
    """Return the equations of the playhead's step, forwards and backwards, as a document of its own."""
    scene = subject.scene
    if not scene.steps:
        raise ExportError("There are no equations to write, since the text has no step; make it longer.")
    title = rf"\section*{{Step {scene.step + 1} of {scene.steps}, \({quoted(subject.state.title)}\)}}"
    ahead = f"{title}\n\\subsection*{{Forwards}}\n{_sheet(scene, EquationsView())}\n"
    back = ""
    if offered := weights(scene):
        view = EquationsView("backward", parameter="W_H" if "W_H" in offered else next(iter(offered)))
        back = f"\\subsection*{{Backwards}}\n{_sheet(scene, view)}\n"
    return f"{HEAD}{ahead}{back}\\end{{document}}\n"


def _sheet(scene: Scene, view: EquationsView) -> str:
    return as_latex(sheet_of(scene, view, ROOM).equations)
