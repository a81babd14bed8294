"""New parameters out of old ones when a network changes its shape: what can be kept is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rnnviz import engine as e
from rnnviz.engine.selection import WeightEntry
from rnnviz.session.freezing import held

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from rnnviz.session.freezing import Frozen
    from rnnviz.session.vocabulary import Vocabulary

Places: TypeAlias = tuple[list[int], list[int]]

AXES = ("token", "feature", "gate", "unit", "direction")

# The block that every cell has, whatever it calls it: what its new state is made of.
CANDIDATES = frozenset({"h", "g", "n"})


@dataclass(frozen=True)
class _Network:
    """A network's specification with the tokens that it reads and predicts."""

    spec: e.NetworkSpec
    vocabulary: Vocabulary

    def things(self, axis: str) -> Sequence[object]:
        """Return what is counted along an axis, in its order."""
        spec = self.spec
        if axis == "gate":
            return ["candidate" if gate in CANDIDATES else gate for gate in e.CELLS[spec.cell].gates]
        if axis == "token":
            return self.vocabulary.tokens
        sizes = {"unit": spec.hidden_size, "direction": spec.directions, "feature": spec.embedding_size or 0}
        return range(sizes[axis])

    def axes(self, name: str) -> tuple[str, ...]:
        """Return what each axis of a parameter counts; a weight is kept where all that it joins stays."""
        if name == "embedding.weight":
            return ("token", "feature")
        if name == "head.weight":
            return ("token", "direction", "unit")
        if name == "head.bias":
            return ("token",)
        if name.startswith("weight_hh"):
            return ("gate", "unit", "unit")
        if name.startswith("weight_ih"):
            return ("gate", "unit", *self._inputs(name))
        return ("gate", "unit")

    def _inputs(self, name: str) -> tuple[str, ...]:
        """Return what the columns of a layer's W_ih count: the lowest layer reads characters."""
        if not name.startswith("weight_ih_l0"):
            return ("direction", "unit")
        return ("token",) if self.spec.embedding_size is None else ("feature",)

    def by_axis(self, name: str, array: NDArray[Any]) -> NDArray[Any]:
        """Return a view of a parameter whose axes are those of `axes`."""
        return array.reshape([len(self.things(axis)) for axis in self.axes(name)])


def carried(
    parameters: e.Parameters,
    spec: e.NetworkSpec,
    vocabulary: Vocabulary,
    new_spec: e.NetworkSpec,
    new_vocabulary: Vocabulary,
) -> e.Parameters:
    """Return parameters of the new network with every weight kept that has a place there.

    A weight belongs to a layer, a direction, a gate, units and tokens; where all of them stay, so does the
    weight. Gates of two cells are the same if they have the same name or are both the candidate. The columns
    of the lowest layer are kept from tokens to tokens and from an embedding to an embedding.

    The others are drawn by the initialiser, always the same: those of a token depend on the token alone, so
    the order of typing does not matter. Biases that are switched on start at zero, which changes no other
    number.
    """
    old, new = _Network(spec, vocabulary), _Network(new_spec, new_vocabulary)
    arrays = {name: array.copy() for name, array in e.initialise(new_spec).items()}
    views = {name: new.by_axis(name, array) for name, array in arrays.items()}
    places = {axis: _shared(old.things(axis), new.things(axis)) for axis in AXES}
    _draw_tokens(new, views, set(range(len(new_vocabulary))) - set(places["token"][1]))
    if not spec.bias:
        _clear_biases(arrays)
    for name in views.keys() & parameters.keys():
        if old.axes(name) == new.axes(name):
            before, after = zip(*(places[axis] for axis in new.axes(name)), strict=True)
            views[name][np.ix_(*after)] = old.by_axis(name, parameters[name])[np.ix_(*before)]
    return e.parameters(new_spec, arrays)


def carried_frozen(
    frozen: Frozen,
    spec: e.NetworkSpec,
    vocabulary: Vocabulary,
    new_spec: e.NetworkSpec,
    new_vocabulary: Vocabulary,
) -> Frozen:
    """Return which entries of the new network are frozen: those kept from frozen ones, as `carried` does."""
    old, new = _Network(spec, vocabulary), _Network(new_spec, new_vocabulary)
    places = {axis: _shared(old.things(axis), new.things(axis)) for axis in AXES}
    shapes = e.parameter_shapes(new_spec)
    masks = {name: np.zeros(shape, bool) for name, shape in shapes.items() if name in frozen}
    for name, mask in masks.items():
        if old.axes(name) == new.axes(name):
            before, after = zip(*(places[axis] for axis in new.axes(name)), strict=True)
            new.by_axis(name, mask)[np.ix_(*after)] = old.by_axis(name, frozen[name])[np.ix_(*before)]
    return held(masks)


def carried_entry(
    entry: WeightEntry,
    spec: e.NetworkSpec,
    vocabulary: Vocabulary,
    new_spec: e.NetworkSpec,
    new_vocabulary: Vocabulary,
) -> WeightEntry | None:
    """Return where `carried` puts an entry of a parameter, None if the new network has no place for it."""
    name, shapes = entry.parameter, e.parameter_shapes(new_spec)
    old, new = _Network(spec, vocabulary), _Network(new_spec, new_vocabulary)
    if name not in shapes or old.axes(name) != new.axes(name):
        return None
    width = (*e.parameter_shapes(spec)[name], 1)[1]
    found, counted = [], [(old.things(axis), new.things(axis)) for axis in new.axes(name)]
    sizes = [len(things) for things, _ in counted]
    places = np.unravel_index(entry.row * width + entry.column, sizes)
    for place, (before, after) in zip(places, counted, strict=True):
        thing = before[int(place)]
        if thing not in after:
            return None
        found.append(after.index(thing))
    flat = int(np.ravel_multi_index(found, [len(after) for _, after in counted]))
    return WeightEntry(name, *divmod(flat, (*shapes[name], 1)[1]))


def _shared(old: Sequence[object], new: Sequence[object]) -> Places:
    """Return where the things that stay are among the old and among the new ones."""
    where = {thing: place for place, thing in enumerate(new)}
    pairs = [(place, where[thing]) for place, thing in enumerate(old) if thing in where]
    return [before for before, _ in pairs], [after for _, after in pairs]


def _draw_tokens(network: _Network, views: dict[str, e.Array], rows: set[int]) -> None:
    """Fill in the weights of the tokens in `rows`, each from ±1/√H by a generator of its own."""
    bound = network.spec.hidden_size**-0.5
    by_token = [
        np.moveaxis(array, network.axes(name).index("token"), 0)
        for name, array in views.items()
        if "token" in network.axes(name)
    ]
    for row in rows:
        token = network.vocabulary.tokens[row]
        generator = np.random.default_rng(list(token.encode("utf-8", "surrogatepass")))
        for view in by_token:
            view[row] = generator.uniform(-bound, bound, view.shape[1:])


def _clear_biases(arrays: dict[str, e.Array]) -> None:
    for name, array in arrays.items():
        if "bias" in name:
            array.fill(0.0)
