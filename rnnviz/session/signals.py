"""Numbers as text: a step is a number, or several with semicolons between them; blanks part the steps."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.session.errors import EditError, TextFileError
from rnnviz.session.tables import from_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike

    from rnnviz.engine import Array

CANVAS = 100
"""The numbers of a signal to draw upon."""

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def split_numbers(text: str) -> tuple[str, ...]:
    """Split a text into its steps, whether or not they are numbers; commas at their ends are left out."""
    steps = (step.strip(",;") for step in text.split())
    return tuple(step for step in steps if step)


def spell_numbers(steps: Iterable[str]) -> str:
    """Write steps as a text."""
    return " ".join(steps)


@lru_cache(maxsize=8)
def values_of(text: str) -> Array:
    """Return the numbers of a text, (N, d), read-only; a decimal comma is understood.

    The last few texts are remembered. Raises EditError, one sentence, for what is no number.
    """
    rows = [[_number(part, n) for part in step.split(";")] for n, step in enumerate(split_numbers(text))]
    odd = next((n for n, row in enumerate(rows) if len(row) != len(rows[0])), None)
    if odd is not None:
        raise EditError(
            f"Step {odd + 1} has {_counted(len(rows[odd]))} and step 1 has {_counted(len(rows[0]))}; "
            "every step must have as many."
        )
    values = np.array(rows, np.float64).reshape(len(rows), -1 if rows else 1)
    values.setflags(write=False)
    return values


def text_of(values: ArrayLike) -> str:
    """Write numbers, (N,) or (N, d), as a text that reads as the same numbers."""
    rows = np.asarray(values, np.float64)
    return spell_numbers(";".join(map(_shortest, row)) for row in rows.reshape(len(rows), -1).tolist())


def channels(size: int) -> tuple[str, ...]:
    """Name the numbers of a step: x, or x₁, x₂ and so on."""
    return ("x",) if size == 1 else tuple(f"x{str(n + 1).translate(_SUBSCRIPTS)}" for n in range(size))


def sine(steps: int = 40) -> str:
    """Return a signal to begin with: two waves."""
    return text_of(np.round(np.sin(np.linspace(0.0, 4 * math.pi, steps)), 2) + 0.0)


def table_of(name: str, text: str) -> tuple[tuple[str, ...], Array]:
    """Read a table, a step a row: the names of its columns and its numbers, (N, d). Raises TextFileError.

    A first row without numbers holds the names. A single row is read as a column.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    head = lines[:1] if lines and not _holds_numbers(lines[0]) else []
    try:
        values = from_text("\n".join(lines[len(head) :]))
    except EditError as error:
        raise TextFileError(f"“{name}”: {error}") from error
    if len(values) == 1:
        values = values.T
    return _names("".join(head), values.shape[1]), values


def _holds_numbers(line: str) -> bool:
    try:
        from_text(line)
    except EditError:
        return False
    return True


def _names(line: str, size: int) -> tuple[str, ...]:
    """Return the names in the first line of a table if there is another one for every column."""
    for separator in ("\t", ";", ","):
        found = tuple(cell.strip().strip('"') for cell in line.split(separator))
        if len(set(found)) == len(found) == size and all(found):
            return found
    return channels(size)


def _number(text: str, step: int) -> float:
    cleaned = text.strip().replace("−", "-")
    if "." not in cleaned:
        cleaned = cleaned.replace(",", ".", 1)
    try:
        value = math.nan if "_" in cleaned else float(cleaned)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise EditError(f"Step {step + 1} reads “{text}”, which is not a number; type one such as 0.5.")
    return value


def _shortest(value: float) -> str:
    return repr(value).removesuffix(".0")


def _counted(size: int) -> str:
    return f"{size} number{'s' * (size != 1)}"
