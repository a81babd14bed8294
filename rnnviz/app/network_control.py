"""What a person can do to the network, once for the top bar, its settings and the commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rnnviz.engine import CELLS, OPTIMIZERS
from rnnviz.panels.base.tips import in_notation
from rnnviz.session import edits
from rnnviz.session.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rnnviz.engine import NetworkSpec
    from rnnviz.session.session import Moment, Session
    from rnnviz.session.state import DocumentState

EMBEDDING = 4  # columns of an embedding that is switched on

RESETS = {"after": "after the product", "before": "before the product"}


def cells_in_order() -> tuple[str, ...]:
    """Return the names of all cells, the one with the fewest gates first, those without memory last."""
    return tuple(sorted(CELLS, key=lambda name: (not CELLS[name].recurrent, len(CELLS[name].gates))))


def activations() -> tuple[str, ...]:
    """Return the activations that some cell lets one choose, without repetition."""
    return tuple(dict.fromkeys(name for cell in CELLS.values() for name in cell.activations))


def in_layers(count: int) -> str:
    """Return a number of layers with its noun."""
    return f"{count} layer{'s' * (count != 1)}"


class NetworkControl(QObject):
    """Makes each edit of the network or its optimiser, with its name; what can be kept of the weights is.

    changed: the specification, the optimiser or the notation may be another one. refused(str): why an edit
    cannot be.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._document = session.document
        session.moment_changed.connect(self._on_moment_changed)

    @property
    def spec(self) -> NetworkSpec:
        """The network as it is."""
        return self._document.state.spec

    @property
    def optimizer(self) -> str:
        """The rule by which it learns."""
        return self._document.state.settings.optimizer

    def said(self, text: str) -> str:
        """Write a sentence of the first notation in the one chosen."""
        return in_notation(self._session.moment, text)

    def use_cell(self, name: str) -> None:
        """Make every layer of another cell."""
        self._edit(partial(edits.with_cell, cell=name), f"Use {CELLS[name].title} cells")

    def use_units(self, units: int) -> None:
        """Change how long h_t is."""
        self._edit(partial(edits.with_units, units=units), "Change the units", merge="units")

    def use_layers(self, layers: int) -> None:
        """Change how many layers there are."""
        self._edit(partial(edits.with_layers, layers=layers), f"Use {in_layers(layers)}")

    def add_layer(self) -> None:
        """Put a layer on top."""
        self.use_layers(self.spec.num_layers + 1)

    def remove_layer(self) -> None:
        """Take the top layer away."""
        self.use_layers(self.spec.num_layers - 1)

    def use_both_directions(self, both: bool) -> None:
        """Let every layer also run backwards through time, or not."""
        words = "Run in both directions" if both else "Run forwards only"
        self._edit(partial(edits.with_directions, bidirectional=both), words)

    def use_activation(self, name: str) -> None:
        """Use another φ."""
        self._edit(partial(edits.with_activation, activation=name), f"Use {name}")

    def use_reset(self, reset: str) -> None:
        """Let the reset gate act before or after the product with W_H."""
        self._edit(partial(edits.with_gru_reset, reset=reset), f"Reset {RESETS[reset]}")

    def switch_reset(self, before: bool) -> None:
        """Let the reset gate act before the product, or after it."""
        self.use_reset("before" if before else "after")

    def use_bias(self, bias: bool) -> None:
        """Switch the biases on or off."""
        words = "Switch the biases on" if bias else "Switch the biases off"
        self._edit(partial(edits.with_bias, bias=bias), words)

    def use_embedding(self, size: int) -> None:
        """Give the embedding so many columns, 0 for one-hot vectors."""
        made = partial(edits.with_embedding, size=size or None)
        self._edit(made, "Change the embedding", merge="embedding")

    def switch_embedding(self, on: bool) -> None:
        """Look characters up in an embedding, or read them one-hot."""
        self.use_embedding(EMBEDDING if on else 0)

    def use_optimizer(self, name: str) -> None:
        """Learn by another rule, at its usual rate."""
        made = partial(edits.with_settings, optimizer=name)
        self._edit(made, f"Learn by {OPTIMIZERS[name].title}")

    def _edit(
        self, made: Callable[[DocumentState], DocumentState], words: str, merge: str | None = None
    ) -> None:
        try:
            self._document.edit(made(self._document.state), words, merge)
        except SessionError as error:
            self.refused.emit(str(error))

    def _on_moment_changed(self, old: Moment, new: Moment) -> None:
        edited = old.state.spec != new.state.spec or old.state.settings != new.state.settings
        if edited or old.notation != new.notation:
            self.changed.emit()
