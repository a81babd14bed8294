"""The spectrum panel."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.chart_panel import ChartPanel


@register("spectrum")
class SpectrumPanel(ChartPanel):
    """The eigenvalues of the recurrent weights, moving while a weight is dragged."""
