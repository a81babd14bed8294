"""The readout at the playhead's step: how it is written, and what it computed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.figures.notation import spelled, visible
from rnnviz.figures.stages import known
from rnnviz.figures.statements import coloured
from rnnviz.figures.states import handed_on
from rnnviz.figures.symbols import parameter_symbol, quantity_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.figures.scene import Scene

HIDDEN = "hidden"
LONGEST_NAME = 11  # characters of a token's name


class Readout:
    """How the readout is written, and what it computed at the playhead's step."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.t = scene, f"{{{scene.step + 1}}}"
        trace, step = scene.analysis.trace, scene.step
        self.kind = trace.readout
        self.logits = np.asarray(trace.logits[step, 0], float)
        self.y = np.asarray(trace.probabilities[step, 0], float)
        self.read = np.asarray(trace.output[step, 0], float)
        notation, spec = scene.notation, scene.spec
        self.weight, self.bias = (parameter_symbol(notation, kind) for kind in ("W_Y", "b_Y"))
        self.h = handed_on(spec, spec.num_layers - 1, notation)
        self.letter = quantity_letter(notation, spec, "y")
        self.biases = scene.parameters.get("head.bias")
        self.knows = known(scene, "y")

    @property
    def logit(self) -> str:
        """The letter of what the readout is a function of; z may be a gate."""
        if self.scene.notation == "pytorch":
            return "y"
        return "ℓ" if self.scene.spec.cell == "gru" else "z"

    @property
    def product(self) -> str:
        """W_Y h_t + b_Y."""
        bias = f" + {self.bias}" if self.biases is not None else ""
        return f"{self.weight} {coloured(HIDDEN, f'{self.h}_t')}{bias}"

    @property
    def function(self) -> str:
        """The function that makes predictions of logits."""
        return {"softmax": "softmax", "sigmoid": "σ", "linear": ""}[self.kind]

    def name(self, row: int) -> str:
        """Call an output by its token."""
        return visible(self.scene.vocabulary[row])

    @property
    def target(self) -> int | None:
        """The class that was to come; None if there is none, or none that is a class."""
        wanted = self.scene.analysis.loss.targets
        if self.kind != "softmax" or self.scene.step in self.scene.silent:
            return None
        row = int(wanted[self.scene.step, 0])
        return row if row >= 0 else None

    def parts(self, rows: Sequence[int]) -> list[list[float]]:
        """Return W_Y h and b_Y of some rows."""
        weights = np.asarray(self.scene.parameters["head.weight"][list(rows)], float)
        found = [(weights @ self.read).tolist()]
        if self.biases is not None:
            found.append([float(self.biases[row]) for row in rows])
        return found


def short_name(name: str) -> str:
    """Return a name cut to the room that names have."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


@lru_cache(maxsize=4)
def longest_name(vocabulary: tuple[str, ...]) -> int:
    """Return the characters that names of outputs have room for, the same at every step."""
    return min(LONGEST_NAME, max((len(visible(token)) for token in vocabulary), default=1))


def prediction_words(readout: Readout) -> str:
    """Say what a prediction is."""
    meant = "numbers" if readout.kind == "linear" else "probabilities"
    return f"{readout.letter}: {len(readout.y)} {meant}, the prediction"


def readout_words(readout: Readout) -> tuple[str, ...]:
    """Say of each symbol how many numbers it has and what it is."""
    outputs, columns = readout.scene.parameters["head.weight"].shape
    found = [prediction_words(readout), f"{spelled(readout.weight)}: {outputs}×{columns}"]
    found.append(f"{readout.h}: {columns}, what the top layer hands on")
    if readout.biases is not None:
        found.append(f"{spelled(readout.bias)}: {outputs}")
    return tuple(found)
