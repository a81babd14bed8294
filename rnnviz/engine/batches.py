"""What a network learns from: batches of sequences, cut out of a text or always the same one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count, repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.engine.errors import ShapeError, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import ArrayLike, NDArray

    from rnnviz.engine.arrays import Array, Integers


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Sequences to learn from in one update; the arrays are copied and read-only.

    x: (T, B) tokens or (T, B, I); targets: (T, B) classes, −1 for no loss, or (T, B, O) numbers, NaN for no
    loss; lengths: (B,) or None, all T; initial_state: (L·D, B, H) by name or None, zero. Whether they fit a
    network is checked when it runs.
    """

    x: Array | Integers
    targets: Array | Integers
    lengths: Integers | None = None
    initial_state: Mapping[str, Array] | None = None

    def __post_init__(self) -> None:
        for field in ("x", "targets", "lengths"):
            if (given := getattr(self, field)) is not None:
                object.__setattr__(self, field, _frozen(given))
        if self.initial_state is not None:
            states = {name: _frozen(state) for name, state in self.initial_state.items()}
            object.__setattr__(self, "initial_state", states)


def _frozen(values: ArrayLike) -> NDArray[Any]:
    array = np.array(values)
    array.flags.writeable = False
    return array


def sequence_batches(
    inputs: ArrayLike, targets: ArrayLike, initial_state: Mapping[str, Array] | None = None
) -> Iterator[Batch]:
    """Return the same sequence again and again, always the same Batch. inputs and targets: (T,), T may be 0.

    −1 in targets leaves the loss of a step out. initial_state: (L·D, 1, H) by name or None, zero. Raises
    ShapeError if they are no two rows of whole numbers.
    """
    x, wanted = (_tokens(row) for row in (inputs, targets))
    if len(x) != len(wanted):
        raise ShapeError(f"A sequence of {len(x)} inputs needs as many targets, not {len(wanted)}.")
    return repeat(Batch(x[:, None], wanted[:, None], initial_state=initial_state))


def text_batches(ids: ArrayLike, *, length: int, size: int, seed: int, start: int = 0) -> Iterator[Batch]:
    """Return endless batches of windows of a text, each token to be predicted from those before it.

    ids: the tokens of the text, (N,); a window has `length` steps, or all N − 1 if the text is shorter. In
    each epoch the windows lie side by side from a random place on, and are shuffled; those that do not fill
    the last batch are left to another epoch. A batch holds `size` windows, or all if there are fewer. The
    n-th batch depends on the other arguments and n alone; `start` is the first n. Raises ShapeError if the
    text has less than two tokens.
    """
    text = _tokens(ids)
    steps = len(text) - 1
    if steps < 1:
        raise ShapeError(f"A text to learn from needs at least two tokens, but this one has {len(text)}.")
    for field, value, least in (
        ("length", length, 1),
        ("size", size, 1),
        ("seed", seed, 0),
        ("start", start, 0),
    ):
        if value < least:
            raise SpecError(f"{field} must be at least {least}, not {value}.")
    return _windows(text, min(length, steps), size, seed, start)


def _windows(text: Integers, length: int, size: int, seed: int, start: int) -> Iterator[Batch]:
    windows, slack = divmod(len(text) - 1, length)
    size = min(size, windows)
    each_epoch = windows // size
    offsets = np.arange(length + 1)[:, None]

    @lru_cache(maxsize=1)
    def shuffled(epoch: int) -> Integers:
        draw = np.random.default_rng((seed, epoch))
        return draw.integers(slack + 1) + length * draw.permutation(windows)

    for n in count(start):
        epoch, place = divmod(n, each_epoch)
        tokens = text.take(shuffled(epoch)[place * size : (place + 1) * size] + offsets)
        yield Batch(tokens[:-1], tokens[1:])


def _tokens(values: ArrayLike) -> Integers:
    """Return a copy of a row of tokens, (T,); NumPy would take an empty list for floats."""
    array = np.array(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ShapeError(f"Tokens must be a row of whole numbers, not {array.dtype} of shape {array.shape}.")
    return array if array.size else array.astype(np.intp)
