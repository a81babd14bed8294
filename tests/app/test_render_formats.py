"""Other formats than PNG, other sizes and the network as a text, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage
from readers import background, shown

from rnnviz.app import cli
from rnnviz.export import EXPORTERS, WRITERS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_panel_in_every_format(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"a{suffix}"
    assert cli.main(["render", "dogs", "--panel", "timeline", "-o", str(path)]) == 0
    assert capsys.readouterr().err == ""
    assert path.stat().st_size > 500


def test_a_slide_in_points_without_a_ground(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    words = ["render", "dogs", "--panel", "network", "--format", "16:9", "--scale", "2", "--transparent"]
    assert cli.main([*words, "-o", str(path)]) == 0
    image = QImage(str(path))
    assert (image.width(), image.height()) == (2560, 1440)
    assert background(shown(path))[3] == 0


def test_letters_grow_with_their_points(tmp_path: Path) -> None:
    inks = []
    for points in ("9", "18"):
        path = tmp_path / f"{points}.png"
        words = ["render", "dogs", "--panel", "training", "--size", "900x500", "--points", points]
        assert cli.main([*words, "-o", str(path)]) == 0
        inks.append((255.0 - shown(path)[..., 0]).sum())
    assert inks[1] == pytest.approx(4 * inks[0], rel=0.1)


@pytest.mark.parametrize("name", WRITERS)
def test_the_network_as_a_text(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{WRITERS[name].suffix}"
    assert cli.main(["render", "dogs", "--code", name, "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8").count("\n") > 10


def test_arrays_can_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    assert cli.main(["render", "dogs", "--panel", "weights", "-o", str(path)]) == 0
    with np.load(path, allow_pickle=False) as archive:
        assert archive["W_H/heatmap"].shape == (3, 3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--code", "numpy", "-o", "a.txt"], "must end in .py"),
        (["--workspace", "explore", "-o", "a.csv"], "must end in"),
        (["--panel", "timeline", "--points", "1", "-o", "a.png"], "from 3 to 72"),
        (["--panel", "timeline", "--format", "a4", "-o", "a.png"], "only 16:9"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["render", "dogs", *words]) == 2
    assert sentence in capsys.readouterr().err
