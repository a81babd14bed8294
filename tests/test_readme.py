"""README's commands and the program's words must not part."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rnnviz.app import display
from rnnviz.app.arguments import render_parser
from rnnviz.export import EXPORTERS, MOVIES, WRITERS
from rnnviz.figures.gallery import FIGURES
from rnnviz.figures.theme import THEMES
from rnnviz.panels import PANELS
from rnnviz.session import edits, presets
from rnnviz.session.session import Session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)


def test_the_packages_it_installs_are_those_that_the_program_asks_for() -> None:
    (line,) = [block for block in blocks("sh") if "apt install" in block]
    packages = line.split(" -y ")[1].split()
    assert set(packages) == {*display.PACKAGES.split(), "python3-venv", "fonts-inter"}
    assert len(packages) == len(set(packages))


@pytest.mark.parametrize("ending", ["rnnviz", "-m pytest"])
def test_setting_up_is_one_line_in_either_shell(ending: str) -> None:
    (posix,) = [block for block in blocks("sh") if block.startswith("python3") and block.endswith(ending)]
    (windows,) = [block for block in blocks("powershell") if f"{ending} }} }}" in block]
    for line in (posix, windows):
        assert "\n" not in line
    assert "&&" not in windows  # PowerShell 5 has none
    assert words(posix) == words(windows)


def words(line: str) -> list[str]:
    """Return the commands of a line without what differs between the shells."""
    line = line.replace("py -m", "python3 -m").replace(".venv\\Scripts\\", ".venv/bin/")
    return [word for word in re.split(r"[\s;&{}]+", line) if word not in {"", "if", "($?)"}]


def test_its_examples_of_drawing_are_understood() -> None:
    examples = re.findall(r"^\.venv/bin/rnnviz render (.*)$", README, re.MULTILINE)
    assert examples
    known = {*EXPORTERS, *MOVIES, *(writer.suffix for writer in WRITERS.values())}
    for example in examples:
        assert render_parser().parse_args(example.split()).output.suffix in known


def test_its_example_of_a_panel_is_one(qtbot: QtBot) -> None:
    (example,) = blocks("python")
    try:
        exec(example, {"__name__": "saturation"})
        session = Session(presets.load("dogs"))
        panel = PANELS["saturation"](session, THEMES["light"])
        qtbot.addWidget(panel)
        panel.show()
        qtbot.waitUntil(lambda: panel.view.paints > 0)
        assert panel.view.figure is not None
        assert panel.view.figure.plots
        session.document.edit(edits.with_text(session.document.state, "d"), "Type")
        assert panel.view.figure.message
    finally:
        PANELS.pop("saturation", None)
        FIGURES.pop("saturation", None)


def test_its_links_and_pictures_exist() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
