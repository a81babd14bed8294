from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rnnviz import export
from rnnviz.figures.model import Figure
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from rnnviz.figures.theme import Theme

FIGURE = Figure("Empty", "Nothing.", (), message="Nothing to see.")
LIGHT = THEMES["light"]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("suffix", export.EXPORTERS)
def test_every_exporter_writes_a_file_whatever_the_case_of_its_suffix(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix.upper()}"
    export.save(FIGURE, path, (100, 60), LIGHT)
    assert path.stat().st_size > 0
    assert export.EXPORTERS[suffix].title


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(export.ExportError, match=r"a\.txt must end in \.png"):
        export.save(FIGURE, tmp_path / "a.txt", (100, 60), LIGHT)


def test_a_new_exporter_is_found_by_its_suffix() -> None:
    written: list[Path] = []

    @export.register(".test", "Test")
    def save(_figure: Figure, path: Path, _size: tuple[int, int], _theme: Theme, _scale: float) -> None:
        written.append(path)

    try:
        export.save(FIGURE, Path("a.test"), (1, 1), LIGHT)
    finally:
        del export.EXPORTERS[".test"]
    assert written == [Path("a.test")]
