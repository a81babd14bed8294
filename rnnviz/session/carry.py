"""New parameters out of old ones when a network changes its shape: what can be kept is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rnnviz import engine as e

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnnviz.session.vocabulary import Vocabulary

Places: TypeAlias = tuple[list[int], list[int]]

# What each axis of a parameter counts; the rows of a layer's parameters are gate by gate.
_AXES = {
    "weight_ih_l0": ("gate", "hidden", "token"),
    "weight_hh_l0": ("gate", "hidden", "hidden"),
    "bias_ih_l0": ("gate", "hidden"),
    "bias_hh_l0": ("gate", "hidden"),
    "head.weight": ("token", "hidden"),
    "head.bias": ("token",),
}


def carried(
    parameters: e.Parameters,
    spec: e.NetworkSpec,
    vocabulary: Vocabulary,
    new_spec: e.NetworkSpec,
    new_vocabulary: Vocabulary,
) -> e.Parameters:
    """Return parameters of the new network with every weight kept whose unit, gate and token stay.

    The others are drawn from ±1/√H, always the same: those of a token depend on the token alone, so the order
    of typing does not matter. A bias that is switched on starts at zero, which changes no other number.
    """
    places = {
        "gate": _shared(e.CELLS[spec.cell].gates, e.CELLS[new_spec.cell].gates),
        "hidden": _shared(range(spec.hidden_size), range(new_spec.hidden_size)),
        "token": _shared(vocabulary.tokens, new_vocabulary.tokens),
    }
    arrays = {name: array.copy() for name, array in e.initialise(new_spec).items()}
    grouped = {name: _by_gate(array, name, new_spec) for name, array in arrays.items()}
    _draw_tokens(grouped, new_spec, new_vocabulary, set(range(len(new_vocabulary))) - set(places["token"][1]))
    if not spec.bias:
        _clear_biases(arrays)
    for name in arrays.keys() & parameters.keys():
        old, new = zip(*(places[axis] for axis in _AXES[name]), strict=True)
        grouped[name][np.ix_(*new)] = _by_gate(parameters[name], name, spec)[np.ix_(*old)]
    return e.parameters(new_spec, arrays)


def _shared(old: Sequence[object], new: Sequence[object]) -> Places:
    """Return where the things that stay are among the old and among the new ones."""
    where = {thing: place for place, thing in enumerate(new)}
    pairs = [(place, where[thing]) for place, thing in enumerate(old) if thing in where]
    return [before for before, _ in pairs], [after for _, after in pairs]


def _by_gate(array: e.Array, name: str, spec: e.NetworkSpec) -> e.Array:
    """Return a view whose axes are those of `_AXES`."""
    if _AXES[name][0] != "gate":
        return array
    return array.reshape(-1, spec.hidden_size, *array.shape[1:])


def _draw_tokens(
    grouped: dict[str, e.Array], spec: e.NetworkSpec, vocabulary: Vocabulary, rows: set[int]
) -> None:
    """Fill in the weights of the tokens in `rows`, each from a generator of its own."""
    bound = spec.hidden_size**-0.5
    views = [
        np.moveaxis(array, _AXES[name].index("token"), 0)
        for name, array in grouped.items()
        if "token" in _AXES[name]
    ]
    for row in rows:
        generator = np.random.default_rng(list(vocabulary.tokens[row].encode("utf-8", "surrogatepass")))
        for view in views:
            view[row] = generator.uniform(-bound, bound, view.shape[1:])


def _clear_biases(arrays: dict[str, e.Array]) -> None:
    for name, array in arrays.items():
        if "bias" in name:
            array.fill(0.0)
