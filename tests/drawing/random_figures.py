"""Any figure at all, with the numbers that programs trip over."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.figures.model import (
    Arrows,
    Axis,
    Bars,
    Boxes,
    CellBars,
    Dial,
    Figure,
    GutterLabel,
    Heatmap,
    Line,
    Locks,
    Margins,
    Pipes,
    Plot,
    Points,
    Region,
    Scale,
    Text,
)

awkward = st.sampled_from([np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, 0.0, -0.0, 1e16])
number = st.one_of(st.floats(-12, 12), st.floats(-12, 12), awkward)
places = st.one_of(st.none(), number)
roles = st.sampled_from(["input", "hidden", "loss", "gradient", "text", "muted", "frame", "selection"])
words = st.sampled_from(
    ["", "h_t", "h_{t−1}", "␣", "_", "a longer label", "🙂", "שלום", "⟦input|x_t⟧ + b", "10⁻⁴"]
)
scales = st.builds(
    Scale,
    st.sampled_from(["signed", "probability", "gate", "gradient"]),
    number,
    number,
    st.booleans(),
    words,
)
axes = st.builds(
    Axis, number, number, words, st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.one_of(st.none(), st.lists(st.tuples(number, words), max_size=5).map(tuple)),
)  # fmt: skip


def table(columns: int) -> st.SearchStrategy[np.ndarray]:
    return st.sampled_from([3, 1, 5, 0]).flatmap(lambda n: arrays(float, (n, columns), elements=number))


def row() -> st.SearchStrategy[np.ndarray]:
    return st.sampled_from([4, 40, 0]).flatmap(lambda n: arrays(float, n, elements=number))


curves = st.sampled_from([12, 60, 1, 0]).flatmap(lambda n: arrays(float, (2, n), elements=number))
matrices = st.sampled_from([(2, 3), (6, 30), (1, 1), (0, 4), (3, 0)]).flatmap(
    lambda shape: arrays(float, shape, elements=number)
)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    at = draw(table(2))
    strings = tuple(draw(words) for _ in at)
    chosen = st.frozensets(st.integers(0, 5))
    return Text(
        at, strings, draw(roles), draw(st.sampled_from(["none", "circle", "box"])), draw(roles), draw(chosen),
        draw(chosen), draw(st.sampled_from([0.0, 6.0, 12.0, 40.0])), draw(st.sampled_from([400, 700])),
        draw(st.sampled_from([0.0, 0.5, 1.0])), draw(st.sampled_from([None, 0.0, 0.4, 5.0])),
        draw(st.sampled_from(["text", "mathematics"])), draw(chosen),
    )  # fmt: skip


lines = st.builds(lambda xy, *rest: Line(*xy, *rest), curves, roles, words, st.booleans())
marks = st.one_of(
    lines,
    st.builds(Bars, row(), roles, number, st.sampled_from([0.0, 0.7, 1.0])),
    st.builds(
        Heatmap, matrices, scales, number, number, number, st.sampled_from([0.0, 0.3, 0.96, 1.0]),
        st.booleans(), st.sampled_from([None, 0, 2]),
    ),
    st.builds(Boxes, table(2), st.tuples(number, number), roles),
    st.builds(Arrows, table(4), roles, st.booleans()),
    st.builds(
        Pipes, st.lists(table(2), max_size=3).map(tuple), roles, st.sampled_from([0.5, 2.0, 9.0]),
        st.frozensets(st.integers(0, 3)), st.one_of(st.none(), table(2)), st.booleans(),
    ),
    texts(),
    st.builds(Region, number, number, st.one_of(roles, st.just("veil")), places, places),
    st.builds(Points, table(2), roles, words, st.sampled_from([0.0, 7.0])),
    st.builds(CellBars, matrices, number, roles),
    st.builds(Locks, table(2), roles),
    st.builds(
        Dial, table(2), number, number, number, number, number, roles, st.lists(words, max_size=2).map(tuple)
    ),
)  # fmt: skip
plots = st.builds(
    Plot, st.just("p"), axes, axes, st.lists(marks, max_size=4).map(tuple), words,
    st.lists(st.builds(GutterLabel, number, words, roles), max_size=2).map(tuple), st.floats(0, 3),
    st.sampled_from(["stretch", "square", "natural"]),
    st.tuples(st.floats(-10, 300), st.floats(-10, 300)), st.booleans(),
)  # fmt: skip
figures = st.builds(
    Figure, words, words, st.lists(plots, max_size=3).map(tuple), st.integers(1, 2),
    st.lists(st.builds(Region, number, number, roles), max_size=2).map(tuple), st.one_of(st.none(), scales),
    st.sampled_from([Margins(), Margins(0, 0, 0, 0, 0, 0)]), words, words,
    st.sampled_from(["", "A caption. " * 9]),
)  # fmt: skip
