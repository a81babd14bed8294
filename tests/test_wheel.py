"""What a person gets who installs the wheel: tried in an environment of its own, away from the sources."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT], folder)
    (built,) = folder.glob("rnnviz-*.whl")
    return built


def test_the_wheel_carries_every_resource_and_the_licence(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    resources = [path for path in (ROOT / "resources").rglob("*") if path.is_file()]
    assert resources
    assert {
        f"rnnviz/_resources/{path.relative_to(ROOT / 'resources').as_posix()}" for path in resources
    } <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "resources/")) for name in names)


def test_installed_elsewhere_it_draws_dogs_without_a_display_or_settings(wheel: Path, tmp_path: Path) -> None:
    place, home, work = tmp_path / "place", tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    venv.create(place, with_pip=True)
    run([place / SCRIPTS / "python", "-m", "pip", "install", "--quiet", wheel], work)
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH", "VIRTUAL_ENV", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "XDG_CONFIG_HOME": str(home / "config")}
    rnnviz = place / SCRIPTS / "rnnviz"
    panel = [
        rnnviz,
        "render",
        "dogs",
        "--panel",
        "weights",
        "--step",
        "3",
        "--size",
        "400x600",
        "-o",
        "panel.png",
    ]
    window = [rnnviz, "render", "dogs", "--workspace", "explore", "--theme", "dark", "-o", "window.png"]
    assert run(panel, work, environment) + run(window, work, environment) == ""
    assert png_size(work / "panel.png") == (400, 600)
    assert png_size(work / "window.png") == (1600, 1000)
    assert not list(home.rglob("*.conf"))  # drawing a picture leaves the user's settings alone


def png_size(path: Path) -> tuple[int, int]:
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height
