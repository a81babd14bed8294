"""Tables of numbers as spreadsheets write them, and as they come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from rnnviz.session.errors import EditError
from rnnviz.session.tables import TableError, from_text, read_csv, to_csv, to_tsv, write_csv

if TYPE_CHECKING:
    from pathlib import Path

shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))
kinds = st.sampled_from([(np.float64, 64), (np.float32, 32)])
tables = st.tuples(shapes, kinds).flatmap(
    lambda drawn: arrays(
        drawn[1][0],
        drawn[0],
        elements=st.floats(allow_nan=False, allow_infinity=False, width=drawn[1][1]),
    )
)


@given(tables)
def test_every_number_comes_back_as_it_was(table: np.ndarray) -> None:
    for text in (to_tsv(table), to_csv(table)):
        assert_array_equal(from_text(text).astype(table.dtype), table)


@given(tables)
def test_a_decimal_comma_reads_as_a_point(table: np.ndarray) -> None:
    assert_array_equal(from_text(to_tsv(table).replace(".", ",")).astype(table.dtype), table)
    semicolons = to_tsv(table).replace(".", ",").replace("\t", ";")
    assert_array_equal(from_text(semicolons).astype(table.dtype), table)


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("0,5", [[0.5]]),
        ("0,5\n0,25\n", [[0.5], [0.25]]),
        ("0,5\t1\n", [[0.5, 1.0]]),
        ("0,5;1,5\r\n2;3\r\n", [[0.5, 1.5], [2.0, 3.0]]),
        ("0.5,1.5\n2,3\n", [[0.5, 1.5], [2.0, 3.0]]),
        ("1,2,3\n", [[1.0, 2.0, 3.0]]),
        ("1, 2\n", [[1.0, 2.0]]),
        ('"0,5","1,5"\n', [[0.5, 1.5]]),
        ("0.5 1.5\n2 3\n", [[0.5, 1.5], [2.0, 3.0]]),
        ("−1\t+2\n", [[-1.0, 2.0]]),
        ("\ufeff1\t2\t\n\n3\t4\t\n\n", [[1.0, 2.0], [3.0, 4.0]]),
        ("1e-3\t1E3", [[0.001, 1000.0]]),
    ],
)
def test_what_people_paste_is_understood(text: str, table: list[list[float]]) -> None:
    assert from_text(text).tolist() == table


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no numbers"),
        ("\n \n", "no numbers"),
        ("a\tb", "Row 1, column 1 holds “a”"),
        ("1\t\t2", "Row 1, column 2 holds “”"),
        ("1\t2\n3\t4\t5", "Row 2 has 3 numbers"),
        ("nan", "holds “nan”"),
        ("inf\t1", "holds “inf”"),
        ("1_000\t1", "holds “1_000”"),
        ("1\t" + "x" * 90, f"column 2 holds “{'x' * 24}…”"),
    ],
)
def test_what_is_no_table_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(EditError, match=sentence) as error:
        from_text(text)
    assert str(error.value).endswith(".")


@given(st.text(max_size=40))
def test_no_text_is_any_trouble(text: str) -> None:
    try:
        table = from_text(text)
    except EditError:
        return
    assert table.ndim == 2
    assert np.isfinite(table).all()


def test_a_file_holds_the_table(tmp_path: Path) -> None:
    path, table = tmp_path / "w.csv", np.array([[0.1, -2.0], [1e-9, 3.0]])
    write_csv(path, table)
    assert path.read_bytes() == b"0.1,-2.0\r\n1e-09,3.0\r\n"
    assert_array_equal(read_csv(path), table)
    path.write_text("\ufeff0,1;-2\n1;3\n", encoding="utf-8")
    assert read_csv(path).tolist() == [[0.1, -2.0], [1.0, 3.0]]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00\x01", b"name,value\n", b""])
def test_a_file_that_is_no_table_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "strange.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TableError, match=r"“strange\.csv”.*\.$"):
        read_csv(path)
