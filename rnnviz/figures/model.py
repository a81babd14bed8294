"""A figure as data: what a picture shows, without how it is drawn.

Marks compare by identity, so a view can see at once which of them an edit left alone; axes and scales
compare by value. Colours are semantic roles (see `rnnviz.figures.theme`), never literal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating]

Map = Literal["signed", "probability", "gate", "gradient"]


@dataclass(frozen=True, slots=True)
class Axis:
    """The range of one direction of a plot, in data units; `ticks` replaces the automatic ones."""

    low: float = 0.0
    high: float = 1.0
    label: str = ""
    log: bool = False
    shown: bool = True
    reverse: bool = False
    whole: bool = False  # ticks at whole numbers only
    ticks: tuple[tuple[float, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How the values of a heat map become colours; drawn as the legend."""

    map: Map
    low: float
    high: float
    log: bool = False
    label: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """A curve through (x, y); NaN breaks it."""

    x: Floats
    y: Floats
    role: str
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Bars:
    """Bars from zero to `heights`; bar n stands at start + n. NaN draws none."""

    heights: Floats
    role: str
    start: float = 0.0
    width: float = 0.72


@dataclass(frozen=True, eq=False, slots=True)
class Heatmap:
    """A matrix as coloured cells; NaN cells are left empty.

    values: (rows, columns). Row 0 begins at y = `top`, the last row ends at y = `bottom`; column n covers
    left + n to left + n + 1, of which `fill` is coloured. `decimals` prints values that fit, `texts` other
    words instead, one a cell row by row.
    """

    values: Floats
    scale: Scale
    left: float = -0.5
    top: float = 0.0
    bottom: float = 1.0
    fill: float = 1.0
    rounded: bool = False
    decimals: int | None = None
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Boxes:
    """Equal frames around centres; centres: (n, 2), size in data units."""

    centres: Floats
    size: tuple[float, float]
    role: str


@dataclass(frozen=True, eq=False, slots=True)
class Arrows:
    """Straight arrows; ends: (n, 4) as x0, y0, x1, y1."""

    ends: Floats
    role: str
    head: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Pipes:
    """Lines with rounded corners; lines: the corners of each, (n, 2). width: in pixels.

    heads: which of them end in an arrowhead. joins: dots, (n, 2), where lines part. over: whether a line
    leaves a gap in what it crosses, so that a crossing cannot be taken for a join.
    """

    lines: tuple[Floats, ...]
    role: str
    width: float = 2.0
    heads: frozenset[int] = frozenset()
    joins: Floats | None = None
    over: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Text:
    """Strings centred (align 0.5) on positions: (n, 2).  `h_t` and `h_{t−1}` set a subscript.

    `frame` draws a circle or a box in pixels around each string, since tokens are not data-sized; `solid`
    names those whose frame is filled with the frame's colour. `struck` names strings drawn struck through,
    `outlined` those whose frame has the outline of what is picked around it.
    `pitch` is the room for one string along x in data units; strings shrink to stay inside it. The family
    "formula" is set as in a book, fractions and all (see `latex`), and must not change often.
    """

    positions: Floats
    strings: tuple[str, ...]
    role: str
    frame: Literal["none", "circle", "box"] = "none"
    frame_role: str = "frame"
    solid: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    size: float = 12.0
    weight: int = 400
    align: float = 0.5
    pitch: float | None = None
    family: Literal["text", "mathematics", "formula"] = "text"
    outlined: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class Region:
    """A range of x, and of y unless None: "veil" and "stale" dim what is beneath, other roles outline it.

    fine: with a thin outline.
    """

    low: float
    high: float
    role: str
    bottom: float | None = None
    top: float | None = None
    fine: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """Dots in pixels; positions: (n, 2), size is the diameter."""

    positions: Floats
    role: str
    label: str = ""
    size: float = 7.0


@dataclass(frozen=True, eq=False, slots=True)
class CellBars:
    """Bars along the lower edges of a matrix's cells: from the middle to the right, to the left below 0.

    values: (rows, columns); cells are one unit wide and high, the first at (0, 0). The bar of ±limit reaches
    the side of its cell; NaN draws none.
    """

    values: Floats
    limit: float
    role: str


@dataclass(frozen=True, eq=False, slots=True)
class Locks:
    """Small padlocks in the upper right corners of cells; cells: (n, 2), row, column; size: width, height."""

    cells: Floats
    role: str = "text"
    size: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, eq=False, slots=True)
class Dial:
    """Points around the unit circle, in the largest square of an area of the plot, words in rows beneath it.

    points: (n, 2). reach: the coordinate at the square's side. The area is left to right, top to bottom.
    """

    points: Floats
    reach: float
    left: float
    right: float
    top: float
    bottom: float
    role: str
    words: tuple[str, ...] = ()


Mark: TypeAlias = (
    Line | Bars | Heatmap | Boxes | Arrows | Pipes | Text | Region | Points | CellBars | Locks | Dial
)


@dataclass(frozen=True, slots=True)
class GutterLabel:
    """A name at the left edge of the figure, at data height `at` of its plot."""

    at: float
    text: str
    role: str


@dataclass(frozen=True, eq=False, slots=True)
class Plot:
    """Marks on a pair of axes.

    fit: "stretch" fills the room; "square" makes one unit of x as long as one of y; "natural" draws at
    `natural` (width, height) pixels from the top left, smaller or up to twice as large as there is room;
    centred: in the middle of the room instead.
    height: in pixels, instead of a share by `weight`, if it is above 0.
    """

    name: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    heading: str = ""
    gutter: tuple[GutterLabel, ...] = ()
    weight: float = 1.0
    fit: Literal["stretch", "square", "natural"] = "stretch"
    natural: tuple[float, float] = (0.0, 0.0)
    clip: bool = False
    height: float = 0.0
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Margins:
    """Pixels kept free around the plots; `left` is the gutter that aligns figures above one another."""

    left: float = 72.0
    top: float = 8.0
    right: float = 16.0
    bottom: float = 24.0
    between_rows: float = 8.0
    between_columns: float = 48.0


@dataclass(frozen=True, eq=False, slots=True)
class Figure:
    """A grid of plots, row by row in `columns`; `across` regions cross all plots of the first column.

    `description` is one sentence that says what is seen, for screen readers. `message` stands where a picture
    without plots would be empty.
    """

    title: str
    description: str
    plots: tuple[Plot, ...]
    columns: int = 1
    across: tuple[Region, ...] = ()
    legend: Scale | None = None
    margins: Margins = Margins()
    message: str = ""
    note: str = ""  # a short fact for the right of the heading, such as a range of steps
    caption: str = ""  # a sentence beneath the plots
