"""Figures as pixels: one painter for the screen, for images and for vector files."""

from rnnviz.drawing.painter import paint

__all__ = ["paint"]
