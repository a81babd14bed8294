"""Which of two sequences is looked at, and so which one is edited."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from rnnviz.session.errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.session.state import DocumentState

Sight: TypeAlias = Literal["a", "b", "difference", "effect"]
"""The first sequence, the second, how the second differs from the first, or the effect of what is held."""


def swapped(state: DocumentState) -> DocumentState:
    """Let the two sequences change places."""
    if state.other is None:
        raise EditError("There is no second sequence; choose B to have one.")
    return replace(
        state, text=state.other, silent=state.other_silent, other=state.text, other_silent=state.silent
    )


def in_sight(state: DocumentState, sight: Sight) -> Sight:
    """Return what can be looked at: the first sequence if there is no second, or nothing is held."""
    there = bool(state.interventions) if sight == "effect" else state.other is not None
    return sight if there else "a"


@lru_cache(maxsize=2)
def seen(state: DocumentState, sight: Sight) -> DocumentState:
    """Return a document whose text is the sequence looked at; the same object as long as the state is."""
    return swapped(state) if in_sight(state, sight) in {"b", "difference"} else state


def edited(
    state: DocumentState, sight: Sight, edit: Callable[[DocumentState], DocumentState]
) -> DocumentState:
    """Edit the sequence that is looked at."""
    there = seen(state, sight)
    changed = edit(there)
    if there is state or changed is there:
        return state if changed is there else changed
    return swapped(changed)
