"""The parameters of a new network, drawn by a scheme."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import SpecError
from rnnviz.engine.initialisers._registry import SCHEMES
from rnnviz.engine.parameters import Parameters, empty_flat, parameter_shapes, views
from rnnviz.engine.spectrum import spectrum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rnnviz.engine.arrays import Array
    from rnnviz.engine.initialisers._base import Scheme
    from rnnviz.engine.spec import NetworkSpec


def initialise(
    spec: NetworkSpec,
    scheme: str = "uniform",
    seed: int = 0,
    *,
    spectral_radius: float | None = None,
    forget_bias: float | None = None,
) -> Parameters:
    """Draw the parameters of a new network by a scheme of `SCHEMES`; the same seed gives the same numbers.

    spectral_radius: what the recurrent weights of every gate are scaled to afterwards; None leaves it to the
    scheme, and only "spectral" has one of its own, 1. forget_bias: what b_ih + b_hh of an LSTM's forget gates
    become; None leaves them as drawn. Raises SpecError, one sentence that names the argument.
    """
    _check(spec, scheme, seed, spectral_radius, forget_bias)
    drawing = SCHEMES[scheme]
    flat = np.empty(len(empty_flat(spec)))
    arrays = views(flat, parameter_shapes(spec))
    generator = np.random.default_rng(seed)
    for name, array in arrays.items():
        _fill(name, array, spec, drawing, generator)
    radius = drawing.spectral_radius if spectral_radius is None else spectral_radius
    if radius is not None:
        _scale_recurrent(arrays, spec, radius)
    if forget_bias is not None:
        _set_forget_bias(arrays, spec, forget_bias)
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
        return Parameters(flat.astype(spec.number, copy=False), parameter_shapes(spec))


def _fill(name: str, array: Array, spec: NetworkSpec, scheme: Scheme, generator: np.random.Generator) -> None:
    """Draw one parameter, gate by gate."""
    if name == "embedding.weight":
        array[:] = scheme.embedding((array.shape[0], array.shape[1]), generator)
        return
    readout = name.startswith("head.")
    units = spec.width if readout else spec.hidden_size
    for block in [array] if readout else _gates(array, spec):
        if array.ndim == 1:
            block[:] = scheme.bias(len(block), units, generator)
        elif name.startswith("weight_hh"):
            block[:] = scheme.recurrent(units, generator)
        else:
            block[:] = scheme.weights((block.shape[0], block.shape[1]), units, generator)


def _gates(array: Array, spec: NetworkSpec) -> Array:
    """Return a view of a layer's parameter, (G·H, …), that tells its gates apart, (G, H, …)."""
    return array.reshape(-1, spec.hidden_size, *array.shape[1:])


def _scale_recurrent(arrays: Mapping[str, Array], spec: NetworkSpec, radius: float) -> None:
    """Scale the recurrent weights of every gate so that their largest |eigenvalue| is `radius`."""
    for name, array in arrays.items():
        if name.startswith("weight_hh"):
            for block in _gates(array, spec):
                _scale(block, radius)


def _scale(block: Array, radius: float) -> None:
    present = spectrum(block).spectral_radius
    if radius == 0:
        block[:] = 0.0
    elif present == 0:
        raise SpecError(f"spectral_radius must be 0 or None if all recurrent weights are 0, not {radius!r}.")
    else:
        block *= radius / present


def _set_forget_bias(arrays: Mapping[str, Array], spec: NetworkSpec, value: float) -> None:
    """Set the forget gate's b_ih to `value` and its b_hh to 0."""
    gate = CELLS[spec.cell].gates.index("f")
    for name, array in arrays.items():
        if name.startswith(("bias_ih", "bias_hh")):
            _gates(array, spec)[gate] = value if name.startswith("bias_ih") else 0.0


def _check(
    spec: NetworkSpec, scheme: str, seed: int, spectral_radius: float | None, forget_bias: float | None
) -> None:
    if scheme not in SCHEMES:
        raise SpecError(f"scheme must be one of {', '.join(SCHEMES)}, not {scheme!r}.")
    _check_seed(seed)
    if spectral_radius is not None:
        _check_spectral_radius(spec, spectral_radius)
    if forget_bias is not None:
        _check_forget_bias(spec, forget_bias)


def _check_seed(seed: object) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise SpecError(f"seed must be a whole number of at least 0, not {seed!r}.")


def _check_spectral_radius(spec: NetworkSpec, radius: float) -> None:
    if not CELLS[spec.cell].recurrent:
        raise SpecError(f"spectral_radius must be None for the cell {spec.cell}, which has no W_hh.")
    if not (isfinite(radius) and radius >= 0):
        raise SpecError(f"spectral_radius must be a finite number of at least 0, or None, not {radius!r}.")


def _check_forget_bias(spec: NetworkSpec, value: float) -> None:
    if "f" not in CELLS[spec.cell].gates:
        raise SpecError(f"forget_bias must be None for the cell {spec.cell}, which has no forget gate.")
    if not spec.bias:
        raise SpecError("forget_bias must be None for a network without biases.")
    if not isfinite(value):
        raise SpecError(f"forget_bias must be a finite number, or None, not {value!r}.")
