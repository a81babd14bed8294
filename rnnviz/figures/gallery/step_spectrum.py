"""What a step does to a gradient: the eigenvalues of its Jacobian, its singular values along the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine import CELLS, spectrum
from rnnviz.figures.columns import TOO_SHORT
from rnnviz.figures.gallery._registry import register
from rnnviz.figures.gallery.spectrum import CIRCLE
from rnnviz.figures.links import is_live, links_between
from rnnviz.figures.memo import memoised
from rnnviz.figures.model import Axis, Figure, Line, Margins, Plot, Points
from rnnviz.figures.numbers import FINE_STEPS, decades, nice_ceiling, written
from rnnviz.figures.staleness import as_stale

if TYPE_CHECKING:
    from rnnviz.engine import Chain, Spectrum
    from rnnviz.figures.model import Floats, Mark
    from rnnviz.figures.scene import Scene

TITLE = "Jacobian of a step"
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
TOO_MUCH = "So many steps of so many units cannot be followed live; shorten the text or take fewer units."
NOT_FINITE = "The Jacobian of this step is not finite, so it has no eigenvalues."


@register("step-spectrum", "Jacobian of a step")
def step_spectrum(scene: Scene) -> Figure:
    """Show the eigenvalues of J_t = ∂s_t/∂s_{t−1} at the playhead, and σ₁ and σ_n of every step's J_t."""
    flow = scene.analysis.flow
    steps = flow.stop - flow.start
    if not steps:
        return Figure(TITLE, "The sequence has no step yet.", (), message=TOO_SHORT)
    if not is_live(scene.spec, steps):
        return Figure(TITLE, TOO_MUCH, (), message=TOO_MUCH)
    links = _of_window(scene)
    here = int(np.flatnonzero(links.reached == scene.step + (1 if flow.direction else -1))[0])
    jacobian = links.jacobians[here]
    if not np.isfinite(jacobian).all():
        return Figure(TITLE, NOT_FINITE, (), message=NOT_FINITE)
    found = _spectrum(jacobian)
    states = ", ".join(CELLS[scene.spec.cell].states)
    name = f"J{str(scene.step + 1).translate(SUBSCRIPT)}"
    note = f"{name}: radius {written(found.spectral_radius)} · σ₁ {written(found.norm)}"
    figure = Figure(
        TITLE,
        f"The Jacobian of ({states}) at step {scene.step + 1} by the step before: spectral radius "
        f"{written(found.spectral_radius)}, largest singular value {written(found.norm)}.",
        (_circle(found), _along(scene, links)),
        columns=2,
        margins=Margins(left=48, top=30, right=16, bottom=40),
        note=note,
    )
    return as_stale(scene, figure)


def _of_window(scene: Scene) -> Chain:
    """Return the Jacobians of all steps of the window, and of the state that it starts from."""
    flow = scene.analysis.flow
    if flow.direction:
        return links_between(scene, flow.start, flow.stop)
    return links_between(scene, flow.stop - 1, flow.start - 1)


@memoised
def _spectrum(jacobian: Floats) -> Spectrum:
    return spectrum(jacobian)


def _circle(found: Spectrum) -> Plot:
    values = np.stack([found.eigenvalues.real, found.eigenvalues.imag], 1)
    reach = max(1.2, nice_ceiling(1.05 * found.spectral_radius, FINE_STEPS))
    axes = Axis(-reach, reach, "real part"), Axis(-reach, reach, "imaginary part")
    marks = (CIRCLE, Points(values, "hidden", "eigenvalues"))
    return Plot("eigenvalues", *axes, marks, heading="eigenvalues of J_t", fit="square", clip=True)


def _along(scene: Scene, links: Chain) -> Plot:
    """Return the largest and the smallest singular value of every step's Jacobian."""
    flow = scene.analysis.flow
    t = links.reached + (0 if flow.direction else 2)  # J_t leads from s_{t−1} to s_t; from 1
    order = np.argsort(t)
    values = links.singular_values[order]
    steps = t[order].astype(float)
    ends = np.array([flow.start + 0.5, flow.stop + 0.5])
    marks: tuple[Mark, ...] = (
        Line(ends, np.ones(2), "muted", "σ = 1", dashed=True),
        Line(steps, values[:, -1], "muted", "smallest σ"),
        Line(steps, values[:, 0], "hidden", "largest σ"),
        Points(np.array([[scene.step + 1.0, values[scene.step - flow.start, 0]]]), "selection", size=9.0),
    )
    low, high = decades(values[:, [0, -1]].ravel(), least=1, most=4)
    y = Axis(low, max(high, 10.0), log=True)
    x = Axis(flow.start + 0.5, flow.stop + 0.5, "t", whole=True)
    return Plot("along", x, y, marks, heading="singular values of J_t", clip=True)
