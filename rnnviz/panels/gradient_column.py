"""The panel of a column of the gradient map."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.chart_panel import ChartPanel


@register("gradient-column")
class GradientColumnPanel(ChartPanel):
    """Which losses still reach the picked step, as a curve."""
