"""The timeline panel."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.figure_panel import TimePanel


@register("timeline")
class TimelinePanel(TimePanel):
    """Tracks of every quantity in the columns of the network."""
