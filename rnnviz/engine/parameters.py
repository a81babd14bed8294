"""The numbers a network is made of: named, shaped, read-only views of one flat buffer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.cells import CELLS, Weights
from rnnviz.engine.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from rnnviz.engine.spec import NetworkSpec


@lru_cache(maxsize=64)
def parameter_shapes(spec: NetworkSpec) -> Mapping[str, tuple[int, ...]]:
    """Return the shape of every parameter, in PyTorch's order and under its names."""
    shapes: dict[str, tuple[int, ...]] = {}
    if spec.embedding_size is not None:
        shapes["embedding.weight"] = (spec.input_size, spec.embedding_size)
    for layer in range(spec.num_layers):
        for direction in range(spec.directions):
            shapes |= _layer_shapes(spec, layer, suffix(layer, direction))
    shapes["head.weight"] = (spec.output_size, spec.width)
    if spec.bias:
        shapes["head.bias"] = (spec.output_size,)
    return MappingProxyType(shapes)


def suffix(layer: int, direction: int) -> str:
    """Return how the names of a layer's parameters end, as PyTorch has it."""
    return f"_l{layer}_reverse" if direction else f"_l{layer}"


def _layer_shapes(spec: NetworkSpec, layer: int, end: str) -> dict[str, tuple[int, ...]]:
    cell = CELLS[spec.cell]
    rows = len(cell.gates) * spec.hidden_size
    shapes: dict[str, tuple[int, ...]] = {"weight_ih" + end: (rows, spec.layer_inputs(layer))}
    if cell.recurrent:
        shapes["weight_hh" + end] = (rows, spec.hidden_size)
    if spec.bias:
        shapes["bias_ih" + end] = (rows,)
    if spec.bias and cell.recurrent:
        shapes["bias_hh" + end] = (rows,)
    return shapes


def views(flat: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Cut a flat buffer into named arrays that share its memory."""
    cut, start = {}, 0
    for name, shape in shapes.items():
        stop = start + prod(shape)
        cut[name] = flat[start:stop].reshape(shape)
        start = stop
    return cut


class Parameters(Mapping[str, Array]):
    """Arrays by name, all read-only views of one flat read-only buffer; two are equal if they are the same.

    The constructor takes `flat` as its own and makes it read-only.
    """

    __slots__ = ("_views", "flat", "shapes")

    def __init__(self, flat: Array, shapes: Mapping[str, tuple[int, ...]]) -> None:
        flat.flags.writeable = False
        self.flat = flat
        self.shapes = shapes
        self._views: dict[str, Array] = {}  # cut when asked for: of most updates of a training nobody asks

    def __getitem__(self, name: str) -> Array:
        if not self._views:
            self._views = views(self.flat, self.shapes)
        return self._views[name]

    def __contains__(self, name: object) -> bool:
        return name in self.shapes

    def __iter__(self) -> Iterator[str]:
        return iter(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"Parameters({', '.join(f'{name} {array.shape}' for name, array in self.items())})"

    def replaced(self, arrays: Mapping[str, ArrayLike]) -> Parameters:
        """Return a copy with some arrays replaced. Raises ShapeError if a name or a shape is not ours."""
        flat = self.flat.copy()
        _write(views(flat, self.shapes), arrays)
        return Parameters(flat, self.shapes)


@np.errstate(all="ignore")
def _write(targets: Mapping[str, Array], arrays: Mapping[str, ArrayLike]) -> None:
    """Copy arrays into those of the same name; what float32 cannot hold becomes infinite."""
    for name, values in arrays.items():
        if name not in targets:
            raise ShapeError(f"{name} is no parameter of this network; it has {', '.join(targets)}.")
        array, target = np.asarray(values), targets[name]
        if array.shape != target.shape:
            raise ShapeError(f"{name} must have the shape {target.shape}, not {array.shape}.")
        if array.dtype.kind not in "fiu":
            raise ShapeError(f"{name} must hold real numbers, not {array.dtype}.")
        target[...] = array


def parameters(spec: NetworkSpec, mapping: Mapping[str, ArrayLike]) -> Parameters:
    """Copy arrays (a PyTorch state dict, say) into the parameters of a network.

    Raises ShapeError if a name is missing or unknown, or a shape is not that of `parameter_shapes`.
    """
    shapes = parameter_shapes(spec)
    missing = [name for name in shapes if name not in mapping]
    if missing:
        raise ShapeError(f"The parameter {missing[0]} is missing; it has the shape {shapes[missing[0]]}.")
    flat = empty_flat(spec)
    _write(views(flat, shapes), mapping)
    return Parameters(flat, shapes)


def empty_flat(spec: NetworkSpec) -> Array:
    """Return an unfilled buffer as long as all parameters together."""
    return np.empty(sum(map(prod, parameter_shapes(spec).values())), spec.number)


def layer_weights(
    spec: NetworkSpec,
    params: Mapping[str, Array],
    layer: int,
    direction: int,
    number: type[np.floating] | np.dtype[np.floating] | None = None,
) -> Weights:
    """Return the parameters of a layer and direction, as `number` if given; those it lacks are zero."""
    end = suffix(layer, direction)
    size = spec.hidden_size
    rows, number = len(CELLS[spec.cell].gates) * size, number or spec.number

    def get(name: str, *shape: int) -> Array:
        return np.asarray(params[name], number) if name in params else np.zeros(shape, number)

    return Weights(
        weight_ih=get("weight_ih" + end),
        weight_hh=get("weight_hh" + end, rows, size),
        bias_ih=get("bias_ih" + end, rows),
        bias_hh=get("bias_hh" + end, rows),
    )
