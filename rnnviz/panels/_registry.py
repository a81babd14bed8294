"""The register of panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.panels.base.panel import Panel

    SomePanel = TypeVar("SomePanel", bound=type[Panel])

PANELS: dict[str, type[Panel]] = {}


def register(name: str) -> Callable[[SomePanel], SomePanel]:
    """Enter a panel under the name of the figure it shows."""

    def enter(panel: SomePanel) -> SomePanel:
        panel.name = name
        PANELS[name] = panel
        return panel

    return enter
