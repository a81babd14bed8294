"""Pictures as the command draws them, each in a process of its own where that matters."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from rnnviz.app import cli
from rnnviz.app.workspaces import WORKSPACES
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES

if TYPE_CHECKING:
    from pathlib import Path


def colours(path: Path) -> set[int]:
    """Return the colours of every third pixel of every third row."""
    image = QImage(str(path))
    return {image.pixel(x, y) for y in range(0, image.height(), 3) for x in range(0, image.width(), 3)}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("panel", FIGURES)
def test_every_panel_can_be_drawn(panel: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.png"
    words = ["render", "dogs", "--panel", panel, "--size", "420x360", "--scale", "2", "-o", str(path)]
    assert cli.main(words) == 0
    assert capsys.readouterr() == ("", "")
    image = QImage(str(path))
    assert (image.width(), image.height()) == (840, 720)
    assert len(colours(path)) > 3


@pytest.mark.usefixtures("qapp")
def test_the_step_moves_what_is_shown(tmp_path: Path) -> None:
    drawn = []
    for step in ("1", "3"):
        path = tmp_path / f"{step}.png"
        words = [
            "render",
            "dogs",
            "--panel",
            "equations",
            "--step",
            step,
            "--size",
            "400x500",
            "-o",
            str(path),
        ]
        assert cli.main(words) == 0
        drawn.append(path.read_bytes())
    assert drawn[0] != drawn[1]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("text", ["x", "שלום 👩‍🚀\n", "a" * 10_000], ids=["one", "emoji", "long"])
def test_any_text_file_can_be_drawn(text: str, tmp_path: Path) -> None:
    file, path = tmp_path / "a.txt", tmp_path / "a.png"
    file.write_text(text, encoding="utf-8")
    words = ["render", str(file), "--panel", "timeline", "--size", "420x360", "-o", str(path)]
    assert cli.main(words) == 0
    assert len(colours(path)) > 1  # something is said where there is nothing to draw


def rendered(*words: str, folder: Path) -> None:
    """Run `rnnviz render` where there is no display, and expect it to say nothing."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "rnnviz", "render", *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        rendered("dogs", "--panel", "network", "--size", "600x300", "-o", name, folder=tmp_path)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize("workspace", WORKSPACES)
def test_a_workspace_is_drawn_whole_in_each_theme_and_always_the_same(workspace: str, tmp_path: Path) -> None:
    for name, theme in (("one", "light"), ("two", "light"), ("three", "dark")):
        rendered("dogs", "--workspace", workspace, "--theme", theme, "-o", f"{name}.png", folder=tmp_path)
    one, two, three = (tmp_path / f"{name}.png" for name in ("one", "two", "three"))
    image = QImage(str(one))
    assert (image.width(), image.height()) == (1600, 1000)
    assert one.read_bytes() == two.read_bytes()
    for path, theme in ((one, "light"), (three, "dark")):
        share = shares(path)
        assert max(share, key=lambda colour: share[colour]) == THEMES[theme]["panel"]
        assert THEMES[theme]["canvas"] in share
    assert not (tmp_path / "home").exists()  # the user's settings are neither read nor made


def shares(path: Path) -> dict[str, int]:
    """Count the colours, as #rrggbb, of every fifth pixel of every fifth row."""
    image = QImage(str(path))
    counted: dict[str, int] = {}
    for y in range(0, image.height(), 5):
        for x in range(0, image.width(), 5):
            name = f"#{image.pixel(x, y) & 0xFFFFFF:06x}"
            counted[name] = counted.get(name, 0) + 1
    return counted


def test_a_workspace_at_twice_the_scale_has_twice_the_dots(tmp_path: Path) -> None:
    rendered("dogs", "--workspace", "explore", "--scale", "2", "-o", "a.png", folder=tmp_path)
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (3200, 2000)


@pytest.mark.usefixtures("qapp")
def test_a_workspace_says_how_much_room_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    words = ["render", "dogs", "--workspace", "explore", "--size", "50x50", "-o", str(tmp_path / "a.png")]
    assert cli.main(words) == 2
    assert "needs at least" in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()
