"""Which tracks a timeline has, in which order and in which form: what the user has chosen of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rnnviz.figures.states import gate_names, preactivation_names, quantity, state_names
from rnnviz.figures.symbols import quantity_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rnnviz.figures.scene import Scene

USUAL = frozenset({"x", "h", "c", "y", "L", "dh"})  # besides gates
BEFORE = "a."  # what names a preactivation, by the gate or the state that it becomes

NAMES = {
    "text": "Tokens",
    "x": "x_t, the input",
    "e": "Embedding of x_t",
    "h": "{h}_t, the hidden state",
    "c": "{c}_t, the cell state",
    "y": "{y}_t, the prediction",
    "L": "L_t, the loss",
    "dh": "‖∂L/∂{h}_t‖, the gradient of all losses",
    "dc": "‖∂L/∂{c}_t‖, the gradient of all losses",
    "dx": "‖∂L_t/∂x_k‖, what the playhead’s loss says to every input",
}
"""What tracks are called; in braces the letters of quantities."""


@dataclass(frozen=True, slots=True)
class TrackView:
    """What the user has chosen of a timeline, by the keys of its tracks.

    toggled: those hidden that are usual, and shown that are not. lines: those drawn as lines. collapsed:
    those of which only the name is left. order: all that were moved among, from the top; empty for the usual
    order.
    """

    toggled: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    collapsed: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()

    def shows(self, key: str) -> bool:
        """Whether a track is to be seen."""
        return is_usual(key) != (key in self.toggled)

    def toggle(self, key: str) -> TrackView:
        """Show a track that is hidden, hide one that is shown."""
        return replace(self, toggled=self.toggled ^ {key})

    def toggle_lines(self, key: str) -> TrackView:
        """Draw a track as lines, or as cells or bars again."""
        return replace(self, lines=self.lines ^ {key})

    def toggle_collapsed(self, key: str) -> TrackView:
        """Leave only the name of a track, or show it again."""
        return replace(self, collapsed=self.collapsed ^ {key})

    def arranged(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return keys, given in the usual order, in that of the user.

        A key that was not there when the order was chosen follows the one that it usually follows.
        """
        usual = tuple(keys)
        if not self.order:
            return usual
        found = [key for key in self.order if key in usual]
        for n, key in enumerate(usual):
            if key not in found:
                found.insert(found.index(usual[n - 1]) + 1 if n else 0, key)
        return tuple(found)

    def seen(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return those of the keys that are shown, in the user's order."""
        return tuple(key for key in self.arranged(keys) if self.shows(key))

    def moved(self, key: str, down: int, keys: Iterable[str]) -> TrackView:
        """Move a track past the next one in sight, upwards if `down` is −1; as it is if there is none."""
        usual = tuple(keys)
        seen, every = self.seen(usual), list(self.arranged(usual))
        place = seen.index(key) + down
        if not 0 <= place < len(seen):
            return self
        every.remove(key)
        every.insert(every.index(seen[place]) + (down > 0), key)
        return replace(self, order=tuple(every))

    def to_text(self) -> str:
        """Write it for the settings file."""
        parts = {name: sorted(getattr(self, name)) for name in ("toggled", "lines", "collapsed")}
        return json.dumps(parts | {"order": self.order})

    @classmethod
    def from_text(cls, text: str) -> TrackView:
        """Read what `to_text` wrote; the usual tracks if it is anything else."""
        try:
            found = json.loads(text)
            parts = {name: frozenset(map(str, found[name])) for name in ("toggled", "lines", "collapsed")}
            return cls(**parts, order=tuple(map(str, found["order"])))
        except (ValueError, TypeError, KeyError):
            return cls()


USUAL_VIEW = TrackView()


def is_usual(key: str) -> bool:
    """Whether a track is shown unless the user hides it: input, states, gates, prediction, loss, gradient."""
    return key in USUAL or (key not in NAMES and not key.startswith(BEFORE))


def available(scene: Scene) -> tuple[str, ...]:
    """Return the keys of all tracks that a network can have, in the usual order."""
    states, gates, before = state_names(scene.spec), gate_names(scene), preactivation_names(scene)
    return _available(states, gates, before, scene.spec.embedding_size is not None)


@lru_cache(maxsize=32)
def _available(
    states: tuple[str, ...], gates: tuple[str, ...], before: tuple[str, ...], embedded: bool
) -> tuple[str, ...]:
    """Return the keys; preactivations come just before what they become."""
    inside = [f"{BEFORE}{name}" for name in before if name in states] + list(states)
    for name in before:
        if name not in states:
            inside += [f"{BEFORE}{name}", *([name] if name in gates else ())]
    inside += [name for name in gates if name not in inside]
    read = ("text", "x", "e") if embedded else ("text", "x")
    memory = ("dc",) if "c" in states else ()
    return (*read, *inside, "y", "L", "dh", *memory, "dx")


def called(scene: Scene, key: str) -> str:
    """Call a track in a menu."""
    letters = {name: quantity_letter(scene.notation, scene.spec, name) for name in ("h", "c", "y")}
    if key in NAMES:
        return NAMES[key].format_map(letters)
    name = key.removeprefix(BEFORE)
    if name == "h":
        return f"a_t, the preactivation of {letters['h']}_t"
    known = quantity(name).word
    if key == name:
        letter = quantity_letter(scene.notation, scene.spec, name)
        return f"{letter}_t, the {known}" + ("" if known == "candidate" else " gate")
    return f"a_{name},t, the preactivation of the {known}"
