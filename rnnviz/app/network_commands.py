"""The commands that change the network or how it learns, and what their actions show of both."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from rnnviz.app.actions import Command
from rnnviz.app.network_control import EMBEDDING, activations, cells_in_order
from rnnviz.engine import CELLS, OPTIMIZERS
from rnnviz.session import edits
from rnnviz.session.offers import refusal

if TYPE_CHECKING:
    from rnnviz.app.actions import Actions
    from rnnviz.app.network_control import NetworkControl

NETWORK, TRAINING = "Network", "Training"


def network_commands(control: NetworkControl) -> tuple[Command, ...]:
    """Return a command for everything that a network's specification says, apart from its sizes."""
    return (*_cells(control), *_layers(control), *_activations(control), *_readings(control))


def _cells(control: NetworkControl) -> tuple[Command, ...]:
    return tuple(
        Command(
            f"cell-{name}",
            NETWORK,
            f"Use {CELLS[name].title} cells",
            f"Compute h_t as {CELLS[name].title} cells do, in every layer",
            partial(_ignoring_checked, control.use_cell, name),
            checkable=True,
        )
        for name in cells_in_order()
    )


def _layers(control: NetworkControl) -> tuple[Command, ...]:
    return (
        Command("add-layer", NETWORK, "Add a layer", "Put a layer on top that reads h_t", control.add_layer),
        Command(
            "remove-layer",
            NETWORK,
            "Remove the top layer",
            "Let the layer below the top one give h_t to the logits",
            control.remove_layer,
        ),
        Command(
            "bidirectional",
            NETWORK,
            "Run in both directions",
            "Let each layer also run from the last step to the first: the logits read [h→_t, h←_t]",
            control.use_both_directions,
            checkable=True,
        ),
    )


def _activations(control: NetworkControl) -> tuple[Command, ...]:
    return tuple(
        Command(
            f"activation-{name}",
            NETWORK,
            f"Activation {name}",
            f"Use h_t = {name}(a_t)",
            partial(_ignoring_checked, control.use_activation, name),
            checkable=True,
        )
        for name in activations()
    )


def _readings(control: NetworkControl) -> tuple[Command, ...]:
    return (
        Command(
            "reset-before",
            NETWORK,
            "Reset gate before the product",
            "Let r_t act on h_{t−1} before its product with W_H, as in W_H (r_t ⊙ h_{t−1}), not after it",
            control.switch_reset,
            checkable=True,
        ),
        Command(
            "bias",
            NETWORK,
            "Biases",
            "Add biases b to a_t and to the logits, at first zero",
            control.use_bias,
            checkable=True,
        ),
        Command(
            "embedding",
            NETWORK,
            "Embedding",
            f"Read each character as a learnt row of {EMBEDDING} numbers, not as a one-hot x_t",
            control.switch_embedding,
            checkable=True,
        ),
    )


def optimizer_commands(control: NetworkControl) -> tuple[Command, ...]:
    """Return a command for every optimiser."""
    return tuple(
        Command(
            f"optimizer-{name}",
            TRAINING,
            f"Learn by {optimizer.title}",
            f"Make updates by the rule of {optimizer.title}, at its usual rate η",
            partial(_ignoring_checked, control.use_optimizer, name),
            checkable=True,
        )
        for name, optimizer in OPTIMIZERS.items()
    )


class NetworkActions(QObject):
    """Lets actions show what the network is, and which of them its cell refuses and why."""

    def __init__(self, control: NetworkControl, actions: Actions) -> None:
        super().__init__(control)
        self._control = control
        self._actions = actions
        self._commands = (*network_commands(control), *optimizer_commands(control))
        control.changed.connect(self._read_back)
        for command in self._commands:
            # An action that is chosen again has unchecked itself.
            actions[command.name].triggered.connect(self._read_back)
        self._read_back()

    def _read_back(self) -> None:
        spec, refused = self._control.spec, self._refused()
        now = {f"cell-{spec.cell}", f"activation-{spec.activation}", f"optimizer-{self._control.optimizer}"}
        now |= {"bidirectional"} if spec.bidirectional else set()
        now |= {"reset-before"} if spec.gru_reset == "before" else set()
        now |= {"bias"} if spec.bias else set()
        now |= {"embedding"} if spec.embedding_size is not None else set()
        for command in self._commands:
            action = self._actions[command.name]
            action.setChecked(command.name in now)
            action.setEnabled(command.name not in refused)
            action.setToolTip(refused.get(command.name) or self._control.said(command.tip))

    def _refused(self) -> dict[str, str]:
        """Return the commands that cannot be carried out, with the reason."""
        spec = self._control.spec
        refused = {
            "bidirectional": refusal(spec, "bidirectional"),
            "reset-before": refusal(spec, "gru_reset"),
            "add-layer": f"{edits.MAX_LAYERS} layers are the most." * (spec.num_layers == edits.MAX_LAYERS),
            "remove-layer": "A network has at least one layer." * (spec.num_layers == 1),
        }
        refused |= {f"activation-{name}": refusal(spec, "activation") for name in activations()}
        return {name: why for name, why in refused.items() if why}


def _ignoring_checked(run: object, name: str, _checked: bool = False) -> None:
    """Call with the name alone: QAction.triggered also says whether it is checked."""
    assert callable(run)
    run(name)
