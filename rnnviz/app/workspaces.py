"""Arrangements of panels; a new entry here is a new button in the top bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Split:
    """Parts beside one another ("row") or above one another ("column"), with their relative sizes."""

    direction: Literal["row", "column"]
    parts: tuple[Part, ...]
    sizes: tuple[int, ...]


Part: TypeAlias = "Split | str"


NARROW, LOW = 1400.0, 800.0  # logical pixels of a window in which there is not room for everything


@dataclass(frozen=True, slots=True)
class Workspace:
    """A named arrangement of panels, by their names; `small` is one of most of them for a small window."""

    name: str
    title: str
    layout: Split
    small: Split | None = None

    def layout_in(self, width: float, height: float) -> Split:
        """Return the arrangement for a window of a size in logical pixels."""
        roomy = width > NARROW and height > LOW
        return self.layout if self.small is None or roomy else self.small

    def panels(self) -> tuple[str, ...]:
        """Return the names of its panels in reading order."""
        return tuple(_leaves(self.layout))


def _leaves(part: Part) -> list[str]:
    return [part] if isinstance(part, str) else [leaf for inner in part.parts for leaf in _leaves(inner)]


EXPLORE = Workspace(
    "explore",
    "Explore",
    Split(
        "row",
        (
            Split(
                "column",
                (
                    Split(
                        "row",
                        (
                            Split("column", ("sequence", "weights"), (230, 320)),
                            Split("column", ("network", "timeline"), (220, 330)),
                        ),
                        (305, 775),
                    ),
                    "training",
                ),
                (565, 185),
            ),
            Split("column", ("equations", "gradient-flow"), (360, 390)),
        ),
        (1075, 315),
    ),
    # Training is as high as its controls; here it takes nothing from the weights.
    small=Split(
        "row",
        (
            Split("column", ("sequence", "weights"), (220, 420)),
            Split("column", ("network", "timeline", "training"), (180, 250, 200)),
            Split("column", ("equations", "gradient-flow"), (320, 320)),
        ),
        (280, 600, 370),
    ),
)

GRADIENTS = Workspace(
    "gradients",
    "Gradients",
    Split(
        "row",
        (
            Split("column", ("gradient-flow", "gradient-profile", "gradient-column"), (480, 175, 165)),
            Split("column", ("verdict", "chain"), (400, 420)),
            Split("column", ("weights", "spectrum", "phase"), (300, 260, 260)),
        ),
        (480, 560, 340),
    ),
    # The verdict and its knobs are wide; what there is no room for is a click away in the menu of panels.
    small=Split(
        "row",
        (
            Split("column", ("gradient-flow", "gradient-profile"), (440, 200)),
            Split("column", ("verdict", Split("row", ("chain", "spectrum"), (575, 235))), (340, 300)),
        ),
        (440, 825),
    ),
)

INSIDE = Workspace(
    "inside",
    "Inside the cell",
    Split(
        "row",
        (
            Split("column", ("circuit", Split("row", ("timeline", "knock-out"), (640, 370))), (560, 260)),
            Split("column", ("network", "equations"), (300, 520)),
        ),
        (1010, 560),
    ),
    small=Split(
        "row",
        (
            Split("column", ("circuit", Split("row", ("timeline", "knock-out"), (640, 370))), (400, 240)),
            Split("column", ("network", "equations"), (230, 410)),
        ),
        (820, 440),
    ),
)

DYNAMICS = Workspace(
    "dynamics",
    "Dynamics",
    Split(
        "row",
        (
            Split("column", ("weights", "spectrum"), (480, 300)),
            Split("column", ("phase", "lyapunov"), (520, 260)),
            Split("column", ("step-spectrum", "powers", "slopes"), (260, 260, 260)),
        ),
        (320, 560, 500),
    ),
    small=Split(
        "row",
        (
            Split("column", ("weights", "spectrum"), (340, 300)),
            Split("column", ("phase", "lyapunov"), (390, 250)),
            Split("column", ("step-spectrum", "powers", "slopes"), (240, 190, 210)),
        ),
        (300, 440, 520),
    ),
)

WORKSPACES = {workspace.name: workspace for workspace in (EXPLORE, INSIDE, GRADIENTS, DYNAMICS)}
