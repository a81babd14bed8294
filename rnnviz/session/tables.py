"""Tables of numbers as text: what spreadsheets put on the clipboard, and CSV files."""

from __future__ import annotations

import csv
import math
import re
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.session.errors import EditError, SessionError
from rnnviz.session.replacing import Replacement

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from rnnviz.engine import Array

    Values = NDArray[np.float64]

MOST_CELLS = 1 << 20
MOST_BYTES = 32 << 20
LONGEST = 24  # letters of a cell that a sentence repeats


class TableError(SessionError):
    """A file holds no table of numbers."""


def to_tsv(values: Array) -> str:
    """Write a table (rows, columns) as spreadsheets paste it; every number comes back as it was."""
    return _written(values, "\t", "\n")


def to_csv(values: Array) -> str:
    """Write a table (rows, columns) with commas, a row a line (RFC 4180)."""
    return _written(values, ",", "\r\n")


def _written(values: Array, separator: str, end: str) -> str:
    # str of a NumPy number is the shortest text that reads as the same number of its type.
    return "".join(separator.join(map(str, row)) + end for row in np.asarray(values))


def from_text(text: str) -> Values:
    """Read a table of numbers (rows, columns): columns apart by tabs, semicolons, commas or spaces.

    A decimal comma is understood wherever commas are not what keeps columns apart. Raises EditError.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    separator = _separator(lines)
    if separator == " ":
        rows = [line.split() for line in lines]
    else:
        rows = [cells for cells in csv.reader(lines, delimiter=separator, skipinitialspace=True) if cells]
    return _table([_without_last(cells) for cells in rows])


def _separator(lines: list[str]) -> str:
    """Return what keeps columns apart: tabs or semicolons if there are any, else commas, else spaces."""
    joined = "\n".join(lines)
    for separator in ("\t", ";"):
        if separator in joined:
            return separator
    # Alone on its line, 0,5 is a half; with points elsewhere, quotes, spaces or others it parts columns.
    if re.search(r'"|,\s|,[^\n]*,|\.[^\n]*,|,[^\n]*\.', joined) and "," in joined:
        return ","
    return " "


def _without_last(cells: list[str]) -> list[str]:
    """Drop an empty cell at the end, which a separator at the end of a line makes."""
    return cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells


def _table(rows: list[list[str]]) -> Values:
    if not rows:
        raise EditError("There are no numbers in it; copy some cells of a spreadsheet first.")
    if sum(map(len, rows)) > MOST_CELLS:
        raise EditError(f"There are more than {MOST_CELLS:,} numbers in it; take fewer.")
    odd = next((n for n, cells in enumerate(rows) if len(cells) != len(rows[0])), None)
    if odd is not None:
        raise EditError(
            f"Row {odd + 1} has {len(rows[odd])} numbers and row 1 has {len(rows[0])}; "
            "every row must have as many."
        )
    return np.array(
        [[_number(text, r, c) for c, text in enumerate(cells)] for r, cells in enumerate(rows)], float
    )


def _number(text: str, row: int, column: int) -> float:
    cleaned = re.sub(r"[\s\u00a0]", "", text).replace("−", "-")
    if "." not in cleaned:
        cleaned = cleaned.replace(",", ".", 1)
    try:
        value = float(cleaned)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in cleaned:
        shown = text.strip()
        shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
        raise EditError(f"Row {row + 1}, column {column + 1} holds “{shown}”, which is not a number.")
    return value


def read_csv(path: Path) -> Values:
    """Read a table from a file. Raises SessionError, one sentence."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"“{path.name}” is larger than {MOST_BYTES >> 20} MB; open a smaller file.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TableError(f"“{path.name}” cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise TableError(f"“{path.name}” is not a text; save it as CSV first.") from None
    try:
        return from_text(text)
    except EditError as error:
        raise TableError(f"“{path.name}”: {error}") from error


def write_csv(path: Path, values: Array) -> None:
    """Write a table to a file, whole or not at all. Raises FileError, one sentence."""
    with Replacement(path) as file:
        file.write(to_csv(values).encode())
