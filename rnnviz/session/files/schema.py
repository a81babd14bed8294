"""The one JSON document of a file, `document.json`, in the present version of the format.

Names and meanings here are a promise: a file written today opens for ever. A field that is new needs a
default that says what files without it meant; anything else is another version and a step in `migrations`.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, field

from rnnviz.engine import Intervention, NetworkSpec
from rnnviz.engine.selection import Selection
from rnnviz.session.reading import Reading
from rnnviz.session.settings import TrainingSettings
from rnnviz.session.sight import Sight

FORMAT = "rnnviz"
VERSION = 1

MOST_UPDATES = 2**53
"""More no float counts, and curves are floats."""

Name: TypeAlias = Annotated[str, Meta(max_length=1_000)]
Choices: TypeAlias = Annotated[str, Meta(max_length=10_000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=MOST_UPDATES)]
Whole: TypeAlias = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]


class CorpusPart(Struct, frozen=True):
    """A whole text to learn from: its tokens are `corpus.npy`, the text is `corpus.txt` if it `has_text`."""

    name: Name
    has_text: bool = False


class HistoryPart(Struct, frozen=True):
    """What updates have found, from number `first` on: `history.npy`, (4 + P, n), see `history.Record`."""

    names: tuple[Name, ...]
    first: Count
    count: Count


class LayoutPart(Struct, frozen=True):
    """Panels beside one another, above one another, or one behind the other, with their relative sizes."""

    direction: Literal["row", "column", "tabs"]
    parts: tuple[LayoutPart | Name, ...]
    sizes: tuple[Whole, ...] = ()


class View(Struct, frozen=True):
    """Where somebody was looking, so that the next one looks there too; none of it can be undone.

    Steps, layers and units count from 0. layout: the panels, None for those that are there already.
    panels: what was chosen in each panel, by its name, as `Panel.recall` reads it.
    """

    step: Whole = 0
    stage: Whole | None = None
    focus: tuple[Whole, Whole] = (-1, 0)
    sight: Sight = "a"
    columns: tuple[Whole, Whole] | None = None
    selection: Selection | None = None
    notation: Name = "weights"
    loop: bool = False
    speed: Whole = 4
    layout: LayoutPart | Name | None = None
    panels: dict[Name, Choices] = field(default_factory=dict)


class DocumentPart(Struct, frozen=True):
    """A document without its arrays. What has a value here may be left out.

    start: the states that `start/NAME.npy` holds, (L·D, 1, H); none: zero. frozen: the parameters of which
    `frozen/NAME.npy` says what training leaves as it is. trained: whether `origin/NAME.npy` holds the
    parameters that training began with; updates: how many have followed. The parameters themselves are
    `parameters/NAME.npy`, under PyTorch's names and in its shapes.
    """

    format: Literal["rnnviz"]
    version: Literal[1]
    title: Name
    network: NetworkSpec
    reads: Reading
    vocabulary: tuple[str, ...]
    text: str
    silent: tuple[Whole, ...] = ()
    other: str | None = None
    other_silent: tuple[Whole, ...] = ()
    corpus: CorpusPart | None = None
    training: TrainingSettings | UnsetType = UNSET
    trained: bool = False
    updates: Count = 0
    history: HistoryPart | None = None
    start: tuple[Name, ...] = ()
    frozen: tuple[Name, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    view: View = View()


PARTS = {
    "network": NetworkSpec,
    "corpus": CorpusPart,
    "training": TrainingSettings,
    "history": HistoryPart,
    "view": View,
}
"""The fields that are objects with fields of their own."""
