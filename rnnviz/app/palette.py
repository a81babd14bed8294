"""The theme as Qt sees it: a palette for the Fusion style, one stylesheet, one font.

The stylesheet (`resources/styles/window.qss`) knows widgets by object name (`card`, `cardTitle`, `cardBody`,
`topbar`, `brand`, `document`, `notice`, `palette`) and by the dynamic property `class`: labels are `heading`,
`note`, `pill`, `pill-gradient` or `pill-warning`; tool buttons are `segment` (with a `place` if they are
joined: first, middle or last), `workspace` or `quiet`.
"""

from __future__ import annotations

from functools import cache
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from rnnviz import resources

if TYPE_CHECKING:
    from rnnviz.figures.theme import Theme

FONT = "Inter"
FONT_PIXELS = 13

_Role = QPalette.ColorRole
ROLES = {
    _Role.Window: "panel",
    _Role.WindowText: "text",
    _Role.Base: "field",
    _Role.AlternateBase: "faint",
    _Role.Text: "text",
    _Role.PlaceholderText: "muted",
    _Role.Button: "panel",
    _Role.ButtonText: "text",
    _Role.BrightText: "warning",
    _Role.ToolTipBase: "panel",
    _Role.ToolTipText: "text",
    _Role.Highlight: "accent",
    _Role.HighlightedText: "accent_text",
    _Role.Accent: "accent",
    _Role.Link: "accent",
    _Role.LinkVisited: "cell",
    _Role.Light: "panel",
    _Role.Midlight: "faint",
    _Role.Mid: "frame",
    _Role.Dark: "frame",
    _Role.Shadow: "disabled",
}
_DISABLED = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.PlaceholderText)


def palette(theme: Theme) -> QPalette:
    """Return a theme as a palette for the Fusion style; it does not ask the system for light or dark."""
    made = QPalette()
    for role, name in ROLES.items():
        made.setColor(role, QColor(theme[name]))
    for role in _DISABLED:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme["disabled"]))
    return made


@cache
def stylesheet(theme: Theme) -> str:
    """Return the application's stylesheet in a theme's colours."""
    folder = resources.path("styles")
    template = Template((folder / "window.qss").read_text(encoding="utf-8"))
    return template.substitute(theme.roles, styles=folder.as_posix())


def interface_font() -> QFont:
    """Return the font of the controls with tabular figures: Inter if it is installed, else the system's."""
    font = QFont(FONT) if QFontDatabase.hasFamily(FONT) else QFont()
    font.setPixelSize(FONT_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
