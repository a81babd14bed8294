"""Values become colours without surprises, whatever the values."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnnviz.figures.colour import INKS, argb, contrast, ink, legend_values, lut, rgb
from rnnviz.figures.model import Map, Scale
from rnnviz.figures.theme import THEMES, Theme

LIGHT = THEMES["light"]
MAPS: tuple[Map, ...] = ("signed", "probability", "gate", "gradient")
SIGNED = Scale("signed", -1.0, 1.0)
GRADIENT = Scale("gradient", 1e-4, 1.0, log=True)
themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
bounds = st.floats(allow_nan=False, allow_infinity=False)
scales = st.builds(
    lambda name, ends, log: Scale(name, min(ends), max(ends), log),
    st.sampled_from(MAPS),
    st.tuples(bounds, bounds),
    st.booleans(),
)
arrays = hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=6), elements=st.floats())


def opaque(colour: str) -> int:
    return 0xFF000000 | int(colour[1:], 16)


@given(arrays, scales, st.sampled_from(list(THEMES.values())))
def test_any_value_has_a_colour_of_the_map(values: np.ndarray, scale: Scale, theme: Theme) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        colours = argb(values, scale, theme)
        light = ink(values, scale, theme)
    assert colours.shape == light.shape == values.shape
    assert colours.dtype == np.uint32
    np.testing.assert_array_equal(colours == 0, np.isnan(values))
    assert np.isin(colours[colours != 0], lut(scale.map, theme)[:256]).all()


@given(arrays, scales)
def test_larger_values_are_never_nearer_to_the_low_end(values: np.ndarray, scale: Scale) -> None:
    v = np.sort(values[~np.isnan(values)])
    table = lut("gradient", LIGHT)
    red = argb(v, Scale("gradient", scale.low, scale.high, scale.log), LIGHT) >> 8 & 255
    assert (np.diff(red.astype(int)) <= 0).all()
    assert (table[1] >> 8 & 255) > (table[255] >> 8 & 255)


@themes
def test_ends_zero_and_beyond(theme: Theme) -> None:
    low, zero, high = (opaque(colour) for colour in theme.maps["signed"])
    values = np.array([-np.inf, -1e300, -1, 0, -0.0, 1, 1e300, np.inf, np.nan])
    assert argb(values, SIGNED, theme).tolist() == [low, low, low, zero, zero, high, high, high, 0]


def test_zero_is_neutral_on_any_symmetric_scale() -> None:
    for size in (1e-300, 0.3, 7.0, 1e300):
        assert argb([0.0], Scale("signed", -size, size), LIGHT).tolist() == [opaque(LIGHT.maps["signed"][1])]


def test_a_logarithmic_scale_spaces_decades_equally_and_takes_zero_for_its_low_end() -> None:
    low, high = (opaque(colour) for colour in LIGHT.maps["gradient"])
    middle = int(lut("gradient", LIGHT)[128])
    values = [1e-4, 1e-2, 1.0, 0.0, -3.0, -np.inf, np.inf, 1e-9]
    assert argb(values, GRADIENT, LIGHT).tolist() == [low, middle, high, low, low, low, high, low]


def test_a_scale_without_extent_has_its_value_in_the_middle() -> None:
    low, zero, high = (opaque(colour) for colour in LIGHT.maps["signed"])
    scale = Scale("signed", 2.0, 2.0)
    assert argb([1.0, 2.0, 3.0, np.nan], scale, LIGHT).tolist() == [low, zero, high, 0]


def test_integers_and_single_precision_are_values_too() -> None:
    expected = argb([-1.0, 0.0, 1.0], SIGNED, LIGHT).tolist()
    assert argb(np.array([-1, 0, 1]), SIGNED, LIGHT).tolist() == expected
    assert argb(np.array([-1, 0, 1], np.float32), SIGNED, LIGHT).tolist() == expected


def test_tables_are_shared_and_read_only() -> None:
    table = lut("gate", LIGHT)
    assert table is lut("gate", LIGHT)
    assert table.shape == (257,)
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0


@themes
@pytest.mark.parametrize("name", MAPS)
def test_ink_is_the_better_of_the_two_on_every_shade(theme: Theme, name: Map) -> None:
    scale = Scale(name, 0.0, 1.0)
    values = legend_values(scale, 64)
    dark, light = INKS
    for colour, is_light in zip(argb(values, scale, theme).tolist(), ink(values, scale, theme), strict=True):
        ground = f"#{colour & 0xFFFFFF:06x}"
        chosen, other = (light, dark) if is_light else (dark, light)
        assert contrast(chosen, ground) >= contrast(other, ground)
        assert contrast(chosen, ground) > 4.5


@themes
def test_an_empty_cell_takes_the_ink_of_its_card(theme: Theme) -> None:
    assert bool(ink(np.nan, SIGNED, theme)) is (theme.name == "dark")


def test_legend_values_run_from_end_to_end() -> None:
    np.testing.assert_allclose(legend_values(SIGNED, 5), [-1, -0.5, 0, 0.5, 1])
    np.testing.assert_allclose(legend_values(GRADIENT, 5), [1e-4, 1e-3, 1e-2, 1e-1, 1])
    assert legend_values(Scale("gradient", 0.0, 1.0, log=True), 3)[0] > 0


def test_rgb_and_contrast_follow_the_definitions() -> None:
    assert rgb("#0072b2") == (0, 114, 178)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # the WCAG's own example
