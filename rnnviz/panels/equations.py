"""The equations panel."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.figure_panel import FigurePanel
from rnnviz.panels.views.figure_view import FigureView


@register("equations")
class EquationsPanel(FigurePanel[FigureView]):
    """The playhead's step as formulas with their numbers."""
