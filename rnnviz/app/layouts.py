"""How the panels are arranged, as a tree that a file can hold, and from such a tree back to docks.

Qt has a form of its own for that, which cannot be checked: a damaged one ends the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from rnnviz.app.arrange import arrange
from rnnviz.app.workspaces import Split
from rnnviz.session.files.schema import LayoutPart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QDockWidget, QMainWindow

    from rnnviz.app.workspaces import Part

    Tree: TypeAlias = LayoutPart | str
    Way: TypeAlias = Literal["row", "column"]

DEEPEST = 12
"""How deep a tree may be; ours has four floors."""


def layout_of(desk: QMainWindow, docks: Mapping[str, QDockWidget]) -> Tree | None:
    """Return how the docks lie beside, above and behind one another; None if none is there to be seen.

    Floating docks are left out.
    """
    seen = {name: dock for name, dock in docks.items() if _lies_in_front(dock)}
    if not desk.isVisible() or not seen:
        return None
    names = {dock: name for name, dock in docks.items()}
    leaves: dict[str, Tree] = {}
    for name, dock in seen.items():
        behind = [names[other] for other in desk.tabifiedDockWidgets(dock) if not other.isHidden()]
        leaves[name] = LayoutPart("tabs", (name, *behind)) if behind else name
    return _tree({name: dock.geometry() for name, dock in seen.items()}, leaves)


def apply_layout(desk: QMainWindow, docks: Mapping[str, QDockWidget], layout: Tree) -> None:
    """Arrange docks as a tree says; names that there are not, or twice, are passed over."""
    left = set(docks)
    tabs: list[tuple[str, ...]] = []
    part = _part(layout, left, tabs, DEEPEST)
    if part is None:
        return
    arrange(desk, part if isinstance(part, Split) else Split("row", (part,), (1,)), docks)
    for first, *others in tabs:
        for name in others:
            docks[name].show()
            desk.tabifyDockWidget(docks[first], docks[name])
        docks[first].raise_()


def _lies_in_front(dock: QDockWidget) -> bool:
    return not dock.isHidden() and not dock.isFloating() and not dock.visibleRegion().isEmpty()


def _tree(places: dict[str, QRect], leaves: Mapping[str, Tree]) -> Tree:
    """Cut rectangles apart from top to bottom or from left to right, and what is cut off again."""
    if len(places) == 1:
        return leaves[next(iter(places))]
    ways: tuple[Way, Way] = ("row", "column")
    direction, parts = max(((way, _cut(places, way)) for way in ways), key=lambda found: len(found[1]))
    if len(parts) == 1:  # a pattern like a pinwheel, which docks do not make
        parts = [{name: place} for name, place in places.items()]
    sizes = tuple(_extent(part, direction) for part in parts)
    return LayoutPart(direction, tuple(_tree(part, leaves) for part in parts), sizes)


def _cut(places: dict[str, QRect], way: Way) -> list[dict[str, QRect]]:
    """Return the groups between which there is a straight line across all of them, in order."""
    groups: list[dict[str, QRect]] = []
    reach = 0
    for name, place in sorted(places.items(), key=lambda item: _span(item[1], way)):
        start, stop = _span(place, way)
        if not groups or start >= reach:
            groups.append({})
        groups[-1][name] = place
        reach = max(reach, stop)
    return groups


def _span(place: QRect, way: Way) -> tuple[int, int]:
    if way == "row":
        return place.x(), place.x() + place.width()
    return place.y(), place.y() + place.height()


def _extent(part: dict[str, QRect], way: Way) -> int:
    spans = [_span(place, way) for place in part.values()]
    return max(stop for _, stop in spans) - min(start for start, _ in spans)


def _part(layout: Tree, left: set[str], tabs: list[tuple[str, ...]], depth: int) -> Part | None:
    """Return the part of a workspace that a tree describes, and take its names from those that are left."""
    if isinstance(layout, str):
        return _taken(layout, left)
    if depth == 0:
        return None
    if layout.direction == "tabs":
        names = [name for part in layout.parts if isinstance(part, str) and (name := _taken(part, left))]
        tabs += [tuple(names)] if len(names) > 1 else []
        return names[0] if names else None
    sizes = layout.sizes if len(layout.sizes) == len(layout.parts) else (1,) * len(layout.parts)
    pairs = [
        (part, max(1, size))
        for inner, size in zip(layout.parts, sizes, strict=True)
        if (part := _part(inner, left, tabs, depth - 1)) is not None
    ]
    if len(pairs) < 2:
        return pairs[0][0] if pairs else None
    return Split(layout.direction, tuple(part for part, _ in pairs), tuple(size for _, size in pairs))


def _taken(name: str, left: set[str]) -> str | None:
    if name not in left:
        return None
    left.remove(name)
    return name
