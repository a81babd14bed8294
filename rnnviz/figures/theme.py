"""Colours by meaning: three themes, the same role names in each.

The light and dark colours are those of the design pictures; where a picture's colour was too faint to read
as text, it was moved along its own hue until it had the contrast. `tests/figures/test_theme.py` holds every
text role to WCAG 2.1's ratio and every pair of quantities apart under the common colour-vision deficiencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

QUANTITIES = (
    "input",
    "hidden",
    "cell",
    "input_gate",
    "forget_gate",
    "candidate",
    "output_gate",
    "loss",
    "gradient",
)
"""The roles that stand for a quantity of the network; each also colours text."""


@dataclass(frozen=True, eq=False, slots=True)
class Theme:
    """A set of colours, each `#rrggbb`; compared by identity, so that it can key a cache.

    roles: the quantities above, `selection` and `accent` (the one accent), `readout` (probabilities), `text`,
    `held` (what is held at a value), `muted` (headings, ticks), `disabled` (what cannot be used now), `faint`
    (grid lines and axes), `frame` (borders), `panel` and `background` (cards and the figures on them),
    `canvas` (between the cards), `field` (editable text), `hover`, `accent_text` (on the accent), `warning`,
    and the grounds of pills: `warning_soft`, `gradient_soft`.
    maps: for each `rnnviz.figures.model.Map`, colours at equal distances from the low to the high end.
    """

    name: str
    title: str
    roles: Mapping[str, str]
    maps: Mapping[str, tuple[str, ...]]

    def __getitem__(self, role: str) -> str:
        """Look up the colour of a role, `#rrggbb`; KeyError if there is none."""
        return self.roles[role]


def _theme(name: str, title: str, maps: dict[str, tuple[str, ...]], **roles: str) -> Theme:
    roles["selection"] = roles["accent"]
    roles["held"] = roles["text"]
    roles["background"] = roles["panel"]
    return Theme(name, title, MappingProxyType(roles), MappingProxyType(maps))


LIGHT = _theme(
    "light",
    "Light",
    {
        "signed": ("#1f62ac", "#f3f4f6", "#b23e18"),
        "probability": ("#f3f4f6", "#475467"),
        "gate": ("#f3f4f6", "#163e5c"),
        "gradient": ("#f7f7f7", "#960f50"),
    },
    input="#0072b2",
    hidden="#007748",
    cell="#5b3fa8",
    input_gate="#00528e",
    forget_gate="#a34200",
    candidate="#946800",
    output_gate="#98306f",
    loss="#667085",
    gradient="#c2185b",
    readout="#667085",
    text="#1d2430",
    muted="#667085",
    disabled="#a7afbc",
    faint="#eff1f4",
    frame="#dfe3ea",
    panel="#ffffff",
    canvas="#f6f7f9",
    field="#f6f7f9",
    hover="#e2ebfa",
    accent="#2563d0",
    accent_text="#ffffff",
    warning="#b42318",
    warning_soft="#fde8e6",
    gradient_soft="#f8e3ec",
)

DARK = _theme(
    "dark",
    "Dark",
    {
        "signed": ("#1f62ac", "#262b34", "#b23e18"),
        "probability": ("#262b34", "#c9d1de"),
        "gate": ("#262b34", "#eac750"),
        "gradient": ("#262b34", "#ff6fa5"),
    },
    input="#53aadf",
    hidden="#47d4a5",
    cell="#ac84fb",
    input_gate="#8fd6f5",
    forget_gate="#db681f",
    candidate="#d0a030",
    output_gate="#c970a4",
    loss="#98a2b3",
    gradient="#ff6fa5",
    readout="#98a2b3",
    text="#e7eaf0",
    muted="#98a2b3",
    disabled="#5c6675",
    faint="#242931",
    frame="#2c323c",
    panel="#1c2027",
    canvas="#14171c",
    field="#14171c",
    hover="#283245",
    accent="#6ea1ff",
    accent_text="#14171c",
    warning="#ff8a7a",
    warning_soft="#3d2624",
    gradient_soft="#372430",
)

PROJECTOR = _theme(
    "projector",
    "Projector",
    {
        "signed": ("#0b4a94", "#f4f5f7", "#972a05"),
        "probability": ("#f4f5f7", "#2f3a4c"),
        "gate": ("#f4f5f7", "#082c47"),
        "gradient": ("#f7f7f7", "#7a0740"),
    },
    input="#00568a",
    hidden="#005b31",
    cell="#603ba9",
    input_gate="#164667",
    forget_gate="#8b3800",
    candidate="#5c3600",
    output_gate="#7c0452",
    loss="#46526b",
    gradient="#a30349",
    readout="#46526b",
    text="#0b0f16",
    muted="#444d5e",
    disabled="#8790a0",
    faint="#dfe3ea",
    frame="#b3bac7",
    panel="#ffffff",
    canvas="#f3f5f8",
    field="#f3f5f8",
    hover="#e2ebfa",
    accent="#1747a6",
    accent_text="#ffffff",
    warning="#8c1710",
    warning_soft="#fdeeec",
    gradient_soft="#fdf3f7",
)

THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in (LIGHT, DARK, PROJECTOR)})
