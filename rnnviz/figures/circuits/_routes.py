"""The lines that wires take: from the edge of one part to the edge of another."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rnnviz.figures.circuits._model import Circuit, Part, Point, Station, Wire
    from rnnviz.figures.model import Floats


def routes(circuit: Circuit, wire: Wire) -> tuple[Floats, ...]:
    """Return the corners of each way of a wire, (n, 2), its ends at the edges of parts."""
    return tuple(_route(circuit, way) for way in wire.ways)


def _route(circuit: Circuit, way: tuple[Station, ...]) -> Floats:
    parts = [_part(circuit, station) for station in way]
    points = [_place(circuit, station) for station in way]
    first, last = parts[0], parts[-1]
    start = points[0] if first is None else outline(first, points[0], points[1])
    end = points[-1] if last is None else outline(last, points[-1], points[-2])
    return np.array([start, *points[1:-1], end], float)


def _part(circuit: Circuit, station: Station) -> Part | None:
    return circuit.part(station.partition(":")[0]) if isinstance(station, str) else None


def _place(circuit: Circuit, station: Station) -> Point:
    """Return where a station is: a place, the middle of a part, or the place of a term of it."""
    if not isinstance(station, str):
        return station
    name, _, term = station.partition(":")
    return circuit.part(name).place(term)


def outline(part: Part, inside: Point, outside: Point) -> Point:
    """Return where a level or upright line from inside a part to a place outside crosses its edge."""
    width, height = part.size
    if inside[0] == outside[0]:
        return inside[0], part.at[1] + np.sign(outside[1] - inside[1]) * height / 2
    return part.at[0] + np.sign(outside[0] - inside[0]) * width / 2, inside[1]


def around(line: Floats, hole: tuple[float, float, float, float]) -> tuple[Floats, ...]:
    """Return the pieces of a line that are outside of a rectangle, in their order.

    line: (n, 2), level and upright only; hole: left, top, right, bottom.
    """
    pieces: list[list[Floats]] = [[line[0]]]
    for start, end in pairwise(line):
        enters, leaves = (np.clip(at, hole[:2], hole[2:]) for at in (start, end))
        if _misses(start, end, hole):
            pieces[-1].append(end)
        else:
            pieces[-1].append(enters)
            pieces.append([leaves, end])
    found = [np.array(piece) for piece in pieces]
    return tuple(piece for piece in found if np.ptp(piece, axis=0).any())


def _misses(start: Floats, end: Floats, hole: tuple[float, float, float, float]) -> bool:
    low, high = np.minimum(start, end), np.maximum(start, end)
    return bool((high <= hole[:2]).any() or (low >= hole[2:]).any())


def branches(wire: Wire) -> Floats:
    """Return the places where a wire branches, (n, 2): ways that begin at a place and not at a part."""
    found = [way[0] for way in wire.ways if not isinstance(way[0], str)]
    return np.array(list(dict.fromkeys(found)), float).reshape(-1, 2)
