"""The network panel."""

from __future__ import annotations

from rnnviz.panels._registry import register
from rnnviz.panels.base.figure_panel import TimePanel


@register("network")
class NetworkPanel(TimePanel):
    """The network unrolled in time; the playhead animates it."""
