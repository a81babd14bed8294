"""Scenes to draw, from random networks and texts."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from rnnviz import engine as e
from rnnviz.figures.scene import Scene

LETTERS = tuple("abcdefgh ")


def scene(
    text: str,
    *,
    cell: str = "rnn",
    units: int = 4,
    activation: str = "tanh",
    bias: bool = True,
    silent: frozenset[int] = frozenset(),
    step: int = 0,
    seed: int = 0,
    gain: float = 1.0,
    vocabulary: tuple[str, ...] = LETTERS,
    focus: tuple[int, int] = (-1, 0),
    **options: Any,
) -> Scene:
    """A network with random weights that reads a text over `vocabulary`; options: of its NetworkSpec."""
    size = len(vocabulary)
    spec = e.NetworkSpec(cell, size, units, size, activation=activation, bias=bias, **options)
    first = e.initialise(spec, seed=seed)
    parameters = first.replaced({name: gain * array for name, array in first.items()})
    ids = np.array([vocabulary.index(token) for token in text], int)
    targets = ids[1:].copy()
    targets[list(silent)] = -1
    steps = max(0, len(text) - 1)
    analysis = e.analyse(spec, parameters, ids[:steps], targets, steps=e.visible_steps(steps, step))
    inputs, targets_shown = tuple(text[:-1]), tuple(text[1:])
    shown = min(step, max(0, steps - 1))
    return Scene(spec, parameters, vocabulary, inputs, targets_shown, silent, analysis, shown, focus=focus)


@st.composite
def scenes(draw: st.DrawFn, shortest: int = 2, layers: int = 1, both: bool = False) -> Scene:
    """Any small network at any step of any short text, some losses left out.

    layers: at most so many, any of which may be looked at; both: it may have both directions.
    """
    text = draw(st.text(st.sampled_from(LETTERS), min_size=shortest, max_size=20))
    steps = max(0, len(text) - 1)
    cell = draw(st.sampled_from(sorted(e.CELLS)))
    num_layers = draw(st.integers(1, layers))
    bidirectional = both and e.CELLS[cell].recurrent and draw(st.booleans())
    return scene(
        text,
        cell=cell,
        units=draw(st.integers(1, 11)),
        activation=draw(st.sampled_from(e.CELLS[cell].activations)),
        num_layers=num_layers,
        bidirectional=bidirectional,
        gru_reset=draw(st.sampled_from(["after", "before"])) if cell == "gru" else "after",
        focus=(draw(st.integers(-1, num_layers - 1)), int(bidirectional and draw(st.booleans()))),
        bias=draw(st.booleans()),
        silent=frozenset(draw(st.sets(st.integers(0, steps - 1)))) if steps else frozenset(),
        step=draw(st.integers(0, max(0, steps - 1))),
        seed=draw(st.integers(0, 999)),
        gain=draw(st.sampled_from([0.1, 1.0, 3.0, 1e200])),
    )


def dogs(step: int = 0) -> Scene:
    """The worked example."""
    weights = {
        "weight_ih_l0": [[0.6, 0.8, 0.4, 0.8], [0.2, 0.2, 0.8, 0.7], [0.9, 0.8, 0.1, 0.2]],
        "weight_hh_l0": [[0.1, 0.5, 0.1], [0.5, 0.9, 0.3], [0.3, 0.2, 0.1]],
        "head.weight": [[0.9, 0.8, 0.3], [0.2, 0.3, 0.4], [0.6, 0.9, 0.1], [0.5, 0.0, 0.3]],
    }
    spec = e.NetworkSpec("rnn", 4, 3, 4, bias=False)
    parameters = e.parameters(spec, weights)
    analysis = e.analyse(spec, parameters, [0, 1, 2], [1, 2, 3])
    return Scene(spec, parameters, tuple("dogs"), tuple("dog"), tuple("ogs"), frozenset(), analysis, step)
