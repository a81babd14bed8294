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


@dataclass(frozen=True, slots=True)
class Workspace:
    """A named arrangement of panels, by their names."""

    name: str
    title: str
    layout: Split

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
)

GRADIENTS = Workspace(
    "gradients",
    "Gradients",
    Split(
        "row",
        (
            Split("column", ("sequence", "weights"), (210, 550)),
            Split("column", ("network", "gradient-profile", "timeline"), (230, 230, 300)),
            Split("column", ("gradient-flow", "spectrum"), (500, 260)),
        ),
        (260, 640, 480),
    ),
)

WORKSPACES = {workspace.name: workspace for workspace in (EXPLORE, GRADIENTS)}
