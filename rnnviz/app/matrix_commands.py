"""What can be done to a matrix of weights: to that of the selected entry, or to the selected block."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from rnnviz.app.actions import Command
from rnnviz.panels.base.matrix_actions import TIPS
from rnnviz.panels.base.weight_overlays import NUDGE, PUSH, SPECTRA, SPECTRA_TIP
from rnnviz.session.matrix_edits import OPERATIONS

if TYPE_CHECKING:
    from rnnviz.app.window import MainWindow
    from rnnviz.panels.weights import WeightsPanel

MENU = "Matrix"


def matrix_commands(window: MainWindow) -> tuple[Command, ...]:
    """Return the commands, in the order of the panel's own menu."""

    def panel() -> WeightsPanel:
        return cast("WeightsPanel", window.contents.panel("weights"))

    def do(method: str, *values: str) -> None:
        getattr(panel(), method)(*values)

    def show(method: str) -> None:
        getattr(panel().overlaid, method)()

    return (
        *(
            Command(f"matrix-{name}", MENU, operation.title, operation.help, partial(do, "operate", name))
            for name, operation in OPERATIONS.items()
        ),
        Command("matrix-copy", MENU, "Copy entries", TIPS["copy"], partial(do, "copy")),
        Command("matrix-paste", MENU, "Paste entries", TIPS["paste"], partial(do, "paste")),
        Command("matrix-save", MENU, "Save as CSV…", TIPS["save"], partial(do, "save")),
        Command("matrix-open", MENU, "Open CSV…", TIPS["open"], partial(do, "open")),
        Command(
            "matrix-freeze", MENU, "Freeze entries, or let them go", TIPS["freeze"], partial(do, "freeze")
        ),
        Command("matrix-spectra", MENU, SPECTRA, SPECTRA_TIP, partial(show, "toggle_spectra")),
        Command("matrix-pushes", MENU, "∂L in every entry", PUSH, partial(show, "toggle_pushes")),
        Command("matrix-nudge", MENU, "Nudge", NUDGE, partial(show, "toggle_nudge")),
    )
