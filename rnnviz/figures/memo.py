"""Marks that an edit does not change stay the same objects, so a view sees that they need no redrawing."""

from __future__ import annotations

from collections import OrderedDict
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
R = TypeVar("R")

KEPT = 64
LARGEST = 1 << 16  # bytes; hashing a larger array costs more than making its mark anew


def memoised(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the last results by the *values* of the arguments, small arrays included."""
    kept: OrderedDict[Hashable, R] = OrderedDict()

    @wraps(function)
    def recall(*args: P.args, **kwargs: P.kwargs) -> R:
        key = _key((*args, *kwargs.items()))
        if key is None:
            return function(*args, **kwargs)
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        result = kept[key] = function(*args, **kwargs)
        if len(kept) > KEPT:
            kept.popitem(last=False)
        return result

    return recall


def _key(values: tuple[object, ...]) -> Hashable | None:
    parts: list[Hashable] = []
    for value in values:
        if not isinstance(value, np.ndarray):
            parts.append(value)
        elif value.nbytes <= LARGEST:
            parts.append((value.shape, value.dtype.str, value.tobytes()))
        else:
            return None
    return tuple(parts)
