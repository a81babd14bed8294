"""The panel of the playhead's Jacobian."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.chart_panel import ChartPanel


@register("step-spectrum")
class StepSpectrumPanel(ChartPanel):
    """The eigenvalues of J_t, moving along t and while a weight is dragged."""
