"""What a network computes, as in a textbook: one sequence, layer, direction and step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from networks import Case
    from numpy.typing import NDArray

    from rnnviz import engine as e

FUNCTIONS = {
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "identity": lambda a: a,
}
SIGMA = FUNCTIONS["sigmoid"]


class Layer:
    """One layer in one direction. It names states "h" and "c", preactivations "a_…", and gates."""

    def __init__(self, drawn: Case, layer: int, direction: int) -> None:
        end = f"_l{layer}" + ("_reverse" if direction else "")
        spec, size = drawn.spec, drawn.spec.hidden_size
        rows = len(drawn.params["weight_ih" + end])

        def get(name: str, *shape: int) -> NDArray[Any]:
            return drawn.params.get(name + end, np.zeros(shape))

        self.spec = spec
        self.weight_ih, self.bias_ih = get("weight_ih"), get("bias_ih", rows)
        self.weight_hh, self.bias_hh = get("weight_hh", rows, size), get("bias_hh", rows)
        self.held = [
            held for held in drawn.interventions if (held.layer, held.direction) == (layer, direction)
        ]

    def hold(self, t: int, target: str, computed: NDArray[Any]) -> NDArray[Any]:
        """Put held values over what was computed at step t."""
        result = np.array(computed)
        for held in self.held:
            if held.target == target and t >= held.start:
                result[slice(None) if held.unit is None else held.unit] = held.value
        return result

    def step(self, t: int, x: NDArray[Any], state: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """All numbers of step t."""
        by_x = self.weight_ih @ x + self.bias_ih
        by_h = self.weight_hh @ state["h"] + self.bias_hh
        if self.spec.cell == "lstm":
            return self._lstm(t, by_x + by_h, state["c"])
        if self.spec.cell == "gru":
            return self._gru(t, by_x, by_h, state["h"])
        a = by_x + by_h
        return {"a_h": a, "h": self.hold(t, "h", FUNCTIONS[self.spec.activation](a))}

    def _lstm(self, t: int, a: NDArray[Any], before: NDArray[Any]) -> dict[str, NDArray[Any]]:
        named = dict(zip("ifgo", np.split(a, 4), strict=True))
        i, f, g, o = (self.hold(t, n, (np.tanh if n == "g" else SIGMA)(a)) for n, a in named.items())
        c = self.hold(t, "c", f * before + i * g)
        h = self.hold(t, "h", o * np.tanh(c))
        return {f"a_{n}": a for n, a in named.items()} | {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}

    def _gru(
        self, t: int, by_x: NDArray[Any], by_h: NDArray[Any], before: NDArray[Any]
    ) -> dict[str, NDArray[Any]]:
        (x_r, x_z, x_n), (h_r, h_z, h_n) = np.split(by_x, 3), np.split(by_h, 3)
        r, z = self.hold(t, "r", SIGMA(x_r + h_r)), self.hold(t, "z", SIGMA(x_z + h_z))
        found = {"a_r": x_r + h_r, "a_z": x_z + h_z, "r": r, "z": z}
        if self.spec.gru_reset == "after":
            found |= {"a_hn": h_n, "a_n": x_n + r * h_n}
        else:
            weight, bias = self.weight_hh[-len(before) :], self.bias_hh[-len(before) :]
            found |= {"a_n": x_n + weight @ (r * before) + bias}
        n = self.hold(t, "n", np.tanh(found["a_n"]))
        return found | {"n": n, "h": self.hold(t, "h", (1 - z) * n + z * before)}


def run(drawn: Case, sequence: int) -> tuple[list[dict[str, NDArray[Any]]], NDArray[Any], NDArray[Any]]:
    """One sequence: all numbers (length, H) of each layer and direction, the logits, the predictions."""
    spec, params, length = drawn.spec, drawn.params, int(drawn.lengths[sequence])
    x = drawn.x[:length, sequence]
    vectors = x if x.ndim == 2 else np.eye(spec.input_size)[x]
    if spec.embedding_size:
        vectors = vectors @ params["embedding.weight"]
    found = []
    for layer in range(spec.num_layers):
        ways = [_layer(drawn, layer, way, vectors, sequence) for way in range(spec.directions)]
        found += ways
        vectors = np.concatenate([way["h"] for way in ways], axis=1)
    logits = vectors @ params["head.weight"].T + params.get("head.bias", 0)
    return found, logits, predictions(spec, logits)


def _layer(
    drawn: Case, number: int, direction: int, vectors: NDArray[Any], sequence: int
) -> dict[str, NDArray[Any]]:
    size = drawn.spec.hidden_size
    place = number * drawn.spec.directions + direction
    state = {
        name: drawn.initial[name][place, sequence] if name in drawn.initial else np.zeros(size)
        for name in "hc"
    }
    layer, steps = Layer(drawn, number, direction), {}
    for t in reversed(range(len(vectors))) if direction else range(len(vectors)):
        steps[t] = state = layer.step(t, vectors[t], state)
    names = steps[0] if steps else {"h"}
    return {name: np.array([steps[t][name] for t in sorted(steps)]).reshape(-1, size) for name in names}


def predictions(spec: e.NetworkSpec, logits: NDArray[Any]) -> NDArray[Any]:
    """What the readout makes of logits (T, O)."""
    if spec.readout == "softmax":
        odds = np.exp(logits)
        return odds / odds.sum(axis=1, keepdims=True)
    return SIGMA(logits) if spec.readout == "sigmoid" else logits
