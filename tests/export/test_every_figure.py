"""Every registered figure opens elsewhere and looks as it does here.

tests/soak/export_all.py tries all combinations.
"""

from __future__ import annotations

import time
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor
from readers import apart, background, shown

from rnnviz import export
from rnnviz.export import Look
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES
from rnnviz.panels.base.scene import scene_of
from rnnviz.session import presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from rnnviz.figures.model import Figure

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = (640, 400)
ALIKE = 4.0  # of 255, on average, where antialiasing differs
THEME = dict(zip(FIGURES, cycle(THEMES), strict=False))


@pytest.fixture(scope="module")
def figures(qapp: object) -> dict[str, Figure]:
    assert qapp is not None
    session = Session(presets.load("shepherd"))
    session.playback.last()
    return {name: entry.figure(scene_of(session.moment)) for name, entry in FIGURES.items()}


@pytest.mark.parametrize(("name", "suffix"), [*zip(FIGURES, cycle((".svg", ".pdf")), strict=False)])
def test_shapes_look_as_the_dots_do(
    name: str, suffix: str, figures: dict[str, Figure], tmp_path: Path
) -> None:
    look = Look(SIZE, THEMES[THEME[name]])
    for path in (tmp_path / f"a{suffix}", tmp_path / "a.png"):
        export.save(figures[name], path, look)
    found, dots = shown(tmp_path / f"a{suffix}"), shown(tmp_path / "a.png")
    assert found.shape == dots.shape == (SIZE[1], SIZE[0], 4)
    assert len(np.unique(found.reshape(-1, 4), axis=0)) > 3
    assert apart(found, dots) < ALIKE
    ground = QColor(look.theme["background"])
    assert background(found) == (ground.red(), ground.green(), ground.blue(), 255)


@pytest.mark.parametrize("name", [*FIGURES][::3])
def test_a_magnified_picture_is_the_same_picture(
    name: str, figures: dict[str, Figure], tmp_path: Path
) -> None:
    one, four = tmp_path / "one.png", tmp_path / "four.png"
    export.save(figures[name], one, Look(SIZE))
    export.save(figures[name], four, Look(SIZE, scale=4.0))
    small, large = shown(one), shown(four)
    assert large.shape == (4 * SIZE[1], 4 * SIZE[0], 4)
    assert apart(small, large) < ALIKE


@pytest.mark.parametrize("suffix", [".png", ".svg"])
@pytest.mark.parametrize("name", ["network", "gradient-flow", "phase"])
def test_a_transparent_picture_has_no_ground(
    name: str, suffix: str, figures: dict[str, Figure], tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    export.save(figures[name], path, Look(SIZE, transparent=True))
    found = shown(path)
    assert background(found)[3] == 0
    assert (found[..., 3] == 255).any()


@pytest.mark.parametrize("name", ["gradient-profile", "powers", "phase", "training"])
def test_lines_are_vectors(name: str, figures: dict[str, Figure], tmp_path: Path) -> None:
    export.save(figures[name], tmp_path / "a.svg", Look(SIZE))
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<image" not in svg
    assert "<text" not in svg  # letters are shapes, too, so no font can be missing
    assert "<path" in svg


def test_what_was_drawn_before_changes_no_dot(figures: dict[str, Figure], tmp_path: Path) -> None:
    """Large letters, as the verdict has them, used to have other outlines after the same ones smaller."""
    found = []
    for n, scale in enumerate((1.0, 4.0, 4.0)):
        path = tmp_path / f"{n}.png"
        export.save(figures["verdict"], path, Look(SIZE, scale=scale))
        found.append(path.read_bytes())
    assert found[1] == found[2]


def test_the_same_figure_gives_the_same_bytes_a_second_later(
    figures: dict[str, Figure], tmp_path: Path
) -> None:
    def written(name: str) -> dict[str, bytes]:
        for suffix in export.EXPORTERS:
            export.save(figures["gradient-flow"], tmp_path / f"{name}{suffix}", Look(SIZE, scale=2.0))
        return {suffix: (tmp_path / f"{name}{suffix}").read_bytes() for suffix in export.EXPORTERS}

    first, then = written("one"), int(time.time())
    while int(time.time()) == then:  # files note the second in which they are written
        pass
    second = written("two")
    assert [suffix for suffix in first if first[suffix] != second[suffix]] == []
