"""The panel of the powers of the recurrent weights."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.chart_panel import ChartPanel


@register("powers")
class PowersPanel(ChartPanel):
    """How what is applied again and again grows or shrinks, beside what eigenvalues say of it."""
