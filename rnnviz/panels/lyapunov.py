"""The panel of Lyapunov exponents."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.chart_panel import ChartPanel


@register("lyapunov")
class LyapunovPanel(ChartPanel):
    """Whether nearby states come together or drift apart, moving while a weight is dragged."""

    shows_flow = False
