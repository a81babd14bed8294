from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rnnviz import resources

if TYPE_CHECKING:
    from pathlib import Path


def test_the_presets_are_found() -> None:
    assert resources.path("presets", "dogs.json").is_file()


@pytest.mark.parametrize(
    ("folder", "present"), [("site-packages/rnnviz/_resources", True), ("site-packages/resources", False)]
)
def test_an_installed_package_carries_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, present: bool
) -> None:
    package = tmp_path / "site-packages" / "rnnviz"
    package.mkdir(parents=True)
    if present:
        (package / "_resources").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.path("icons", "play.svg") == tmp_path / folder / "icons" / "play.svg"
