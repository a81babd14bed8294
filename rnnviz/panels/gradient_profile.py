"""The gradient profile panel."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.chart_panel import ChartPanel


@register("gradient-profile")
class GradientProfilePanel(ChartPanel):
    """The playhead's row of the gradient map as a curve."""
