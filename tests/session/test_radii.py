"""Spectral radii that are remembered, so that a knob need not find eigenvalues again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import engine as e
from rnnviz.session import edits, knobs, presets
from rnnviz.session.radii import KEPT, Radii


def test_what_was_asked_for_is_known_and_the_oldest_is_forgotten() -> None:
    radii, state = Radii(), presets.load("shepherd")
    states = [replace(state, parameters=e.initialise(state.spec, seed=seed)) for seed in range(KEPT + 1)]
    for one in states:
        assert radii.known(one) is None
        weight = one.parameters["weight_hh_l0"]
        assert radii.of(one) == pytest.approx(np.abs(np.linalg.eigvals(weight)).max())
    assert radii.known(states[0]) is None
    assert all(radii.known(one) is not None for one in states[1:])


def test_a_radius_that_was_turned_to_is_known() -> None:
    state = presets.load("shepherd-lstm")
    turned = knobs.with_radius(state, 1.5)
    assert knobs.radius_known(turned) == 1.5
    assert Radii().of(turned) == pytest.approx(1.5)
    assert knobs.radius_known(edits.with_units(turned, 5)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_have_no_radius(value: float) -> None:
    state = presets.load("shepherd")
    weight = np.full_like(state.parameters["weight_hh_l0"], value)
    broken = replace(state, parameters=state.parameters.replaced({"weight_hh_l0": weight}))
    assert np.isnan(Radii().of(broken))
