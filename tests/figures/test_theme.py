"""Colours can be read and told apart, by everyone, in every theme."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rnnviz.figures.colour import contrast, lut, rgb
from rnnviz.figures.theme import QUANTITIES, THEMES, Theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rnnviz.figures.model import Map

# Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Oklab (Ottosson 2020); CSS Color 4 takes 0.02 for a just noticeable difference.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
TWICE_NOTICEABLE = 0.04

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
sights = pytest.mark.parametrize("sight", SIGHT)

ON_CARDS = (*QUANTITIES, "readout", "selection", "accent", "text", "muted", "warning")
READ = (
    *((role, ground) for role in ON_CARDS for ground in ("panel", "background", "canvas")),
    *((role, "field") for role in ("text", "muted")),
    *((role, "hover") for role in ("text", "accent")),
    ("accent_text", "accent"),
    ("warning", "warning_soft"),
    ("gradient", "gradient_soft"),
)


def seen(colours: NDArray[np.floating], sight: str) -> NDArray[np.floating]:
    """sRGB colours (n, 3) of 0 … 255 as Oklab, the way a person with such a sight sees them."""
    c = colours / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    cones = np.clip(linear @ SIGHT[sight].T, 0, 1) @ TO_CONES.T
    return np.asarray(np.cbrt(cones) @ TO_LAB.T)


def shades(name: Map, theme: Theme) -> NDArray[np.floating]:
    table = lut(name, theme)[1:256]
    return np.stack([table >> 16 & 255, table >> 8 & 255, table & 255], axis=1).astype(float)


@themes
@pytest.mark.parametrize(("role", "ground"), READ)
def test_text_has_contrast(theme: Theme, role: str, ground: str) -> None:
    assert contrast(theme[role], theme[ground]) >= (7.0 if theme.name == "projector" else 4.5)


@themes
@sights
def test_quantities_are_told_apart(theme: Theme, sight: str) -> None:
    lab = seen(np.array([rgb(theme[role]) for role in QUANTITIES], float), sight)
    apart = {
        (a, b): float(np.linalg.norm(lab[m] - lab[n]))
        for (m, a), (n, b) in itertools.combinations(enumerate(QUANTITIES), 2)
    }
    assert min(apart.values()) >= TWICE_NOTICEABLE, min(apart.items(), key=lambda pair: pair[1])


@themes
@sights
def test_signed_values_grow_away_from_zero_in_lightness(theme: Theme, sight: str) -> None:
    lightness = seen(shades("signed", theme), sight)[:, 0]
    outwards = 1 if theme.name == "dark" else -1
    for half in (lightness[127:], lightness[127::-1]):
        steps = np.diff(half[::8]) * outwards  # neighbours may round to the same colour
        assert (steps > 0).all()


@themes
@sights
def test_the_two_signs_differ(theme: Theme, sight: str) -> None:
    lab = seen(shades("signed", theme), sight)
    assert np.linalg.norm(lab[0] - lab[-1]) > 5 * TWICE_NOTICEABLE / 2
    assert np.linalg.norm(lab[64] - lab[-65]) > TWICE_NOTICEABLE


@themes
@sights
@pytest.mark.parametrize("name", ["probability", "gate", "gradient"])
def test_sequential_maps_are_monotone_in_lightness(theme: Theme, sight: str, name: Map) -> None:
    steps = np.diff(seen(shades(name, theme), sight)[::8, 0])
    assert (steps > 0).all() if theme.name == "dark" else (steps < 0).all()


@themes
def test_zero_of_the_signed_map_is_neutral(theme: Theme) -> None:
    red, green, blue = rgb(theme.maps["signed"][1])
    assert max(red, green, blue) - min(red, green, blue) < 16


def test_every_theme_has_the_same_roles_and_maps() -> None:
    for theme in THEMES.values():
        assert theme.roles.keys() == THEMES["light"].roles.keys()
        assert set(theme.maps) == {"signed", "probability", "gate", "gradient"}
        assert THEMES[theme.name] is theme


def test_a_theme_does_not_change() -> None:
    roles: Any = THEMES["light"].roles
    with pytest.raises(TypeError):
        roles["text"] = "#000000"
