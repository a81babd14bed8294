"""Where the files that come with the program are, whether it is installed or run from a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the place of a resource, whose parts are folders and a file; it need not exist."""
    return _root(_PACKAGE).joinpath(*parts)


def _root(package: Path) -> Path:
    """Return the folder of resources of a package: inside it when installed, else beside it."""
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
