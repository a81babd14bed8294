from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnviz import export
from rnnviz.export import Look
from rnnviz.figures.model import Axis, Figure, Line, Plot

LINE = Line(np.array([0.0, 1.0]), np.array([0.0, 1.0]), "loss")
FIGURE = Figure("Line", "A line.", (Plot("line", Axis(), Axis(), (LINE,)),))
LOOK = Look((100, 60))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("suffix", export.EXPORTERS)
def test_every_exporter_writes_a_file_whatever_the_case_of_its_suffix(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix.upper()}"
    export.save(FIGURE, path, LOOK)
    assert path.stat().st_size > 0
    assert export.EXPORTERS[suffix].title


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(export.ExportError, match=r"a\.txt must end in .*\.png"):
        export.save(FIGURE, tmp_path / "a.txt", LOOK)


def test_a_new_exporter_is_found_by_its_suffix() -> None:
    written: list[Path] = []

    @export.register(".test", "Test")
    def save(_figure: Figure, path: Path, _look: Look) -> None:
        written.append(path)

    try:
        export.save(FIGURE, Path("a.test"), LOOK)
    finally:
        del export.EXPORTERS[".test"]
    assert written == [Path("a.test")]
